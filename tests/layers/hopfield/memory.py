"""Memories to be tested, and what they are asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import settings

from labkit.layers.hopfield import Hopfield

RULES = ("hebb", "storkey", "pseudo_inverse")
MODES = ("asynchronous", "synchronous")
properties = settings(max_examples=25, derandomize=True, deadline=None)


def random_patterns(count: int, neurons: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1.0, 1.0], (count, neurons)).astype("float32")


def flipped(patterns: np.ndarray, share: float, seed: int = 1) -> np.ndarray:
    wrong = np.random.default_rng(seed).random(patterns.shape) < share
    return np.where(wrong, -patterns, patterns).astype("float32")


def adapted(patterns: np.ndarray, *arguments: Any, **options: Any) -> Hopfield:
    layer = Hopfield(*arguments, **options)
    layer.adapt(patterns)
    return layer
