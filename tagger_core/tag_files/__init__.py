"""Music files' own tags: read, rewritten safely, and put back.

Conventions
-----------
A write is prepared beside the file and verified before anything happens to it; the caller then records the
change and commits it::

    with prepared_edit(plan, preset, ...) as prepared:
        journal(prepared.change)
        prepared.commit()

Leaving the block without ``commit`` leaves the file as it was. Every reason not to write is a
``WriteRefusedError``. An edit is a *recipe* (``recipe``): new bytes, and spans of the old file. So that which an
edit does not concern is not even parsed, and the way back is a recipe too. Each family of formats has a module with
one class that can ``read``, tell its ``values``, make an ``edited`` recipe, and ``check`` what came of it;
``formats`` is the table of them.

Contents
--------
reading   ``read_fields``, ``FileFields``
writing   ``room_in``, ``rehearsed_edit``, ``prepared_edit``, ``prepared_restore``, ``Prepared``, ``sweep_temporaries``
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from tagger_core.audio_payload import digest_of, payload_spans
from tagger_core.domain import FileChange, FilePlan, FileStamp, Span, TagEdit
from tagger_core.errors import WriteRefusedError
from tagger_core.fingerprints import FileContent, fingerprint
from tagger_core.layouts import LayoutError
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.atomic_replace import (
    Replacement,
    protection,
    replacement,
    require_replaceable,
    require_space,
    room_in,
    sweep_temporaries,
)
from tagger_core.tag_files.formats import Tagged, open_tagged, require_writable_name
from tagger_core.tag_files.id3_block import BlockError
from tagger_core.tag_files.recipe import Recipe, RecipeFile, blocks_of, follows, inverse, merged, origin, recipe_length

__all__ = [
    "FileFields",
    "Prepared",
    "prepared_edit",
    "prepared_restore",
    "read_fields",
    "rehearsed_edit",
    "room_in",
    "sweep_temporaries",
]


@dataclass(frozen=True, slots=True)
class FileFields:
    """Earmark's fields as a file has them now; a field without a value is not there."""

    values: Mapping[Field, tuple[str, ...]]
    warnings: tuple[str, ...] = ()
    protected: str = ""
    """Why the file, though it can be read, cannot be replaced now: it is read-only ..."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A verified new version of a file, ready to take its place."""

    change: FileChange
    warnings: tuple[str, ...]
    _replacement: Replacement

    def commit(self) -> tuple[str, ...]:
        """Replace the file in one step; returns warnings. Raises ``WriteRefusedError``: it is unchanged."""
        return self._replacement.commit()


def read_fields(path: Path) -> FileFields:
    """Read the fields of a file that Earmark can write.

    Raises ``UnknownFormatError`` for other formats and ``WriteRefusedError`` for files that cannot be written safely.
    """
    require_writable_name(path)
    try:
        with _told(path), path.open("rb") as file:
            tagged = open_tagged(file, path)
            reason = protection(path.resolve(), os.fstat(file.fileno()))
            told = (f"the file cannot be written: {reason}",) if reason else ()
            return FileFields(tagged.values(), tagged.warnings + told, reason or "")
    except OSError as error:
        raise WriteRefusedError(path, f"it cannot be read ({error.strerror})") from error


def rehearsed_edit(plan: FilePlan, preset: Preset, *, allow_hard_links: bool) -> tuple[str, ...]:
    """Do all that comes before the first byte is written, and check what would be written; returns warnings.

    Reads little of the file, but of Ogg all of it. Raises ``WriteRefusedError`` for the reason for which
    ``prepared_edit`` would.
    """
    path = _resolved(plan.track.path)
    require_writable_name(path)
    require_replaceable(path, plan.track.stamp, allow_hard_links=allow_hard_links)
    try:
        with path.open("rb") as source, _told(path):
            edit = _Edit.of(plan, preset, source, path)
            require_space(path, recipe_length(edit.recipe))
            with BufferedReader(RecipeFile(edit.recipe, source)) as meant:
                edit.check(meant)
            return edit.tagged.warnings
    except OSError as error:
        raise WriteRefusedError(path, f"it cannot be read ({error.strerror})") from error


@contextmanager
def prepared_edit(
    plan: FilePlan, preset: Preset, workers: Executor, *, preserve_mtime: bool, allow_hard_links: bool
) -> Iterator[Prepared]:
    """Prepare a file with the edits of a plan. Raises ``WriteRefusedError``.

    ``workers``: two threads or more, to hash and to flush in while this one copies and verifies.
    """
    path = _resolved(plan.track.path)
    require_writable_name(path)
    with replacement(path, plan.track.stamp, allow_hard_links=allow_hard_links) as new, _told(path):
        edit = _Edit.of(plan, preset, new.source, path)
        tasks: list[Future[Any]] = []
        try:
            tasks.append(hashed := workers.submit(digest_of, path, edit.payload))
            _fill(new, edit.recipe)
            tasks.append(sealed := workers.submit(new.seal, new.mtime_ns if preserve_mtime else None))
            with new.temporary_path.open("rb") as written:  # its own position: the other one is being flushed
                _require_filled(new, edit.recipe, written)
                new_payload = edit.check(written)
                audio = hashed.result()
                made = fingerprint(written, new_payload, audio)
            sealed.result()
        finally:
            wait(tasks)  # of a file that is let go nobody may be at work on a part
        change = FileChange(
            path=path,
            edits=plan.edits,
            old=fingerprint(new.source, edit.payload, audio),
            new=made,
            payload_sha256=audio,
            restore=inverse(edit.recipe, new.source),
            old_mtime_ns=new.mtime_ns,
        )
        yield Prepared(change, edit.tagged.warnings, new)


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a plan means for the bytes of a file. ``payload``: where its audio is now."""

    tagged: Tagged
    values: Mapping[Field, tuple[str, ...]]
    recipe: Recipe
    payload: tuple[Span, ...]

    @classmethod
    def of(cls, plan: FilePlan, preset: Preset, source: BinaryIO, path: Path) -> "_Edit":
        """Raises ``WriteRefusedError``, ``LayoutError``, ``BlockError`` and ``OSError``."""
        tagged = open_tagged(source, path)
        present = tagged.values()
        for edit in plan.edits:
            if present.get(Field(edit.field), ()) != edit.old:
                raise WriteRefusedError(path, f"its {edit.field} is not what the plan was made for; scan it again")
        values = {Field(edit.field): edit.new for edit in plan.edits}
        return cls(tagged, values, tagged.edited(values, preset), payload_spans(source))

    def check(self, written: BinaryIO) -> tuple[Span, ...]:
        """Require that the new file is what was meant, and return where its audio is. Raises like ``of``."""
        payload = payload_spans(written)
        if origin(self.recipe, payload) != merged(self.payload):
            raise LayoutError("its audio would change")
        self.tagged.check(written, self.values)
        return payload


@contextmanager
def prepared_restore(change: FileChange, stamp: FileStamp) -> Iterator[Prepared]:
    """Prepare the file as it was before ``change``, its time of modification included.

    The file must be just what ``change`` made of it. Raises ``WriteRefusedError``.
    """
    path = change.path
    with replacement(path, stamp, allow_hard_links=False) as new, _told(path):
        _fill(new, change.restore)
        _require_filled(new, change.restore, new.temporary)
        if not (FileContent(path).matches(change.new) and FileContent(new.temporary_path).matches(change.old)):
            raise WriteRefusedError(path, "putting its old tag back would not give the old file")
        new.seal(change.old_mtime_ns)
        edits = tuple(TagEdit(edit.field, edit.new, edit.old) for edit in change.edits)
        yield Prepared(
            FileChange(
                path=path,
                edits=edits,
                old=change.new,
                new=change.old,
                payload_sha256=change.payload_sha256,
                restore=inverse(change.restore, new.source),
                old_mtime_ns=new.mtime_ns,
            ),
            (),
            new,
        )


def _fill(new: Replacement, recipe: Recipe) -> None:
    require_space(new.path, recipe_length(recipe))
    new.fill(blocks_of(recipe, new.source))


def _require_filled(new: Replacement, recipe: Recipe, temporary: BinaryIO) -> None:
    """Read the temporary again: it must be what was written, byte for byte.

    It comes from the system's memory, not from the disk: this proves that every program will read what we meant, and
    finds our own mistakes and those of the file system. That the disk has taken it is what the flush in ``seal`` says.
    """
    if not follows(recipe, new.source, temporary):
        raise WriteRefusedError(new.path, "the copy differs from what was written; check the disk")


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        raise WriteRefusedError(path, "it was moved or deleted; scan the folder again") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        raise WriteRefusedError(path, f"it cannot be found ({error})") from error


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What a format's module has found wrong becomes ``WriteRefusedError``."""
    try:
        yield
    except BlockError as error:
        raise WriteRefusedError(path, f"its ID3 tag {error}") from error
    except LayoutError as error:
        raise WriteRefusedError(path, str(error)) from error
    except EOFError as error:
        raise WriteRefusedError(path, f"{error}; scan it again") from error
