"""Questions to the disk, answered later: asked on the GUI thread, looked up on the library thread.

An answer comes unless the world failed; then a message tells why, and whoever asked keeps showing what it has.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from gui.library.background import GuiHop, StepThread, Urgency
from tagger_core.errors import ModelError
from tagger_core.model_card import ModelCard, ModelFolder, model_folders
from tagger_core.settings import Places, Settings
from tagger_core.workplace import model_places

if TYPE_CHECKING:
    from tagger_core.analysis_store import AnalysisStore
    from tagger_core.listening import Listener, TagTaggram
    from tagger_core.suggestions import Suggestion
    from tagger_core.undo_journal import Entry, Run
    from tagger_core.write_plan import FieldValues

T = TypeVar("T")


class Inquiries:
    """What can be asked about what was written, and what is installed."""

    def __init__(self, places: Places, desk: StepThread, hop: GuiHop) -> None:
        """``desk`` is the library thread."""
        self._places = places
        self._desk = desk
        self._hop = hop
        self._open = ExitStack()
        self._store: AnalysisStore | None = None

    def runs(self, done: "Callable[[list[Run]], None]") -> None:
        """Every run that wrote files, the latest first."""
        self._ask(self._runs, done)

    def run_files(self, run: int, done: "Callable[[list[Entry]], None]") -> None:
        """What a run did to each file."""
        self._ask(lambda: self._run_files(run), done)

    def models(self, settings: Settings, done: Callable[[list[ModelFolder], list[str]], None]) -> None:
        """Every model that is installed, and one sentence for each folder that is none though it looks like it."""
        self._ask(lambda: self._models(settings), lambda found: done(*found))

    def available_devices(self, done: Callable[[list[str]], None]) -> None:
        """Where models could run."""
        self._ask(_available_devices, done)

    def over_time(
        self, audio: bytes, cards: Sequence[ModelCard], settings: Settings, done: "Callable[[TagTaggram | None], None]"
    ) -> None:
        """The tags of a track over time; ``None`` if that is not remembered."""

        def look_up(store: "AnalysisStore", listener: "Listener") -> "TagTaggram | None":
            return listener.over_time(store, audio)

        self._ask(lambda: self._with_store(look_up, cards, settings), done)

    def evidence(
        self,
        audio: bytes,
        present: "FieldValues",
        cards: Sequence[ModelCard],
        settings: Settings,
        done: "Callable[[list[Suggestion]], None]",
    ) -> None:
        """Every tag with what speaks for it; empty if that is not remembered."""

        def look_up(store: "AnalysisStore", listener: "Listener") -> "list[Suggestion]":
            return listener.evidence(store, audio, present)

        self._ask(lambda: self._with_store(look_up, cards, settings) or [], done)

    def close(self) -> None:
        """Nothing is asked any more."""
        self._desk.submit(self._open.close, Urgency.SAVE)

    def _ask(self, question: Callable[[], T], done: Callable[[T], None]) -> None:
        def look_up() -> None:
            answer = question()
            self._hop.post(lambda: done(answer))

        self._desk.submit(look_up, Urgency.ANSWER)

    def _runs(self) -> "list[Run]":
        from tagger_core.undo_journal import UndoJournal

        with UndoJournal(self._places.journal) as journal:
            return journal.runs()

    def _run_files(self, run: int) -> "list[Entry]":
        from tagger_core.undo_journal import UndoJournal

        with UndoJournal(self._places.journal) as journal:
            return [journal.entry(number) for number in journal.of_run(run)]

    def _with_store(
        self,
        look_up: "Callable[[AnalysisStore, Listener], T]",
        cards: Sequence[ModelCard],
        settings: Settings,
    ) -> T | None:
        from tagger_core.listening import Listener
        from tagger_core.workplace import open_store

        if self._store is None:  # opened once, for whoever holds a key down asks thirty times a second
            self._store = self._open.enter_context(open_store(self._places.analyses))
        return look_up(self._store, Listener(cards, settings)) if self._store else None

    def _models(self, settings: Settings) -> tuple[list[ModelFolder], list[str]]:
        found: list[ModelFolder] = []
        unusable: list[str] = []
        for folder in model_folders(model_places(settings, self._places)):
            try:
                found.append(ModelFolder.load(folder))
            except ModelError as error:
                unusable.append(str(error))
        return found, unusable


def _available_devices() -> list[str]:
    from tagger_core.classifier import available_devices

    return list(available_devices())
