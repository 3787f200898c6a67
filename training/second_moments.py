"""Second moments of what a layer sees on music, as both compressions weigh by them.

Contents: ``roots``.
"""

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

_RARE = 1e-7
"""Share of the largest second moment below which a direction counts as one that hardly occurs."""


def roots(moments: Doubles) -> tuple[Doubles, Doubles]:
    """The square root of a matrix of second moments, and its inverse; directions that hardly occur are raised."""
    values, vectors = np.linalg.eigh(moments)
    lengths = np.sqrt(np.maximum(values, _RARE * values.max()))
    return (vectors * lengths) @ vectors.T, (vectors / lengths) @ vectors.T
