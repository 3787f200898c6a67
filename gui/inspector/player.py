"""Plays a track from any moment, or says why it cannot.

miniaudio opens the device when something is played for the first time. It asks for samples on a thread of its own; they
come from a ``SampleFeed``, which never waits. So what decodes plays, whatever its format, and a slow disk is heard as a
pause, not as a frozen window.

Contents: ``Player``, ``OutputDevice``, ``AudioDeviceError``, ``open_playback_device``
"""

import contextlib
import os
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from gui.look.wording import filled
from tagger_core.errors import EarmarkError

SAMPLE_RATE = 44_100
_BUFFER_MS = 100
_REDRAW_MS = 40

Chunks = Generator[bytes, int, None]


class Feed(Protocol):
    """``tagger_core.track_preview.SampleFeed``, as the player uses it."""

    problem: str

    @property
    def position(self) -> float: ...

    @property
    def finished(self) -> bool: ...

    def read(self, count: int) -> npt.NDArray[np.int16]: ...

    def close(self) -> None: ...


OpenSound = Callable[[float], Feed]
"""Seconds -> the sound of the track from there on."""


class OutputDevice(Protocol):
    """Something that plays mono samples of 16 bits at ``SAMPLE_RATE``. All methods raise ``AudioDeviceError``."""

    def start(self, chunks: Chunks) -> None:
        """Play what the generator yields, bytes, for the number of samples that is sent to it."""

    def stop(self) -> None: ...

    def close(self) -> None: ...


class AudioDeviceError(EarmarkError):
    """There is nothing to play on, or it refuses."""


def open_playback_device() -> OutputDevice:
    """The system's default device. Raises ``AudioDeviceError`` if there is none."""
    return _MiniaudioDevice()


class _MiniaudioDevice:
    def __init__(self) -> None:
        import miniaudio

        self._fails: type[Exception] = miniaudio.MiniaudioError
        with self._told_in_our_words(), _standard_error_silenced():
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=_BUFFER_MS,
                app_name="Earmark",
            )

    def start(self, chunks: Chunks) -> None:
        with self._told_in_our_words():
            self._device.start(chunks)

    def stop(self) -> None:
        with self._told_in_our_words():
            self._device.stop()

    def close(self) -> None:
        self._device.close()

    @contextlib.contextmanager
    def _told_in_our_words(self) -> Iterator[None]:
        try:
            yield
        except self._fails as error:
            raise AudioDeviceError(str(error.args[0] if error.args else error)) from error


@contextlib.contextmanager
def _standard_error_silenced() -> Iterator[None]:
    """ALSA prints a page of C diagnostics where there is no sound card."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class Player(QObject):
    """One track at a time. Times are seconds."""

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    problem_changed = Signal(str)
    """Why the track cannot be heard, as one sentence; "" where it can."""

    def __init__(self, open_device: Callable[[], OutputDevice] = open_playback_device) -> None:
        """``open_device`` raises ``AudioDeviceError``."""
        super().__init__()
        self._open_device = open_device
        self._device: OutputDevice | None = None
        self._open_sound: OpenSound | None = None
        self._feed: Feed | None = None
        self._position = 0.0
        self._duration = 0.0
        self._playing = False
        self._has_device = True
        self._timer = QTimer(self)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._advance)

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def position(self) -> float:
        return self._position

    @property
    def has_device(self) -> bool:
        """False once opening a device has failed."""
        return self._has_device

    def set_track(self, open_sound: OpenSound | None, duration: float) -> None:
        """Stop, and be ready to play another track from its beginning; ``None``: there is nothing to play."""
        self.pause()
        self._drop_feed()
        self._open_sound = open_sound
        self._duration = duration
        self._move_to(0.0)
        if self._has_device:
            self.problem_changed.emit("")

    def set_duration(self, seconds: float) -> None:
        """How long the track turned out to be."""
        self._duration = seconds

    def toggle(self) -> None:
        if self._playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on from ``position``; nothing if there is no track or no device."""
        if self._playing or self._open_sound is None or not self._open():
            return
        if self._feed is None:
            self._feed = self._open_sound(self._position)
        chunks = self._chunks()
        next(chunks)
        assert self._device is not None
        try:
            self._device.start(chunks)
        except AudioDeviceError as error:
            self.problem_changed.emit(filled(self.tr("The audio device refuses to play: %1"), str(error)))
            return
        self._set_playing(True)

    def pause(self) -> None:
        if self._playing and self._device is not None:
            with contextlib.suppress(AudioDeviceError):  # one that was unplugged is quiet all the same
                self._device.stop()
        self._set_playing(False)

    def seek(self, seconds: float) -> None:
        """Go to a moment; what is playing goes on playing from there."""
        self._drop_feed()
        if self._playing and self._open_sound is not None:
            self._feed = self._open_sound(seconds)
        self._move_to(seconds)

    def look_for_device(self) -> None:
        """Try again to open a device."""
        self._has_device = True
        if self._open():
            self.problem_changed.emit("")

    def close(self) -> None:
        """Fall silent and let go of the device."""
        self.set_track(None, 0.0)
        if self._device is not None:
            self._device.close()
            self._device = None

    def _open(self) -> bool:
        if self._device is None and self._has_device:
            try:
                self._device = self._open_device()
            except AudioDeviceError:
                self._has_device = False
                self.problem_changed.emit(self.tr("No audio device: preview is silent"))
        return self._device is not None

    def _chunks(self) -> Chunks:
        """What the device asks for, on its own thread: whatever the feed has, and silence for the rest."""
        count = yield b""
        while True:
            feed = self._feed
            samples = feed.read(count) if feed is not None else np.empty(0, np.int16)
            count = yield samples.tobytes() + bytes(2 * (count - len(samples)))

    def _advance(self) -> None:
        feed = self._feed
        if feed is None:
            return
        if not feed.finished:
            self._move_to(feed.position)
            return
        self.pause()
        self._drop_feed()
        if feed.problem:
            self.problem_changed.emit(filled(self.tr("The sound stops here: %1"), feed.problem))
        else:
            self._move_to(0.0)

    def _drop_feed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def _move_to(self, seconds: float) -> None:
        self._position = min(seconds, self._duration) if self._duration else seconds
        self.position_changed.emit(self._position)

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            if playing:
                self._timer.start()
            else:
                self._timer.stop()
            self.playing_changed.emit(playing)
