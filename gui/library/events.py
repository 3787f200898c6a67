"""What the library tells the window: plain values, carried by its signals.

Contents
--------
work     ``RunState``, ``Progress``
telling  ``Message``
writing  ``PlannedFile``, ``WriteReview``, ``WriteReport``, ``UndoReport``
"""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Literal

from tagger_core.domain import FilePlan


class RunState(Enum):
    """What is going on in the background."""

    IDLE = auto()
    SCANNING = auto()
    LOADING_MODELS = auto()
    ANALYSING = auto()
    PAUSED = auto()
    CANCELLING = auto()
    WRITING = auto()
    UNDOING = auto()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: tracks while analysing, files while writing or undoing."""

    state: RunState = RunState.IDLE
    done: int = 0
    total: int = 0
    failed: int = 0
    rate: float = 0.0
    """Per second, smoothed."""
    seconds_left: float | None = None
    """``None`` while nobody can tell."""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for a person, with the id of the action that helps, if one does."""

    kind: Literal["info", "warning", "error"]
    text: str
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """An accepted track: what would be written into it, or why nothing can be."""

    row: int
    plan: FilePlan | None
    problem: str = ""

    @property
    def tags(self) -> int:
        """Values that the file has not yet."""
        return sum(edit.gained for edit in self.plan.edits) if self.plan else 0


@dataclass(frozen=True, slots=True)
class WriteReview:
    """Everything that Write would do, before anything is touched."""

    files: tuple[PlannedFile, ...]

    @property
    def to_write(self) -> tuple[PlannedFile, ...]:
        """Those that would change."""
        return tuple(file for file in self.files if file.plan and file.plan.edits and not file.problem)

    @property
    def problems(self) -> tuple[PlannedFile, ...]:
        """Those that cannot be written."""
        return tuple(file for file in self.files if file.problem)

    @property
    def tags(self) -> int:
        return sum(file.tags for file in self.to_write)


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write has done. ``run`` is the number by which it can be undone; ``None`` if nothing was changed."""

    run: int | None
    files: int
    tags: int
    failed: tuple[tuple[Path, str], ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo has done. ``reverted`` files were changed since: only our values were taken out of them."""

    run: int
    """The run that was taken back."""
    restored: int
    reverted: int
    failed: tuple[tuple[Path, str], ...] = ()
