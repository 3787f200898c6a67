"""Calls of many threads in shared batches: each gets its own rows, or the error of its own batch."""

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.shared_batches import Floats, SharedBatches

LARGEST = 8


def patches(values: Sequence[float]) -> Floats:
    """One patch of shape (2, 3) for each value."""
    return np.ones((len(values), 2, 3), np.float32) * np.array(values, np.float32)[:, np.newaxis, np.newaxis]


class Device:
    """Gives every patch its own value back. Remembers its batches; fails for those with a negative value in them."""

    def __init__(self) -> None:
        self.batches: list[list[float]] = []
        self._busy = threading.Lock()

    def compute(self, patches: Floats) -> Floats:
        assert self._busy.acquire(blocking=False), "two batches at a time"
        try:
            values = patches[:, 0, 0]
            self.batches.append(values.tolist())
            time.sleep(0)  # let other threads in
            if (values < 0).any():
                raise RuntimeError(f"batch {len(self.batches)}")
            return values[:, np.newaxis]
        finally:
            self._busy.release()


class Held(Device):
    """Computes its first batch only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_at_work, self.may_go_on = threading.Event(), threading.Event()

    def compute(self, patches: Floats) -> Floats:
        if not self.batches:
            self.is_at_work.set()
            assert self.may_go_on.wait(10)
        return super().compute(patches)


def started(*works: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads


def ended(threads: Sequence[threading.Thread]) -> bool:
    for thread in threads:
        thread.join(10)
    return not any(thread.is_alive() for thread in threads)


callers = st.lists(st.lists(st.integers(1, LARGEST + 2), max_size=5), min_size=1, max_size=6)
"""Of each thread, how many patches are in its calls."""


@settings(deadline=None)
@given(callers, st.data())
def test_every_call_gets_its_own_rows_or_the_error_of_its_batch(sizes: list[list[int]], data: st.DataObject) -> None:
    numbers = iter(range(1, 10**6))
    calls = [[[float(next(numbers)) for _ in range(size)] for size in caller] for caller in sizes]
    everything = [call for caller in calls for call in caller]
    for spoilt in data.draw(st.sets(st.integers(0, len(everything) - 1), max_size=2)) if everything else ():
        everything[spoilt][0] *= -1
    device = Device()
    shared = SharedBatches(device.compute, LARGEST)
    outcomes: list[tuple[list[float], Floats | Exception]] = []

    def ask(caller: list[list[float]]) -> None:
        for call in caller:
            try:
                outcomes.append((call, shared.scores(patches(call))))
            except RuntimeError as error:
                outcomes.append((call, error))

    assert ended(started(*(lambda caller=caller: ask(caller) for caller in calls)))  # type: ignore[misc]
    assert len(outcomes) == len(everything)
    batch_of = {value: number for number, batch in enumerate(device.batches, 1) for value in batch}
    for call, outcome in outcomes:
        number = batch_of[call[0]]
        if min(device.batches[number - 1]) < 0:
            assert str(outcome) == f"batch {number}"
        else:
            assert isinstance(outcome, np.ndarray)
            assert outcome.ravel().tolist() == call
    assert sum(map(len, device.batches)) == sum(map(len, everything))  # nothing twice
    longest = max(map(len, everything), default=0)
    assert all(len(batch) <= max(LARGEST, longest) for batch in device.batches)


def waiting_calls(shared: SharedBatches, count: int) -> bool:
    for _ in range(1000):
        if len(shared._waiting) == count:
            return True
        time.sleep(0.005)
    return False


def test_what_comes_during_a_batch_makes_the_next_one() -> None:
    device = Held()
    shared = SharedBatches(device.compute, LARGEST)
    threads = started(lambda: shared.scores(patches([0])))
    assert device.is_at_work.wait(10)
    for value in range(1, 6):  # one after the other: their order is that of the batches
        threads += started(lambda value=value: shared.scores(patches([value] * 2)))  # type: ignore[misc]
        assert waiting_calls(shared, value)
    device.may_go_on.set()
    assert ended(threads)
    assert device.batches == [[0], [1, 1, 2, 2, 3, 3, 4, 4], [5, 5]]


def test_a_call_larger_than_a_batch_goes_alone() -> None:
    device = Device()
    rows = SharedBatches(device.compute, LARGEST).scores(patches(range(20)))
    assert rows.ravel().tolist() == list(range(20))
    assert list(map(len, device.batches)) == [20]


def test_rows_do_not_hold_those_of_others_in_memory() -> None:
    device = Held()
    shared = SharedBatches(device.compute, LARGEST)
    rows = []
    threads = started(lambda: shared.scores(patches([0])))
    assert device.is_at_work.wait(10)
    threads += started(*[lambda: rows.append(shared.scores(patches([1])))] * 3)
    assert waiting_calls(shared, 3)
    device.may_go_on.set()
    assert ended(threads)
    assert [row.base for row in rows] == [None] * 3


def test_an_interrupt_costs_only_the_thread_that_is_interrupted() -> None:
    class Interrupted(Held):
        def compute(self, patches: Floats) -> Floats:
            rows = super().compute(patches)
            if len(self.batches) == 2:
                raise KeyboardInterrupt
            return rows

    device = Interrupted()
    shared = SharedBatches(device.compute, LARGEST)
    outcomes: list[object] = []

    def ask(value: float) -> None:
        try:
            outcomes.append(shared.scores(patches([value])).item())
        except KeyboardInterrupt:
            outcomes.append("interrupted")

    threads = started(lambda: ask(0))
    assert device.is_at_work.wait(10)
    threads += started(lambda: ask(1), lambda: ask(1), lambda: ask(1))
    assert waiting_calls(shared, 3)
    device.may_go_on.set()
    assert ended(threads)
    assert sorted(map(str, outcomes)) == ["0.0", "1.0", "1.0", "interrupted"]
    assert device.batches == [[0], [1, 1, 1], [1, 1]]


def test_an_error_leaves_the_others_in_order() -> None:
    shared = SharedBatches(Device().compute, LARGEST)
    with pytest.raises(RuntimeError, match="batch 1"):
        shared.scores(patches([-1]))
    assert shared.scores(patches([3])).item() == 3
