"""Random weights by name of the distribution. Biases are 0; what is no layer stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.learn.protocol import Parameters, Weights

Draw = Callable[[np.random.Generator, tuple[int, int], float], Floats]
"""A generator, the shape ``[out, in]`` and the gain of the layer in; its weights out."""

GAINS = {"relu": 2**0.5, "tanh": 5 / 3}
"""What keeps the variance of activations from layer to layer; torch's ``calculate_gain``."""

HEAD_GAINS = {"actor.head.weight": 0.01, "log_std.weight": 0.01}
"""Gains of last layers, 1 where none is given. An actor begins near its uniform policy, as SB3's
does, so that the distributions compare as hidden layers and not as arbitrary policies."""


def normal(rng: np.random.Generator, shape: tuple[int, int], gain: float) -> Floats:
    """Normal of variance 1/in whatever the activation (LeCun et al. 1998)."""
    return np.asarray(rng.normal(size=shape) * min(gain, 1.0) / shape[1] ** 0.5)


def kaiming(rng: np.random.Generator, shape: tuple[int, int], gain: float) -> Floats:
    """Normal of variance gain²/in (He et al., ICCV 2015)."""
    return np.asarray(rng.normal(size=shape) * gain / shape[1] ** 0.5)


def orthogonal(rng: np.random.Generator, shape: tuple[int, int], gain: float) -> Floats:
    """Rows or columns orthonormal, times the gain (Saxe et al., ICLR 2014)."""
    tall = (max(shape), min(shape))
    q, r = np.linalg.qr(rng.normal(size=tall))
    q = q * np.sign(np.diag(r))  # uniform among all such matrices, which QR alone is not
    return np.asarray(gain * (q if shape == tall else q.T))


INITIALISATIONS: dict[str, Draw] = {
    "normal": normal,
    "orthogonal": orthogonal,
    "kaiming": kaiming,
}
"""Every distribution by name."""


def drawn(
    like: Weights,
    name: str,
    activation: str,
    rng: np.random.Generator,
    head_gains: Mapping[str, float] = HEAD_GAINS,
) -> Parameters:
    """Weights with the names and shapes of ``like``.

    Args:
        like: any weights of the network.
        name: a key of ``INITIALISATIONS``.
        activation: behind the hidden layers, a key of ``GAINS``.
        rng: what they are drawn from.
        head_gains: of last layers.
    """
    weights = {}
    for key, array in like.items():
        if not key.endswith(".weight"):
            fills = np.zeros_like if key.endswith(".bias") else np.array
            weights[key] = fills(array, dtype=np.float32)
            continue
        last = ".head." in key or key in HEAD_GAINS
        gain = head_gains.get(key, 1.0) if last else GAINS[activation]
        outputs, inputs = array.shape
        matrix = INITIALISATIONS[name](rng, (outputs, inputs), gain)
        weights[key] = matrix.astype(np.float32)
    return weights
