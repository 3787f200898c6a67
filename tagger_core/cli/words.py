"""Words of the command line and the settings, checked against the vocabulary."""

import difflib
from collections.abc import Sequence

from tagger_core.cli.options import UsageError
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.vocabulary import Vocabulary


def check_words(settings: Settings, cards: Sequence[ModelCard]) -> None:
    """Refuse a tag that no model knows, which is most often a typing error. Raises ``UsageError``."""
    vocabulary = Vocabulary(cards, settings.vocabulary)
    names = [tag.name for tag in vocabulary.tags()]
    for word in (*settings.thresholds, *settings.only, *settings.except_tags):
        if vocabulary.tag_of(word) is None:
            near = difflib.get_close_matches(word.title(), names, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else " (earmark --list-models shows all tags)"
            raise UsageError(f"no model knows the tag {word!r}{hint}")
