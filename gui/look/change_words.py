"""What a change of the review is called in the language of the window."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QLocale

from gui.look.languages import QT_TRANSLATE_NOOP
from gui.look.wording import Words
from tagger_core.review import Change, ChangeKind

# {tag}, {tags}, {tracks} and {value} stand for the change's own.
_NAMES: Mapping[ChangeKind, str] = MappingProxyType(
    {
        ChangeKind.ACCEPT: QT_TRANSLATE_NOOP("Changes", "Accept {tags} on {tracks}"),
        ChangeKind.ACCEPT_READY: QT_TRANSLATE_NOOP("Changes", "Accept {tags} on {tracks}"),
        ChangeKind.REJECT: QT_TRANSLATE_NOOP("Changes", "Reject {tracks}"),
        ChangeKind.SKIP: QT_TRANSLATE_NOOP("Changes", "Skip {tracks}"),
        ChangeKind.REOPEN: QT_TRANSLATE_NOOP("Changes", "Reopen {tracks}"),
        ChangeKind.TICK: QT_TRANSLATE_NOOP("Changes", "Tick {tag} on {tracks}"),
        ChangeKind.UNTICK: QT_TRANSLATE_NOOP("Changes", "Untick {tag} on {tracks}"),
        ChangeKind.ACCEPT_TAG: QT_TRANSLATE_NOOP("Changes", "Accept {tag} on {tracks}"),
        ChangeKind.REJECT_TAG: QT_TRANSLATE_NOOP("Changes", "Reject {tag} on {tracks}"),
        ChangeKind.ADD_TAG: QT_TRANSLATE_NOOP("Changes", "Add {tag} to {tracks}"),
        ChangeKind.THRESHOLD: QT_TRANSLATE_NOOP("Changes", "Threshold of {tag} {value}"),
        ChangeKind.THRESHOLD_OF_ALL: QT_TRANSLATE_NOOP("Changes", "Threshold of all tags {value}"),
        ChangeKind.THRESHOLD_RESET: QT_TRANSLATE_NOOP("Changes", "Threshold of {tag} as in the profile"),
        ChangeKind.THRESHOLDS_RESET: QT_TRANSLATE_NOOP("Changes", "All thresholds as in the profile"),
        ChangeKind.PROFILE: QT_TRANSLATE_NOOP("Changes", "Profile {tag}"),
        ChangeKind.SETTINGS: QT_TRANSLATE_NOOP("Changes", "Settings"),
        ChangeKind.WRITTEN: QT_TRANSLATE_NOOP("Changes", "Write {tracks}"),
        ChangeKind.UNWRITTEN: QT_TRANSLATE_NOOP("Changes", "Undo the writing of {tracks}"),
        ChangeKind.WRITE_FAILED: QT_TRANSLATE_NOOP("Changes", "Not written: {tracks}"),
        ChangeKind.RETRY: QT_TRANSLATE_NOOP("Changes", "Retry {tracks}"),
    }
)


def change_name(change: Change) -> str:
    """ "Accept 1,204 tags on 380 tracks"."""
    words = Words()
    return QCoreApplication.translate("Changes", _NAMES[change.kind]).format(
        tag=change.tag,
        tags=words.tags(change.tags),
        tracks=words.tracks(change.tracks),
        value=QLocale().toString(change.value, "f", 2),
    )
