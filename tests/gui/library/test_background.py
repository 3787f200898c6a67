"""Threads that work for the window: order, errors, and the end."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.library.background import GuiHop, StepThread, Urgency


class Desk:
    """A thread whose jobs write down what they did; the first one waits until everything is handed in."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.errors: list[Exception] = []
        self.handed_in = threading.Event()
        self.thread = StepThread("test", self.errors.append)
        self.thread.submit(lambda: self.handed_in.wait() and None, Urgency.SAVE)

    def note(self, what: object, urgency: Urgency) -> None:
        self.thread.submit(lambda: self.done.append(what), urgency)

    def steps(self, name: str, count: int, urgency: Urgency) -> None:
        def job() -> Iterator[None]:
            try:
                for step in range(count):
                    self.done.append(f"{name}{step}")
                    yield
            finally:
                self.done.append(f"{name} closed")

        self.thread.submit(job, urgency)

    def finish(self) -> list[object]:
        finished = threading.Event()
        self.thread.submit(finished.set, Urgency.AHEAD)
        self.handed_in.set()
        assert finished.wait(10)
        self.thread.end()
        assert self.thread.join(10)
        return self.done


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_most_urgent_goes_first_and_equals_in_their_order(desk: Desk) -> None:
    desk.note("ahead", Urgency.AHEAD)
    desk.note("work 1", Urgency.WORK)
    desk.note("save", Urgency.SAVE)
    desk.note("work 2", Urgency.WORK)
    assert desk.finish() == ["save", "work 1", "work 2", "ahead"]


def test_between_two_steps_of_a_long_job_an_urgent_one_is_done(desk: Desk) -> None:
    def long() -> Iterator[None]:
        desk.done.append("step 0")
        desk.note("save", Urgency.SAVE)
        yield
        desk.done.append("step 1")

    desk.thread.submit(long, Urgency.WORK)
    assert desk.finish() == ["step 0", "save", "step 1"]


def test_long_jobs_of_one_kind_take_turns(desk: Desk) -> None:
    desk.steps("a", 2, Urgency.WORK)
    desk.steps("b", 1, Urgency.WORK)
    assert desk.finish() == ["a0", "b0", "a1", "b closed", "a closed"]


def test_what_a_job_raises_is_told_and_the_others_go_on(desk: Desk) -> None:
    def wrong() -> None:
        raise KeyError("bug")

    def wrong_later() -> Iterator[None]:
        yield
        raise OSError("disk")

    desk.thread.submit(wrong, Urgency.SAVE)
    desk.thread.submit(wrong_later, Urgency.SAVE)
    desk.note("after", Urgency.WORK)
    assert desk.finish() == ["after"]
    assert [type(error) for error in desk.errors] == [KeyError, OSError]


def test_at_the_end_saving_is_done_and_the_rest_is_dropped_in_order(desk: Desk) -> None:
    started = threading.Event()

    def long() -> Iterator[None]:
        try:
            while True:
                started.set()
                yield
        finally:
            desk.done.append("put in order")

    desk.handed_in.set()
    desk.thread.submit(long, Urgency.WORK)
    assert started.wait(10)
    gate = threading.Event()
    desk.thread.submit(lambda: gate.wait() and None, Urgency.SAVE)
    desk.note("saved", Urgency.SAVE)
    desk.note("dropped", Urgency.AHEAD)
    desk.thread.end()
    desk.note("too late", Urgency.SAVE)
    gate.set()
    assert desk.thread.join(10)
    assert desk.done == ["saved", "put in order"]


def test_a_function_posted_from_a_thread_is_called_on_the_gui_thread(qtbot: QtBot) -> None:
    hop = GuiHop()
    called: list[threading.Thread] = []
    worker = threading.Thread(target=hop.post, args=(lambda: called.append(threading.current_thread()),))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(called))
    assert called == [threading.main_thread()]


def test_a_closed_hop_calls_nothing_more(qtbot: QtBot) -> None:
    hop = GuiHop()
    called: list[int] = []
    hop.post(lambda: called.append(1))
    hop.close()
    hop.post(lambda: called.append(2))
    qtbot.wait(20)
    assert called == []


def test_who_waits_for_the_end_waits_longer_for_what_must_be_saved(desk: Desk) -> None:
    saving = threading.Event()

    def save() -> None:
        saving.wait(0.2)
        desk.done.append("saved")

    desk.handed_in.set()
    desk.thread.submit(save, Urgency.SAVE)
    desk.thread.end()
    assert desk.thread.join(0.0, seconds_to_save=10)
    assert desk.done == ["saved"]
