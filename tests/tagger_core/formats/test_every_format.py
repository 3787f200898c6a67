"""What holds for a file of every format: written, read back, and nothing else in it changed.

mutagen and ffmpeg read the files as wholes; the hashes of the audio are ours.
"""

import hashlib
import tempfile
from pathlib import Path

import av
import mutagen
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.mp4 import MP4

from tagger_core.audio_payload import payload_digest
from tagger_core.domain import Span
from tagger_core.errors import WriteRefusedError
from tagger_core.tag_fields import PRESETS, Field
from tagger_core.tag_files import read_fields
from tests.tagger_core.formats.every_format import FORMATS, edit, file_of, restore, values

BUILT_WITHOUT_AUDIO = (".ape", ".mpc", ".ofr", ".spx")

every_format = pytest.mark.parametrize("kind", FORMATS)


def others(path: Path) -> list[tuple[str, str]]:
    """What mutagen sees beside our fields, in order; of an MP4's table of atoms and an APE's dictionary too."""
    tags = mutagen.File(path).tags
    items = list(tags) if path.suffix in (".flac", ".ogg", ".opus", ".oga", ".spx", ".wma") else list(tags.items())
    ours = ("GEN", "MOOD", "INSTR", "VOCALS", "GRP", "GROUP", "COM", "CMT", "TCON", "TMOO", "DESCRIPTION")
    return [(key, repr(value)) for key, value in items if not any(name in key.upper() for name in ours)]


def decoded(path: Path) -> str:
    digest = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


@every_format
def test_writes_every_field_and_nothing_else(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    before, payload = others(path), payload_digest(path)
    assert values(path) == {}
    assert before
    new = {str(field): (f"{field} One", "Düster 🎵") for field in Field if field is not Field.COMMENT}
    edit(path, **new, COMMENT=("hello [moods: a; b]",))
    assert values(path) == {**new, "COMMENT": ("hello [moods: a; b]",)}
    assert others(path) == before
    assert payload_digest(path) == payload


@every_format
def test_restores_every_byte_and_writes_them_again(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    old = path.read_bytes()
    change = edit(path, GENRE=("Rock", "Pop"), MOOD=("Calm",))
    new = path.read_bytes()
    undone = restore(change)
    assert path.read_bytes() == old
    redone = restore(undone)
    assert path.read_bytes() == new
    restore(redone)
    assert path.read_bytes() == old


@every_format
def test_a_merge_keeps_stored_values_with_their_case_and_order(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    edit(path, GENRE=("wild west", "ROCK"))
    edit(path, GENRE=("wild west", "ROCK", "Jazz"))
    assert values(path) == {"GENRE": ("wild west", "ROCK", "Jazz")}


@every_format
def test_a_joined_preset_writes_one_text_that_reads_as_several(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    edit(path, PRESETS["compatible"], GENRE=("Rock", "Pop"))
    assert b"Rock; Pop" in path.read_bytes().replace(b"\0", b"")
    assert values(path) == {"GENRE": ("Rock", "Pop")}


@every_format
def test_an_emptied_field_is_gone_and_the_rest_stays(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    edit(path, GENRE=("Rock",), MOOD=("Calm",))
    before = others(path)
    edit(path, GENRE=())
    assert values(path) == {"MOOD": ("Calm",)}
    assert others(path) == before


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind not in BUILT_WITHOUT_AUDIO])
def test_decodes_to_the_same_samples(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    before = decoded(path)
    edit(path, GENRE=("Rock",), COMMENT=("long " * 4_000,))
    assert decoded(path) == before


@every_format
def test_the_recipe_for_the_way_back_is_small(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    size = path.stat().st_size
    recipe = edit(path, GENRE=("Rock", "Pop"), MOOD=("Calm",)).restore
    stored = sum(20 if isinstance(part, Span) else len(part) for part in recipe)
    assert stored < 0.03 * size + 1_500


@pytest.mark.parametrize("kind", ["ogg", "opus", ".oga", ".spx", "m4a-aac"])
def test_the_recipe_stays_small_where_much_of_a_large_file_moves(kind: str, tmp_path: Path) -> None:
    """Renumbered pages, moved chunk offsets: 100 kB more of comments, so that everything shifts."""
    path = file_of(kind, tmp_path)
    old, size = path.read_bytes(), path.stat().st_size
    change = edit(path, COMMENT=("much " * 20_000,))
    stored = sum(20 if isinstance(part, Span) else len(part) for part in change.restore)
    assert stored < 0.06 * size + 1_500
    restore(change)
    assert path.read_bytes() == old


@pytest.mark.parametrize("kind", ["m4a-aac", "m4a-alac"])
def test_mp4_audio_before_and_after_the_metadata(kind: str, tmp_path: Path) -> None:
    """Once with ``moov`` first and no ``free`` atom near, so that the chunk offsets move."""
    path = file_of(kind, tmp_path)
    with path.open("rb") as source, av.open(source) as container:
        fast = tmp_path / "fast.m4a"
        with av.open(str(fast), "w", format="ipod", options={"movflags": "faststart"}) as remuxed:
            stream = remuxed.add_stream_from_template(container.streams.audio[0])
            for packet in container.demux(audio=0):
                if packet.dts is not None:
                    packet.stream = stream
                    remuxed.mux(packet)
    content = fast.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    before = decoded(fast)
    change = edit(fast, GENRE=("Rock",), COMMENT=("x" * 5_000,))
    assert decoded(fast) == before
    assert MP4(fast)["\xa9gen"] == ["Rock"]
    restore(change)
    assert fast.read_bytes() == content


@every_format
@pytest.mark.parametrize("value", ["lone \ud800 surrogate", "Rock; Pop"])
def test_a_value_that_cannot_be_stored_is_refused(kind: str, value: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    before = path.read_bytes()
    with pytest.raises(WriteRefusedError):
        edit(path, GENRE=(value,))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@every_format
def test_a_cut_file_is_written_safely_or_refused(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    whole = path.read_bytes()
    for share in range(1, 20):
        path.write_bytes(whole[: len(whole) * share // 20])
        before = path.read_bytes()
        try:
            change = edit(path, GENRE=("Rock",))
        except WriteRefusedError:
            assert path.read_bytes() == before
        else:
            assert values(path)["GENRE"] == ("Rock",)
            restore(change)
            assert path.read_bytes() == before


@every_format
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_bytes_never_do_harm(kind: str, data: st.DataObject) -> None:
    """Some bytes of the first kilobytes or of the end are others: refused, or changed safely; never an exception."""
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(kind, Path(folder))
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            near = data.draw(st.integers(0, 3_000))
            content[near if data.draw(st.booleans()) else -1 - near] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        try:
            change = edit(path, GENRE=("Rock",), MOOD=("Calm",))
        except WriteRefusedError:
            assert path.read_bytes() == content
        else:
            assert read_fields(path).values[Field.GENRE] == ("Rock",)
            restore(change)
            assert path.read_bytes() == content


# Not what ID3 takes for numbers of genres.
characters = st.characters(codec="utf-8", exclude_characters="\0;()0123456789", exclude_categories=["Cs", "Cc"])
words = st.text(characters, min_size=1)
new_values = st.dictionaries(
    st.sampled_from([field.value for field in Field if field is not Field.COMMENT]),
    st.lists(words, max_size=4).map(tuple),
)
edits = st.lists(
    st.tuples(new_values, st.one_of(st.none(), words.map(lambda word: (word * 50,))), st.sampled_from(list(PRESETS))),
    min_size=1,
    max_size=3,
)


@every_format
@given(steps=edits)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_edits_are_read_back_and_taken_back(
    kind: str, steps: list[tuple[dict[str, tuple[str, ...]], tuple[str, ...] | None, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(kind, Path(folder))
        foreign, payload = others(path), payload_digest(path)
        done = []
        for new, comment, preset in steps:
            wanted = {**new, **({"COMMENT": comment} if comment else {})}
            expected = {name: found for name, found in {**values(path), **wanted}.items() if found}
            before = path.read_bytes()
            change = edit(path, PRESETS[preset], **wanted)
            done.append((change, before))
            assert values(path) == expected
            assert (others(path), payload_digest(path)) == (foreign, payload)
        for change, before in reversed(done):
            restore(change)
            assert path.read_bytes() == before
