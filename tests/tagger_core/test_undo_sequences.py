"""Any sequence of writes, undos, redos and changes by others: every file is in a state that was there before.

The model of a file is the list of contents it ever had; that of the journal is what it must say about them.
"""

import hashlib
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoStatus, undo_run
from tagger_core.undo_journal import Entry, EntryState, RunKind, UndoJournal
from tagger_core.write_history import PastWrite, file_history
from tests.mp3_files import apev2, audio, id3v1, plan, tag, text, write

NAMES = ("a.mp3", "b.mp3")
names = st.sets(st.sampled_from(NAMES), min_size=1)
values = st.lists(st.sampled_from(("Rock", "Jazz", "Mine")), max_size=2, unique=True)
edits = st.dictionaries(st.sampled_from(("GENRE", "MOOD")), values, min_size=1)

OLDER = {Field.GENRE: ("Rock",), Field.MOOD: ("Odd",)}
"""What the second file's ID3v1 and APEv2 tags say."""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def in_force(past: PastWrite) -> bool:
    return past.entry.state in (EntryState.WRITTEN, EntryState.PARTLY_UNDONE)


class Library(RuleBasedStateMachine):
    """Two files, one journal, and somebody else who tags the same files."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "music").mkdir()
        self.files = [self.root / "music" / name for name in NAMES]
        write(self.files[0], audio())
        write(self.files[1], tag(4, text(4, "TCON", "Rock"), padding=50), audio(), apev2(Mood="Odd"), id3v1())
        self.original = [path.read_bytes() for path in self.files]
        self.known = {digest(path) for path in self.files}
        self.did: dict[tuple[int, Path], tuple[str, str]] = {}
        """Run and file -> the file before and after."""
        self.only_bytes = True
        """Nobody else wrote, and every undo put back the bytes of the last write that was in force."""
        self.runs = 0

    def open(self) -> UndoJournal:
        return UndoJournal(self.root / "journal.sqlite3")

    def write_with(self, journal: str, chosen: set[str], new: dict[str, list[str]]) -> None:
        with RunWriter.open(self.root / journal, [self.root / "music"], Settings()) as writer:
            for path in sorted(self.root / "music" / name for name in chosen):
                before = digest(path)
                writer.write(plan(path, **new))
                if journal == "journal.sqlite3" and writer.run is not None:
                    self.did[writer.run, path] = before, digest(path)
        self.known |= {digest(path) for path in self.files}

    @rule(chosen=names, new=edits)
    def write_run(self, chosen: set[str], new: dict[str, list[str]]) -> None:
        self.write_with("journal.sqlite3", chosen, new)

    @rule(chosen=names, new=edits)
    def somebody_else_writes(self, chosen: set[str], new: dict[str, list[str]]) -> None:
        self.only_bytes = False
        self.write_with("other.sqlite3", chosen, new)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), chosen=st.none() | names, fields=st.none() | st.just([Field.GENRE]))
    def undo_any_run(self, data: st.DataObject, chosen: set[str] | None, fields: list[Field] | None) -> None:
        with self.open() as journal:
            earlier = {run.id for run in journal.runs()}
            run = data.draw(st.sampled_from(sorted(earlier)))
            entries = [journal.entry(number) for number in journal.to_undo(run)]
            paths = [path for path in self.files if path.name in (chosen or NAMES)]
            entries = [entry for entry in entries if entry.change.path in paths]
            wanted = [entry.change.path for entry in entries] if chosen else []
            if chosen and not wanted:
                return
            # Writes after it may have cancelled each other out: then it is put back beneath them.
            for entry in entries:
                later = [past for past in file_history(journal, entry.change.path) if past.entry.id > entry.id]
                self.only_bytes = self.only_bytes and not any(in_force(past) for past in later)
            before = {path: (digest(path), dict(read_fields(path).values)) for path in self.files}
            outcomes = {outcome.path: outcome for outcome in undo_run(journal, run, files=wanted, fields=fields or ())}
            for undo in {run.id for run in journal.runs()} - earlier:  # none, where nothing could be taken back
                self.did |= {(undo, path): (before[path][0], digest(path)) for path in outcomes}
        for entry in entries:
            if entry.change.path in outcomes:
                outcome = outcomes.pop(entry.change.path)
                self.check_undo(entry, outcome.status, *before[entry.change.path], fields)
        assert not outcomes
        self.known |= {digest(path) for path in self.files}

    def check_undo(
        self,
        entry: Entry,
        status: UndoStatus,
        before: str,
        values_before: dict[Field, tuple[str, ...]],
        fields: list[Field] | None,
    ) -> None:
        change, now = entry.change, digest(entry.change.path)
        old, new = self.did[entry.run, change.path]
        whole = not fields or {edit.field for edit in change.edits} <= set(fields)
        if status is UndoStatus.RESTORED:
            assert now == old
            assert now in self.known
            return
        assert old != before
        assert new != before or not whole, "it could have been restored"
        self.only_bytes = self.only_bytes and now == before
        values_now = dict(read_fields(change.path).values)
        if not change.path.read_bytes().startswith(b"ID3"):  # with its last frame the tag has gone: older ones are seen
            seen_again = OLDER.items() - values_before.items()
            values_now = dict(values_now.items() - seen_again)
        mine = {Field(edit.field) for edit in change.edits if not fields or edit.field in fields}
        assert {field: values for field, values in values_now.items() if field not in mine} == {
            field: values for field, values in values_before.items() if field not in mine
        }
        if status is UndoStatus.FAILED:
            assert now == before
        for edit in change.edits:
            if Field(edit.field) in mine:
                had, has = values_before.get(Field(edit.field), ()), values_now.get(Field(edit.field), ())
                assert set(has) <= set(had) | set(edit.old), "nothing comes from nowhere"
                assert set(had) - set(has) <= set(edit.new), "nothing of others is lost"

    @invariant()
    def every_file_is_in_a_known_state_and_the_journal_agrees(self) -> None:
        assert {path.name for path in (self.root / "music").iterdir()} == set(NAMES)
        with self.open() as journal:
            assert journal.unsettled() == []
            self.runs = len(journal.runs())
            for path in self.files:
                now = digest(path)
                assert now in self.known
                for past in file_history(journal, path):
                    before, after = self.did[past.run.id, path]
                    assert before in self.known
                    assert past.restorable == (in_force(past) and after == now)

    def teardown(self) -> None:
        """Where nothing but whole files were written and put back, taking back all runs gives the first bytes."""
        with self.folder:
            if self.only_bytes:
                self.take_back_all_runs()
                assert [path.read_bytes() for path in self.files] == self.original

    def take_back_all_runs(self) -> None:
        with self.open() as journal:
            for run in [run.id for run in journal.runs() if run.kind is RunKind.WRITE]:
                assert {outcome.status for outcome in undo_run(journal, run)} <= {UndoStatus.RESTORED}


TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
