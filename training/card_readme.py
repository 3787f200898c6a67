"""A model folder's README.md, rendered from its card so that the two cannot disagree."""

from collections.abc import Iterable

from tagger_core.model_card import PROFILES, Label, ModelCard, Threshold


def render(card: ModelCard) -> str:
    """The README as Markdown."""
    spec = card.features
    sections = [
        f"# {card.title}",
        f"{card.description}\n\nThis file is rendered from `card.json`; the program reads only that.",
        "## Data and figures\n\n" + _bullets(card.datasets),
        _table(("figure", "value", "source"), ((m.name, f"{m.value:.4f}", m.source) for m in card.metrics)),
        "## Limits\n\n" + _bullets(card.limits),
        "## Input and output\n\n"
        f"`{card.input.name}`: {_shape(card.input.shape)}, float32. {_kind(card)} of mono audio at {spec.sample_rate} "
        f"Hz, window {spec.n_fft}, hop {spec.hop_length}, {spec.n_mels} mel bands; patches of {spec.patch_frames} "
        f"frames ({spec.patch_seconds:.2f} s), one every {spec.patch_hop}.\n\n"
        f"`{card.output.name}`: {_shape(card.output.shape)}, float32, probabilities. "
        f"A track's score is the {card.aggregation} over its patches.",
        f"## Labels and thresholds\n\n{card.thresholds_source}\n\n"
        "Each cell: threshold (precision / recall, where they are known).",
        _table(("label", "category", *PROFILES), (_label_row(label) for label in card.labels)),
        f"## Licence\n\n{card.licence}, see `LICENSE`. {card.attribution}",
    ]
    return "\n\n".join(sections) + "\n"


def _kind(card: ModelCard) -> str:
    if card.features.kind == "mfcc":
        return f"{card.features.n_mfcc} MFCC"
    return f"log10(1 + {card.features.log_gain:g} * mel power)"


def _label_row(label: Label) -> tuple[str, ...]:
    return (label.name, label.category, *(_cell(t) for t in (label.strict, label.balanced, label.generous)))


def _cell(threshold: Threshold) -> str:
    if threshold.precision is None or threshold.recall is None:
        return f"{threshold.value:.3f}"
    return f"{threshold.value:.3f} ({threshold.precision:.2f} / {threshold.recall:.2f})"


def _shape(shape: Iterable[int | None]) -> str:
    return "(" + ", ".join("n" if length is None else str(length) for length in shape) + ")"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
