"""``earmark-train``: every command explains itself without TensorFlow, and errors are one sentence and a code."""

import subprocess
import sys
from pathlib import Path

import pytest

from tagger_core.errors import SettingsError
from training.__main__ import COMMANDS, main
from training.golden_outputs import REPOSITORY


def test_help_is_light_and_names_every_command() -> None:
    program = (
        "import sys\n"
        "from training.__main__ import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "finally:\n"
        "    heavy = {'tensorflow', 'keras', 'librosa', 'sklearn', 'matplotlib', 'onnxruntime', 'gensim', 'scipy'}\n"
        "    print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stdout
    for command in COMMANDS:
        assert f"    {command} " in done.stdout or f"    {command}\n" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"earmark-train {command}" in capsys.readouterr().out


def test_the_chain_from_music_to_features_runs(tmp_path: Path) -> None:
    source, dataset = str(tmp_path / "source"), str(tmp_path / "dataset")
    assert main(["synthetic", source, "--clips", "16", "--seconds", "1", "--sound", "numpy"]) == 0
    assert main(["download-check", source]) == 0
    assert main(["prepare", source, dataset]) == 0
    assert main(["labels", dataset, "--top", "10"]) == 0
    assert main(["features", dataset, "--kind", "mfcc"]) == 0
    assert main(["figures", dataset, "1", "--output", str(tmp_path / "clip.png")]) == 0


def test_an_error_is_one_sentence_and_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features", str(tmp_path)]) == 3
    assert main(["features", str(tmp_path), "--hop-length", "1"]) == 3
    told = capsys.readouterr().err.splitlines()
    assert told == [f"earmark-train: {tmp_path} is not a prepared data set; make one with: earmark-train prepare"] * 2


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SettingsError("--top must be at least 1"), 2, "--top must be at least 1"),
        (KeyboardInterrupt(), 130, "run the same command again"),
    ],
)
def test_codes(
    error: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(options: object) -> int:
        raise error

    monkeypatch.setattr("training.labels.run", fails)
    assert main(["labels", "anywhere"]) == code
    assert told in capsys.readouterr().err
