"""An accelerator for machines without one: ONNX Runtime's session on the CPU, which behaves as one on a graphics card.

Contents: ``FakeSession``, ``fake_accelerator``
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import onnxruntime as ort

from tagger_core.classifier import PROVIDERS

REAL_SESSION = ort.InferenceSession

NO_MEMORY = (
    "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running FusedConv node. "
    "Failed to allocate memory for requested buffer of size 134217728"
)
LOST = "[ONNXRuntimeError] : 1 : FAIL : CUDA failure 719: unspecified launch failure\nmore lines"


class FakeSession:
    """Takes the place of ``onnxruntime.InferenceSession``. What happens stands in the class; subclass it for each test.

    Where ``call_seconds`` or ``patch_seconds`` is given, it takes that time and answers with zeros.
    """

    fails_to_open = False
    falls_back_silently = False
    works_for = 10**9
    """Runs; after them the device is lost."""
    memory = 10**9
    """Patches that fit."""
    forbids_threads = False
    """As DirectML does: two runs of a session at a time are an error. Otherwise the second waits."""
    call_seconds = patch_seconds = 0.0
    sizes: list[int]
    """Patches of every run on the accelerator, those that failed too."""
    options: dict[str, str]

    def __init__(
        self,
        content: bytes,
        options: ort.SessionOptions,
        *,
        providers: list[str],
        provider_options: list[dict[str, str]],
        enable_fallback: int,
    ) -> None:
        self._provider = providers[0]
        self._busy = threading.Lock()
        self._falls_back = True
        if self._provider != "CPUExecutionProvider":
            type(self).options = provider_options[0]
            if self.fails_to_open:
                raise RuntimeError("no such card")
        self._session = REAL_SESSION(content, options, providers=["CPUExecutionProvider"])

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"] if self.falls_back_silently else [self._provider]

    def disable_fallback(self) -> None:
        self._falls_back = False

    def run(self, names: list[str], feeds: dict[str, Any]) -> Any:
        if self._provider == "CPUExecutionProvider":
            return self._session.run(names, feeds)
        if self.forbids_threads and self._busy.locked():
            raise RuntimeError("two threads in one session")
        with self._busy:
            return self._run(names, feeds)

    def _run(self, names: list[str], feeds: dict[str, Any]) -> Any:
        (patches,) = feeds.values()
        self.sizes.append(len(patches))
        if len(self.sizes) > self.works_for:
            if self._falls_back:  # as the real one does, silently, unless it is told not to
                self._provider = "CPUExecutionProvider"
                return self._session.run(names, feeds)
            raise RuntimeError(LOST)
        if len(patches) > self.memory:
            raise RuntimeError(NO_MEMORY)
        if not self.call_seconds and not self.patch_seconds:
            return self._session.run(names, feeds)
        time.sleep(self.call_seconds + self.patch_seconds * len(patches))
        return [np.zeros((len(patches), self._session.get_outputs()[0].shape[1]), np.float32)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@contextmanager
def fake_accelerator(device: str = "cuda", **behaviour: Any) -> Iterator[type[FakeSession]]:
    """A block in which ONNX Runtime has this device beside the CPU, with the attributes of ``FakeSession`` given."""
    session = type("Session", (FakeSession,), {"sizes": [], "options": {}, **behaviour})
    with (
        mock.patch.object(ort, "get_available_providers", return_value=["CPUExecutionProvider", PROVIDERS[device]]),
        mock.patch.object(ort, "InferenceSession", session),
    ):
        yield session
