"""The main job for a whole library: analyse, suggest, plan, and, if asked, write; one row for every file.

A dry run is the real path minus its last step. No failure of one file stops the others: it becomes a row
with the status ``failed`` and a reason.

What was decided about a file is remembered (``decision_memory``), and while nothing changes, its row is made from that
alone: the file is not opened. Nothing is written from memory.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tagger_core.analysis_store import AnalysisStore, remember_own_write
from tagger_core.decision_memory import TOGETHER, Decision, DecisionMemory, circumstances_of
from tagger_core.domain import Analysis, FilePlan, TagEdit, Track, TrackFailure, TrackResult
from tagger_core.errors import FileError, UnknownFormatError
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester, Suggestion, suggested, suggested_tags
from tagger_core.tag_files import read_fields, room_in
from tagger_core.tagging import RunWriter, rehearse
from tagger_core.vocabulary import Vocabulary
from tagger_core.write_plan import plan_file, staying_values

_LOOKED_AT_AGAIN = 2_000
"""Files just written that are kept in mind at most: those of the last few seconds, however fast the disk is."""


class Status(StrEnum):
    """What became of a file."""

    PLANNED = "planned"
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class Hearing(NamedTuple):
    """A suggested tag and its probability."""

    tag: str
    probability: float


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a report says about one file; ``analyses`` and ``tags`` are empty if it was made from memory."""

    path: Path
    status: Status
    reason: str = ""
    analyses: tuple[Analysis, ...] = ()
    tags: tuple[Suggestion, ...] = ()
    """Every tag, with what speaks for it."""
    hears: tuple[Hearing, ...] = ()
    """The tags that are suggested, the surest first."""
    edits: tuple[TagEdit, ...] = ()
    warnings: tuple[str, ...] = ()
    cached: bool = False
    seconds: float = 0.0

    @property
    def new_tags(self) -> int:
        """How many tags were written, or would be."""
        done = self.status in (Status.PLANNED, Status.WRITTEN)
        return sum(edit.gained for edit in self.edits) if done else 0


@dataclass
class Batch:
    """How the files of one run are treated. ``writer`` is ``None`` in a dry run."""

    cards: Sequence[ModelCard]
    settings: Settings
    store: AnalysisStore | None = None
    writer: RunWriter | None = None
    _vocabulary: Vocabulary = field(init=False)
    _suggester: Suggester = field(init=False)
    _memory: DecisionMemory | None = field(init=False, default=None)
    _written: deque[TrackResult] = field(init=False, default_factory=lambda: deque(maxlen=_LOOKED_AT_AGAIN))
    """Files that were written too lately to be told from what may become of them next."""

    _room: tuple[Path, int] = field(init=False, default=(Path(), 0))
    """The folder that was asked about last, and the bytes that may be written there."""

    def __post_init__(self) -> None:
        self._vocabulary = Vocabulary(self.cards, self.settings.vocabulary)
        self._suggester = Suggester(self.cards, self.settings, self._vocabulary)
        if self.store:
            circumstances = circumstances_of(self.cards, self.settings, self.store.decoders)
            self._memory = DecisionMemory(self.store, circumstances)

    def undecided(self, tracks: Iterable[Track]) -> Iterator[Track | Row]:
        """The tracks; in the place of each about which everything is known, its row.

        For ``analysis.analyse``, which lets rows pass. Tracks are taken many at a time.
        """
        waiting = iter(tracks)
        while chunk := list(islice(waiting, TOGETHER)):
            decisions = self._memory.recall(chunk) if self._memory else [None] * len(chunk)
            for track, decision in zip(chunk, decisions, strict=True):
                yield (self._from_memory(track, decision) if decision else None) or track

    def rows(self, results: Iterable[TrackResult | TrackFailure | Row]) -> Iterator[Row]:
        """One row for each result, in their order."""
        for result in results:
            if isinstance(result, Row):
                yield result
            elif isinstance(result, TrackFailure):
                yield Row(result.track.path, Status.FAILED, result.reason, cached=result.cached)
            else:
                yield self.row(result)
            self._look_again()
        if self._memory:
            self._memory.store()

    def row(self, result: TrackResult) -> Row:
        """Suggest, plan and, if there is a writer, write one analysed track."""
        judged = self._judged(result)
        row, path = judged.row, result.track.path
        if not row.edits:
            self._remember(result, judged)
            return row
        try:
            if self.writer is None:
                rehearse(judged.plan, self.settings)
                row = replace(row, status=Status.PLANNED)
                self._remember(result, replace(judged, row=row))
                return row
            outcome = self.writer.write(judged.plan)
        except FileError as error:
            return replace(row, status=Status.FAILED, reason=error.reason)
        if outcome.written:
            self._remember_own_write(path, result)
        status = Status.WRITTEN if outcome.written else Status.UNCHANGED
        return replace(row, status=status, warnings=tuple(dict.fromkeys(row.warnings + outcome.warnings)))

    def _judged(self, result: TrackResult) -> "_Judged":
        """What is to be done with a file as it is now: read, suggest and plan."""
        read_at = self._memory.now() if self._memory else 0
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
            known = isinstance(error, UnknownFormatError)  # by its name
            tags = tuple(self._suggester.suggest(heard))
            row = replace(row, status=Status.SKIPPED if known else Status.FAILED, reason=error.reason)
            return _Judged(_with_tags(row, tags), FilePlan(result.track, ()), read_at, lasting=known)
        tags = tuple(self._suggester.suggest(heard, staying_values(present.values, self.settings)))
        plan = plan_file(result.track, present.values, suggested_tags(tags), self.settings, self._vocabulary)
        row = replace(row, edits=plan.edits, warnings=row.warnings + present.warnings)
        # Whether a file is protected may change while nothing about the file does: its folder may.
        return _Judged(_with_tags(row, tags), plan, read_at, lasting=not present.protected)

    def _remember(self, result: TrackResult, judged: "_Judged") -> None:
        if self._memory and judged.lasting:
            self._memory.remember(result.track, result.audio, _decision(judged.row), judged.read_at)

    def _remember_own_write(self, path: Path, result: TrackResult) -> None:
        written = remember_own_write(self.store, path, result.audio)
        if written and self._memory and self._memory.can_tell_changes(written):
            self._written.append(replace(result, track=written))

    def _look_again(self) -> None:
        """Read what was written a while ago once more, for the next run; that may change it again."""
        while self._memory and self._written and self._memory.is_settled(self._written[0].track):
            result = self._written.popleft()
            judged = self._judged(result)
            if not judged.row.edits:
                self._remember(result, judged)

    def _from_memory(self, track: Track, decision: Decision) -> Row | None:
        """The row of a file that has not changed; ``None`` if there is something to be done with it."""
        status = Status(decision.status)
        if status is Status.PLANNED:
            if self.writer:
                return None
            if self._room_beside(track) < track.stamp.size:
                return None
        return Row(
            track.path,
            status,
            decision.reason,
            hears=tuple(Hearing(*heard) for heard in decision.hears),
            edits=decision.edits,
            warnings=decision.warnings,
            cached=True,
        )

    def _room_beside(self, track: Track) -> int:
        """What a plan depends on that can change without the file; asked once for the files of a folder."""
        folder, room = self._room
        if track.path.parent != folder:
            folder, room = self._room = track.path.parent, room_in(track.path.parent)
        return room


@dataclass(frozen=True, slots=True)
class _Judged:
    """A file's row as far as it goes without touching the file, and the plan that the row tells of.

    ``lasting``: the same would come out as long as neither the file nor the circumstances change.
    """

    row: Row
    plan: FilePlan
    read_at: int
    lasting: bool


def _with_tags(row: Row, tags: tuple[Suggestion, ...]) -> Row:
    return replace(row, tags=tags, hears=tuple(Hearing(tag.tag, tag.probability) for tag in suggested(tags)))


def _decision(row: Row) -> Decision:
    fields = tuple((edit.field, edit.old, edit.new) for edit in row.edits)
    return Decision(row.status, row.reason, row.hears, fields, row.warnings)
