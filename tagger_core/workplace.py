"""What everything that listens needs: the models of the settings, a crew, and the store.

ONNX Runtime and the decoders are imported when they are needed: looking for models must cost nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.errors import StoreError
from tagger_core.model_card import ModelFolder, find_model, shipped_models
from tagger_core.settings import Places, Settings

if TYPE_CHECKING:
    from tagger_core.analysis_store import AnalysisStore
    from tagger_core.classifier import Classifier
    from tagger_core.cluster.place import ClusterPlace
    from tagger_core.crew import Crew, Gate

log = logging.getLogger(__name__)


def model_places(settings: Settings, places: Places) -> list[Path]:
    """Where models are looked for: a person's own before the shipped ones."""
    return [*(Path(folder).expanduser() for folder in settings.model_folders), places.models, shipped_models()]


def find_models(settings: Settings, places: Places) -> list[ModelFolder]:
    """The models of the settings, of which only the cards are read. Raises ``ModelError``."""
    where = model_places(settings, places)
    return [find_model(name, where) for name in dict.fromkeys(settings.models)]


def open_classifiers(settings: Settings, places: Places) -> "list[Classifier]":
    """The models of the settings, loaded. Raises ``ModelError``, ``DeviceError``."""
    from tagger_core.classifier import Classifier

    return [Classifier(folder, settings.device) for folder in find_models(settings, places)]


@contextmanager
def open_crew(
    settings: Settings, places: Places, gate: "Gate", *, niceness: int = 0, cluster: "ClusterPlace | None" = None
) -> "Iterator[Crew]":
    """Whoever listens as the settings want it, here or on a cluster. Raises ``EarmarkError`` if nobody can."""
    if cluster:
        from tagger_core.cluster.remote_crew import ClusterCrew

        folders = find_models(settings, places)
        with ClusterCrew(cluster, folders, device=settings.device, effort=settings.effort, niceness=niceness) as remote:
            yield remote
        return
    from tagger_core.crew import LocalCrew

    classifiers = open_classifiers(settings, places)
    with LocalCrew(classifiers, gate, workers=settings.workers, niceness=niceness, effort=settings.effort) as local:
        yield local


@contextmanager
def open_store(path: Path) -> "Iterator[AnalysisStore | None]":
    """The store, or ``None`` with a warning where it cannot be used: listening does not depend on it."""
    from tagger_core.analysis_store import AnalysisStore
    from tagger_core.audio import decoder_names

    try:
        store = AnalysisStore(path, decoder_names())
    except StoreError as error:
        log.warning("%s; going on, but nothing is remembered from or for other runs", error)
        yield None
        return
    try:
        yield store
    finally:
        try:
            store.close()
        except StoreError as error:
            log.warning("%s", error)
