"""Whatever a decoder does to its process, the other files are analysed, and the culprit is named."""

import dataclasses
import functools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from tagger_core import crew
from tagger_core.analysis import analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names, open_audio
from tagger_core.classifier import Classifier
from tagger_core.decoding_helper import Limits
from tagger_core.domain import TrackFailure, TrackResult
from tagger_core.errors import AudioError, FileError
from tagger_core.isolated_decoding import Decoders
from tagger_core.model_card import ModelFolder
from tests.hostile_decoders import open_hostile
from tests.small_models import label, write_model
from tests.sounds import RATE, noise, write

REPOSITORY = Path(__file__).parents[2]
LIMITS = Limits(cpu_seconds=1, wall_seconds=10.0, memory_bytes=512 << 20)

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals and no such limits")


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    with Decoders(open_hostile, LIMITS) as opened:
        yield opened


def decode(decoders: Decoders, path: Path) -> np.ndarray:
    with decoders.open(path, RATE) as stream:
        return np.concatenate(list(stream.blocks()))


def test_samples_and_all_that_is_told_are_those_of_the_decoder_itself(decoders: Decoders, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", noise(20)).path
    path.write_bytes(path.read_bytes()[:60_000])
    with open_audio(path, RATE) as expected, decoders.open(path, RATE) as stream:
        np.testing.assert_array_equal(np.concatenate(list(stream.blocks())), np.concatenate(list(expected.blocks())))
        assert (stream.decoder, stream.warnings, stream.seconds) == (
            expected.decoder,
            expected.warnings,
            expected.seconds,
        )
        assert stream.warnings


def test_excerpts_are_those_of_the_decoder_itself_and_the_helper_goes_on(decoders: Decoders, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", noise(20)).path
    for _ in range(2):
        with open_audio(path, RATE) as expected, decoders.open(path, RATE) as stream:
            assert stream.length() == expected.length()
            for start in (12.0, 3.0):
                np.testing.assert_array_equal(stream.excerpt(start, 2.5), expected.excerpt(start, 2.5))
        assert (stream.decoder, stream.seconds) == (expected.decoder, 5.0)
        assert len(decode(decoders, path)) == 20 * RATE
    assert len(decoders._idle) == 1


def test_an_excerpt_that_cannot_be_had_is_an_error_and_the_helper_goes_on(decoders: Decoders, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", noise(5)).path
    with decoders.open(path, RATE) as stream:
        assert stream.length() == 5
        with pytest.raises(AudioError, match="damaged near second 4"):
            stream.excerpt(4.0, 2.0)
    with pytest.raises(FileError, match="no longer there"), decoders.open(tmp_path / "gone.wav", RATE) as stream:
        stream.length()
    assert len(decode(decoders, path)) == 5 * RATE
    assert len(decoders._idle) == 1


@posix
@pytest.mark.parametrize(
    ("misdeed", "kind", "reason"),
    [
        ("segfault", AudioError, "the decoder crashed on it (SIGSEGV)"),
        ("abort", AudioError, "the decoder crashed on it (SIGABRT)"),
        ("loop", AudioError, "does not come to an end"),
        ("exit", FileError, "ended from outside (exit code 3)"),
        ("killed", FileError, "ended from outside (SIGKILL)"),
        pytest.param(
            "bomb",
            AudioError,
            "more memory than any sound needs",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit of memory"),
        ),
    ],
)
def test_a_misdeed_costs_its_file_only(
    decoders: Decoders, tmp_path: Path, misdeed: str, kind: type[FileError], reason: str
) -> None:
    culprit, good = write(tmp_path / f"{misdeed}.wav", noise(5)).path, write(tmp_path / "good.wav", noise(5)).path
    with pytest.raises(FileError) as caught:
        decode(decoders, culprit)
    assert type(caught.value) is kind
    assert reason in caught.value.reason
    assert caught.value.path == culprit
    assert len(decode(decoders, good)) == 5 * RATE


def test_a_hang_ends(tmp_path: Path) -> None:
    culprit = write(tmp_path / "hang.wav", noise(5)).path
    with Decoders(open_hostile, Limits(wall_seconds=0.5)) as decoders:
        with pytest.raises(FileError, match="got stuck"):
            decode(decoders, culprit)
        assert not _decoding(culprit)


def _decoding(path: Path) -> bool:
    """Whether any process has this file open."""
    for process in psutil.Process().children(recursive=True):
        try:
            if str(path) in {file.path for file in process.open_files()}:
                return True
        except psutil.Error:
            continue
    return False


def test_a_bug_in_a_helper_is_a_bug_here_with_its_traceback(decoders: Decoders, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'a bug'") as caught:
        decode(decoders, write(tmp_path / "bug.wav", noise(5)).path)
    assert "hostile_decoders.py" in caught.value.__notes__[0]


@pytest.mark.parametrize("content", [b"", b"this is a text, not music" * 50])
def test_what_is_no_audio_is_refused_as_ever_and_the_helper_lives_on(
    decoders: Decoders, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.mp3").write_bytes(content)
    with pytest.raises(AudioError, match="not audio"):
        decode(decoders, tmp_path / "a.mp3")
    with pytest.raises(FileError, match="no longer there"):
        decode(decoders, tmp_path / "gone.mp3")
    assert len(decoders._idle) == 1


def test_one_helper_serves_file_after_file_and_none_is_left_at_the_end(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{number}.wav", noise(2, seed=number)).path for number in range(8)]
    with Decoders() as decoders:
        with ThreadPoolExecutor(4) as pool:
            lengths = list(pool.map(lambda path: len(decode(decoders, path)), paths * 3))
        assert lengths == [2 * RATE] * 24
        helpers = [helper._process.pid for helper in decoders._idle]
        assert 1 <= len(helpers) <= 4
    assert not any(psutil.pid_exists(pid) for pid in helpers if pid)


def test_a_file_that_nobody_wants_any_more_is_left_at_once(decoders: Decoders, tmp_path: Path) -> None:
    long = write(tmp_path / "long.wav", noise(120)).path
    with decoders.open(long, RATE) as stream:
        next(stream.blocks())
    assert decoders._idle == []
    assert len(decode(decoders, write(tmp_path / "short.wav", noise(1)).path)) == RATE


@posix
def test_helpers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    path = write(tmp_path / "long.wav", noise(120)).path
    script = f"""
import os, pathlib, psutil
from tagger_core.isolated_decoding import Decoders
if __name__ == "__main__":
    with Decoders() as decoders, decoders.open(pathlib.Path({str(path)!r}), {RATE}) as stream:
        next(stream.blocks())
        print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
        os.kill(os.getpid(), 9)
"""
    (tmp_path / "run.py").write_text(script, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "run.py")],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        check=False,
    )
    helpers = [psutil.Process(int(pid)) for pid in ran.stdout.split() if psutil.pid_exists(int(pid))]
    _, alive = psutil.wait_procs(helpers, timeout=20)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@posix
def test_a_library_with_crashing_files_is_analysed_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = dataclasses.replace(LIMITS, wall_seconds=120.0)  # on a busy machine a second of work takes long
    monkeypatch.setattr(crew, "Decoders", functools.partial(Decoders, open_hostile, patient))
    names = ["a", "segfault", "b", "abort", "c", "killed", "loop", "d"]
    tracks = [write(tmp_path / f"{name}.wav", noise(3, seed=number)) for number, name in enumerate(names)]
    folder = write_model(tmp_path / "models", [label("rock")], (1,), (0,))
    classifier = Classifier(ModelFolder.load(folder), "cpu")
    store = AnalysisStore(tmp_path / "analyses.sqlite3", decoder_names())
    first = list(analyse(tracks, [classifier], store, workers=2, cancelled=threading.Event()))
    again = list(analyse(tracks, [classifier], store, workers=2, cancelled=threading.Event()))
    store.close()
    assert [outcome.track for outcome in first] == tracks
    assert [isinstance(outcome, TrackResult) for outcome in first] == [len(name) == 1 for name in names]
    # A file that crashes the decoder is not tried again; one whose helper was killed by others is.
    assert [outcome.cached for outcome in again] == [name != "killed" for name in names]
    reasons = [outcome.reason for outcome in first if isinstance(outcome, TrackFailure)]
    assert reasons[0] == "the decoder crashed on it (SIGSEGV); it is damaged"


def test_decoding_can_begin_at_any_moment(decoders: Decoders, tmp_path: Path) -> None:
    samples = noise(8)
    path = write(tmp_path / "a.flac", samples).path
    with decoders.open(path, RATE, 3.5) as stream:
        np.testing.assert_allclose(np.concatenate(list(stream.blocks())), samples[round(3.5 * RATE) :], atol=1e-4)


_UNDER_CTRL_C = """
import os, signal, sys, threading
from pathlib import Path
from tagger_core.isolated_decoding import Decoders

def press() -> None:
    while not done.wait(0.01):
        os.killpg(0, signal.SIGINT)

signal.signal(signal.SIGINT, lambda *_: None)
done = threading.Event()
threading.Thread(target=press, daemon=True).start()
with Decoders() as decoders, decoders.open(Path(sys.argv[1]), 16_000) as stream:
    for _ in stream.blocks():
        pass
done.set()
sys.stdout.write(f"{stream.seconds:.0f} s")
"""


@posix
def test_ctrl_c_does_not_reach_helpers_not_even_while_they_start(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.wav", noise(2.0)).path
    told = subprocess.run(
        [sys.executable, "-c", _UNDER_CTRL_C, str(clip)],
        capture_output=True,
        text=True,
        start_new_session=True,
        cwd=REPOSITORY,
        timeout=60,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("2 s", "", 0)
