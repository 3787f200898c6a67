"""The rows of the table in ``tests/README.md`` that no other test module holds, and the table itself."""

import io
import re
import wave
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from tagger_core.errors import UnknownFormatError, WriteRefusedError
from tagger_core.isolated_decoding import Decoders
from tagger_core.tag_files import read_fields
from tests.music_files import content

TESTS = Path(__file__).parents[1]


def adts() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        for part in [frame, None]:
            container.mux(stream.encode(part))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.aac", "a.mid", "a.dsf", "a.mod"])
def test_what_cannot_be_written_is_said_up_front(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(adts())
    with pytest.raises(UnknownFormatError, match=f"cannot write {path.suffix[1:]} files"):
        read_fields(path)


@pytest.mark.parametrize("box", [b"moof", b"enca"])
def test_fragmented_and_protected_mp4_is_refused(tmp_path: Path, box: bytes) -> None:
    path = tmp_path / "a.m4a"
    whole = content("m4a-aac")
    fragment = (8).to_bytes(4, "big") + box
    path.write_bytes(whole + fragment if box == b"moof" else whole.replace(b"mp4a", box, 1))
    with pytest.raises(WriteRefusedError):
        read_fields(path)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of a helper is read from /proc")
def test_a_mix_of_three_hours_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "mix.wav"
    second = (8_000 * np.sin(np.arange(8_000) / 10)).astype(np.int16).tobytes()
    with wave.open(str(path), "wb") as mix:
        mix.setparams((1, 2, 8_000, 0, "NONE", ""))
        for _ in range(3 * 60):
            mix.writeframes(second * 60)
    here, most = psutil.Process(), 0
    with Decoders() as decoders, decoders.open(path, 16_000) as stream:
        blocks = stream.blocks()
        next(blocks)
        before = _resident(here)
        for number, _ in enumerate(blocks):
            if number % 50 == 0:
                most = max(most, _resident(here))
        assert stream.seconds == pytest.approx(3 * 60 * 60, abs=0.1)
    assert most - before < 30e6  # the samples are 690 MB


def _resident(process: psutil.Process) -> int:
    return sum(found.memory_info().rss for found in [process, *process.children(recursive=True)])


def test_the_table_of_bad_input_names_tests_that_there_are() -> None:
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    modules = set(re.findall(r"`([\w/]+\.py)`", text)) - {"tests/drives/foreign.py"}
    sources = {name: (TESTS / name, TESTS / "tagger_core" / name) for name in modules}
    missing = [name for name, places in sources.items() if not any(place.is_file() for place in places)]
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    missing += [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in written]
    assert missing == []
