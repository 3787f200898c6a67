"""Calls of many threads, computed together: an accelerator is kept busy by batches, not by calls.

An accelerator takes a fixed time for each call, however few patches are in it, and calls from several threads wait for
each other there (DirectML allows no others). So while it computes one batch, the calls that come in are gathered, and
make the next one. A call that finds the accelerator idle goes at once: nobody ever waits for company, because company
gathers by itself as soon as, and as far as, the accelerator is what the threads wait for.

There is no thread of its own: one of those whose calls are waiting computes for all of the batch. So there is
nothing to start, to close or to leave behind.

Contents: ``SharedBatches``
"""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class SharedBatches:
    """Makes one call of ``compute`` at a time out of the calls of all threads.

    ``compute`` takes patches, shape (n, patch_frames, bands), and returns one row for each, shape (n, labels). The
    calls of a batch have together at most ``largest`` patches, unless a single one has more.
    """

    def __init__(self, compute: Callable[[Floats], Floats], largest: int) -> None:
        self._compute = compute
        self._largest = largest
        self._waiting: deque[_Call] = deque()
        self._is_computing = False
        self._changed = threading.Condition()

    def scores(self, patches: Floats) -> Floats:
        """The rows of these patches; waits for them. Raises what ``compute`` raised for the batch they were in."""
        call = _Call(patches)
        with self._changed:
            self._waiting.append(call)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: call.is_answered or not self._is_computing)
                if call.is_answered:
                    return call.result()
                batch = self._next_batch()  # of those who came first; our own call may be in a later one
                self._is_computing = True
            try:
                self._answer(batch)
            finally:
                with self._changed:
                    # Interrupted in the middle (Ctrl-C in the main thread): the others' patches are still waiting.
                    self._waiting.extendleft(c for c in reversed(batch) if c is not call and not c.is_answered)
                    self._is_computing = False
                    self._changed.notify_all()

    def _next_batch(self) -> "list[_Call]":
        batch = [self._waiting.popleft()]
        size = len(batch[0].patches)
        while self._waiting and size + len(self._waiting[0].patches) <= self._largest:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].patches)
        return batch

    def _answer(self, batch: "list[_Call]") -> None:
        try:
            rows = self._compute(batch[0].patches if len(batch) == 1 else np.concatenate([c.patches for c in batch]))
        except Exception as error:  # noqa: BLE001 - raised again in every thread whose patches were in the batch
            for call in batch:
                call.error = error
            return
        start = 0
        for call in batch:
            end = start + len(call.patches)
            call.rows = rows[start:end].copy()  # the row of one track must not keep those of others in memory
            start = end


class _Call:
    """The patches of one thread, and what has become of them."""

    def __init__(self, patches: Floats) -> None:
        self.patches = patches
        self.rows: Floats | None = None
        self.error: Exception | None = None

    @property
    def is_answered(self) -> bool:
        return self.rows is not None or self.error is not None

    def result(self) -> Floats:
        if self.rows is None:
            raise self.error or AssertionError("asked for before it was answered")
        return self.rows
