"""What kind of music file this is, told by its first bytes and never by its name.

Contents
--------
``Kind``, ``kind_of``
"""

import re
from enum import StrEnum
from typing import BinaryIO

from tagger_core.mp3_layout import mp3_layout


class Kind(StrEnum):
    """Containers whose parts Earmark knows; the value is what a person calls them."""

    MPEG = "MPEG audio"
    FLAC = "FLAC"
    OGG = "Ogg"
    MP4 = "MP4"
    ASF = "ASF (WMA)"
    WAV = "WAV (RIFF)"
    AIFF = "AIFF"
    MONKEYS_AUDIO = "Monkey's Audio"
    WAVPACK = "WavPack"
    MUSEPACK = "Musepack"
    TAK = "TAK"
    OPTIMFROG = "OptimFROG"


_FIRST_BYTES = {
    rb"fLaC": Kind.FLAC,
    rb"OggS": Kind.OGG,
    rb"....ftyp": Kind.MP4,
    rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11": Kind.ASF,
    rb"RIFF....WAVE": Kind.WAV,
    rb"FORM....AIF[FC]": Kind.AIFF,
    rb"MAC ": Kind.MONKEYS_AUDIO,
    rb"wvpk": Kind.WAVPACK,
    rb"MPCK|MP\+": Kind.MUSEPACK,
    rb"tBaK": Kind.TAK,
    rb"OFR ": Kind.OPTIMFROG,
    rb"\xff[\xe2-\xe7\xea-\xef\xf2-\xf7\xfa-\xff]": Kind.MPEG,  # frame sync; the layer is not 0, as it is in ADTS
}


def kind_of(file: BinaryIO) -> Kind | None:
    """The kind of the content after any ID3v2 tags; ``None`` if the first bytes do not tell. Raises ``OSError``."""
    file.seek(mp3_layout(file).audio_start)
    first = file.read(16)
    for pattern, kind in _FIRST_BYTES.items():
        if re.match(pattern, first, re.DOTALL):
            return kind
    return None
