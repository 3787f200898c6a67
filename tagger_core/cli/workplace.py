"""What every command that listens needs: loaded models, the store, and words checked against the vocabulary."""

import difflib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.classifier import Classifier
from tagger_core.cli.options import UsageError
from tagger_core.errors import StoreError
from tagger_core.model_card import ModelCard, find_model, shipped_models
from tagger_core.settings import Places, Settings
from tagger_core.vocabulary import Vocabulary

log = logging.getLogger(__name__)


def model_places(settings: Settings, places: Places) -> list[Path]:
    """Where models are looked for: a person's own before the shipped ones."""
    return [*(Path(folder).expanduser() for folder in settings.model_folders), places.models, shipped_models()]


def open_classifiers(settings: Settings, places: Places) -> list[Classifier]:
    """The models of the settings, loaded. Raises ``ModelError``, ``DeviceError``."""
    where = model_places(settings, places)
    folders = [find_model(name, where) for name in dict.fromkeys(settings.models)]
    return [Classifier(folder, settings.device) for folder in folders]


def check_words(settings: Settings, cards: Sequence[ModelCard]) -> None:
    """Refuse a tag that no model knows, which is most often a typing error. Raises ``UsageError``."""
    vocabulary = Vocabulary(cards, settings.vocabulary)
    names = [tag.name for tag in vocabulary.tags()]
    for word in (*settings.thresholds, *settings.only, *settings.except_tags):
        if vocabulary.tag_of(word) is None:
            near = difflib.get_close_matches(word.title(), names, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else " (earmark --list-models shows all tags)"
            raise UsageError(f"no model knows the tag {word!r}{hint}")


@contextmanager
def open_store(path: Path) -> Iterator[AnalysisStore | None]:
    """The store, or ``None`` with a warning where it cannot be used: listening does not depend on it."""
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
