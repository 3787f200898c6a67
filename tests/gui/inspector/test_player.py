"""The player on a device made of nothing: what it is given to play, where it is, and what it says if it cannot."""

import contextlib

import numpy as np
import numpy.typing as npt
import pytest
from pytestqt.qtbot import QtBot

from gui.inspector.player import SAMPLE_RATE, AudioDeviceError, Chunks, Player, open_playback_device


class FakeDevice:
    """Takes what it is given when it is told to."""

    def __init__(self, refuses: bool = False) -> None:
        self.chunks: Chunks | None = None
        self.closed = False
        self._refuses = refuses

    def start(self, chunks: Chunks) -> None:
        if self._refuses:
            raise AudioDeviceError("busy")
        self.chunks = chunks

    def stop(self) -> None:
        self.chunks = None

    def close(self) -> None:
        self.chunks, self.closed = None, True

    def take(self, count: int) -> npt.NDArray[np.int16]:
        assert self.chunks is not None
        return np.frombuffer(self.chunks.send(count), np.int16)


class FakeFeed:
    """The samples are their own numbers, from the start in hundredths of a second."""

    def __init__(self, start: float, length: int, problem: str = "") -> None:
        self.start = start
        self.problem = problem
        self.closed = False
        self._samples = np.arange(length, dtype=np.int16) + round(100 * start)
        self._read = 0

    @property
    def position(self) -> float:
        return self.start + self._read / SAMPLE_RATE

    @property
    def finished(self) -> bool:
        return self._read >= len(self._samples)

    def read(self, count: int) -> npt.NDArray[np.int16]:
        part = self._samples[self._read : self._read + count]
        self._read += len(part)
        return part

    def close(self) -> None:
        self.closed = True


class Rig:
    """A player, its device, and every feed that it has opened."""

    def __init__(self, device: FakeDevice | None = None) -> None:
        self.device = device or FakeDevice()
        self.feeds: list[FakeFeed] = []
        self.opened = 0
        self.has_device = True
        self.length, self.problem = 1_000, ""
        self.player = Player(self._open_device)
        self.positions: list[float] = []
        self.problems: list[str] = []
        self.player.position_changed.connect(self.positions.append)
        self.player.problem_changed.connect(self.problems.append)
        self.player.set_track(self.open_sound, 60.0)

    def open_sound(self, start: float) -> FakeFeed:
        self.feeds.append(FakeFeed(start, self.length, self.problem))
        return self.feeds[-1]

    def _open_device(self) -> FakeDevice:
        if not self.has_device:
            raise AudioDeviceError("none")
        self.opened += 1
        return self.device


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig()


def test_nothing_is_opened_before_something_is_played(rig: Rig) -> None:
    rig.player.seek(10.0)
    assert (rig.opened, rig.feeds) == (0, [])
    rig.player.play()
    assert rig.opened == 1
    assert rig.feeds[0].start == 10.0


def test_the_device_gets_the_samples_and_then_silence(rig: Rig) -> None:
    rig.player.play()
    np.testing.assert_array_equal(rig.device.take(600), np.arange(600))
    np.testing.assert_array_equal(rig.device.take(600), [*range(600, 1_000), *[0] * 200])


def test_pausing_stops_the_device_and_playing_goes_on_with_the_next_sample(rig: Rig) -> None:
    rig.player.play()
    rig.device.take(300)
    rig.player.toggle()
    assert rig.device.chunks is None
    rig.player.toggle()
    assert rig.device.take(1)[0] == 300
    assert len(rig.feeds) == 1


def test_seeking_while_playing_goes_on_playing_from_there(rig: Rig) -> None:
    rig.player.play()
    rig.device.take(300)
    rig.player.seek(20.0)
    assert rig.feeds[0].closed
    assert rig.device.take(1)[0] == 2_000
    assert rig.positions[-1] == 20.0


def test_the_position_is_that_of_what_was_played(rig: Rig, qtbot: QtBot) -> None:
    rig.length = 30_000
    rig.player.play()
    rig.device.take(SAMPLE_RATE // 2)
    qtbot.waitUntil(lambda: rig.player.position == pytest.approx(0.5))


def test_at_the_end_it_stops_and_is_back_at_the_beginning(rig: Rig, qtbot: QtBot) -> None:
    rig.player.play()
    rig.device.take(1_000)
    with qtbot.waitSignal(rig.player.playing_changed) as stopped:
        pass
    assert stopped.args == [False]
    assert rig.positions[-1] == 0.0
    assert rig.feeds[0].closed


def test_another_track_stops_the_one_before(rig: Rig) -> None:
    rig.player.play()
    rig.player.set_track(None, 0.0)
    assert not rig.player.playing
    assert rig.feeds[0].closed
    rig.player.play()
    assert not rig.player.playing


def test_a_file_that_cannot_be_read_any_further_is_told(rig: Rig, qtbot: QtBot) -> None:
    rig.length, rig.problem = 0, "the file is no longer there"
    rig.player.play()
    qtbot.waitUntil(lambda: not rig.player.playing)
    assert rig.problems[-1] == "The sound stops here: the file is no longer there"


def test_a_device_that_refuses_is_told_and_nothing_plays(qtbot: QtBot) -> None:
    rig = Rig(FakeDevice(refuses=True))
    rig.player.play()
    assert not rig.player.playing
    assert rig.problems[-1] == "The audio device refuses to play: busy"


def test_without_a_device_it_is_silent_says_so_once_and_can_try_again(qtbot: QtBot) -> None:
    rig = Rig()
    rig.has_device = False
    rig.player.play()
    rig.player.play()
    assert rig.problems[-1] == "No audio device: preview is silent"
    assert not rig.player.has_device
    assert not rig.player.playing
    rig.has_device = True
    rig.player.look_for_device()
    assert rig.problems[-1] == ""
    rig.player.play()
    assert rig.player.playing


def test_closing_lets_go_of_the_device(rig: Rig) -> None:
    rig.player.play()
    rig.player.close()
    assert rig.device.closed
    assert rig.feeds[0].closed


def test_the_device_of_this_machine_plays_or_is_missing_without_a_word_on_standard_error(
    qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(AudioDeviceError):
        open_playback_device().close()
    assert capfd.readouterr().err == ""
