"""What takes time is asked for once, for the track that somebody rests on, and late answers are dropped."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.focus import NO_ROW
from gui.inspector.track_details import REST_MS, TrackDetails


class Source:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, Callable[[object], None]]] = []

    def preview(self, row: int, done: Callable[[object], None]) -> None:
        self.asked.append(("preview", row, done))

    def taggram(self, row: int, done: Callable[[object], None]) -> None:
        self.asked.append(("taggram", row, done))

    def evidence(self, row: int, done: Callable[[object], None]) -> None:
        self.asked.append(("evidence", row, done))

    def asked_for(self) -> set[tuple[str, int]]:
        return {(kind, row) for kind, row, _ in self.asked}

    def answer(self, kind: str, row: int, value: object) -> None:
        next(done for asked, of, done in self.asked if (asked, of) == (kind, row))(value)


class Rig:
    def __init__(self) -> None:
        self.source = Source()
        self.details = TrackDetails(self.source)
        self.got: list[object] = []
        for signal in (self.details.overview_ready, self.details.taggram_ready, self.details.evidence_ready):
            signal.connect(self.got.append)


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig()


def rest(qtbot: QtBot) -> None:
    qtbot.wait(3 * REST_MS)


def test_running_past_tracks_asks_for_the_last_one_only(rig: Rig, qtbot: QtBot) -> None:
    for row in range(50):
        rig.details.look_at(row)
    rest(qtbot)
    assert rig.source.asked_for() == {("preview", 49), ("taggram", 49), ("evidence", 49)}
    assert len(rig.source.asked) == 3


def test_answers_about_another_track_are_dropped(rig: Rig, qtbot: QtBot) -> None:
    rig.details.look_at(1)
    rest(qtbot)
    rig.details.look_at(2)
    rest(qtbot)
    for kind in ("preview", "taggram", "evidence"):
        rig.source.answer(kind, 1, f"{kind} of 1")
        rig.source.answer(kind, 2, f"{kind} of 2")
    assert rig.got == ["preview of 2", "taggram of 2", "evidence of 2"]


def test_going_back_decodes_nothing_again(rig: Rig, qtbot: QtBot) -> None:
    overview = object()
    rig.details.look_at(1)
    rest(qtbot)
    rig.source.answer("preview", 1, overview)
    for row in (2, 1):
        rig.details.look_at(row)
        rest(qtbot)
    assert [row for kind, row, _ in rig.source.asked if kind == "preview"] == [1, 2]
    assert rig.got == [overview, overview]


def test_a_failure_is_not_kept(rig: Rig, qtbot: QtBot) -> None:
    rig.details.look_at(1)
    rest(qtbot)
    rig.source.answer("preview", 1, "the file is no longer there")
    for row in (2, 1):
        rig.details.look_at(row)
        rest(qtbot)
    assert [row for kind, row, _ in rig.source.asked if kind == "preview"] == [1, 2, 1]


def test_when_the_track_was_heard_its_tags_are_asked_for_again_and_its_sound_is_not(rig: Rig, qtbot: QtBot) -> None:
    rig.details.look_at(1)
    rest(qtbot)
    rig.details.look_again()
    kinds = [kind for kind, _, _ in rig.source.asked]
    assert sorted(kinds) == ["evidence", "evidence", "preview", "taggram", "taggram"]


def test_no_track_no_question_and_other_tracks_nothing_kept(rig: Rig, qtbot: QtBot) -> None:
    rig.details.look_at(1)
    rig.details.look_at(NO_ROW)
    rig.details.look_again()
    rest(qtbot)
    assert rig.source.asked == []
    rig.details.look_at(1)
    rest(qtbot)
    rig.source.answer("preview", 1, object())
    rig.details.forget()
    rig.details.look_at(1)
    rest(qtbot)
    assert [row for kind, row, _ in rig.source.asked if kind == "preview"] == [1, 1]
