"""Where the models come from: published checkpoints and data sets in, model folders out."""

import tagger_core  # noqa: F401 - before anything imports onnxruntime: it keeps that from reporting to Microsoft
