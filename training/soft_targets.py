"""What several teachers say, as one: the sigmoid of their mean logit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_CERTAIN = 1e-6


def averaged(probabilities: Sequence[Floats]) -> Floats:
    """Of the same shape as each of them."""
    inside = [np.clip(p, _CERTAIN, 1 - _CERTAIN) for p in probabilities]
    logits = np.mean([np.log(p / (1 - p)) for p in inside], axis=0)
    result: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
    return result
