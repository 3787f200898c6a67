"""When a file that arrives is complete: no disk, no clock."""

from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.domain import FileStamp, Track
from tagger_core.watching.arrivals import Arrivals

SETTLE, GATHER = 10.0, 60.0


def track(name: str, version: int = 0) -> Track:
    return Track(Path("/music") / name, FileStamp(version, version, 1, 1))


def arrivals() -> Arrivals:
    return Arrivals(settle_seconds=SETTLE, gather_seconds=GATHER)


def nobody(_: Path) -> bool:
    return False


def test_a_file_is_complete_when_it_has_not_changed_for_a_while() -> None:
    files = arrivals()
    for second in range(30):  # it grows every five seconds
        files.see(track("a.mp3", min(second // 5, 4)), second)
        assert files.settled(second, nobody) == []
    assert files.settled(30, nobody) == [track("a.mp3", 4)]
    assert files.settled(31, nobody) == []
    assert files.paths == []


def test_a_file_that_somebody_writes_is_left_to_them_and_a_while_after() -> None:
    files = arrivals()
    files.see(track("a.mp3"), 0)
    assert files.settled(10, lambda _: True) == []
    assert files.settled(19, nobody) == []
    assert files.settled(20, nobody) == [track("a.mp3")]


def test_an_album_that_is_being_copied_stays_together() -> None:
    files = arrivals()
    for number in range(5):
        files.see(track(f"{number}.mp3"), 8 * number)
        assert files.settled(8 * number, nobody) == []
    assert files.settled(41, nobody) == []
    assert [one.path.name for one in files.settled(42, nobody)] == [f"{number}.mp3" for number in range(5)]


def test_a_download_that_takes_long_holds_nothing_up_for_long() -> None:
    files = arrivals()
    files.see(track("short.mp3"), 0)
    for second in range(70):
        files.see(track("long.mp3", second), second)
        assert files.settled(second, nobody) == []
    files.see(track("long.mp3", 70), 70)
    assert files.settled(70, nobody) == [track("short.mp3")]


def test_a_file_that_is_held_open_holds_up_nothing() -> None:
    files = arrivals()
    files.see(track("torrent.mp3"), 0)
    assert files.settled(10, lambda _: True) == []
    files.see(track("a.mp3"), 10)
    assert files.settled(20, lambda path: path.name == "torrent.mp3") == [track("a.mp3")]


def test_a_file_that_goes_away_is_forgotten() -> None:
    files = arrivals()
    files.see(track("a.mp3.part"), 0)
    files.lose(Path("/music/a.mp3.part"))
    files.lose(Path("/music/never seen.mp3"))
    assert files.settled(100, nobody) == []


@dataclass
class Disk:
    """Some files as they really are."""

    versions: dict[str, int] = field(default_factory=dict)
    changed: dict[str, float] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    handed_out: dict[str, int] = field(default_factory=dict)
    """Name -> the version that was handed out last."""
    writes: int = 0
    """No version comes twice, for time does not stand still: not even of a file that was deleted and written anew."""

    def act(self, name: str, action: str, now: float) -> None:
        if action == "write":
            self.writes += 1
            self.versions[name] = self.writes
            self.changed[name] = now
        elif action == "delete":
            self.versions.pop(name, None)
            self.writers.discard(name)
        elif action == "open" and name in self.versions:
            self.writers.add(name)
        elif action == "close":
            self.writers.discard(name)


STEPS = st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["write", "delete", "open", "close"]))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), STEPS), max_size=30))
def test_whatever_happens_only_complete_files_come_out_and_all_of_them_do(
    history: list[tuple[int, tuple[str, str]]],
) -> None:
    disk, files = Disk(), arrivals()
    now = 0.0

    def turn() -> None:
        for path in files.paths:
            if path.name not in disk.versions:
                files.lose(path)
        for name, version in disk.versions.items():
            if disk.handed_out.get(name) != version:
                files.see(track(name, version), now)
        for found in files.settled(now, lambda path: path.name in disk.writers):
            name = found.path.name
            assert found == track(name, disk.versions[name])
            assert now - disk.changed[name] >= SETTLE
            assert name not in disk.writers
            assert disk.handed_out.get(name) != found.stamp.size
            disk.handed_out[name] = found.stamp.size

    for pause, (name, action) in history:
        for _ in range(pause):
            turn()
            now += 1
        disk.act(name, action, now)
    disk.writers.clear()
    for _ in range(int(2 * SETTLE) + 2):
        turn()
        now += 1
    assert {name: disk.handed_out[name] for name in disk.versions} == disk.versions
    assert files.paths == []
