"""Real folders and real notifications; only the clock is made up, so that nothing is waited for that must not come."""

import os
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tagger_core.domain import Track
from tagger_core.errors import FileError
from tagger_core.library_scan import ScanProblem, scan
from tagger_core.watching import watched_folder
from tagger_core.watching.notifications import WATCH_LIMIT, NotificationsError
from tagger_core.watching.watched_folder import Rhythm, WatchedFolder

SETTLE = Rhythm().settle_seconds
PATIENCE = 20.0
"""Real seconds within which the system must have told."""


class Watched:
    """A folder, a clock that is moved by hand, and what was told."""

    def __init__(
        self, root: Path, *, follow_symlinks: bool = False, recursive: bool = True, poll: bool = False
    ) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.problems: list[ScanProblem] = []
        self.folder = WatchedFolder(
            root,
            recursive=recursive,
            follow_symlinks=follow_symlinks,
            tell=self.told.append,
            on_problem=self.problems.append,
            poll=poll,
            clock=lambda: self.now,
        )
        self.first = self.turn()

    def turn(self, seconds: float = 0.0) -> list[Track]:
        """Let so much time pass and look once; what comes out is dealt with."""
        self.now += seconds
        self.folder.look()
        found = self.folder.take()
        for track in found:
            self.folder.dealt_with(track, written=False)
        return found

    def names(self, seconds: float = 0.0) -> list[str]:
        return [str(track.path.relative_to(self.folder.root)) for track in self.turn(seconds)]

    def until(self, done: Callable[[], bool]) -> None:
        """Let the system tell, while the clock stands still."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, "the system did not tell in time"
            time.sleep(0.01)
            self.folder.look()

    def arrived(self, *paths: Path) -> None:
        """Wait for the system to tell of these files."""
        self.until(lambda: set(paths) <= set(self.folder.arriving))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def song(path: Path, content: bytes = b"sound") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def aged(path: Path, monkeypatch: pytest.MonkeyPatch, hours: float = 2) -> None:
    """Nobody can set a file's time of change; so the world's clock is put forward."""
    future = time.time_ns() + int(hours * 3600e9)
    monkeypatch.setattr(watched_folder.time, "time_ns", lambda: future)
    assert path.exists()


def test_what_is_there_comes_first_and_only_once(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.mp3", "a/1.flac", "cover.jpg"):
        song(music / name)
    aged(music / "b.mp3", monkeypatch)
    watched = Watched(music)
    assert [track.path for track in watched.first] == [music / "a/1.flac", music / "b.mp3"]
    assert watched.names(100) == []
    assert watched.names(2 * Rhythm().rescan_seconds) == []


def test_what_was_touched_lately_is_watched_for_a_while_first(music: Path) -> None:
    song(music / "new.mp3")
    watched = Watched(music)
    assert watched.names(SETTLE - 1) == []
    assert watched.names(1) == ["new.mp3"]


def test_a_slow_copy_comes_out_when_it_is_complete(music: Path) -> None:
    watched = Watched(music)
    path = song(music / "slow.mp3")
    watched.arrived(path)
    for _ in range(5):
        with path.open("ab") as file:
            file.write(b"more")
        assert watched.names(SETTLE - 1) == []
    assert watched.names(SETTLE - 1) == []
    (track,) = watched.turn(1)
    assert track.stamp.size == path.stat().st_size


def test_a_file_that_is_written_to_stays_with_its_writer(music: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells whether a file is open for writing")
    watched = Watched(music)
    with (music / "torrent.mp3").open("wb") as file:
        file.write(b"sound")
        file.flush()
        watched.arrived(music / "torrent.mp3")
        assert watched.names(SETTLE) == []
        assert watched.names(10 * SETTLE) == []
    assert watched.names(SETTLE) == ["torrent.mp3"]


def test_a_download_that_is_renamed_into_place(music: Path) -> None:
    watched = Watched(music)
    part = song(music / "song.mp3.part")
    hidden = song(music / ".song.flac.x7")
    part.rename(music / "song.mp3")
    hidden.rename(music / "song.flac")
    watched.arrived(music / "song.mp3", music / "song.flac")
    assert watched.names(SETTLE) == ["song.flac", "song.mp3"]


def test_two_hundred_files_at_once_are_one_batch(music: Path) -> None:
    watched = Watched(music)
    paths = [song(music / f"{number // 20}" / f"{number:03}.mp3") for number in range(200)]
    watched.until(lambda: len(watched.folder.arriving) + len(watched.folder.folders_due) > 0)
    found: list[str] = []
    watched.until(lambda: bool(found.extend(watched.names(1)) or len(found) >= 200))
    assert found == sorted(str(path.relative_to(music)) for path in paths)


def test_a_folder_that_is_moved_in_or_made_deep(music: Path, tmp_path: Path) -> None:
    song(tmp_path / "album" / "cd1" / "1.mp3")
    watched = Watched(music)
    (tmp_path / "album").rename(music / "album")
    song(music / "x" / "y" / "z" / "2.mp3")
    watched.until(lambda: {music / "album", music / "x"} <= set(watched.folder.folders_due))
    found: list[str] = []
    watched.until(lambda: bool(found.extend(watched.names(1)) or len(found) >= 2))
    assert sorted(found) == ["album/cd1/1.mp3", "x/y/z/2.mp3"]
    later = song(music / "album" / "cd1" / "3.mp3")  # the system watches the new folder too
    watched.arrived(later)


@pytest.mark.parametrize("follow_symlinks", [False, True])
@pytest.mark.parametrize("recursive", [False, True])
def test_the_same_files_are_found_as_by_a_scan(
    music: Path, tmp_path: Path, recursive: bool, follow_symlinks: bool
) -> None:
    outside = song(tmp_path / "outside" / "o.mp3").parent
    real = song(tmp_path / "real.mp3")
    watched = Watched(music, recursive=recursive, follow_symlinks=follow_symlinks)
    for name in ("a.MP3", "b.flac", "c.txt", "d", ".e.mp3", "._f.mp3", "g/h.mp3", "g/.i/j.mp3", ".k/l.mp3", "m/n.jpg"):
        song(music / name)
    (music / "linked").symlink_to(outside)
    (music / "link.mp3").symlink_to(real)
    expected = {
        track.path
        for track in scan([music], recursive=recursive, follow_symlinks=follow_symlinks)
        if isinstance(track, Track)
    }
    assert music / "a.MP3" in expected
    found: set[Path] = set()

    def enough() -> bool:
        found.update(track.path for track in watched.turn(1))
        return found >= expected

    watched.until(enough)
    for _ in range(3):
        found.update(track.path for track in watched.turn(SETTLE))
    assert found == expected


def test_our_own_write_does_not_come_back_but_another_hand_does(music: Path) -> None:
    watched = Watched(music)
    path = song(music / "song.mp3")
    watched.arrived(path)
    watched.now += SETTLE
    (track,) = watched.folder.take()
    temporary = song(music / ".earmark-1.tmp", b"sound and tag")
    temporary.replace(path)
    watched.folder.dealt_with(track, written=True)
    witness = song(music / "witness.mp3")
    watched.arrived(witness)
    assert watched.names(SETTLE) == ["witness.mp3"]
    song(path, b"sound and another tag")
    watched.arrived(path)
    assert watched.names(SETTLE) == ["song.mp3"]


def test_other_rights_make_no_other_file(music: Path) -> None:
    watched = Watched(music)
    path = song(music / "song.mp3")
    watched.arrived(path)
    assert watched.names(SETTLE) == ["song.mp3"]
    path.chmod(0o600)
    witness = song(music / "witness.mp3")
    watched.arrived(witness)
    assert watched.names(SETTLE) == ["witness.mp3"]


def test_what_could_not_be_dealt_with_comes_again(music: Path) -> None:
    watched = Watched(music)
    watched.arrived(song(music / "song.mp3"))
    watched.now += SETTLE
    tracks = watched.folder.take()
    watched.folder.put_back(tracks)
    assert watched.turn() == tracks


def test_a_file_that_is_gone_before_its_turn_does_not_come(music: Path) -> None:
    watched = Watched(music)
    path = song(music / "song.mp3")
    watched.arrived(path)
    path.unlink()
    assert watched.names(SETTLE) == []
    assert watched.folder.arriving == []


def test_a_folder_that_goes_away_and_comes_back(music: Path, tmp_path: Path) -> None:
    song(music / "old.mp3")
    watched = Watched(music)
    assert watched.names(SETTLE) == ["old.mp3"]
    music.rename(tmp_path / "unmounted")
    watched.turn(Rhythm().presence_seconds)
    assert "not there any more" in watched.told[-1]
    watched.turn(Rhythm().presence_seconds)
    assert len(watched.told) == 1
    song(tmp_path / "unmounted" / "new.mp3")
    (tmp_path / "unmounted").rename(music)
    watched.turn(Rhythm().presence_seconds)
    assert "there again" in watched.told[-1]
    assert watched.names(SETTLE) == ["new.mp3"]
    watched.arrived(song(music / "newest.mp3"))  # and the system tells again


def test_another_folder_in_its_place_is_watched_too(music: Path, tmp_path: Path) -> None:
    """As when something is mounted over it."""
    watched = Watched(music)
    music.rename(tmp_path / "below")
    song(music / "a.mp3")
    watched.turn(Rhythm().presence_seconds)
    assert watched.names(SETTLE) == ["a.mp3"]
    watched.arrived(song(music / "b.mp3"))


def test_a_name_that_is_no_text_is_found_and_the_watching_goes_on(music: Path) -> None:
    strange = os.fsencode(music) + b"/caf\xe9.mp3"
    try:
        os.close(os.open(strange, os.O_CREAT))
    except OSError:
        pytest.skip("this file system takes no such names")
    os.unlink(strange)  # noqa: PTH108 - a name in bytes
    watched = Watched(music)
    os.close(os.open(strange, os.O_CREAT))
    found: list[Track] = []
    watched.until(lambda: bool(found.extend(watched.turn(30)) or found))
    assert os.fsencode(found[0].path) == strange
    song(music / "plain.mp3")
    found.clear()
    watched.until(lambda: bool(found.extend(watched.turn(30)) or found))
    assert [track.path.name for track in found] == ["plain.mp3"]


def test_without_notifications_the_folder_is_looked_through(music: Path) -> None:
    watched = Watched(music, poll=True)
    song(music / "a.mp3")
    assert watched.names(Rhythm().poll_seconds - 1) == []
    watched.turn(1)
    assert watched.names(SETTLE) == ["a.mp3"]


@pytest.mark.parametrize("reason", [WATCH_LIMIT, "not every folder in it may be read"])
def test_notifications_that_cannot_be_had_are_told_once_and_done_without(
    reason: str, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **__: object) -> None:
        raise NotificationsError(reason)

    monkeypatch.setattr(watched_folder, "FolderNotifications", none)
    watched = Watched(music)
    song(music / "a.mp3")
    watched.turn(Rhythm().poll_seconds)
    assert watched.names(SETTLE) == ["a.mp3"]
    (sentence,) = watched.told
    assert reason in sentence
    assert "every 300 s" in sentence


def test_a_limit_that_is_reached_later_is_noticed(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(music)
    monkeypatch.setattr(watched_folder, "limit_is_reached", lambda _: True)
    (music / "album").mkdir()
    watched.until(lambda: watched.folder.folders_due == [music / "album"])
    watched.turn(SETTLE)
    assert WATCH_LIMIT in watched.told[0]
    song(music / "album" / "a.mp3")
    watched.turn(Rhythm().poll_seconds)
    assert watched.names(SETTLE) == ["album/a.mp3"]


AT_THE_LIMIT = """
import os, sys, time
from pathlib import Path
from tagger_core.watching.notifications import FolderNotifications, NotificationsError, limit_is_reached

def wait_for(number):
    # Threads of watchfiles take watches and give them back, in their own time.
    deadline = time.monotonic() + 20
    while watches() != number and time.monotonic() < deadline:
        time.sleep(0.01)

def watches():
    found = 0
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}") == "anon_inode:inotify":
                found += Path(f"/proc/self/fdinfo/{number}").read_text().count("inotify wd")
        except FileNotFoundError:  # closed meanwhile
            pass
    return found

small, large = Path(sys.argv[1]) / "1", Path(sys.argv[1])
one = FolderNotifications(small, recursive=True)
print(limit_is_reached(small))
wait_for(1)
try:
    FolderNotifications(large, recursive=True)
except NotificationsError as error:
    print(error)
wait_for(1)
for number in range(30):
    (small / str(number)).mkdir()
wait_for(20)
print(limit_is_reached(small))
"""


def test_the_real_limit_of_the_system(tmp_path: Path) -> None:
    """In a user namespace, whose limit concerns nobody else."""
    for number in range(30):
        (tmp_path / f"{number}").mkdir()
    command = f'echo 20 > /proc/sys/user/max_inotify_watches && exec {sys.executable} -c "$0" {tmp_path}'
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-Ur", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody make a user namespace (unshare -Ur)")
    ran = subprocess.run(
        [unshare, "-Ur", "sh", "-c", command, AT_THE_LIMIT], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.stdout.splitlines() == ["False", WATCH_LIMIT, "True"], ran.stderr


def test_a_network_folder_is_told_and_looked_through_with_patience(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_folder, "network_file_system", lambda _: "nfs4")
    watched = Watched(music)
    assert watched.told == [f"{music} is on a network (nfs4): it is looked through every 300 s."]
    song(music / "a.mp3")
    watched.turn(Rhythm().poll_seconds)
    assert watched.names(watched_folder.NETWORK_SETTLE_SECONDS - 1) == []
    assert watched.names(1) == ["a.mp3"]


def test_a_place_that_cannot_be_looked_into_is_told_once(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ScanProblem(music / "locked", "permission denied")
    monkeypatch.setattr(watched_folder, "scan", lambda *_, **__: iter([problem]))
    watched = Watched(music, poll=True)
    for _ in range(3):
        watched.turn(Rhythm().poll_seconds)
    assert watched.problems == [problem]


def test_memory_follows_the_library_not_the_time(music: Path) -> None:
    watched = Watched(music, poll=True)

    def days(number: int) -> None:
        for day in range(number):
            path = song(music / f"{day:0200}.mp3", b"%d" % day)
            watched.turn(Rhythm().poll_seconds)
            assert len(watched.names(SETTLE)) == 1
            path.unlink()
            watched.turn(Rhythm().poll_seconds)

    days(20)
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        days(300)
        grown = tracemalloc.take_snapshot().compare_to(before, "filename")
    finally:
        tracemalloc.stop()
    ours = [line for line in grown if "tagger_core" in line.traceback[0].filename]
    assert sum(line.size_diff for line in ours) < 20_000  # 300 names alone would take 70,000 bytes


def test_what_is_no_folder_is_refused(music: Path) -> None:
    for path, reason in ((song(music / "a.mp3"), "only a folder"), (music / "nowhere", "no such folder")):
        with pytest.raises(FileError, match=reason):
            Watched(path)


def test_a_link_to_a_folder_is_followed(music: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(music)
    watched = Watched(tmp_path / "link")
    watched.arrived(song(music / "a.mp3"))
    assert [track.path for track in watched.turn(SETTLE)] == [music / "a.mp3"]
