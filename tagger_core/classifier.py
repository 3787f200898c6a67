"""Inference: patches in, probabilities out. The only module that knows ONNX Runtime.

Conventions: patches are float32 of shape (n, patch_frames, bands), scores float32 of shape (n, labels),
sigmoids already applied by the network. One ``Classifier`` holds one session, shared by all worker threads. On
the CPU each call computes on the caller's thread, so that as many tracks as there are workers run side by side; on
an accelerator the calls of all threads are computed together (``shared_batches``, ``bounded_batches``). A caller sees
no difference: but for rounding, the scores of a patch do not depend on what else is in its batch.
"""

import contextlib
import io
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from tagger_core.bounded_batches import BoundedBatches, is_out_of_memory
from tagger_core.errors import DeviceError, ModelError
from tagger_core.model_card import ModelFolder, Tensor
from tagger_core.shared_batches import SharedBatches

log = logging.getLogger(__name__)

ort.disable_telemetry_events()  # those of Windows; what silences the other systems' is set in ``tagger_core``

Floats = npt.NDArray[np.float32]

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {
        "cuda": "CUDAExecutionProvider",
        "directml": "DmlExecutionProvider",
        "coreml": "CoreMLExecutionProvider",
        "cpu": "CPUExecutionProvider",
    }
)
"""Device -> execution provider, fastest first: the order in which ``auto`` tries them."""

_PACKAGES: Mapping[str, str] = MappingProxyType(
    {
        "cuda": 'pip uninstall onnxruntime, then pip install "onnxruntime-gpu[cuda,cudnn]"',
        "directml": "pip uninstall onnxruntime, then pip install onnxruntime-directml, on Windows",
        "coreml": "use the macOS build of onnxruntime",
    }
)

_NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "cuda": "an NVIDIA card with its driver, and the libraries CUDA and cuDNN, which "
        'pip install "onnxruntime-gpu[cuda,cudnn]" brings',
        "directml": "a graphics card that can do DirectX 12",
        "coreml": "macOS",
    }
)

_PROVIDER_OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "CUDAExecutionProvider": {
            # The card is not ours alone: take what is needed, not the next power of two of it.
            "arena_extend_strategy": "kSameAsRequested",
            # The default, EXHAUSTIVE, is slow for every new size of batch, gains nothing afterwards
            # (PaddlePaddle/PaddleX pull request 5057), and chooses another algorithm, with other rounding, from one
            # start to the next (jw3126/ONNXRunTime.jl pull request 36).
            "cudnn_conv_algo_search": "HEURISTIC",
            # TensorFloat-32 has 10 bits of mantissa. What is remembered of a track must not depend on the device.
            "use_tf32": "0",
        }
    }
)

_CPU_PATCHES = 2
"""Patches at a time on the CPU. From 1 to 4 the time per patch is the same within 2 %, above that it grows (measured
on one kind of machine, with AVX-512); with two workers the shipped networks take 76 MB for 2 patches, 129 MB for 4 and
438 MB for 16."""

_ACCELERATOR_PATCHES = 16
"""Patches that one thread hands over at once for an accelerator: 48 s of sound, 1 MB."""

_SHARED_PATCHES = 64
"""Most patches at a time on an accelerator. The shipped networks take 13 MB for each, so less than 1 GB."""


def available_devices() -> tuple[str, ...]:
    """The devices that this installation of ONNX Runtime was built for, fastest first."""
    providers = ort.get_available_providers()
    return tuple(device for device, provider in PROVIDERS.items() if provider in providers)


def runtime_version() -> str:
    """Of ONNX Runtime."""
    return str(ort.__version__)


@dataclass(frozen=True, slots=True)
class _Engine:
    """The network on one device. ``scores`` may be called from several threads at once, with any number of patches."""

    device: str
    batch_patches: int
    scores: Callable[[Floats], Floats]


class Classifier:
    """One network of a model folder, loaded on one device.

    Raises ``ModelError`` where the network is not what its card says, ``DeviceError`` where a device was
    asked for by name and cannot be used. With ``auto``, a device that fails, now or in the middle of the
    work, is replaced by the CPU with a warning in the log. So is every device whose memory runs out in the middle of
    the work, even for a single patch: that is the doing of other programs, and no reason to stop in the night.
    """

    def __init__(self, folder: ModelFolder, device: str = "auto") -> None:
        self.card = folder.card
        self.folder = folder.path
        self._network = folder.read_model()
        self._may_fall_back = device == "auto"
        self._replacing = threading.Lock()
        self._engine = self._open(device)

    @property
    def device(self) -> str:
        """Where the network runs now."""
        return self._engine.device

    @property
    def batch_patches(self) -> int:
        """How many patches to hand over at once: enough to be fast, few enough for flat memory."""
        return self._engine.batch_patches

    def scores(self, patches: Floats) -> Floats:
        """Probabilities of shape (n, labels) for patches of shape (n, patch_frames, bands); from any thread.

        Raises ``DeviceError`` if the device gives up and may not be replaced.
        """
        if patches.shape[1:] != self.card.input.shape[1:] or patches.dtype != np.float32:
            # It would spoil the batch for the other threads as well.
            raise ValueError(f"{patches.dtype} of shape {patches.shape} for an input of {self.card.input.shape}")
        engine = self._engine
        try:
            return engine.scores(patches)
        except Exception as error:  # each provider has exception classes of its own
            if not self._may_replace(engine, error):
                raise DeviceError(
                    f"the device {engine.device} failed on {self.card.name}: {_first_line(error)}"
                ) from error
            self._replace_by_cpu(engine, error)
            return self.scores(patches)

    def _may_replace(self, engine: _Engine, error: Exception) -> bool:
        return engine.device != "cpu" and (self._may_fall_back or is_out_of_memory(error))

    def _replace_by_cpu(self, failed: _Engine, error: Exception) -> None:
        with self._replacing:
            if self._engine is failed:  # another thread may have been faster
                log.warning(
                    "%s failed while running %s (%s); going on with the CPU",
                    failed.device,
                    self.card.name,
                    "its memory ran out" if is_out_of_memory(error) else _first_line(error),
                )
                self._engine = self._open_on("cpu")

    def _open(self, device: str) -> _Engine:
        available = available_devices()
        if device != "auto":
            if device not in available:
                raise DeviceError(
                    f"the device {device} was asked for, but this installation of ONNX Runtime has only "
                    f"{', '.join(available)}; {_PACKAGES.get(device, 'install onnxruntime again')}"
                )
            return self._open_on(device)
        *accelerators, cpu = available
        for accelerator in accelerators:
            try:
                return self._open_on(accelerator)
            except DeviceError as error:
                log.warning("%s; going on with the CPU", error)
        return self._open_on(cpu)

    def _open_on(self, device: str) -> _Engine:
        session = self._session(device)

        def run(patches: Floats) -> Floats:
            (scores,) = session.run([self.card.output.name], {self.card.input.name: patches})
            return np.asarray(scores, dtype=np.float32)

        if device == "cpu":
            return _Engine(device, _CPU_PATCHES, lambda patches: _in_pieces(run, patches, _CPU_PATCHES))
        batches = BoundedBatches(run, _SHARED_PATCHES, f"{device} with {self.card.name}")
        return _Engine(device, _ACCELERATOR_PATCHES, SharedBatches(batches.scores, _SHARED_PATCHES).scores)

    def _session(self, device: str) -> ort.InferenceSession:
        provider = PROVIDERS[device]
        if device != "cpu":
            _prepare(device)
        try:
            # From bytes, not from the file: these are the bytes whose hash was checked, and ONNX Runtime
            # refuses external data for them, so a hostile model cannot make us read other files.
            session = ort.InferenceSession(
                self._network,
                _session_options(device),
                providers=[provider],
                provider_options=[dict(_PROVIDER_OPTIONS.get(provider, {}))],
                enable_fallback=0,
            )
        except Exception as error:
            if device == "cpu":
                raise ModelError(f"{self.folder}: ONNX Runtime cannot load model.onnx: {_first_line(error)}") from error
            raise DeviceError(f"{device} cannot run the model {self.card.name}: {_first_line(error)}") from error
        # ONNX Runtime itself falls back silently when a provider fails to start, and in the middle of the work.
        session.disable_fallback()
        if session.get_providers()[0] != provider:
            raise DeviceError(f"{device} could not be started for {self.card.name}; it needs {_NEEDS[device]}")
        self._check(session)
        return session

    def _check(self, session: ort.InferenceSession) -> None:
        for kind, promised, found in (
            ("input", self.card.input, session.get_inputs()),
            ("output", self.card.output, session.get_outputs()),
        ):
            problem = _mismatch(promised, found)
            if problem:
                raise ModelError(f"{self.folder}: the {kind} of model.onnx is not what card.json says: {problem}")


def _in_pieces(run: Callable[[Floats], Floats], patches: Floats, size: int) -> Floats:
    if len(patches) <= size:
        return run(patches)
    return np.concatenate([run(patches[start : start + size]) for start in range(0, len(patches), size)])


def _session_options(device: str) -> ort.SessionOptions:
    options = ort.SessionOptions()
    # Worker threads are the parallelism: a second level inside the session only makes them wait.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong arrives as an exception, with our sentence
    options.enable_mem_pattern = device != "directml"  # which refuses it, says its documentation
    return options


def _prepare(device: str) -> None:
    """What a device needs before its first session."""
    ort.set_default_logger_severity(4)  # the libraries that are missing; we have a sentence for that
    # NVIDIA's own Python packages are not where the system looks for libraries. (ONNX Runtime 1.20 cannot look there.)
    if device == "cuda" and hasattr(ort, "preload_dlls"):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            ort.preload_dlls()
        log.debug("loading CUDA: %s", said.getvalue().strip() or "done")


def _mismatch(promised: Tensor, found: Sequence[ort.NodeArg]) -> str | None:
    if [tensor.name for tensor in found] != [promised.name]:
        return f"expected one tensor {promised.name!r}, found {', '.join(repr(t.name) for t in found) or 'none'}"
    (tensor,) = found
    if tensor.type != "tensor(float)":
        return f"expected 32-bit floats, found {tensor.type}"
    # A free dimension has a name or None in ONNX, None in the card.
    shape = tuple(size if isinstance(size, int) else None for size in tensor.shape)
    return None if shape == promised.shape else f"expected shape {promised.shape}, found {shape}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
