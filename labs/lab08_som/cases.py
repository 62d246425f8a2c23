"""What the functions of lab 8 are asked: a map of three units, random colours, real digits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit import data
from labkit.rubric.by_hand import Call

__all__ = ["cases"]

LINE = [[[0.0], [4.0], [10.0]]]
FOLDED = [[[0.0], [10.0], [1.0]]]
"""Maps of a row of three units with one feature: in order, and with a fold."""

SQUARE = [[[0.0, 0.0], [2.0, 0.0], [2.0, 0.0]], [[0.0, 2.0], [2.0, 2.0], [9.0, 9.0]]]
"""A map of two rows and three columns, with two units alike."""


def cases(rng: np.random.Generator) -> Iterator[Call]:
    small, rows = rng.random((5, 7, 4)), rng.random((40, 4))
    line, folded, square = np.array(LINE), np.array(FOLDED), np.array(SQUARE)
    for name in ("distances", "best_matching_unit", "quantization_error", "topographic_error"):
        yield Call(name, "line", (line, np.array([[6.0], [1.0]])))
        yield Call(name, "hidden", (small, rows))
    yield Call("best_matching_unit", "ties", (square, np.array([[2.0, 0.0], [1.0, 1.0], [2.0, 1.0]])))
    yield Call("topographic_error", "folded", (folded, np.array([[0.4], [9.0], [12.0], [0.7]])))

    yield Call("decay", "worked_example", (8.0, 2.0, 4))
    yield Call("decay", "hidden", (float(rng.uniform(3, 6)), float(rng.uniform(0.3, 0.8)), 50))
    yield Call("neighbourhood", "line", (1, 3, np.array([0, 1]), 1.0))
    place = np.array([rng.integers(6), rng.integers(9)])
    yield Call("neighbourhood", "hidden", (6, 9, place, float(rng.uniform(1.5, 3))))

    yield Call("online_step", "line", (line, np.array([6.0]), 0.5, 1.0))
    yield Call("online_step", "hidden", (small, rows[0], float(rng.uniform(0.2, 0.8)), 2.0))
    yield _colours(rng)
    yield Call("train_batch", "line", (line, np.array([[6.0], [1.0]]), (1.0, 1.0), 1))
    yield Call("train_batch", "hidden", (small, rows, (2.0, 1.0), 1))
    yield Call("train_batch", "epochs", (small, rows, (3.0, 0.6), 6))

    yield Call("u_matrix", "line", (line,))
    yield Call("u_matrix", "hidden", (small,))
    yield from _digits(rng)
    yield Call("locate", "hidden", (small, _clear(small, rng.random((60, 4)))))


def _colours(rng: np.random.Generator) -> Call:
    """Red, green and blue from 0 to 1; every colour is seen four times."""
    colours = rng.random((250, 3))
    order = np.concatenate([rng.permutation(250) for _epoch in range(4)])
    return Call(
        "train_online", "colours", (rng.random((10, 14, 3)), colours, order, (0.5, 0.02), (5.0, 0.6))
    )


def _digits(rng: np.random.Generator) -> Iterator[Call]:
    """Twenty images of each digit, in 14 × 14 pixels from 0 (paper) to 1; the map starts as noise."""
    mnist = data.load("mnist")
    rows = [rng.choice(np.flatnonzero(mnist.y_test == digit), 20, False) for digit in range(10)]
    chosen = np.sort(np.concatenate(rows))
    x = (mnist.x_test[chosen].reshape(-1, 14, 2, 14, 2).mean((2, 4)) / 255).reshape(-1, 196)
    labels = mnist.y_test[chosen].astype(int)
    some = x[rng.choice(len(x), 80, False)].reshape(8, 10, 196)
    yield Call("hits", "digits", (some, x[:100], labels[:100]))
    yield Call("digit_map", "digits", (rng.random((8, 10, 196)), x, labels, (4.0, 0.5), 12))


def _clear(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Samples with one nearest unit, whatever the precision it is looked for with."""
    squared = ((x[:, None] - weights.reshape(-1, weights.shape[2])) ** 2).sum(2)
    nearest, second = np.sort(squared, axis=1)[:, :2].T
    return x[second > nearest + 1e-3]
