"""Every format, every kind of damage: samples, or one clear sentence."""

import functools
import io
import os
import struct
import threading
import unicodedata
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
import soxr

from tagger_core.audio import decoder_names, open_audio
from tagger_core.audio_decoders import BLOCK_FRAMES
from tagger_core.errors import AudioError, FileError

RATE = 16_000
REPOSITORY = Path(__file__).parents[2]
CORPUS = REPOSITORY.parent / "shared" / "data" / "audio_corpus"
SELFTEST = REPOSITORY / "tagger_core" / "data"
CLIPS = sorted((REPOSITORY / "tests" / "data" / "music").glob("*.mp3"))


@functools.cache
def sound(seconds: float = 4, rate: int = 44_100, channels: int = 2) -> np.ndarray:
    """A tone per channel over a little noise, shape (n, channels)."""
    times = np.arange(int(seconds * rate))[:, None] / rate
    tones = 0.4 * np.sin(2 * np.pi * 220 * (1 + np.arange(channels)) * times)
    return (tones + 0.05 * np.random.default_rng(1).standard_normal(tones.shape)).astype(np.float32)


def encoded(kind: str, samples: np.ndarray, rate: int = 44_100, subtype: str | None = None) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=kind, subtype=subtype)
    return buffer.getvalue()


@functools.cache
def mp3(seconds: float) -> bytes:
    return encoded("MP3", sound(seconds))


def encoded_by_ffmpeg(kind: str, codec: str, samples: np.ndarray, rate: int = 44_100) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo", bit_rate=128_000)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate = rate
        for part in [frame, None]:
            container.mux(stream.encode(part))
    return buffer.getvalue()


def decode(path: Path) -> tuple[np.ndarray, str, tuple[str, ...], float]:
    """(samples, decoder, warnings, seconds)."""
    with open_audio(path, RATE) as stream:
        samples = np.concatenate(list(stream.blocks()))
        return samples, stream.decoder, stream.warnings, stream.seconds


def reason(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        decode(path)
    assert caught.value.path == path
    return caught.value.reason


def expected(samples: np.ndarray, rate: int = 44_100) -> np.ndarray:
    return soxr.resample(samples.mean(axis=1), rate, RATE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "song.mp3"


class TestStart:
    @pytest.mark.parametrize(
        ("kind", "subtype"), [("WAV", "FLOAT"), ("FLAC", "PCM_24"), ("MP3", None), ("OGG", "VORBIS")]
    )
    def test_what_comes_from_a_moment_on_is_what_the_whole_file_has_there(
        self, file: Path, kind: str, subtype: str | None
    ) -> None:
        file.write_bytes(encoded(kind, sound(seconds=8), subtype=subtype))
        with open_audio(file, 44_100) as whole, open_audio(file, 44_100, start=5.25) as part:
            everything = np.concatenate(list(whole.blocks()))
            np.testing.assert_allclose(
                np.concatenate(list(part.blocks())), everything[round(5.25 * 44_100) :], atol=1e-5
            )

    @pytest.mark.parametrize(("kind", "codec"), [("ipod", "aac"), ("asf", "wmav2"), ("wv", "wavpack")])
    def test_ffmpeg_begins_with_the_frame_that_holds_the_moment(self, file: Path, kind: str, codec: str) -> None:
        samples = sound(seconds=8) * np.linspace(0, 1, 8 * 44_100, dtype=np.float32)[:, None]
        file.write_bytes(encoded_by_ffmpeg(kind, codec, samples))
        with open_audio(file, 44_100) as whole, open_audio(file, 44_100, start=5.25) as part:
            everything = np.concatenate(list(whole.blocks()))
            rest = np.concatenate(list(part.blocks()))
        assert part.decoder.startswith("FFmpeg")
        early = len(rest) - (len(everything) - round(5.25 * 44_100))
        assert 0 <= early < 44_100
        np.testing.assert_allclose(rest[8_192:], everything[len(everything) - len(rest) + 8_192 :], atol=1e-3)

    @pytest.mark.parametrize("start", [7.9, 8.0, 1_000.0])
    def test_little_or_nothing_after_the_moment_is_no_error(self, file: Path, start: float) -> None:
        file.write_bytes(encoded("MP3", sound(seconds=8)))
        with open_audio(file, RATE, start) as stream:
            assert sum(map(len, stream.blocks())) == pytest.approx(max(0, 8 - start) * RATE, abs=2)


class TestExcerpts:
    LEAD = 4_410
    """Samples at the beginning that need not be right yet, 0.1 s."""

    def check(self, file: Path, atol: float = 2e-3) -> None:
        """Excerpts in any order are what the whole file has there."""
        with open_audio(file, 44_100) as whole, open_audio(file, 44_100) as part:
            everything = np.concatenate(list(whole.blocks()))
            assert part.length() == pytest.approx(whole.seconds, abs=0.05)
            for start in (5.25, 1.5, 6.0, 0.0):
                excerpt = part.excerpt(start, 1.75)
                assert excerpt.size == pytest.approx(1.75 * 44_100, abs=16)
                expected = everything[round(start * 44_100) :][self.LEAD : excerpt.size]
                np.testing.assert_allclose(excerpt[self.LEAD :], expected, atol=atol)
            assert part.decoder == whole.decoder

    @pytest.mark.parametrize(
        ("kind", "subtype"), [("WAV", "FLOAT"), ("FLAC", "PCM_24"), ("MP3", None), ("OGG", "VORBIS"), ("AIFF", None)]
    )
    def test_libsndfile_finds_them(self, file: Path, kind: str, subtype: str | None) -> None:
        samples = sound(seconds=8) * np.linspace(0, 1, 8 * 44_100, dtype=np.float32)[:, None]
        file.write_bytes(encoded(kind, samples, subtype=subtype))
        self.check(file)

    @pytest.mark.parametrize(
        ("kind", "codec", "atol"),
        [("ipod", "aac", 0.05), ("ipod", "alac", 2e-3), ("wv", "wavpack", 2e-3)],
        ids=["aac, whose decoder makes up its noise", "alac", "wavpack"],
    )
    def test_ffmpeg_finds_them(self, file: Path, kind: str, codec: str, atol: float) -> None:
        samples = sound(seconds=8) * np.linspace(0, 1, 8 * 44_100, dtype=np.float32)[:, None]
        file.write_bytes(encoded_by_ffmpeg(kind, codec, samples))
        self.check(file, atol)

    def test_frames_of_a_vbr_mp3_that_lean_on_those_before_are_right_in_time(self, file: Path) -> None:
        random = np.random.default_rng(1)
        samples = random.uniform(-0.5, 0.5, 8 * 44_100) * np.repeat(random.uniform(0, 1, 32), 11_025)
        soundfile.write(file, samples, 44_100, format="MP3", bitrate_mode="VARIABLE", compression_level=0.9)
        self.check(file)

    @pytest.mark.parametrize(("kind", "codec"), [("adts", "aac"), ("asf", "wmav2")])
    def test_where_moments_are_guessed_there_are_none(self, file: Path, kind: str, codec: str) -> None:
        file.write_bytes(encoded_by_ffmpeg(kind, codec, sound(seconds=8)))
        with open_audio(file, RATE) as stream:
            assert stream.length() == 0

    def test_an_mp3_that_holds_more_than_it_says_has_none(self, file: Path) -> None:
        file.write_bytes(encoded("MP3", sound(seconds=8)) * 2)
        with open_audio(file, RATE) as stream:
            assert stream.length() == 0

    @pytest.mark.parametrize("start", [7.0, 9.0])
    def test_less_sound_than_was_asked_for_is_an_error(self, file: Path, start: float) -> None:
        file.write_bytes(encoded("MP3", sound(seconds=8)))
        with open_audio(file, RATE) as stream:
            assert stream.length() == pytest.approx(8, abs=0.01)
            with pytest.raises(AudioError):
                stream.excerpt(start, 2.0)


class TestFormats:
    @pytest.mark.parametrize(
        ("kind", "subtype"), [("WAV", "FLOAT"), ("FLAC", "PCM_24"), ("AIFF", "PCM_24"), ("W64", "FLOAT")]
    )
    def test_lossless_formats_give_the_mean_channel_at_the_wanted_rate(
        self, file: Path, kind: str, subtype: str
    ) -> None:
        file.write_bytes(encoded(kind, sound(), subtype=subtype))
        samples, decoder, warnings, seconds = decode(file)
        np.testing.assert_allclose(samples, expected(sound()), atol=1e-5)
        assert samples.dtype == np.float32
        assert decoder.startswith("libsndfile ")
        assert warnings == ()
        assert seconds == pytest.approx(4)

    @pytest.mark.parametrize(
        ("kind", "subtype", "rate"), [("MP3", None, 44_100), ("OGG", "VORBIS", 44_100), ("OGG", "OPUS", 48_000)]
    )
    def test_lossy_formats_come_close_and_stay_aligned(self, file: Path, kind: str, subtype: str, rate: int) -> None:
        file.write_bytes(encoded(kind, sound(rate=rate), rate, subtype))
        samples, decoder, _, _ = decode(file)
        wanted = expected(sound(rate=rate), rate)
        assert len(samples) == len(wanted)
        assert np.corrcoef(samples, wanted)[0, 1] > 0.95
        assert decoder.startswith("libsndfile ")

    @pytest.mark.parametrize(("kind", "codec"), [("ipod", "aac"), ("adts", "aac"), ("asf", "wmav2"), ("wv", "wavpack")])
    def test_ffmpeg_decodes_what_libsndfile_cannot(self, file: Path, kind: str, codec: str) -> None:
        file.write_bytes(encoded_by_ffmpeg(kind, codec, sound()))
        samples, decoder, warnings, _ = decode(file)
        assert decoder.startswith("FFmpeg ")
        assert warnings == ()
        assert len(samples) / RATE == pytest.approx(4, abs=0.1)
        assert np.std(samples) == pytest.approx(np.std(expected(sound())), rel=0.1)

    def test_the_decoders_are_known_to_the_cache(self, file: Path) -> None:
        file.write_bytes(mp3(4))
        assert decode(file)[1] in decoder_names()
        file.write_bytes(encoded_by_ffmpeg("ipod", "aac", sound()))
        assert decode(file)[1] in decoder_names()

    @pytest.mark.parametrize("name", ["selftest.mp3", "selftest.flac", "selftest.ogg", "selftest.m4a"])
    def test_the_shipped_clip_sounds_the_same_in_every_format(self, name: str) -> None:
        reference = decode(SELFTEST / "selftest.flac")[0]
        samples = decode(SELFTEST / name)[0]
        length = min(len(samples), len(reference))
        assert np.corrcoef(samples[:length], reference[:length])[0, 1] > 0.95

    def test_the_clips_of_the_demo_are_whole_and_their_authors_are_named(self) -> None:
        notice = (REPOSITORY / "tests" / "data" / "music" / "README.md").read_text(encoding="utf-8")
        assert len(CLIPS) == 10
        for clip in CLIPS:
            _, _, warnings, seconds = decode(clip)
            assert seconds == pytest.approx(20, abs=0.1)
            assert warnings == ()
            assert f"| {unicodedata.normalize('NFC', clip.stem)} |" in notice

    @pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 2), (192_000, 6)])
    def test_unusual_rates_and_channels(self, file: Path, rate: int, channels: int) -> None:
        original = sound(2, rate, channels)
        file.write_bytes(encoded("WAV", original, rate, "FLOAT"))
        with open_audio(file, RATE) as stream:
            blocks = list(stream.blocks())
        assert max(map(len, blocks)) <= 2 * BLOCK_FRAMES + RATE
        wanted = original.mean(axis=1) if rate == RATE else expected(original, rate)
        np.testing.assert_allclose(np.concatenate(blocks), wanted, atol=1e-5)

    def test_both_decoders_agree_on_mp3_sample_by_sample(self, file: Path) -> None:
        """Delay and padding of the encoder are removed by both, so one may take over from the other."""
        file.write_bytes(mp3(4))
        by_libsndfile, rate = soundfile.read(file, dtype="float32")
        with av.open(str(file)) as container:
            planes = [frame.to_ndarray() for frame in container.decode(audio=0)]
        by_ffmpeg = np.concatenate(planes, axis=1).T
        assert by_libsndfile.shape == by_ffmpeg.shape == (4 * rate, 2)
        np.testing.assert_allclose(by_libsndfile, by_ffmpeg, atol=1e-5)

    def test_between_two_blocks_nothing_of_an_mp3_is_lost(self, file: Path) -> None:
        """Frames of this one hold bits of later ones: a decoder that begins anew at a block gives noise (of 0.5)."""
        noise = (0.2 * np.random.default_rng(0).standard_normal(44_100 * 5)).astype(np.float32)
        soundfile.write(file, noise, 44_100, format="MP3", bitrate_mode="VARIABLE", compression_level=0.9)
        assert len(noise) > 3 * BLOCK_FRAMES
        whole, rate = soundfile.read(file, dtype="float32")
        with open_audio(file, rate) as stream:
            np.testing.assert_allclose(np.concatenate(list(stream.blocks())), whole, atol=1e-6)

    def test_digital_silence(self, file: Path) -> None:
        file.write_bytes(encoded("FLAC", np.zeros((RATE, 1)), RATE))
        samples, _, warnings, _ = decode(file)
        assert not samples.any()
        assert warnings == ()

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
    def test_numbers_that_are_no_sound_become_silence(self, file: Path, bad: float) -> None:
        original = sound(2, RATE, 1).copy()
        original[1_000:1_100] = bad
        file.write_bytes(encoded("WAV", original, RATE, "FLOAT"))
        samples, _, warnings, _ = decode(file)
        assert not samples[1_000:1_100].any()
        np.testing.assert_array_equal(samples[1_100:], original[1_100:, 0])
        assert warnings == ("100 damaged samples (not numbers) were taken as silence",)

    def test_channels_that_cancel_out_to_no_number(self, file: Path) -> None:
        original = sound(2, RATE, 2).copy()
        original[500] = np.inf, -np.inf
        original[600] = 3e38
        file.write_bytes(encoded("WAV", original, RATE, "FLOAT"))
        samples, _, warnings, _ = decode(file)
        assert not samples[[500, 600]].any()
        assert warnings == ("2 damaged samples (not numbers) were taken as silence",)

    @pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
    @pytest.mark.parametrize(
        "name", ["a\nb \U0001f3b5.m4a", "concat:a|b.m4a", os.fsdecode(b"\xff\xfe.m4a"), "%03d.m4a"]
    )
    def test_strange_names(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_bytes(encoded_by_ffmpeg("ipod", "aac", sound()))
        assert decode(path)[3] > 3.9

    def test_many_threads_decode_side_by_side(self, tmp_path: Path) -> None:
        paths = []
        for name, content in {
            "a.mp3": mp3(4),
            "b.m4a": encoded_by_ffmpeg("ipod", "aac", sound()),
            "c.flac": encoded("FLAC", sound()),
            "d.wv": encoded_by_ffmpeg("wv", "wavpack", sound()),
        }.items():
            (tmp_path / name).write_bytes(content)
            paths.append(tmp_path / name)
        alone = [decode(path)[0] for path in paths]
        ready = threading.Barrier(8)

        def together(path: Path) -> np.ndarray:
            ready.wait()
            return decode(path)[0]

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(together, paths * 2))
        for result, wanted in zip(results, alone * 2, strict=True):
            np.testing.assert_array_equal(result, wanted)


class TestDamage:
    def test_a_cut_mp3_gives_what_is_left(self, file: Path) -> None:
        whole = mp3(10)
        file.write_bytes(whole[: len(whole) // 2])
        samples, _, warnings, _ = decode(file)
        assert len(samples) / RATE == pytest.approx(5, abs=0.3)
        assert len(warnings) == 1
        assert "promises 0:10 but holds 0:0" in warnings[0]

    def test_a_cut_flac_gives_what_is_left(self, file: Path) -> None:
        whole = encoded("FLAC", sound(10))
        file.write_bytes(whole[: len(whole) // 2])
        samples, _, warnings, _ = decode(file)
        assert len(samples) / RATE == pytest.approx(5, abs=0.5)
        assert len(warnings) == 1
        assert "stopped early at 0:0" in warnings[0]

    def test_a_cut_file_that_only_ffmpeg_reads_gives_what_is_left(self, file: Path) -> None:
        whole = encoded_by_ffmpeg("asf", "wmav2", sound(10))
        file.write_bytes(whole[: len(whole) // 2])
        samples, _, warnings, _ = decode(file)
        assert 3 < len(samples) / RATE < 6
        assert warnings

    def test_ffmpeg_takes_over_after_junk_in_the_middle(self, file: Path) -> None:
        """libsndfile gives up here. What came before must not be delivered twice."""
        whole = mp3(10)
        middle = len(whole) // 2
        file.write_bytes(whole[:middle] + bytes(range(256)) * 400 + whole[middle:])
        samples, decoder, warnings, _ = decode(file)
        assert "libsndfile" in decoder
        assert "FFmpeg" in decoder
        assert decoder in decoder_names()
        assert len(samples) / RATE == pytest.approx(10, abs=0.3)
        np.testing.assert_allclose(
            samples[: 4 * RATE], expected(soundfile.read(io.BytesIO(whole))[0])[: 4 * RATE], atol=1e-4
        )
        assert len(warnings) == 1

    def test_joined_mp3s_are_heard_to_the_end(self, file: Path) -> None:
        """The header of the first one tells the length of the first one only."""
        whole = mp3(5)
        file.write_bytes(whole + whole)
        assert decode(file)[3] == pytest.approx(10, abs=0.2)

    @pytest.mark.parametrize("frames", [5, 1_000_000])
    def test_a_wrong_vbr_header_is_not_trusted(self, file: Path, frames: int) -> None:
        whole = bytearray(mp3(10))
        header = max(whole.find(b"Xing"), whole.find(b"Info"))
        whole[header + 8 : header + 12] = struct.pack(">I", frames)
        file.write_bytes(whole)
        assert decode(file)[3] == pytest.approx(10, abs=0.1)

    def test_a_huge_tag_is_skipped(self, file: Path) -> None:
        tag = b"ID3\x04\x00\x00\x14\x00\x00\x00" + bytes(20 << 21)
        file.write_bytes(tag + mp3(4))
        assert decode(file)[3] == pytest.approx(4)

    def test_cut_inside_the_tag(self, file: Path) -> None:
        file.write_bytes(b"ID3\x04\x00\x00\x00\x02\x00\x00" + bytes(500))
        assert reason(file).startswith("not audio: next to no sound was found")

    @pytest.mark.parametrize(
        "content",
        [
            b"Dear diary, this is not music.\n" * 2_000,
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(5_000),
            b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
            b"ftypM4A ",
        ],
    )
    def test_other_kinds_of_files(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        assert reason(file).startswith("not audio: ")

    @pytest.mark.parametrize("seed", range(8))
    def test_random_bytes(self, file: Path, seed: int) -> None:
        file.write_bytes(np.random.default_rng(seed).bytes(100_000))
        assert reason(file).startswith("not audio: ")

    def test_a_picture_is_not_audio(self, file: Path) -> None:
        with av.open(str(file), "w", format="image2") as container:
            stream = container.add_stream("mjpeg", rate=1)
            stream.width = stream.height = 64
            stream.pix_fmt = "yuvj420p"
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux([*stream.encode(frame), *stream.encode(None)])
        assert reason(file).startswith("not audio: ")

    def test_a_codec_that_nobody_knows(self, file: Path) -> None:
        whole = encoded_by_ffmpeg("ipod", "aac", sound())
        file.write_bytes(whole.replace(b"mp4a", b"????").replace(b"esds", b"????"))
        assert reason(file) == "cannot be decoded: its sound is copy-protected or of an unknown kind"

    def test_an_empty_file(self, file: Path) -> None:
        file.touch()
        assert reason(file) == "not audio: the file is empty"

    def test_half_a_second_is_enough_and_less_is_not(self, file: Path) -> None:
        file.write_bytes(encoded("WAV", sound(0.49)))
        assert reason(file) == "too short: it holds 490 ms of sound"
        file.write_bytes(encoded("WAV", sound(0.5)))
        assert decode(file)[3] == 0.5

    def test_a_sample_rate_of_nonsense(self, file: Path) -> None:
        with wave.open(str(file), "wb") as writer:
            writer.setparams((1, 2, 7, 100, "NONE", ""))
            writer.writeframes(bytes(200))
        assert reason(file) == "damaged: its sample rate of 7 Hz makes no sense"

    def test_no_file_and_a_folder(self, tmp_path: Path) -> None:
        assert reason(tmp_path / "gone.mp3") == "the file is no longer there"
        assert reason(tmp_path) == "not a file"

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read every file")
    def test_a_file_without_permission(self, file: Path) -> None:
        file.write_bytes(encoded("WAV", sound()))
        file.chmod(0)
        assert reason(file).startswith("permission denied")

    def test_nothing_is_left_open(self, file: Path) -> None:
        file.write_bytes(mp3(4))
        with open_audio(file, RATE) as stream:
            next(stream.blocks())
        descriptors = Path("/proc/self/fd")
        if descriptors.is_dir():
            assert str(file) not in {str(link.readlink()) for link in descriptors.iterdir() if link.is_symlink()}


def corpus_files() -> Iterator[Path]:
    return (path for path in sorted(CORPUS.rglob("*")) if path.is_file())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/data/audio_corpus beside the repository")
def test_every_file_of_the_corpus_decodes_or_says_why_not() -> None:
    """Test files of five tag libraries, many of them broken on purpose. Any other exception fails the test."""
    decoded = refused = 0
    for path in corpus_files():
        try:
            samples, decoder, _, seconds = decode(path)
        except AudioError:
            refused += 1
        else:
            assert decoder in decoder_names()
            assert seconds == len(samples) / RATE >= 0.5
            assert np.isfinite(samples).all()
            decoded += 1
    assert decoded >= 200
    assert refused >= 100
