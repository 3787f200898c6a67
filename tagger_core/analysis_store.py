"""What was heard is remembered, so that no file is decoded twice without need.

An analysis belongs to sound, not to a file name: its key is the digest of the audio payload, the decoder, the
feature spec and the network. Retagging or renaming a file does not lose it, and another model or decoder
never gets the scores of the old one. A table beside it says which audio a path held when it was last seen, so
that an unchanged file costs one look-up.

Files that do not decode are remembered with their reason until they, or the decoders, change.
"""

import json
import logging
import os
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.database import Database, open_database
from tagger_core.domain import Analysis, FileStamp, Track
from tagger_core.errors import StoreError
from tagger_core.model_card import ModelCard

log = logging.getLogger(__name__)

_MIGRATIONS = (
    """
    CREATE TABLE files (
        path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, device INTEGER, audio BLOB
    ) WITHOUT ROWID;
    CREATE TABLE analyses (
        audio BLOB, model_sha256 TEXT, features TEXT, decoder TEXT,
        model TEXT, device TEXT, duration REAL, warnings TEXT, scores BLOB, taggram BLOB,
        PRIMARY KEY (audio, model_sha256, features, decoder)
    );
    CREATE TABLE failures (
        path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, device INTEGER,
        decoders TEXT, reason TEXT
    ) WITHOUT ROWID;
    """,
)

Taggram = npt.NDArray[np.float16]


class AnalysisStore:
    """The database of analyses. All methods raise ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path, decoders: Collection[str]) -> None:
        """``decoders`` are the identities of the decoders of this installation: others' analyses do not count."""
        self._database: Database = open_database(path, _MIGRATIONS, durable=False)
        self._decoders = sorted(decoders)

    def audio_of(self, track: Track) -> bytes | None:
        """The digest of the track's audio, if the file has not changed since it was last seen."""
        rows = self._database.execute(
            "SELECT audio FROM files WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ? AND device = ?",
            _key(track),
        )
        return rows[0][0] if rows else None

    def remember_audio(self, track: Track, audio: bytes) -> None:
        """The file, as it is now, holds this audio."""
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (*_key(track), audio))

    def analysis(self, audio: bytes, card: ModelCard) -> Analysis | None:
        """What the model of that card heard in that audio."""
        rows = self._database.execute(
            f"""SELECT scores, decoder, device, duration, warnings FROM analyses
            WHERE audio = ? AND model_sha256 = ? AND features = ? AND decoder IN ({self._places()})""",
            (audio, card.sha256, card.features.digest(), *self._decoders),
        )
        if not rows:
            return None
        scores, decoder, device, duration, warnings = rows[0]
        return Analysis(
            model=card.name,
            model_sha256=card.sha256,
            scores=dict(zip(card.label_names, np.frombuffer(scores, np.float32).tolist(), strict=True)),
            decoder=decoder,
            device=device,
            duration=duration,
            warnings=tuple(json.loads(warnings)),
        )

    def taggram(self, audio: bytes, card: ModelCard) -> Taggram | None:
        """Scores over time, shape (patches, labels): see ``features.patch_batches`` for where a patch lies."""
        rows = self._database.execute(
            f"""SELECT taggram FROM analyses
            WHERE audio = ? AND model_sha256 = ? AND features = ? AND decoder IN ({self._places()})""",
            (audio, card.sha256, card.features.digest(), *self._decoders),
        )
        if not rows:
            return None
        return np.frombuffer(zlib.decompress(rows[0][0]), np.float16).reshape(-1, len(card.labels))

    def known_audio(self, cards: Sequence[ModelCard]) -> set[bytes]:
        """The digests of all audio that every one of these models has heard."""
        heard = [
            {
                audio
                for (audio,) in self._database.execute(
                    f"""SELECT audio FROM analyses
                    WHERE model_sha256 = ? AND features = ? AND decoder IN ({self._places()})""",
                    (card.sha256, card.features.digest(), *self._decoders),
                )
            }
            for card in cards
        ]
        return set.intersection(*heard)

    def add(self, audio: bytes, card: ModelCard, analysis: Analysis, taggram: Taggram) -> None:
        """Remember what a model heard."""
        self._database.execute(
            "INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                audio,
                card.sha256,
                card.features.digest(),
                analysis.decoder,
                analysis.model,
                analysis.device,
                analysis.duration,
                json.dumps(analysis.warnings),
                np.array([analysis.scores[name] for name in card.label_names], np.float32).tobytes(),
                zlib.compress(taggram.astype(np.float16).tobytes(), level=1),
            ),
        )

    def failure_of(self, track: Track) -> str | None:
        """Why this file, unchanged since, could not be decoded by these decoders."""
        rows = self._database.execute(
            """SELECT reason FROM failures
            WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ? AND device = ? AND decoders = ?""",
            (*_key(track), " ".join(self._decoders)),
        )
        return rows[0][0] if rows else None

    def add_failure(self, track: Track, reason: str) -> None:
        """Remember that this file does not decode."""
        self._database.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*_key(track), " ".join(self._decoders), reason),
        )

    def close(self) -> None:
        self._database.close()

    def _places(self) -> str:
        return ", ".join("?" * len(self._decoders))


def remember_own_write(store: AnalysisStore | None, path: Path, audio: bytes) -> None:
    """A file changed under our own hands, its audio did not: the next run need not look again."""
    if store is None:
        return
    try:
        store.remember_audio(Track(path, FileStamp.of(path.stat())), audio)
    except (OSError, StoreError) as error:  # only this shortcut is lost: the next run reads the file once
        log.info("%s: not remembered: %s", path, error)


def _key(track: Track) -> tuple[bytes, int, int, int, int]:
    stamp = track.stamp
    # Inode numbers of network file systems may use all 64 bits, SQLite's integers are signed.
    return (os.fsencode(track.path), stamp.size, stamp.mtime_ns, _signed(stamp.inode), _signed(stamp.device))


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
