"""Pictures of the data: ``figures`` draws waveform, spectrogram and log spectrogram of chosen clips.

The only parts of the data side that need matplotlib. Spectrograms have one frame every 16 ms.

Contents: the command (``add_parser``, ``run``), ``plot_clips``, ``plot_distribution``.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger_core.cli.console import native_chatter_hidden
from tagger_core.domain import FeatureSpec
from tagger_core.errors import SettingsError
from training.dataset import Clip, Dataset, replacing

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")
_SPEC = FeatureSpec()
_DOTS_PER_INCH = 150


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("figures", help="draw waveform, spectrogram and log spectrogram of chosen clips")
    parser.add_argument("dataset", type=Path, metavar="DATASET")
    parser.add_argument("clips", nargs="+", metavar="CLIP", help="clip ids or parts of their paths")
    parser.add_argument("--output", type=Path, default=Path("clips.png"), help="png, svg or pdf (%(default)s)")


def run(options: argparse.Namespace) -> int:
    if options.output.suffix.lower() not in FORMATS:
        raise SettingsError(f"{options.output}: a figure is one of {', '.join(FORMATS)}")
    dataset = Dataset.open(options.dataset)
    clips = [_find(dataset, wanted) for wanted in options.clips]
    with native_chatter_hidden():
        plot_clips(dataset, clips, options.output)
    print(f"written: {options.output}")
    return 0


def plot_clips(dataset: Dataset, clips: Sequence[Clip], path: Path) -> None:
    """A row for each clip: the waveform, the power spectrum over time as it is, and in decibels.

    Raises ``FileError`` for a clip that does not decode, ``DatasetError`` if the file cannot be written.
    """
    import librosa
    from matplotlib.figure import Figure

    from tagger_core.audio import open_audio

    figure = Figure(figsize=(15, 3.2 * len(clips)), layout="constrained")
    rows = figure.subplots(len(clips), 3, squeeze=False)
    for (wave, linear, logarithmic), clip in zip(rows, clips, strict=True):
        with open_audio(dataset.audio_path(clip), _SPEC.sample_rate) as stream:
            samples = np.concatenate(list(stream.blocks()))
        power = np.abs(librosa.stft(samples, n_fft=_SPEC.n_fft, hop_length=_SPEC.hop_length)) ** 2
        decibels = librosa.power_to_db(power, ref=np.max)
        seconds = len(samples) / _SPEC.sample_rate
        extent = (0, seconds, 0, _SPEC.sample_rate / 2000)
        wave.plot(np.arange(len(samples)) / _SPEC.sample_rate, samples, linewidth=0.3)
        wave.set(title=f"{clip.clip_id}: waveform", xlabel="s", ylabel="amplitude", xlim=(0, seconds), ylim=(-1, 1))
        for axes, values, title in ((linear, power, "spectrogram"), (logarithmic, decibels, "log spectrogram")):
            image = axes.imshow(values, origin="lower", aspect="auto", extent=extent, cmap="magma")
            axes.set(title=title, xlabel="s", ylabel="kHz")
            figure.colorbar(image, ax=axes, label="dB" if values is decibels else "power")
    _save(figure, path)


def plot_distribution(before: Mapping[str, int], after: Mapping[str, int], path: Path) -> None:
    """Clips of each tag, the most popular at the top: as many tags as are kept, before and after merging."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 1 + 0.2 * len(after)), layout="constrained")
    left, right = figure.subplots(1, 2, sharex=True)
    popular = dict(sorted(before.items(), key=lambda item: -item[1])[: len(after)])
    for axes, counts, title in ((left, popular, "as annotated"), (right, after, "merged")):
        axes.barh(list(counts), list(counts.values()))
        axes.invert_yaxis()
        axes.set(title=title, xlabel="clips")
        axes.margins(y=0.01)
        axes.tick_params(axis="y", labelsize=8)
    _save(figure, path)


def _find(dataset: Dataset, wanted: str) -> Clip:
    for clip in dataset.clips:
        if wanted == clip.clip_id or (wanted in clip.path and not wanted.isdigit()):
            return clip
    raise SettingsError(f"{dataset.folder} has no clip with the id or in the path {wanted!r}")


def _save(figure: "Figure", path: Path) -> None:
    with replacing(path) as temporary:
        figure.savefig(temporary, format=path.suffix[1:].lower(), dpi=_DOTS_PER_INCH)
