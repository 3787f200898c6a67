"""What was heard is remembered, so that no file is decoded twice without need.

An analysis belongs to sound, not to a file name: its key is the digest of the audio payload, the decoder, the
feature spec and the network. Retagging or renaming a file does not lose it, and another model or decoder
never gets the scores of the old one. It also says with what effort it was made: it is never taken for one of more
effort, and serves where less is wanted. A table beside it says which audio a path held when it was last seen, so
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

from tagger_core.database import Database, Row, open_database, signed
from tagger_core.domain import Analysis, Effort, FileStamp, Track
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
    """
    ALTER TABLE analyses ADD COLUMN effort TEXT NOT NULL DEFAULT 'full';
    ALTER TABLE analyses ADD COLUMN share REAL NOT NULL DEFAULT 1.0;
    """,
    # Of ``decision_memory``: what became of a file that may be found unchanged. Gone with the analyses it came from.
    """
    CREATE TABLE decisions (
        path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, changed_ns INTEGER,
        audio BLOB, circumstances BLOB, decision BLOB
    ) WITHOUT ROWID;
    CREATE INDEX decision_by_audio ON decisions (audio);
    """,
)

Taggram = npt.NDArray[np.float16]
"""Shape (patches, labels); NaN in the rows of patches that were not listened to."""


class AnalysisStore:
    """The database of analyses. All methods raise ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path, decoders: Collection[str]) -> None:
        """``decoders`` are the identities of the decoders of this installation: others' analyses do not count."""
        self.database: Database = open_database(path, _MIGRATIONS, durable=False)
        self.decoders = sorted(decoders)

    def audio_of(self, track: Track) -> bytes | None:
        """The digest of the track's audio, if the file has not changed since it was last seen."""
        rows = self.database.execute(
            "SELECT audio FROM files WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?",
            _key(track),
        )
        return rows[0][0] if rows else None

    def remember_audio(self, track: Track, audio: bytes) -> None:
        """The file, as it is now, holds this audio."""
        self.database.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (*_key(track), signed(track.stamp.device), audio),
        )

    def analysis(self, audio: bytes, card: ModelCard, effort: Effort = Effort.FULL) -> Analysis | None:
        """What the model of that card heard in that audio, with that effort or, where it is known, with more."""
        rows = self._best("scores, decoder, device, duration, warnings, effort, share", audio, card, effort)
        if not rows:
            return None
        scores, decoder, device, duration, warnings, spent, share = rows[0]
        return Analysis(
            model=card.name,
            model_sha256=card.sha256,
            scores=dict(zip(card.label_names, np.frombuffer(scores, np.float32).tolist(), strict=True)),
            decoder=decoder,
            device=device,
            duration=duration,
            warnings=tuple(json.loads(warnings)),
            effort=Effort(spent),
            share=share,
        )

    def taggram(self, audio: bytes, card: ModelCard, effort: Effort = Effort.FULL) -> Taggram | None:
        """Scores over time, of the same analysis: see ``features.patch_batches`` for where a patch lies."""
        rows = self._best("taggram", audio, card, effort)
        if not rows:
            return None
        return np.frombuffer(zlib.decompress(rows[0][0]), np.float16).reshape(-1, len(card.labels))

    def known_audio(self, cards: Sequence[ModelCard], effort: Effort = Effort.FULL) -> set[bytes]:
        """The digests of all audio that every one of these models has heard, with that effort or more."""
        heard = [
            {
                audio
                for (audio,) in self.database.execute(
                    f"""SELECT audio FROM analyses
                    WHERE model_sha256 = ? AND features = ?
                    AND decoder IN ({_marks(self.decoders)}) AND effort IN ({_marks(effort.serving())})""",
                    (card.sha256, card.features.digest(), *self.decoders, *effort.serving()),
                )
            }
            for card in cards
        ]
        return set.intersection(*heard)

    def add(self, audio: bytes, card: ModelCard, analysis: Analysis, taggram: Taggram) -> None:
        """Remember what a model heard, instead of what it heard with less effort or with as much.

        What was decided about files with this audio (``decision_memory``) counts no more.
        """
        self.database.execute("DELETE FROM decisions WHERE audio = ?", (audio,))
        more = tuple(effort for effort in analysis.effort.serving() if effort is not analysis.effort)
        self.database.execute(
            f"""INSERT OR REPLACE INTO analyses
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
                SELECT 1 FROM analyses
                WHERE audio = ? AND model_sha256 = ? AND features = ? AND decoder = ? AND effort IN ({_marks(more)})
            )""",
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
                analysis.effort,
                analysis.share,
                *(audio, card.sha256, card.features.digest(), analysis.decoder, *more),
            ),
        )

    def failure_of(self, track: Track) -> str | None:
        """Why this file, unchanged since, could not be decoded by these decoders."""
        rows = self.database.execute(
            """SELECT reason FROM failures
            WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ? AND decoders = ?""",
            (*_key(track), " ".join(self.decoders)),
        )
        return rows[0][0] if rows else None

    def add_failure(self, track: Track, reason: str) -> None:
        """Remember that this file does not decode."""
        self.database.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*_key(track), signed(track.stamp.device), " ".join(self.decoders), reason),
        )

    def close(self) -> None:
        self.database.close()

    def _best(self, columns: str, audio: bytes, card: ModelCard, effort: Effort) -> list[Row]:
        """Of the analyses that serve, the one that heard most."""
        return self.database.execute(
            f"""SELECT {columns} FROM analyses
            WHERE audio = ? AND model_sha256 = ? AND features = ?
            AND decoder IN ({_marks(self.decoders)}) AND effort IN ({_marks(effort.serving())})
            ORDER BY share DESC LIMIT 1""",
            (audio, card.sha256, card.features.digest(), *self.decoders, *effort.serving()),
        )


def remember_own_write(store: AnalysisStore | None, path: Path, audio: bytes) -> Track | None:
    """A file changed under our own hands, its audio did not: the next run need not look again. Returns it as it is."""
    if store is None:
        return None
    try:
        track = Track(path, FileStamp.of(path.stat()))
        store.remember_audio(track, audio)
    except (OSError, StoreError) as error:  # only this shortcut is lost: the next run reads the file once
        log.info("%s: not remembered: %s", path, error)
        return None
    return track


def _key(track: Track) -> tuple[bytes, int, int, int]:
    """What a file is recognised by. Not its device: that of a network or overlay file system is another one after
    each mount."""
    stamp = track.stamp
    return (os.fsencode(track.path), stamp.size, stamp.mtime_ns, signed(stamp.inode))


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
