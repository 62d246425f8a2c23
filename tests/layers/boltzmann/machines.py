"""Machines of known weights, and what a textbook says about them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from labkit.layers.boltzmann import BoltzmannMachine, RestrictedBoltzmannMachine

WORDS = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 0, 1]])
BARS = np.array([[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]] * 10)


def restricted(
    visible: int, hidden: int, seed: int = 0, *, kind: Any = "bernoulli", scale: float = 1.0
) -> RestrictedBoltzmannMachine:
    """A float64 machine of random weights."""
    layer = RestrictedBoltzmannMachine(hidden, visible=kind, seed=seed, dtype="float64")
    return _filled(layer, visible, scale)


def general(visible: int, hidden: int = 0, seed: int = 0, scale: float = 1.0) -> BoltzmannMachine:
    """The same of a machine that is not restricted."""
    return _filled(BoltzmannMachine(hidden, seed=seed, dtype="float64"), visible, scale)


def _filled(layer: Any, visible: int, scale: float) -> Any:
    layer.build((None, visible))
    generator = np.random.default_rng(layer.seed)
    layer.set_weights([generator.normal(0, scale, weight.shape) for weight in layer.get_weights()])
    return layer


def parameters(layer: RestrictedBoltzmannMachine) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """w, b, c."""
    weights = (layer.kernel, layer.visible_bias, layer.hidden_bias)
    w, b, c = (np.array(weight) for weight in weights)
    return w, b, c


def states(units: int) -> np.ndarray:
    return np.array(list(product((0, 1), repeat=units)))


def joint_energies(layer: RestrictedBoltzmannMachine, v: np.ndarray, h: np.ndarray) -> np.ndarray:
    """E of every pair, written out as in a textbook."""
    w, b, c = parameters(layer)
    own = ((v - b) ** 2).sum(1) / 2 if layer.visible == "gaussian" else -v @ b
    return own[:, None] - (h @ c)[None] - v @ w @ h.T


def likelihood(layer: RestrictedBoltzmannMachine, x: np.ndarray) -> float:
    return float(layer.log_likelihood(x).mean())
