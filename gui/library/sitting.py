"""One review and all that works for it: made anew for other folders or other models."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.library.listening import Listening
from gui.library.memory import Memory
from gui.library.names import NameReader
from gui.library.threads import Threads
from tagger_core.errors import ModelError
from tagger_core.model_card import ModelCard
from tagger_core.review import Review
from tagger_core.review.values import Rows
from tagger_core.settings import Places, Settings
from tagger_core.workplace import find_models

if TYPE_CHECKING:
    from tagger_core.review_writing import PlannedTrack


class Sitting:
    """Without a usable model there are rows, but no tags, and nothing is listened to."""

    def __init__(
        self,
        settings: Settings,
        places: Places,
        threads: Threads,
        memory: Memory,
        *,
        named: Callable[[Rows], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """``named`` is told which rows are called otherwise now, ``failed`` why there is no model."""
        self.cards = usable_cards(settings, places, failed)
        self.review = Review(self.cards, settings)
        self.listening = Listening(self.review, memory, threads.ears, threads.listener, threads.desk)
        self.names = NameReader(self.review, threads.desk, threads.hop, named)
        self.plans: dict[int, PlannedTrack] = {}
        """Row -> what the person was shown last of what would be written."""

    def listen(self, paths: Sequence[Path], *, at_once: bool) -> None:
        """Find the music there, and listen to it at once or when ``start`` is called."""
        self.listening.scan(paths, listen=at_once and bool(self.cards))

    def start(self) -> None:
        """Listen to what waits."""
        if self.cards:
            self.listening.start()

    def leave(self) -> None:
        """Have nothing to do with the review any more."""
        self.listening.leave()
        self.names.stop()

    def suits(self, settings: Settings, places: Places) -> bool:
        """Other settings can be used for this review; else it takes another one."""
        same = (settings.vocabulary, settings.effort) == (self.review.settings.vocabulary, self.review.settings.effort)
        return same and usable_cards(settings, places, lambda _: None) == self.cards


def usable_cards(settings: Settings, places: Places, failed: Callable[[Exception], None]) -> list[ModelCard]:
    """Of the models of the settings; none where one of them is missing."""
    try:
        return [folder.card for folder in find_models(settings, places)]
    except ModelError as error:
        failed(error)
        return []
