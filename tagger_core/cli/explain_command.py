"""``earmark --explain FILE``: how each suggestion for one file came about."""

import threading
from argparse import Namespace
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from tagger_core.analysis import analyse
from tagger_core.batch import Batch, Row, Status
from tagger_core.cli import OK, SOME_FAILED
from tagger_core.cli.console import Line, columns, fit, messages, native_chatter_hidden, output, set_up_logging
from tagger_core.cli.options import settings_changes
from tagger_core.cli.track_lines import difference
from tagger_core.cli.words import check_words
from tagger_core.display_text import printable
from tagger_core.domain import Analysis, Effort, Track
from tagger_core.file_paths import typed_path
from tagger_core.library_scan import scan
from tagger_core.settings import Places, load_settings
from tagger_core.suggestions import Evidence, State, Suggestion
from tagger_core.workplace import open_classifiers, open_store

_SHOWN_BELOW = 15
"""Tags below their threshold that are shown, the nearest first; --verbose shows all."""


def explain(options: Namespace) -> int:
    """Analyse one file and show every tag's witnesses, threshold and fate, and what would be written."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out = output()
    set_up_logging(options, messages())
    classifiers = open_classifiers(settings, places)
    cards = [classifier.card for classifier in classifiers]
    check_words(settings, cards)
    tracks = [found for found in scan([typed_path(options.explain)]) if isinstance(found, Track)]
    with open_store(places.analyses) as store, native_chatter_hidden():
        results = analyse(tracks, classifiers, store, workers=1, cancelled=threading.Event(), effort=settings.effort)
        rows = list(Batch(cards, settings, store).rows(results))
    if not rows:
        out.print(Text(f"{printable(options.explain)}: not a music file that Earmark knows", style="bold red"))
        return SOME_FAILED
    (row,) = rows
    _print(row, settings.profile, verbose="verbose" in options)
    return SOME_FAILED if row.status is Status.FAILED else OK


def _print(row: Row, profile: str, *, verbose: bool) -> None:
    out = output()
    out.print(Text(printable(row.path), style="bold"))
    for analysis in row.analyses:
        out.print(f"{analysis.model}: {_heard(analysis)} decoded by {analysis.decoder}, computed on {analysis.device}")
    for warning in row.warnings:
        out.print(Text(f"note: {printable(warning)}", style="yellow"))
    if row.reason:
        out.print(Text(f"{row.status}: {printable(row.reason)}", style="bold red"))
    below = [tag for tag in row.tags if tag.state is State.BELOW]
    left_out = [] if verbose else below[_SHOWN_BELOW:]
    if row.tags:
        out.print(f"what is needed follows the profile {profile}, where it is not yours\n")
        _print_tags(out, [tag for tag in row.tags if tag not in left_out])
    if left_out:
        out.print(f"and {len(left_out)} tags further below (--verbose shows them)")
    if row.edits:
        out.print()
    for edit in row.edits:
        out.print(Text(f"would write  {edit.field:<12} {difference(edit.old, edit.new)}"))


def _print_tags(out: Console, tags: Sequence[Suggestion]) -> None:
    """A line for each tag, and below it one for each model that heard something of it."""
    head, *lines = columns([("tag", "kind", "heard", "needed", ""), *map(_cells, tags)])
    out.print(Text(f"{head}   because: label heard of needed", style="dim"))
    for tag, line in zip(tags, lines, strict=True):
        style = "" if tag.state is State.SUGGESTED else "dim"
        out.print(Text(line, style=style))
        for witnesses in _witnesses(tag.evidence):
            parts = fit(witnesses, out.width) if out.is_terminal else [witnesses]
            for part in parts:
                out.print(Text.assemble(*part, style=style))


def _heard(analysis: Analysis) -> str:
    if analysis.effort is Effort.FULL:
        return f"{analysis.duration:.1f} s"
    return f"{analysis.share * analysis.duration:.1f} of {analysis.duration:.1f} s (effort {analysis.effort})"


def _cells(tag: Suggestion) -> tuple[str, ...]:
    fate = f"{tag.state}: {tag.note}" if tag.note else str(tag.state)
    source = "" if tag.threshold_source.startswith("profile") else f" ({tag.threshold_source})"
    return (
        tag.tag,
        str(tag.category),
        f"{tag.probability:.3f}",
        f"{tag.threshold:.3f}{source}",
        fate,
    )


def _witnesses(evidence: Sequence[Evidence]) -> Iterator[Line]:
    found: dict[str, list[str]] = {}
    for witness in evidence:
        shown = f"{printable(witness.label)} {witness.probability:.3f} of {witness.threshold:.3f}"
        found.setdefault(witness.model, []).append(shown)
    for model, labels in found.items():
        pieces = [f" {shown}," for shown in labels]
        pieces[-1] = pieces[-1].rstrip(",")
        yield [(f"    {model}:", ""), *((piece, "") for piece in pieces)]
