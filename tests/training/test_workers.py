"""Two workers on one machine, spoken to over the loopback: the same network comes out of both, and one run folder.

Starts TensorFlow twice: run with ``EARMARK_LONG_TESTS=1``, as CI does.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tests.training.small_dataset import SPEC, small_dataset
from training.config import Experiment
from training.run_folder import RunFolder

pytestmark = pytest.mark.skipif(
    "EARMARK_LONG_TESTS" not in os.environ, reason="takes a minute; set EARMARK_LONG_TESTS=1"
)

REPOSITORY = Path(__file__).resolve().parents[2]
WORKERS = 2


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def test_two_workers_train_one_network(tmp_path: Path) -> None:
    dataset = small_dataset(tmp_path / "set")
    config = tmp_path / "experiment.toml"
    Experiment(architecture="conv2_pool", features=SPEC, epochs=3, batch_size=6, patches_per_clip=2, device="cpu").save(
        config
    )
    addresses = [f"127.0.0.1:{port}" for port in free_ports(WORKERS)]
    command = [sys.executable, "-m", "training", "train", str(dataset.folder), str(tmp_path / "run")]
    processes = []
    for index in range(WORKERS):
        cluster = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
        processes.append(
            subprocess.Popen(
                [*command, "--config", str(config)],
                cwd=REPOSITORY,
                env={**os.environ, "TF_CONFIG": json.dumps(cluster)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * WORKERS, said[0][1][-2000:] + said[1][1][-2000:]
    last_lines = [output.strip().splitlines()[-1] for output, _ in said]
    best = RunFolder.open(tmp_path / "run").progress().best
    for line in last_lines:  # each has measured the validation clips by itself
        assert f"the best was epoch {best.number} with validation ROC-AUC {best.roc_auc:.4f}" in line
    assert best.roc_auc > 0.9
    assert "epoch   3" in said[0][0]  # the first worker reports,
    assert "epoch   3" not in said[1][0]  # the other does not
