"""What is sent arrives as it was."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.cluster.messages import (
    Failed,
    Heard,
    Identity,
    NotReady,
    Refused,
    decode_answer,
    decode_known_audio,
    decode_readiness,
    decode_track,
    encode,
    encode_known_audio,
    encode_track,
)
from tagger_core.cluster.place import ClusterPlace
from tagger_core.domain import Analysis, Effort, FileStamp, Track
from tagger_core.errors import SettingsError
from tagger_core.track_inference import Listening
from tests.small_models import card, label

LABELS = [label("rock"), label("pop")]
NUMBERS = st.integers(0, 2**63)


@given(st.binary(min_size=1, max_size=80).filter(lambda name: b"\0" not in name), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_track_with_any_name(name: bytes, size: int, mtime_ns: int, inode: int, device: int) -> None:
    track = Track(Path("/music") / os.fsdecode(name), FileStamp(size, mtime_ns, inode, device))
    assert decode_track(encode_track(track)) == track


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5),
    st.lists(st.text(max_size=10), max_size=3),
    st.sampled_from(Effort),
)
def test_what_was_heard_to_the_last_bit(
    patches: list[tuple[float, float]], warnings: list[str], effort: Effort
) -> None:
    small = card(LABELS)
    analysis = Analysis(
        model="small",
        model_sha256=small.sha256,
        scores=dict(zip(small.label_names, patches[0], strict=True)),
        decoder="libsndfile 1",
        device="cpu",
        duration=1 / 3,
        warnings=tuple(warnings),
        effort=effort,
        share=0.1,
    )
    taggram = np.array(patches, np.float16)
    taggram[0, 0] = np.nan
    answer = decode_answer(encode(Heard.of(Listening(b"x" * 32, ((small, analysis, taggram),), 0.7))))
    assert isinstance(answer, Heard)
    listening = answer.listening({small.sha256: small})
    ((model, heard, over_time),) = listening.heard
    assert (listening.audio, listening.seconds, model, heard) == (b"x" * 32, 0.7, small, analysis)
    assert over_time.tobytes() == taggram.tobytes()
    assert over_time.shape == taggram.shape


def test_answers_and_digests() -> None:
    for answer in (Failed("bug", "tcp://a:1", "why", "Traceback"), NotReady("tcp://a:1")):
        assert decode_answer(encode(answer)) == answer
    assert decode_readiness(encode(Refused("old"))) == Refused("old")
    assert decode_known_audio(encode_known_audio({b"a" * 32, b"b" * 32})) == {b"a" * 32, b"b" * 32}


def test_a_difference_is_told_in_words() -> None:
    here = Identity(earmark="2", decoders=("a 1", "b 1"), onnxruntime="1.20")
    assert here.difference(here) == ""
    theirs = Identity(earmark="1", decoders=("a 1", "b 2"), onnxruntime="1.20")
    assert here.difference(theirs) == (
        "it has Earmark 1, here is 2; it has the decoders a 1 and b 2, here is a 1 and b 1"
    )


def test_places() -> None:
    assert ClusterPlace.parse("tcp://scheduler:8786") == ClusterPlace(address="tcp://scheduler:8786")
    assert ClusterPlace.parse("tls://10.0.0.1:1") == ClusterPlace(address="tls://10.0.0.1:1")
    assert ClusterPlace.parse("local:4") == ClusterPlace(local_workers=4)
    for nonsense in ("", "local", "local:0", "local:x", "scheduler:8786", "tcp://scheduler", "http://a:1", "tcp:// :1"):
        with pytest.raises(SettingsError, match="neither"):
            ClusterPlace.parse(nonsense)
