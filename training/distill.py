"""``distill``: teachers label music that nobody labelled, a small student learns what they say.

One command for a person with a music collection and for ``models/earmark-fast``: listen to the music, ask every
teacher about every patch, train the student, say how well it agrees on groups it never heard, make the model folder.
Each stage goes on where it was interrupted.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.cli.console import native_chatter_hidden
from tagger_core.errors import SettingsError
from training.dataset import DatasetError, disk_errors
from training.distill_config import Distillation
from training.progress import in_parallel

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from training.distill_material import Material, TagSet
    from training.distiller import Check, Run
    from training.soft_labels import Group, Part, SoftLabels


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("distill", help="a small, fast model that says what large ones say, from any music")
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of the run; made, or gone on with")
    parser.add_argument("--music", type=Path, nargs="+", required=True, metavar="FOLDER", help="music, labelled or not")
    parser.add_argument(
        "--copies", type=Path, nargs="+", default=[], metavar="FOLDER", help="music to learn but not to be judged by"
    )
    parser.add_argument("--store", type=Path, required=True, metavar="FOLDER", help="where patches and scores are kept")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True, metavar="MODEL", help="model folders")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (default: those in RUN)")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop training after so long (0: never)")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="model folder to make when training stops")
    parser.add_argument("--only-label", action="store_true", help="ask the teachers and stop")
    parser.add_argument("--workers", type=int, help="files decoded at a time (one for each processor core)")


def run(options: argparse.Namespace) -> int:
    settings = _settings(options.config, options.run)
    if options.model and options.model.exists():
        raise SettingsError(f"{options.model} is there already; choose another folder, or delete that one")

    from training.distill_material import Material, followed_teachers, tag_sets_of
    from training.distiller import Run  # TensorFlow takes seconds to load
    from training.soft_labels import SoftLabels

    tag_sets = tag_sets_of(settings, options.teachers)
    followed = followed_teachers(settings, tag_sets)
    store = SoftLabels(options.store, tag_sets[0].teachers[0].card.features)
    groups = _heard(store, [*options.music, *options.copies], settings, options.workers)
    _label(store, groups, tag_sets, options.workers)
    if options.only_label and not settings.mixed_patches:
        return 0

    parts = _parts(groups, settings, {folder.resolve().name for folder in options.copies})
    material = {part: Material.of(members, tag_sets, followed) for part, members in parts.items()}
    mixed_groups = _mixed(store, material["train"], tag_sets, settings, options.workers)
    if options.only_label:
        return 0
    mixed = Material.of(mixed_groups, tag_sets, followed) if mixed_groups else None

    for name, used in [*material.items(), *([("mixed", mixed)] if mixed else [])]:
        print(f"{name}: {len(used.groups)} groups, {used.patches} patches")
    settings.save(options.run / "settings.toml")
    distillation = Run(options.run, settings, tag_sets, material["train"], mixed)
    distillation.train(material["valid"], options.minutes, print_check)
    if options.model:
        _write_model(distillation, tag_sets, material, options.model, settings)
    return 0


def _write_model(
    distillation: "Run",
    tag_sets: "Sequence[TagSet]",
    material: "dict[Part, Material]",
    folder: Path,
    settings: Distillation,
) -> None:
    from training.student_folder import write_student

    for report in write_student(distillation, tag_sets, material, folder, settings.card):
        print(
            f"{report.tag_set}, {report.tracks} tracks of groups that were never heard: r {report.correlation:.4f}, "
            f"mean absolute difference {report.difference:.4f}, Jaccard of the suggestions {report.jaccard:.3f}"
        )
    print(f"try it: earmark --model {folder} --batch FOLDER")


def _heard(store: "SoftLabels", folders: Sequence[Path], settings: Distillation, workers: int | None) -> "list[Group]":
    """The groups of these folders that gave any patches, after listening to what is new."""
    with native_chatter_hidden():
        for music in folders:
            for group in store.listen(music, settings.longest_seconds, workers):
                print(f"{group.name}: {len(group.spans)} tracks, {len(group.patches)} patches", flush=True)
    names = {folder.resolve().name for folder in folders}
    return [group for group in store.groups() if group.music in names and group.spans]


def print_check(check: "Check") -> None:
    agreement = ", ".join(
        f"r {r:.4f} difference {d:.4f}" for r, d in zip(check.correlation, check.difference, strict=True)
    )
    print(f"step {check.step:5d}  loss {check.loss:.5f}  validation {agreement}  {check.seconds:.0f} s", flush=True)


def _settings(config: Path | None, run_folder: Path) -> Distillation:
    held = run_folder / "settings.toml"
    if config is None and not held.exists():
        raise SettingsError(f"say with --config FILE what {run_folder} shall be")
    settings = Distillation.load(config or held)
    if held.exists() and not Distillation.load(held).same_run(settings):
        raise SettingsError(f"{run_folder} holds a run of other settings; choose another folder, or delete that one")
    with disk_errors(run_folder):
        run_folder.mkdir(parents=True, exist_ok=True)
    return settings


def _label(store: "SoftLabels", groups: "Sequence[Group]", tag_sets: "Sequence[TagSet]", workers: int | None) -> None:
    """The teachers listen side by side, each on a core of its own."""
    jobs = [(group, teacher) for group in groups for tags in tag_sets for teacher in tags.teachers]
    asked = in_parallel(lambda job: store.label(*job), jobs, "asking the teachers", workers)
    for (group, teacher), now in zip(jobs, asked, strict=True):
        if now:
            print(f"{teacher.card.name} has heard {group.name}", flush=True)


def _mixed(
    store: "SoftLabels", train: "Material", tag_sets: "Sequence[TagSet]", settings: Distillation, workers: int | None
) -> "list[Group]":
    """The made-up patches of these settings, after the teachers have heard what is new."""
    if not settings.mixed_patches:
        return []

    from training.mixing import mixed_groups

    groups = mixed_groups(store, train, settings.mixed_patches, settings.seed)
    _label(store, groups, tag_sets, workers)
    return groups


def _parts(groups: "Sequence[Group]", settings: Distillation, copies: set[str]) -> "dict[Part, list[Group]]":
    """Copies are left out where they would be judged by. Raises ``DatasetError`` if a part is empty."""
    from training.soft_labels import PARTS, part_of

    parts: dict[Part, list[Group]] = {part: [] for part in PARTS}
    for group in groups:
        part = part_of(group.name, settings.split_seed, settings.valid_share, settings.test_share)
        if part == "train" or group.music not in copies:
            parts[part].append(group)
    for part, members in parts.items():
        if not members:
            raise DatasetError(
                f"no group of the music falls into the part {part}; take more music (one folder an artist), or "
                "another split_seed"
            )
    return parts
