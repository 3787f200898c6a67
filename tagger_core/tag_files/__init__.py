"""Music files' own tags: read, rewritten safely, and put back.

Conventions
-----------
A write is prepared beside the file and verified before anything happens to it; the caller then records the
change and commits it::

    with prepared_edit(plan, preset, ...) as prepared:
        journal(prepared.change)
        prepared.commit()

Leaving the block without ``commit`` leaves the file as it was. Every reason not to write is a
``WriteRefusedError``. Formats are a table: a suffix, and the module that knows it.

Contents
--------
reading   ``read_fields``, ``FileFields``
writing   ``prepared_edit``, ``prepared_restore``, ``Prepared``, ``sweep_temporaries``
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tagger_core.audio_payload import file_digest
from tagger_core.domain import FileChange, FilePlan, FileStamp, TagEdit
from tagger_core.errors import UnknownFormatError, WriteRefusedError
from tagger_core.mp3_layout import mp3_layout
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files import mp3
from tagger_core.tag_files.atomic_replace import Replacement, replacement, sweep_temporaries
from tagger_core.tag_files.id3_block import BlockError
from tagger_core.tag_files.id3_fields import check_rewrite

__all__ = [
    "FileFields",
    "Prepared",
    "prepared_edit",
    "prepared_restore",
    "read_fields",
    "sweep_temporaries",
]

_FORMATS = {".mp3": mp3}


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
    _require_known_format(path)
    try:
        with path.open("rb") as file:
            tag = mp3.read_tag(file, path)
        return FileFields(tag.values(), tag.warnings)
    except BlockError as error:
        raise WriteRefusedError(path, f"its ID3 tag {error}") from error
    except OSError as error:
        raise WriteRefusedError(path, f"it cannot be read ({error.strerror})") from error


@contextmanager
def prepared_edit(
    plan: FilePlan, preset: Preset, *, preserve_mtime: bool, allow_hard_links: bool
) -> Iterator[Prepared]:
    """Prepare a file with the edits of a plan. Raises ``WriteRefusedError``."""
    path = _resolved(plan.track.path)
    _require_known_format(path)
    edits = {Field(edit.field): edit.new for edit in plan.edits}
    with replacement(path, plan.track.stamp, allow_hard_links=allow_hard_links) as new, _told(path):
        tag = mp3.read_tag(new.source, path)
        present = tag.values()
        for edit in plan.edits:
            if present.get(Field(edit.field), ()) != edit.old:
                raise WriteRefusedError(path, f"its {edit.field} is not what the plan was made for; scan it again")
        head = mp3.edited_head(tag, edits, preset)
        new.require_space(len(head) + tag.layout.size)
        copied = mp3.copy_with_head(new.source, new.temporary, len(tag.head), head, tag.layout)
        new.temporary.flush()
        _verify(new, copied)
        _verify_edit(new, tag, edits)
        new.seal(new.mtime_ns if preserve_mtime else None)
        yield Prepared(_change(new, plan.edits, copied, tag.head, len(head)), tag.warnings, new)


@contextmanager
def prepared_restore(change: FileChange, stamp: FileStamp) -> Iterator[Prepared]:
    """Prepare the file as it was before ``change``, its time of modification included.

    The file must be just what ``change`` made of it. Raises ``WriteRefusedError``.
    """
    path = change.path
    with replacement(path, stamp, allow_hard_links=False) as new, _told(path):
        layout = mp3_layout(new.source)
        new.source.seek(0)
        present_head = new.source.read(change.new_head_length)
        new.require_space(len(change.old_head) + layout.size)
        copied = mp3.copy_with_head(new.source, new.temporary, change.new_head_length, change.old_head, layout)
        new.temporary.flush()
        _verify(new, copied)
        if (copied.old_sha256, copied.new_sha256) != (change.new_sha256, change.old_sha256):
            raise WriteRefusedError(path, "putting its old tag back would not give the old file")
        new.seal(change.old_mtime_ns)
        edits = tuple(TagEdit(edit.field, edit.new, edit.old) for edit in change.edits)
        yield Prepared(_change(new, edits, copied, present_head, len(change.old_head)), (), new)


def _change(
    new: Replacement, edits: tuple[TagEdit, ...], copied: mp3.Copied, old_head: bytes, new_head_length: int
) -> FileChange:
    return FileChange(
        new.path,
        edits,
        copied.old_sha256,
        copied.new_sha256,
        copied.payload_sha256,
        old_head,
        new_head_length,
        new.mtime_ns,
    )


def _verify(new: Replacement, copied: mp3.Copied) -> None:
    """Read the temporary again: every byte that was copied or made is there, the audio among them."""
    if file_digest(new.temporary_path) != copied.new_sha256:
        raise WriteRefusedError(new.path, "the copy differs from what was written; check the disk")


def _verify_edit(new: Replacement, tag: mp3.Mp3Tag, edits: Mapping[Field, tuple[str, ...]]) -> None:
    """Open the temporary as any program would: new values, everything else as before."""
    with new.temporary_path.open("rb") as file:
        written = mp3.read_tag(file, new.path)
    check_rewrite(tag.head, written.head, edits)
    if written.seconds != tag.seconds:
        raise WriteRefusedError(new.path, "its duration would change")


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        raise WriteRefusedError(path, "it was moved or deleted; scan the folder again") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        raise WriteRefusedError(path, f"it cannot be found ({error})") from error


def _require_known_format(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise UnknownFormatError(path, f"Earmark cannot write {suffix.lstrip('.') or 'such'} files yet")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BlockError as error:
        raise WriteRefusedError(path, f"its ID3 tag {error}") from error
    except EOFError as error:
        raise WriteRefusedError(path, f"{error}; scan it again") from error
