"""The networks of lab 13, and what its functions are asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["RIGHT_BELOW", "cases"]

RIGHT_BELOW = 1 / 32
"""A cost of XOR below which all four answers are on the right side of one half.

One answer that is off by 1/2 costs (1/4) (1/2) (1/2)² on its own.
"""

_STARTS = (
    ([[0.0, 2.8], [2.9, 0.0]], [0.1, -0.9], [[-0.7, -0.3]], [0.1]),
    ([[1.2, -2.1], [3.8, 0.7]], [0.6, -1.2], [[0.4, -1.4]], [0.4]),
    ([[1.6, -3.0], [-2.3, -0.1]], [0.2, 1.6], [[0.6, 0.2]], [0.3]),
    ([[1.9, 1.0], [1.1, 4.0]], [-1.2, -2.1], [[0.7, -0.2]], [-0.7]),
)
"""First weights and biases, second weights and biases. With a rate of 8 descent from each, or from any
point within 0.1 of one, had all four answers right after at most 200 epochs (1,000 tries of each)."""

_STUCK = ([[-0.9, -0.9], [2.6, 0.8]], [-0.7, 0.1], [[-0.2, -0.1]], [0.4])
"""From here all tries ended in a flat valley at 1/12, and were still there after 5,000 epochs."""

_RATE, _EPOCHS, _NEAR = 8.0, 500, 0.05


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _pieces(rng)
    small, wide = _network(rng, 2, 3, 1), _network(rng, 4, 2)
    deep, rows = _network(rng, 3, 5, 4, 2), rng.normal(size=(6, 3))
    by_hand, one = _by_hand(), np.array([[1.0, 0.0]])

    yield Call("forward_one", "worked_example", (*by_hand, one[0]))
    yield Call("forward_one", "one_layer", (*wide, rng.normal(size=4)))
    yield Call("forward_one", "deep", (*deep, rows[0]))
    yield Call("forward", "worked_example", (*by_hand, one))
    yield Call("forward", "xor", (*_start(rng), _xor()[0]))
    yield Call("forward", "deep", (*deep, rows))

    y, answer = rng.random((6, 2)), np.array([[1.0]])
    yield Call("deltas", "one_layer", (*wide, rng.normal(size=(6, 4)), y))
    yield Call("deltas", "worked_example", (*by_hand, one, answer))
    yield Call("deltas", "xor", (*_start(rng), *_xor()))
    yield Call("deltas", "deep", (*deep, rows, y))
    yield Call("gradients", "worked_example", (*by_hand, one, answer))
    yield Call("gradients", "xor", (*_start(rng), *_xor()))
    yield Call("gradients", "deep", (*deep, rows, y))

    yield Call("numerical_gradient", "fine", (*small, *_xor(), 1e-5))
    yield Call("numerical_gradient", "coarse", (*small, *_xor(), 0.5))
    yield Call("disagreement", "fine", (*small, *_xor(), 1e-5))
    yield Call("disagreement", "coarse", (*small, *_xor(), 0.5))

    yield Call("train", "deep", (*deep, rows, y, 2.0, 20))
    yield Call("train", "xor", (*_start(rng), *_xor(), _RATE, _EPOCHS))
    yield Call("train", "stuck", (*_lists(_STUCK), *_xor(), _RATE, _EPOCHS))
    yield Call("with_keras", "xor", (*_start(rng), *_xor(), _RATE, 10))
    yield Call("with_keras", "deep", (*deep, rows, y, 2.0, 3))


def _pieces(rng: np.random.Generator) -> Iterator[Call]:
    """What the network is made of, without a network."""
    yield Call("hadamard", "worked_example", (np.array([1.0, 2, 3]), np.array([4.0, 5, 6])))
    yield Call("hadamard", "square", (rng.normal(size=(3, 3)), rng.normal(size=(3, 3))))
    yield Call("step", "worked_example", (np.array([0.5]), np.array([0.2]), 0.1))
    yield Call("step", "hidden", (rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.7))
    yield Call("cost", "worked_example", (np.array([[0.5]]), np.array([[1.0]])))
    yield Call("cost", "hidden", (rng.random((6, 3)), rng.random((6, 3))))


def _xor() -> tuple[np.ndarray, np.ndarray]:
    """The four corners, and what XOR answers to them."""
    return np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])


def _by_hand() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The network that the handout reckons through."""
    return _lists(([[2.0, 1.0], [1.0, -1.0]], [-2.0, -1.0], [[2.0, -2.0]], [0.0]))


def _start(rng: np.random.Generator) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """A network for XOR from which descent arrives."""
    weights, biases = _lists(_STARTS[rng.integers(len(_STARTS))])
    return tuple(  # type: ignore[return-value]
        [array + rng.uniform(-_NEAR, _NEAR, array.shape) for array in arrays]
        for arrays in (weights, biases)
    )


def _lists(start: tuple[Any, ...]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    return [np.array(w) for w in start[::2]], [np.array(b) for b in start[1::2]]


def _network(rng: np.random.Generator, *sizes: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """A network with so many inputs, and so many neurons in each layer."""
    weights = [rng.normal(0, 1, (n, before)) for before, n in pairwise(sizes)]
    return weights, [rng.normal(0, 0.5, n) for n in sizes[1:]]
