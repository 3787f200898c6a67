"""Runs over a cluster. Importing this skips a module of tests where Dask is not installed."""

import threading
from dataclasses import dataclass
from typing import Any

import pytest

from tagger_core.analysis import Outcome, analyse_with
from tagger_core.analysis_store import AnalysisStore
from tagger_core.cluster.connection import dask
from tagger_core.cluster.place import ClusterPlace
from tagger_core.cluster.remote_crew import ClusterCrew
from tagger_core.crew import Gate
from tagger_core.domain import Effort, Track
from tagger_core.errors import ClusterError
from tagger_core.model_card import ModelFolder

try:
    distributed = dask()
except ClusterError as error:
    pytest.skip(f"the cluster is not tested: {error}", allow_module_level=True)


@dataclass(frozen=True)
class Coordinator:
    """Runs over a cluster with one model."""

    address: str
    folder: ModelFolder

    def crew(self, device: str = "cpu") -> ClusterCrew:
        return ClusterCrew(ClusterPlace(self.address), [self.folder], device=device, effort=Effort.FULL)

    def run(self, tracks: list[Track], store: AnalysisStore | None = None) -> list[Outcome]:
        with self.crew() as crew:
            return list(analyse_with(crew, tracks, store, Gate(threading.Event())))


def cluster_of_threads(workers: int) -> Any:
    """A scheduler and workers that are threads of this process, but talk over the network like others."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=False,
    )
