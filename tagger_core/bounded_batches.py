"""A batch on an accelerator: in few sizes, and no larger than its memory allows.

An accelerator makes a plan for every size of batch that it meets (CUDA looks for the best convolution, 634 ms for each
size on average by the default way and 2 ms by the heuristic one; DirectML and CoreML compile), so batches are filled up
with silence to the next power of two. Its memory is shared with whatever else is on the screen, and may run out at any
moment of a long run: then the batch is halved, and what did not fit once is not tried again.

Source of the times: measured by others on an RTX 2080 Ti, https://github.com/PaddlePaddle/PaddleX/pull/5057.

Contents: ``BoundedBatches``, ``is_out_of_memory``, ``padded_size``
"""

import logging
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

log = logging.getLogger(__name__)

_OUT_OF_MEMORY = (
    "out of memory",  # CUDA failure 2: out of memory
    "alloc_failed",  # CUBLAS_STATUS_ALLOC_FAILED, CUDNN_STATUS_ALLOC_FAILED
    "allocation_failed",  # CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED
    "failed to allocate memory",  # ONNX Runtime's arena: ... for requested buffer of size N
    "smaller than requested bytes",  # the same arena, at the limit it was given
    "8007000e",  # Windows and so DirectML: E_OUTOFMEMORY, whose text is in the language of the system
    "bad allocation",  # std::bad_alloc, as Windows words it
    "bad_alloc",
)
"""What ONNX Runtime's errors say when memory runs out; it has no class or number for that (microsoft/onnxruntime
issues 16307, 22702 and 16305, hacksider/Deep-Live-Cam 383 and huggingface/diffusers 791 quote such messages)."""


def is_out_of_memory(error: Exception) -> bool:
    """Whether this error of an inference says that memory ran out."""
    text = str(error).lower()
    return any(sign in text for sign in _OUT_OF_MEMORY)


def padded_size(patches: int) -> int:
    """The smallest power of two that is not smaller."""
    return 1 << max(0, patches - 1).bit_length()


class BoundedBatches:
    """Computes batches of any size by calls of ``run`` with a power of two of patches, at most ``largest``.

    ``run`` takes patches, shape (n, patch_frames, bands), and returns their scores, shape (n, labels). ``owner`` is
    named in the log when memory runs out. For one thread at a time.
    """

    def __init__(self, run: Callable[[Floats], Floats], largest: int, owner: str) -> None:
        self._run = run
        self._owner = owner
        self.largest = largest

    def scores(self, patches: Floats) -> Floats:
        """The scores of these patches. Raises what ``run`` raises, out of memory only for a single patch."""
        scores: list[Floats] = []
        start = 0
        while start < len(patches) or not scores:
            piece = patches[start : start + self.largest]
            try:
                scores.append(self._fitting(piece))
            except Exception as error:
                size = padded_size(len(piece))
                if size == 1 or not is_out_of_memory(error):
                    raise
                self.largest = size // 2
                log.info("%s: no memory for %d patches at a time; going on with %d", self._owner, size, self.largest)
            else:
                start += len(piece)
        return scores[0] if len(scores) == 1 else np.concatenate(scores)

    def _fitting(self, patches: Floats) -> Floats:
        size = padded_size(len(patches))
        if size == len(patches):
            return self._run(patches)
        padded = np.zeros((size, *patches.shape[1:]), np.float32)
        padded[: len(patches)] = patches
        return self._run(padded)[: len(patches)]
