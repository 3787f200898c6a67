"""The way of tracks from the scan to the analysis thread."""

import threading
from pathlib import Path

from gui.library.ears import Feed, workers_beside_window
from gui.library.findings import Findings, Found, FoundAgain, Listened, ScanEnded
from gui.library.scanning import look_again, scan_in_chunks
from tagger_core.domain import FileStamp, Track, TrackFailure
from tagger_core.settings import Settings


def track(name: str) -> Track:
    return Track(Path(f"/{name}"), FileStamp(0, 0, 0, 0))


def test_a_feed_waits_for_more_and_ends_when_no_more_will_come() -> None:
    feed = Feed()
    feed.expect_more(True)
    taken: list[Track] = []
    taker = threading.Thread(target=lambda: taken.extend(feed.until(threading.Event())))
    taker.start()
    feed.put([track("a"), track("b")])
    feed.put([track("c")])
    feed.expect_more(False)
    taker.join(10)
    assert [one.path.name for one in taken] == ["a", "b", "c"]


def test_a_feed_that_is_waited_for_can_be_cancelled() -> None:
    feed, cancelled = Feed(), threading.Event()
    feed.expect_more(True)
    taker = threading.Thread(target=lambda: list(feed.until(cancelled)))
    taker.start()
    cancelled.set()
    feed.wake()
    taker.join(10)
    assert not taker.is_alive()


def test_a_scan_tells_what_it_could_not_look_into_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "one.mp3").touch()
    findings: Findings = Findings()
    for _ in scan_in_chunks([tmp_path / "gone", tmp_path], Settings(), findings, threading.Event(), lambda _: []):
        pass
    found, ended = findings.get(), findings.get()
    assert isinstance(found, Found)
    assert [one.path.name for one in found.tracks] == ["one.mp3"]
    assert isinstance(ended, ScanEnded)
    assert [(problem.path.name, problem.reason) for problem in ended.problems] == [
        ("gone", "there is no such file or folder")
    ]


def test_looking_again_takes_the_file_as_it_is_now_and_tells_if_it_is_gone(tmp_path: Path) -> None:
    there = tmp_path / "there.mp3"
    there.write_bytes(b"12345")
    findings: Findings = Findings()
    for _ in look_again([there, tmp_path / "gone.mp3"], findings):
        pass
    again, gone, ended = findings.get(), findings.get(), findings.get()
    assert isinstance(again, FoundAgain)
    assert again.track.stamp.size == 5
    assert isinstance(gone, Listened)
    assert isinstance(gone.outcome, TrackFailure)
    assert gone.outcome.reason == "there is no such file or folder"
    assert ended == ScanEnded(())


def test_one_core_is_left_to_the_window_unless_the_person_chose() -> None:
    assert workers_beside_window(Settings(jobs=5)) == 5
    assert 1 <= workers_beside_window(Settings()) <= max(1, Settings().workers - 1)


def test_a_folder_in_the_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "song.mp3"
    folder.mkdir()
    (folder / "other.mp3").touch()
    findings: Findings = Findings()
    for _ in look_again([folder], findings):
        pass
    finding = findings.get()
    assert isinstance(finding, Listened)
    assert isinstance(finding.outcome, TrackFailure)
    assert finding.outcome.track.path == folder
