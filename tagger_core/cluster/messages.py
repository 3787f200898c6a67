"""What coordinator and workers tell each other, as bytes (MessagePack).

Earmark's own encoding instead of Dask's pickles: small (a result is the scores over time and little else), exact
(scores are the same doubles on both sides), and nothing that arrives can be anything but one of these messages.

Contents
--------
to a worker     ``Job``, ``encode_track``, ``encode_known_audio``
from a worker   ``Ready``, ``Refused``; ``Heard``, ``Failed``, ``NotReady``, ``Stopped``
both            ``Identity``, ``encode``, and for each kind of message ``decode_...``
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from tagger_core.domain import Analysis, Effort, FileStamp, Track
from tagger_core.model_card import ModelCard
from tagger_core.track_inference import Listening


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What must be the same everywhere, for a score must not depend on who computed it."""

    earmark: str
    decoders: tuple[str, ...]
    onnxruntime: str

    def difference(self, theirs: "Identity") -> str:
        """What somebody else has that is not as here, in words; "" if nothing."""
        pairs = (
            ("Earmark", theirs.earmark, self.earmark),
            ("ONNX Runtime", theirs.onnxruntime, self.onnxruntime),
            ("the decoders", " and ".join(theirs.decoders), " and ".join(self.decoders)),
        )
        return "; ".join(f"it has {what} {there}, here is {here}" for what, there, here in pairs if there != here)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all tracks of one run."""

    run: str
    """A name that no other run has."""
    identity: Identity
    models: tuple[str, ...]
    """The hashes of their cards, in the order in which they are asked: see ``model_parcels``."""
    device: str
    effort: Effort
    niceness: int = 0


class Ready(msgspec.Struct, frozen=True, tag=True):
    """A worker has done what it can to prepare for a job."""

    lacking: tuple[str, ...] = ()
    """Models that it must be sent first; if there are none, it can begin."""
    devices: tuple[str, ...] = ()
    """Where its models run."""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """A worker cannot do a job, and why, in words for a person."""

    reason: str


class Heard(msgspec.Struct, frozen=True, tag=True):
    """A ``Listening``."""

    audio: bytes
    seconds: float
    analyses: tuple[Analysis, ...]
    taggrams: tuple[bytes, ...]
    """float16, in the order of ``analyses``."""

    @classmethod
    def of(cls, listening: Listening) -> "Heard":
        return cls(
            listening.audio,
            listening.seconds,
            tuple(analysis for _, analysis, _ in listening.heard),
            tuple(taggram.tobytes() for _, _, taggram in listening.heard),
        )

    def listening(self, cards: Mapping[str, ModelCard]) -> Listening:
        """What it was made of. ``cards``: by the hash of the network."""
        heard = []
        for analysis, taggram in zip(self.analyses, self.taggrams, strict=True):
            card = cards[analysis.model_sha256]
            heard.append((card, analysis, np.frombuffer(taggram, np.float16).reshape(-1, len(card.labels))))
        return Listening(self.audio, tuple(heard), self.seconds)


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A track was not heard.

    ``kind``: ``audio`` its content is bad, ``file`` it could not be read, ``unseen`` the worker does not see the file
    that the coordinator saw, ``device`` the job cannot go on there, ``bug`` (with a traceback).
    """

    kind: Literal["audio", "file", "unseen", "device", "bug"]
    worker: str
    reason: str
    details: str = ""


class NotReady(msgspec.Struct, frozen=True, tag=True):
    """The worker does not know the job (yet, or any more)."""

    worker: str


class Stopped(msgspec.Struct, frozen=True, tag=True):
    """The job was cancelled while the worker was at the track."""


Readiness = Ready | Refused
Answer = Heard | Failed | NotReady | Stopped

_READINESS: msgspec.msgpack.Decoder[Readiness] = msgspec.msgpack.Decoder(Readiness)
_ANSWER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def encode(message: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(message)


def decode_job(content: bytes) -> Job:
    return msgspec.msgpack.decode(content, type=Job)


def decode_readiness(content: bytes) -> Readiness:
    return _READINESS.decode(content)


def decode_answer(content: bytes) -> Answer:
    return _ANSWER.decode(content)


def encode_track(track: Track) -> bytes:
    """Paths are bytes: file names need not be text."""
    stamp = track.stamp
    fields = (os.fsencode(track.path), stamp.size, stamp.mtime_ns, stamp.inode, stamp.device)
    return msgspec.msgpack.encode(fields)


def decode_track(content: bytes) -> Track:
    fields: Any = msgspec.msgpack.decode(content, type=tuple[bytes, int, int, int, int])
    path, *stamp = fields
    return Track(Path(os.fsdecode(path)), FileStamp(*stamp))


def encode_known_audio(digests: Collection[bytes]) -> bytes:
    return msgspec.msgpack.encode(list(digests))


def decode_known_audio(content: bytes) -> frozenset[bytes]:
    return msgspec.msgpack.decode(content, type=frozenset[bytes])
