"""Random weights of a ``musicnn``, with what compression looks for."""

import numpy as np

from training.architectures import FRONT_KERNELS, musicnn

LABELS = 5
Weights = dict[str, np.ndarray]


def random_weights(dead: bool, constants: bool, bases: int | None = None) -> Weights:
    """For every variable of ``musicnn``; gains fall as often as they rise. With ``bases``, kernels of a front-end block
    are mixed of so many. With ``dead``, two filters of three of the front end are.
    """
    generator = np.random.default_rng(7)
    made = {}
    for variable in musicnn(LABELS).weights:
        shape = tuple(variable.shape)
        value = generator.normal(0, 1 / np.sqrt(max(1, np.prod(shape[:-1]))), shape)
        if variable.path.endswith("moving_variance"):
            value = generator.uniform(0.5, 2, shape)
        if variable.path.endswith(("gamma", "beta", "bias")):
            value = generator.normal(0, 1, shape)
        if variable.path.endswith(("beta", "moving_mean")) and not constants:
            value = np.zeros(shape)
        made[variable.path] = value.astype(np.float32)
    for index in range(len(FRONT_KERNELS)):
        name = f"conv2d_{index}/kernel" if index else "conv2d/kernel"
        inputs, filters = int(np.prod(made[name].shape[:-1])), made[name].shape[-1]
        if bases:
            mixed = generator.normal(0, 1, (inputs, bases)) @ generator.normal(0, 1 / np.sqrt(inputs), (bases, filters))
            made[name] = (mixed / np.sqrt(bases)).reshape(made[name].shape).astype(np.float32)
        if dead:
            made[name][..., np.arange(filters) % 3 > 0] *= 1e-9
    for layer in ("conv2d_5", "conv2d_6", "conv2d_7"):  # as in a checkpoint: an image of one column
        made[f"{layer}/kernel"] = made[f"{layer}/kernel"][:, :, np.newaxis]
    return made
