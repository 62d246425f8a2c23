"""What the losses of lab 6 are asked about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["FUNCTIONS", "cases"]

FUNCTIONS = ("discriminator_loss", "generator_loss")


def cases(rng: np.random.Generator) -> Iterator[Call]:
    real = np.array([[2.0], [0.0]])
    fake = np.array([[-1.0], [0.0]])
    hidden, others = rng.normal(scale=3, size=(40, 1)), rng.normal(-1, 2, size=(25, 1))
    sure = np.array([[300.0], [-300.0]])  # e^300 is beyond float32
    undecided = np.zeros((8, 1))
    yield Call("discriminator_loss", "undecided", _float32(undecided, undecided))
    yield Call("discriminator_loss", "worked_example", _float32(real, fake))
    yield Call("discriminator_loss", "hidden", _float32(hidden, others))
    yield Call("discriminator_loss", "very_sure", _float32(sure, sure))
    yield Call("generator_loss", "undecided", _float32(undecided))
    yield Call("generator_loss", "worked_example", _float32(fake))
    yield Call("generator_loss", "hidden", _float32(others))
    yield Call("generator_loss", "very_sure", _float32(sure))


def _float32(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """As a network gives them."""
    return tuple(array.astype("float32") for array in arrays)
