"""Earmark's whole job without a screen: scan, listen, suggest, plan, write, undo."""

import os

__version__ = "0.1.0"

# ONNX Runtime's wheels for Linux and macOS report to Microsoft by now, and keep an identifier of the machine in
# ~/.cache/Microsoft. With Earmark nothing is uploaded, so it is told not to, before anybody imports it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
