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
writing   ``prepared_edit``, ``prepared_restore``, ``Prepared``, ``sweep_temporaries``
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tagger_core.audio_payload import composed_digest, digest_of, file_digest, payload_spans
from tagger_core.domain import FileChange, FilePlan, FileStamp, TagEdit
from tagger_core.errors import WriteRefusedError
from tagger_core.layouts import LayoutError
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.atomic_replace import Replacement, protection, replacement, sweep_temporaries
from tagger_core.tag_files.formats import open_tagged, require_writable_name
from tagger_core.tag_files.id3_block import BlockError
from tagger_core.tag_files.recipe import Recipe, follow, follows, inverse, merged, origin, recipe_length

__all__ = [
    "FileFields",
    "Prepared",
    "prepared_edit",
    "prepared_restore",
    "read_fields",
    "sweep_temporaries",
]


@dataclass(frozen=True, slots=True)
class FileFields:
    """Earmark's fields as a file has them now; a field without a value is not there."""

    values: Mapping[Field, tuple[str, ...]]
    warnings: tuple[str, ...] = ()


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
            return FileFields(tagged.values(), tagged.warnings + told)
    except OSError as error:
        raise WriteRefusedError(path, f"it cannot be read ({error.strerror})") from error


@contextmanager
def prepared_edit(
    plan: FilePlan, preset: Preset, *, preserve_mtime: bool, allow_hard_links: bool
) -> Iterator[Prepared]:
    """Prepare a file with the edits of a plan. Raises ``WriteRefusedError``."""
    path = _resolved(plan.track.path)
    require_writable_name(path)
    edits = {Field(edit.field): edit.new for edit in plan.edits}
    with replacement(path, plan.track.stamp, allow_hard_links=allow_hard_links) as new, _told(path):
        tagged = open_tagged(new.source, path)
        present = tagged.values()
        for edit in plan.edits:
            if present.get(Field(edit.field), ()) != edit.old:
                raise WriteRefusedError(path, f"its {edit.field} is not what the plan was made for; scan it again")
        recipe = tagged.edited(edits, preset)
        payload = payload_spans(new.source)
        with ThreadPoolExecutor(2) as pool:  # hashing and flushing let go of the interpreter's lock
            hashed = pool.submit(digest_of, path, payload)
            _fill(new, recipe)
            sealed = pool.submit(new.seal, new.mtime_ns if preserve_mtime else None)
            with new.temporary_path.open("rb") as written:  # its own position: the other one is being flushed
                _require_filled(new, recipe, written)
                new_payload = payload_spans(written)
                if origin(recipe, new_payload) != merged(payload):
                    raise WriteRefusedError(path, "its audio would change")
                tagged.check(written, edits)
                audio = hashed.result()
                new_digest = composed_digest(written, new_payload, audio)
            sealed.result()
        change = FileChange(
            path=path,
            edits=plan.edits,
            old_digest=composed_digest(new.source, payload, audio),
            new_digest=new_digest,
            payload_sha256=audio,
            restore=inverse(recipe, new.source),
            old_mtime_ns=new.mtime_ns,
        )
        yield Prepared(change, tagged.warnings, new)


@contextmanager
def prepared_restore(change: FileChange, stamp: FileStamp) -> Iterator[Prepared]:
    """Prepare the file as it was before ``change``, its time of modification included.

    The file must be just what ``change`` made of it. Raises ``WriteRefusedError``.
    """
    path = change.path
    with replacement(path, stamp, allow_hard_links=False) as new, _told(path):
        _fill(new, change.restore)
        _require_filled(new, change.restore, new.temporary)
        if (file_digest(path), file_digest(new.temporary_path)) != (change.new_digest, change.old_digest):
            raise WriteRefusedError(path, "putting its old tag back would not give the old file")
        new.seal(change.old_mtime_ns)
        edits = tuple(TagEdit(edit.field, edit.new, edit.old) for edit in change.edits)
        yield Prepared(
            FileChange(
                path=path,
                edits=edits,
                old_digest=change.new_digest,
                new_digest=change.old_digest,
                payload_sha256=change.payload_sha256,
                restore=inverse(change.restore, new.source),
                old_mtime_ns=new.mtime_ns,
            ),
            (),
            new,
        )


def _fill(new: Replacement, recipe: Recipe) -> None:
    new.require_space(recipe_length(recipe))
    follow(recipe, new.source, new.temporary)
    new.temporary.flush()


def _require_filled(new: Replacement, recipe: Recipe, temporary: BinaryIO) -> None:
    """Read the temporary again: it must be what was written, byte for byte."""
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
