"""Whether somebody has a file open for writing."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from tagger_core.watching.file_leases import is_open_for_writing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whether a file is open for writing")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(bytes(8192))
    if not _is_told(path):
        pytest.skip("the file system of the temporary folder does not tell whether a file is open for writing")
    return path


def _is_told(path: Path) -> bool:
    with path.open("r+b"):
        return is_open_for_writing(path)


def test_a_writer_is_seen_until_it_closes(song: Path) -> None:
    assert not is_open_for_writing(song)
    with song.open("ab"):
        assert is_open_for_writing(song)
    assert not is_open_for_writing(song)


def test_a_reader_is_no_writer(song: Path) -> None:
    with song.open("rb"):
        assert not is_open_for_writing(song)


def test_a_writer_through_memory_is_seen(song: Path) -> None:
    with song.open("r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    assert is_open_for_writing(song)
    memory.close()
    assert not is_open_for_writing(song)


def test_a_writer_in_another_process_is_seen(song: Path) -> None:
    program = "import sys; file = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(song)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        assert is_open_for_writing(song)
        writer.communicate("")
    assert not is_open_for_writing(song)


def test_who_opens_the_file_while_we_ask_does_not_end_us(song: Path) -> None:
    """A lease that is broken sends a signal, whose default would be to end the process."""
    program = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from tagger_core.watching.file_leases import is_open_for_writing\n"
        "song = Path(sys.argv[1])\n"
        "def write():\n"
        "    for _ in range(20_000):\n"
        "        song.open('ab').close()\n"
        "writer = threading.Thread(target=write)\n"
        "writer.start()\n"
        "while writer.is_alive():\n"
        "    is_open_for_writing(song)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(song)], check=True, timeout=60)


def test_a_file_that_is_gone_is_not_open(tmp_path: Path) -> None:
    assert not is_open_for_writing(tmp_path / "nowhere.mp3")
