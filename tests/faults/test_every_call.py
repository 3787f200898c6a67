"""Every call that changes the folder or the journal fails once, in every format: see ``every_call``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.music_files import KINDS

HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="faults are injected with LD_PRELOAD and /proc, as Linux has"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="faults are injected by a C library: needs a compiler (cc)"),
]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("faults") / "fail_nth_call.so"
    source = HERE / "fail_nth_call.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_fails_the_file_is_old_or_new_and_the_journal_knows(faults: Path, kind: str) -> None:
    command = [sys.executable, "-m", "tests.faults.every_call", kind]
    if "EARMARK_KILLS" in os.environ:
        command.append("--all-codes")
    environment = os.environ | {"LD_PRELOAD": str(faults)}
    ran = subprocess.run(
        command, cwd=HERE.parents[1], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    told = ran.stdout.decode(errors="replace")

    assert ran.returncode == 0, told
