"""Where the models come from: published checkpoints and data sets in, model folders out."""
