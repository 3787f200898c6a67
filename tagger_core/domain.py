"""The words of the program: small frozen values that travel from folder to written tag.

Conventions
-----------
Times are seconds, probabilities are in [0, 1], paths are absolute.
A *label* is an output of one model ("female vocal"); a *tag* is what a person sees ("Female Vocals"),
one tag gathering the synonymous labels of all models. A *taggram* is what a model said over time, an array
of shape (patches, labels), NaN where it did not listen. A *field* is a place in a file's metadata
("GENRE") and holds a tuple of *values*.

Contents
--------
files        ``FileStamp``, ``Track``, ``TrackName``
listening    ``FeatureSpec``, ``Effort``, ``Analysis``, ``TrackResult``, ``TrackFailure``
suggesting   ``Category``, ``Suggestion``
writing      ``TagEdit``, ``FilePlan``, ``Span``, ``Fingerprint``, ``FileChange``
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells that a file was not touched since we looked: size in bytes, mtime, identity."""

    size: int
    mtime_ns: int
    inode: int
    device: int
    changed_ns: int = field(default=0, compare=False)
    """When anything about the file last changed (ctime), which no program can put back; 0 where the system does not
    say. Another mode or name changes it too, so it is no part of what makes two stamps equal.
    """

    @classmethod
    def of(cls, status: os.stat_result) -> "FileStamp":
        changed_ns = 0 if os.name == "nt" else status.st_ctime_ns  # on Windows that is when the file was made
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev, changed_ns)


@dataclass(frozen=True, slots=True)
class Track:
    """A music file as the scan found it."""

    path: Path
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class TrackName:
    """What a file says about itself, fit to be shown; "" where it says nothing."""

    title: str = ""
    artist: str = ""
    album: str = ""


class FeatureSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How samples become patches, shared by training and serving so that they cannot drift.

    The defaults are the front end of musicnn (Pons and Serra, 2019). The limits keep a hostile card
    from asking for absurd amounts of memory.
    """

    kind: Literal["log_mel", "mfcc"] = "log_mel"
    sample_rate: Annotated[int, msgspec.Meta(ge=4_000, le=192_000)] = 16_000
    n_fft: Annotated[int, msgspec.Meta(ge=64, le=16_384)] = 512
    """Length of the analysis window (Hann) and of the Fourier transform, in samples."""
    hop_length: Annotated[int, msgspec.Meta(ge=16, le=16_384)] = 256
    """Distance between two frames, in samples; frames are centred (librosa's ``center=True``)."""
    n_mels: Annotated[int, msgspec.Meta(ge=1, le=512)] = 96
    """Slaney mel bands from 0 Hz to half the sample rate, of the power spectrum."""
    log_gain: Annotated[float, msgspec.Meta(gt=0)] = 10_000.0
    """``log_mel``: each band becomes log10(1 + log_gain * mel)."""
    n_mfcc: Annotated[int, msgspec.Meta(ge=1, le=512)] = 20
    """``mfcc``: coefficients kept of the orthonormal DCT-II of the bands in decibels."""
    patch_frames: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 187
    patch_hop: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 187
    """Frames between the starts of two patches; at most ``patch_frames``."""

    def __post_init__(self) -> None:
        if self.patch_hop > self.patch_frames:
            raise ValueError("patch_hop must not be larger than patch_frames")
        if self.hop_length > self.n_fft:
            raise ValueError("hop_length must not be larger than n_fft")
        if self.kind == "mfcc" and self.n_mfcc > self.n_mels:
            raise ValueError("n_mfcc must not be larger than n_mels")

    @property
    def bands(self) -> int:
        """Width of a frame."""
        return self.n_mfcc if self.kind == "mfcc" else self.n_mels

    @property
    def patch_seconds(self) -> float:
        return self.patch_frames * self.hop_length / self.sample_rate

    def digest(self) -> str:
        """A short name of exactly these numbers, for cache keys."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()[:16]


class Effort(StrEnum):
    """How much of a track is listened to, the least first: see ``sampling``."""

    QUICK = "quick"
    BALANCED = "balanced"
    FULL = "full"
    """All of it."""

    def serving(self) -> "tuple[Effort, ...]":
        """Efforts whose analyses will do where this one is wanted: itself, and those that hear more."""
        efforts = tuple(Effort)
        return efforts[efforts.index(self) :]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one model heard in one track: ``scores`` maps each label to its probability for all of it."""

    model: str
    model_sha256: str
    scores: Mapping[str, float]
    decoder: str
    device: str
    duration: float
    """Seconds that the track lasts: counted where all of it was decoded, else as the file promises."""
    warnings: tuple[str, ...] = ()
    effort: Effort = Effort.FULL
    share: float = 1.0
    """How much of the track was listened to."""


@dataclass(frozen=True, slots=True)
class TrackResult:
    """A track that was analysed by every requested model, now or (``cached``) in an earlier run."""

    track: Track
    audio: bytes
    """Digest of the audio alone: the same before and after retagging."""
    analyses: tuple[Analysis, ...]
    cached: bool
    seconds: float
    """Time this run spent on the track."""


@dataclass(frozen=True, slots=True)
class TrackFailure:
    """A track that could not be analysed, and why, in words for a person."""

    track: Track
    reason: str
    cached: bool = False


class Category(StrEnum):
    """What kind of thing a tag says."""

    GENRE = "genre"
    INSTRUMENT = "instrument"
    MOOD = "mood"
    VOCALS = "vocals"
    TEMPO = "tempo"
    ERA = "era"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TagEdit:
    """One field of one file, before and after. Empty ``old``: the field was not there."""

    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def gained(self) -> int:
        """How many values come that were not there."""
        return len(set(self.new) - set(self.old))


@dataclass(frozen=True, slots=True)
class FilePlan:
    """Everything that would be written into one file; an empty plan leaves the file alone."""

    track: Track
    edits: tuple[TagEdit, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of bytes of a file, named by its place."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one content of a file from any other: its size, and ``digest`` (32 bytes), SHA-256 of

    SHA-256 of the bytes in ``spans``, one after the other, and then of all other bytes.

    Two versions of a file that share what lies in their spans need that hashed only once. Without spans it is the
    plain SHA-256 of the file. Everything that is needed to make it again is in it: a later version of Earmark that
    finds other spans in the same file can still tell whether this is the file.
    """

    size: int
    spans: tuple[Span, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class FileChange:
    """What one write does to one file: enough to take it back, byte for byte.

    ``payload_sha256`` is SHA-256 (32 bytes) of the audio payload. ``restore`` is a recipe: its parts, one after the
    other, are the old file; bytes stand for themselves, a ``Span`` for bytes of the new file.
    """

    path: Path
    edits: tuple[TagEdit, ...]
    old: Fingerprint
    new: Fingerprint
    payload_sha256: bytes
    restore: tuple[bytes | Span, ...]
    old_mtime_ns: int
