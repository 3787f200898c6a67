"""Inference: patches in, probabilities out. The only module that knows ONNX Runtime.

Conventions: patches are float32 of shape (n, patch_frames, bands), scores float32 of shape (n, labels),
sigmoids already applied by the network. One ``Classifier`` holds one session, shared by all worker
threads; each call computes on the caller's thread, so that as many tracks as there are workers run side
by side.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from tagger_core.errors import DeviceError, ModelError
from tagger_core.model_card import ModelFolder, Tensor

log = logging.getLogger(__name__)

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
        "cuda": "pip install onnxruntime-gpu, on a machine with an NVIDIA card and CUDA",
        "directml": "pip install onnxruntime-directml, on Windows",
        "coreml": "use the macOS build of onnxruntime",
    }
)


def available_devices() -> tuple[str, ...]:
    """The devices that this installation of ONNX Runtime was built for, fastest first."""
    providers = ort.get_available_providers()
    return tuple(device for device, provider in PROVIDERS.items() if provider in providers)


class Classifier:
    """One network of a model folder, loaded on one device.

    Raises ``ModelError`` where the network is not what its card says, ``DeviceError`` where a device was
    asked for by name and cannot be used. With ``auto``, a device that fails, now or in the middle of the
    work, is replaced by the CPU with a warning in the log.
    """

    def __init__(self, folder: ModelFolder, device: str = "auto") -> None:
        self.card = folder.card
        self.folder = folder.path
        self._network = folder.read_model()
        self._may_fall_back = device == "auto"
        self._replacing = threading.Lock()
        self._session, self.device = self._open(device)

    def scores(self, patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Probabilities of shape (n, labels) for patches of shape (n, patch_frames, bands).

        Raises ``DeviceError`` if the device gives up and may not be replaced.
        """
        session = self._session
        try:
            return self._run(session, patches)
        except Exception as error:  # each provider has exception classes of its own
            gone = self._session is not session  # another thread has replaced it already
            if not gone and (self.device == "cpu" or not self._may_fall_back):
                raise DeviceError(
                    f"the device {self.device} failed on {self.card.name}: {_first_line(error)}"
                ) from error
            self._replace_by_cpu(session, error)
            return self._run(self._session, patches)

    def _run(self, session: ort.InferenceSession, patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        (scores,) = session.run([self.card.output.name], {self.card.input.name: patches})
        return np.asarray(scores, dtype=np.float32)

    def _replace_by_cpu(self, failed: ort.InferenceSession, error: Exception) -> None:
        with self._replacing:
            if self._session is failed:  # another thread may have been faster
                log.warning(
                    "%s failed while running %s (%s); going on with the CPU",
                    self.device,
                    self.card.name,
                    _first_line(error),
                )
                self._session, self.device = self._open_on("cpu"), "cpu"

    def _open(self, device: str) -> tuple[ort.InferenceSession, str]:
        available = available_devices()
        if device != "auto":
            if device not in available:
                raise DeviceError(
                    f"the device {device} was asked for, but this installation of ONNX Runtime has only "
                    f"{', '.join(available)}; {_PACKAGES.get(device, 'install onnxruntime again')}"
                )
            return self._open_on(device), device
        *accelerators, cpu = available
        for accelerator in accelerators:
            try:
                return self._open_on(accelerator), accelerator
            except DeviceError as error:
                log.warning("%s; going on with the CPU", error)
        return self._open_on(cpu), cpu

    def _open_on(self, device: str) -> ort.InferenceSession:
        options = ort.SessionOptions()
        # Worker threads are the parallelism: a second level inside the session only makes them wait.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what goes wrong arrives as an exception, with our sentence
        try:
            # From bytes, not from the file: these are the bytes whose hash was checked, and ONNX Runtime
            # refuses external data for them, so a hostile model cannot make us read other files.
            session = ort.InferenceSession(self._network, options, providers=[PROVIDERS[device]])
        except Exception as error:
            if device == "cpu":
                raise ModelError(f"{self.folder}: ONNX Runtime cannot load model.onnx: {_first_line(error)}") from error
            raise DeviceError(f"{device} cannot run the model {self.card.name}: {_first_line(error)}") from error
        # ONNX Runtime itself falls back silently when a provider fails to start.
        if session.get_providers()[0] != PROVIDERS[device]:
            raise DeviceError(f"{device} could not be started for the model {self.card.name}")
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
