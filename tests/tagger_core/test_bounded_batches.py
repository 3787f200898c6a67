"""Batches in few sizes, and what happens when memory runs out."""

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.bounded_batches import BoundedBatches, Floats, is_out_of_memory, padded_size
from tests.fake_accelerator import LOST, NO_MEMORY


class Device:
    """Scores every patch by its mean and the number of the label; ``memory`` is in patches."""

    def __init__(self, memory: int = 10**9) -> None:
        self.memory = memory
        self.sizes: list[int] = []

    def run(self, patches: Floats) -> Floats:
        self.sizes.append(len(patches))
        if len(patches) > self.memory:
            raise RuntimeError(NO_MEMORY)
        return patches.mean(axis=(1, 2))[:, np.newaxis] * np.arange(3, dtype=np.float32)


def patches(count: int) -> Floats:
    return np.arange(count * 6, dtype=np.float32).reshape(count, 2, 3)


@given(count=st.integers(0, 100), largest=st.sampled_from([1, 2, 16, 64]), memory=st.integers(1, 100))
def test_scores_are_those_of_the_patches_whatever_fits(count: int, largest: int, memory: int) -> None:
    batches = BoundedBatches((device := Device(memory)).run, largest, "a card")
    np.testing.assert_array_equal(batches.scores(patches(count)), Device().run(patches(count)))
    assert all(size in (1, 2, 4, 8, 16, 32, 64) and size <= largest for size in device.sizes)


def test_what_did_not_fit_once_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    batches = BoundedBatches((device := Device(memory=20)).run, 64, "a card")
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            batches.scores(patches(40))
    assert device.sizes == [64, 32, 16, 16, 8, 16, 16, 8]
    assert caplog.messages == [
        "a card: no memory for 64 patches at a time; going on with 32",
        "a card: no memory for 32 patches at a time; going on with 16",
    ]


def test_memory_may_run_out_in_the_middle() -> None:
    batches = BoundedBatches((device := Device()).run, 8, "a card")
    batches.scores(patches(8))
    device.memory = 2
    np.testing.assert_array_equal(batches.scores(patches(8)), Device().run(patches(8)))
    assert device.sizes == [8, 8, 4, 2, 2, 2, 2]


def test_no_memory_for_a_single_patch_is_an_error() -> None:
    device = Device(memory=0)
    with pytest.raises(RuntimeError, match="Failed to allocate memory"):
        BoundedBatches(device.run, 4, "a card").scores(patches(4))
    assert device.sizes == [4, 2, 1]


def test_other_errors_are_not_tried_again() -> None:
    tried = []

    def lost(patches: Floats) -> Floats:
        tried.append(len(patches))
        raise RuntimeError(LOST)

    with pytest.raises(RuntimeError, match="launch failure"):
        BoundedBatches(lost, 4, "a card").scores(patches(4))
    assert tried == [4]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (NO_MEMORY, True),
        ("CUDA failure 2: out of memory ; GPU=0 ; hostname=x ; expr=cudaMalloc((void**)&p, size);", True),
        ("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&cublas_handle_);", True),
        ("Available memory of 100 is smaller than requested bytes of 200", True),
        ("BucketizedBufferAllocator.cpp(122): 8007000E Nicht genügend Arbeitsspeicher.", True),
        ("running FusedMatMul node. Status Message: bad allocation", True),
        (LOST, False),
        ("887A0005 The GPU device instance has been suspended.", False),
        ("Got invalid dimensions for input: patches", False),
    ],
)
def test_memory_is_told_from_other_trouble(message: str, expected: bool) -> None:
    assert is_out_of_memory(RuntimeError(message)) is expected


@given(st.integers(1, 10_000))
def test_the_padded_size_is_the_next_power_of_two(count: int) -> None:
    size = padded_size(count)
    assert count <= size < 2 * count
    assert size & (size - 1) == 0
