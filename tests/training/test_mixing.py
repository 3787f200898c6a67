"""Made-up patches: sums of power, made once, the same from the same seed, of the training tracks alone."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tagger_core.domain import FeatureSpec
from tagger_core.errors import SettingsError
from training import mixing
from training.distill_material import Material
from training.mixing import Mixer, mixed_groups
from training.soft_labels import Group, HeardTrack, SoftLabels

SPEC = FeatureSpec()
SHAPE = (SPEC.patch_frames, SPEC.bands)


@pytest.fixture
def store(tmp_path: Path) -> SoftLabels:
    return SoftLabels(tmp_path / "store", SPEC)


def group(store: SoftLabels, name: str, levels: list[float]) -> Group:
    """One track, its patches constant at these log-mel levels."""
    patches = np.stack([np.full(SHAPE, level, np.float16) for level in levels])
    held = store.made_up(name, name, lambda: patches)
    return Group(held.folder, name, (HeardTrack(f"{name}/song", len(levels)),))


def material(*groups: Group, targets: list[float] | None = None) -> Material:
    """Of one label, whose target is the same all over a track."""
    scores = targets or [0.1 * number for number in range(len(groups))]
    arrays = tuple(np.full((len(g.patches), 1), t, np.float32) for g, t in zip(groups, scores, strict=True))
    return Material(
        groups,
        arrays,
        tuple((number, *span) for number, g in enumerate(groups) for span in g.spans),
        arrays[0].shape[1],
    )


def plain(monkeypatch: pytest.MonkeyPatch, excerpts: int) -> None:
    """Nothing at random but tracks, places and levels."""
    monkeypatch.setattr(mixing, "_EXCERPTS", {excerpts: 1.0})
    for chance in ("_OFTEN", "_SOMETIMES", "_SELDOM"):
        monkeypatch.setattr(mixing, chance, 0.0)


def power(patch: np.ndarray) -> np.ndarray:
    return (10 ** patch.astype(np.float64) - 1) / SPEC.log_gain


def test_an_excerpt_begins_at_any_frame_and_goes_over_into_the_next_patch(store, monkeypatch) -> None:
    plain(monkeypatch, 1)
    mixer = Mixer(SPEC, material(group(store, "steps", [1.0, 2.0, 3.0])))
    begins = set()
    for seed in range(20):
        frames = mixer.patch(np.random.default_rng(seed))[:, 0]
        assert frames.shape == (SPEC.patch_frames,)
        assert (np.diff(frames) > -1e-3).all()  # in the order of the track
        begins.add(int(np.sum(frames < frames[0] + 0.5)))
    assert len(begins) > 10


def test_power_adds_up_at_levels_within_the_bounds(store, monkeypatch) -> None:
    plain(monkeypatch, 2)
    levels = (1.0, 3.0)
    mixer = Mixer(SPEC, material(*(group(store, f"level {level}", [level]) for level in levels)))
    alone = [float(power(np.array([level]))[0]) for level in levels]
    for seed in range(20):
        (mixed,) = np.unique(power(mixer.patch(np.random.default_rng(seed))).round(9))
        ratios = [10 * np.log10(mixed / first - 1) for first in alone if mixed > first]
        assert any(mixing._OTHER_LEVEL[0] - 0.1 < ratio < mixing._OTHER_LEVEL[1] + 0.1 for ratio in ratios)


def test_a_patch_depends_on_its_seed_only_and_is_finite(store) -> None:
    generator = np.random.default_rng(0)
    noise = [group(store, f"noise {number}", list(generator.uniform(0, 6, 3))) for number in range(3)]
    mixer = Mixer(SPEC, material(*noise, group(store, "silence", [0.0])))
    patches = [mixer.patch(np.random.default_rng(seed)) for seed in range(60)]
    again = [mixer.patch(np.random.default_rng(seed)) for seed in range(60)]
    np.testing.assert_array_equal(patches, again)
    assert np.isfinite(patches).all()
    assert np.min(patches) >= 0
    assert len({patch.tobytes() for patch in patches}) > 40


def test_what_sticks_out_is_taken_more_often(store) -> None:
    names = [f"song {number}" for number in range(9)]
    groups = [group(store, name, [1.0 + number / 10]) for number, name in enumerate(names)]
    chances = Mixer(SPEC, material(*groups, targets=[0.1] * 8 + [0.9]))._chances
    assert chances.sum() == pytest.approx(1)
    assert chances[-1] > 3 * chances[0]
    np.testing.assert_allclose(chances[:-1], chances[0])


def test_a_higher_pitch_moves_a_tone_up_and_nothing_comes_from_above(store) -> None:
    mixer = Mixer(SPEC, material(group(store, "any", [1.0])))
    tone = np.zeros(SHAPE, np.float32)
    tone[:, 40] = 1.0
    centres = mixer._centres
    higher = int(mixer._transposed(tone, 1.2)[0].argmax())
    assert centres[higher] == pytest.approx(1.2 * centres[40], rel=0.03)
    lower = mixer._transposed(np.ones(SHAPE, np.float32), 0.8)[0]
    assert (lower[centres > 0.81 * centres[-1]] == 0).all()


def test_groups_are_made_once_and_again_only_of_other_music(store, monkeypatch) -> None:
    monkeypatch.setattr(mixing, "GROUP_PATCHES", 4)
    music = [group(store, name, [1.0, 2.0]) for name in ("Ann", "Bob")]
    first = mixed_groups(store, material(*music), 6, seed=1)
    assert [len(g.patches) for g in first] == [4, 4]
    assert store.groups() == []  # they are no music
    made = [g.folder.stat().st_mtime_ns for g in first]
    again = mixed_groups(store, material(*music), 6, seed=1)
    assert [g.folder.stat().st_mtime_ns for g in again] == made
    for others in (mixed_groups(store, material(music[0]), 4, seed=1), mixed_groups(store, material(*music), 4, 2)):
        assert others[0].folder != first[0].folder
        assert not np.array_equal(others[0].patches, first[0].patches)


def test_patches_of_mfcc_cannot_be_mixed(tmp_path) -> None:
    spec = msgspec.structs.replace(SPEC, kind="mfcc")
    with pytest.raises(SettingsError, match="mixed_patches"):
        Mixer(spec, material(group(SoftLabels(tmp_path / "store", spec), "any", [1.0])))
