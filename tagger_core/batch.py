"""The main job for a whole library: analyse, suggest, plan, and, if asked, write; one row for every file.

A dry run is the real path minus its last step. No failure of one file stops the others: it becomes a row
with the status ``failed`` and a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from tagger_core.analysis_store import AnalysisStore, remember_own_write
from tagger_core.domain import Analysis, TagEdit, TrackFailure, TrackResult
from tagger_core.errors import FileError, UnknownFormatError
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester, Suggestion, suggested_tags
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, rehearse
from tagger_core.vocabulary import Vocabulary
from tagger_core.write_plan import plan_file, staying_values


class Status(StrEnum):
    """What became of a file."""

    PLANNED = "planned"
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a report says about one file."""

    path: Path
    status: Status
    reason: str = ""
    analyses: tuple[Analysis, ...] = ()
    tags: tuple[Suggestion, ...] = ()
    edits: tuple[TagEdit, ...] = ()
    warnings: tuple[str, ...] = ()
    cached: bool = False
    seconds: float = 0.0


@dataclass
class Batch:
    """How the files of one run are treated. ``writer`` is ``None`` in a dry run."""

    cards: Sequence[ModelCard]
    settings: Settings
    store: AnalysisStore | None = None
    writer: RunWriter | None = None
    _vocabulary: Vocabulary = field(init=False)
    _suggester: Suggester = field(init=False)

    def __post_init__(self) -> None:
        self._vocabulary = Vocabulary(self.cards, self.settings.vocabulary)
        self._suggester = Suggester(self.cards, self.settings, self._vocabulary)

    def rows(self, results: Iterable[TrackResult | TrackFailure]) -> Iterator[Row]:
        """One row for each result, in their order."""
        for result in results:
            if isinstance(result, TrackFailure):
                yield Row(result.track.path, Status.FAILED, result.reason, cached=result.cached)
            else:
                yield self.row(result)

    def row(self, result: TrackResult) -> Row:
        """Suggest, plan and, if there is a writer, write one analysed track."""
        row = Row(
            result.track.path,
            Status.UNCHANGED,
            analyses=result.analyses,
            warnings=tuple(dict.fromkeys(warning for a in result.analyses for warning in a.warnings)),
            cached=result.cached,
            seconds=result.seconds,
        )
        scores = {analysis.model_sha256: analysis.scores for analysis in result.analyses}
        heard = [scores[card.sha256] for card in self.cards]
        try:
            present = read_fields(result.track.path)
        except FileError as error:
            status = Status.SKIPPED if isinstance(error, UnknownFormatError) else Status.FAILED
            tags = self._suggester.suggest(heard)
            return replace(row, status=status, reason=error.reason, tags=tuple(tags))
        staying = staying_values(present.values, self.settings)
        tags = self._suggester.suggest(heard, staying)
        plan = plan_file(result.track, present.values, suggested_tags(tags), self.settings, self._vocabulary)
        row = replace(row, tags=tuple(tags), edits=plan.edits, warnings=row.warnings + present.warnings)
        if not plan.edits:
            return row
        try:
            if self.writer is None:
                rehearse(plan, self.settings)
                return replace(row, status=Status.PLANNED)
            outcome = self.writer.write(plan)
        except FileError as error:
            return replace(row, status=Status.FAILED, reason=error.reason)
        remember_own_write(self.store, result.track.path, result.audio)
        status = Status.WRITTEN if outcome.written else Status.UNCHANGED
        return replace(row, status=status, warnings=tuple(dict.fromkeys(row.warnings + outcome.warnings)))
