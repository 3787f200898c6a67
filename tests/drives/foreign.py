"""Any folder of odd files: each is written, verified, read back and undone to its old bytes, or refused with a reason.

Works on a copy. What Earmark verifies about itself is looked at by others too: FFmpeg must decode the written file to
the same samples, TagLib must see the same values in all fields that are not Earmark's. A dry run must foresee every
refusal. A trial runs in a process of its own, so that a crash or a hang is a finding like any other.

Run: ``python -m tests.drives.foreign FOLDER`` or, for files that nobody has seen, ``--mutations 1000 --seed 7``: files
of every format with flipped bytes, and cut ones. Prints ``written / refused / failed``; the exit code is 1 if any
failed.

*Shadowed* are files that were written well, but whose older tag of another kind (ID3v1, APEv2, RIFF INFO), though it is
still there, is not looked at any more by readers that take the first tag they find, as TagLib's property interface
does.

Contents
--------
``drive``, ``Report``, ``mutations``
"""

import argparse
import contextlib
import hashlib
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import av
import taglib

from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.errors import UnknownFormatError, WriteRefusedError
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoStatus, rehearse, undo_run
from tagger_core.undo_journal import UndoJournal
from tests.music_files import KINDS, content, suffix

OURS = {Field.GENRE: "Jazz", Field.MOOD: "Düster", Field.INSTRUMENTS: "Piano", Field.VOCALS: "Female Vocals"}
HANG_SECONDS = 10.0
"""More computing than this for one file is a hang."""
_PATIENCE_SECONDS = 120.0

Outcome = tuple[str, str]
"""``written``, ``shadowed``, ``refused``, ``unknown`` or ``failed``; and why."""


@dataclass
class Report:
    """What became of every file."""

    outcomes: dict[Path, Outcome] = field(default_factory=dict)

    def failures(self) -> dict[Path, str]:
        return {path: reason for path, (status, reason) in self.outcomes.items() if status == "failed"}

    def lines(self) -> Iterator[str]:
        counts = Counter(status for status, _ in self.outcomes.values())
        yield (
            f"{len(self.outcomes)} files: {counts['written'] + counts['shadowed']} written, verified, read back and"
            f" undone to the same SHA-256 ({counts['shadowed']} of them shadowed); {counts['refused']} refused;"
            f" {counts['unknown']} of other kinds; {counts['failed']} failed"
        )
        reasons: dict[Outcome, list[Path]] = defaultdict(list)
        for path, (status, reason) in self.outcomes.items():
            reasons[status, re.sub(r"\d+", "N", reason)].append(path)
        for (status, reason), paths in sorted(reasons.items(), key=lambda item: (item[0][0], -len(item[1]))):
            if status != "written":
                yield f"  {len(paths):5} {status}: {reason} (e.g. {paths[0].name!a})"


def drive(folder: Path) -> Report:
    """Try every file under ``folder``, on a copy."""
    report = Report()
    with tempfile.TemporaryDirectory() as place:
        pool = ProcessPoolExecutor(1)
        for number, path in enumerate(sorted(found for found in folder.rglob("*") if found.is_file())):
            trial = pool.submit(_trial, path, Path(place) / str(number))
            try:
                report.outcomes[path] = trial.result(_PATIENCE_SECONDS)
            except (BrokenProcessPool, TimeoutError) as error:
                report.outcomes[path] = "failed", f"the process {'hangs' if error.args else 'crashed'}"
                _end(pool)
                pool = ProcessPoolExecutor(1)
        pool.shutdown()
    return report


def _end(pool: ProcessPoolExecutor) -> None:
    """Also if its process never returns."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown()


def _trial(source: Path, place: Path) -> Outcome:
    place.mkdir()
    path = place / source.name
    shutil.copyfile(source, path)
    start = time.process_time()
    try:
        outcome = _write_and_undo(path, place.with_suffix(".sqlite3"))
    except Exception as error:  # noqa: BLE001 - whatever comes out is the finding of this drive
        outcome = "failed", f"{type(error).__name__}: {error}".replace(str(place), "")
    left = [found.name for found in place.iterdir() if found != path]
    if left:
        outcome = "failed", "a temporary was left"
    if time.process_time() - start > HANG_SECONDS:
        outcome = "failed", f"took more than {HANG_SECONDS:.0f} s"
    shutil.rmtree(place)
    return outcome


def _write_and_undo(path: Path, journal: Path) -> Outcome:
    before = _Seen.of(path)
    foreseen: str | None = None
    try:
        present = read_fields(path).values
        edits = tuple(
            TagEdit(name, values, (*values, new))
            for name, new in OURS.items()
            if new not in (values := present.get(name, ()))
        )
        plan = FilePlan(Track(path, FileStamp.of(path.stat())), edits)
        foreseen = _refusal_in_a_dry_run(plan)
        with RunWriter.open(journal, [path], Settings()) as writer:
            writer.write(plan)
    except WriteRefusedError as error:
        if path.read_bytes() != before.content:
            return "failed", "refused, but changed"
        if foreseen is not None and foreseen != error.reason:
            return "failed", f"refused ({error.reason}), but a dry run says {foreseen or 'nothing of it'}"
        return "unknown" if isinstance(error, UnknownFormatError) else "refused", error.reason
    if foreseen:
        return "failed", f"written, but a dry run says {foreseen}"
    outcome = before.compared_to(_Seen.of(path))
    if dict(read_fields(path).values) != {**present, **{Field(edit.field): edit.new for edit in edits}}:
        outcome = "failed", "the values that are read back are others"
    with UndoJournal(journal) as opened:
        (undone,) = undo_run(opened)
    if undone.status is not UndoStatus.RESTORED or path.read_bytes() != before.content:
        outcome = "failed", f"undo: {undone.status} {undone.reason}"
    return outcome


def _refusal_in_a_dry_run(plan: FilePlan) -> str:
    try:
        rehearse(plan, Settings())
    except WriteRefusedError as error:
        return error.reason
    return ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as other programs see it."""

    content: bytes
    sound: str
    fields: Mapping[str, list[str]]

    @classmethod
    def of(cls, path: Path) -> "_Seen":
        fields: Mapping[str, list[str]] = {}
        with contextlib.suppress(OSError, ValueError, UnicodeError), taglib.File(path) as file:
            fields = dict(file.tags)
        return cls(path.read_bytes(), _sound(path), fields)

    def compared_to(self, now: "_Seen") -> Outcome:
        if self.sound != now.sound:
            return "failed", "FFmpeg decodes it to other samples"
        lost = {
            name: values
            for name, values in self.fields.items()
            # A date may become a more exact one, when its parts come together in another version of the tag.
            if name not in OURS and not "; ".join(now.fields.get(name, [])).startswith("; ".join(values))
        }
        if not lost:
            return "written", ""
        return "shadowed" if self._is_of_another_tag(lost) else "failed", f"TagLib does not see {', '.join(lost)} now"

    def _is_of_another_tag(self, lost: Mapping[str, list[str]]) -> bool:
        """Whether the file had no ID3v2 tag that the values could have been in, or has them in its ID3v1 tag."""
        end = self.content[-128:].decode("latin-1")
        texts = [value[:30] for name, values in lost.items() if name != "TRACKNUMBER" for value in values]
        return b"ID3" not in self.content or (end.startswith("TAG") and all(text in end for text in texts))


def _sound(path: Path) -> str:
    """Digest of the samples as FFmpeg decodes them, up to the first error."""
    digest = hashlib.sha256()
    errors = contextlib.suppress(av.FFmpegError, ValueError, MemoryError, IndexError)
    with errors, av.open(f"file:{path}", metadata_errors="ignore") as container:
        for frame in container.decode(audio=0):
            for plane in frame.planes:
                digest.update(plane)
    return digest.hexdigest()


def mutations(folder: Path, number: int, seed: int, kinds: Iterable[str] = KINDS) -> None:
    """Fill ``folder`` with damaged files: each kind in turn, its bytes flipped, cut out, doubled, or cut off."""
    chance = random.Random(seed)
    kinds = list(kinds)
    for index in range(number):
        kind = kinds[index % len(kinds)]
        data = bytearray(content(kind))
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            _damage(data, chance)
        (folder / f"{index:05}{suffix(kind)}").write_bytes(data)


def _damage(data: bytearray, chance: random.Random) -> None:
    # Most of what a parser reads lies at the two ends of a file.
    reach = chance.choice((64, 512, 4096, len(data)))
    place = chance.randrange(max(min(reach, len(data)), 1))  # an earlier cut may have left nothing
    if chance.random() < 0.3:
        place = max(len(data) - 1 - place, 0)
    match chance.randrange(6):
        case 0 | 1 | 2:
            data[place : place + 1] = chance.randbytes(1)
        case 3:
            data[place : place + 4] = chance.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1")
            )
        case 4:
            length = chance.choice((1, 4, 100))
            data[place:place] = data[place : place + length]
        case _:
            if chance.random() < 0.5:
                del data[place:]
            else:
                del data[place : place + chance.choice((1, 4, 100))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--mutations", type=int, default=0, metavar="N", help="make and try N damaged files")
    parser.add_argument("--seed", type=int, default=1, help="of the damage (default 1)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep copies of the files that failed here")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.folder
        if options.mutations:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            mutations(folder, options.mutations, options.seed)
        if folder is None:
            parser.error("name a FOLDER, or a number of --mutations")
        report = drive(folder)
        for line in report.lines():
            sys.stdout.write(line + "\n")
        for path, reason in report.failures().items():
            sys.stdout.write(f"failed: {str(path.relative_to(folder))!a}: {reason}\n")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, options.keep / path.name)
    return 1 if report.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
