"""What the tags at the end of an mp3 without an ID3v2 tag, or with an empty one, say: APEv2 and ID3v1.

Contents
--------
``at_the_end``
"""

from typing import BinaryIO

from tagger_core.mp3_layout import Mp3Layout
from tagger_core.tag_fields import APEV2_NAMES, ID3_FRAMES
from tagger_core.tag_files.apev2 import FRAMES, read_texts
from tagger_core.tag_files.older_tags import OlderTags, id3v1, known_texts

_FRAMES = {
    **{name.upper(): key for name, key in FRAMES.items()},
    **{name.upper(): ID3_FRAMES[4][field] for field, name in APEV2_NAMES.items()},
}


def at_the_end(file: BinaryIO, layout: Mp3Layout) -> OlderTags:
    """What APEv2 and, where that is silent, ID3v1 say. Raises ``LayoutError`` if they are broken, and ``OSError``."""
    ape = known_texts((_FRAMES.get(key), texts) for key, texts in read_texts(file, layout).items())
    version_1 = id3v1(file, layout)
    kinds = {"an APEv2 tag": ape, "an ID3v1 tag": version_1}
    return OlderTags({**version_1, **ape}, tuple(kind for kind, texts in kinds.items() if texts))
