"""What the functions of lab 15 are asked, and the deep networks among it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["ACTIVATIONS", "SIZES", "cases"]

ACTIVATIONS = ("sigmoid", "tanh", "relu")

SIZES = {"small": 1 / 3, "right": 1.0, "large": 3.0}
"""Of the weights of deep networks, by what Glorot (He for the ReLU) would have."""

_DEPTH, _WIDTH, _ROWS = 12, 64, 32


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _depth(rng)
    yield from _starts(rng)
    yield from _normalizations(rng)
    yield from _regularizers(rng)
    yield from _epochs(rng)
    yield from _layers(rng)


def _depth(rng: np.random.Generator) -> Iterator[Call]:
    """Twelve layers alike, three activations, three sizes of weights; and two networks that are not."""
    folded = [np.array([[1.0, 1], [1, -1]])] * 2
    yield Call("spread", "worked_example", (folded, np.array([[1.0, -1]]), "relu"))
    one = np.array([[1.0]])
    yield Call("gradient_norms", "worked_example", ([one] * 3, one, one, "sigmoid"))

    uneven = [rng.normal(0, 0.6, (n, before)) for before, n in pairwise((4, 7, 5, 3))]
    for name in ACTIVATIONS:
        x, y = rng.normal(0.5, 1.5, (9, 4)), rng.random((9, 3))
        yield Call("spread", f"{name}_hidden", (uneven, x, name))
        yield Call("gradient_norms", f"{name}_hidden", (uneven, x, y, name))

    x, y = rng.normal(size=(_ROWS, _WIDTH)), rng.uniform(0, 1, (_ROWS, _WIDTH))
    numbers = rng.normal(size=(_DEPTH, _WIDTH, _WIDTH)) / np.sqrt(_WIDTH)
    for name in ACTIVATIONS:
        right = np.sqrt(2) * numbers if name == "relu" else numbers
        for size, times in SIZES.items():
            yield Call("spread", f"{name}_{size}", (list(times * right), x, name))
            yield Call("gradient_norms", f"{name}_{size}", (list(times * right), x, y, name))


def _starts(rng: np.random.Generator) -> Iterator[Call]:
    """Deviations, and weights made with them."""
    yield Call("deviation", "glorot_worked_example", ("glorot", 3, 5))
    yield Call("deviation", "he_worked_example", ("he", 8, 5))
    for rule in ("glorot", "he"):
        yield Call("deviation", f"{rule}_hidden", (rule, *map(int, rng.integers(2, 300, 2))))
    thirds = np.arange(15.0).reshape(5, 3) / 14
    yield Call("initial_weights", "worked_example", ("glorot", "uniform", thirds))
    for rule in ("glorot", "he"):
        yield Call("initial_weights", f"{rule}_uniform", (rule, "uniform", rng.random((7, 4))))
        yield Call("initial_weights", f"{rule}_normal", (rule, "normal", rng.normal(size=(3, 8))))


def _normalizations(rng: np.random.Generator) -> Iterator[Call]:
    column, upstream = np.array([[0.0], [2], [4], [6]]), np.array([[1.0], [0], [0], [0]])
    given = np.array([3.0]), np.array([1.0])
    start = np.zeros(1), np.ones(1)
    yield Call("normalize", "worked_example", (column, np.array([[3.0], [8]])))
    train = rng.normal([5, -2, 300], [1, 0.1, 90], (30, 3))
    yield Call("normalize", "training_rows", (train, train))
    yield Call("normalize", "new_rows", (train, rng.normal([6, -2, 250], [1, 0.1, 60], (5, 3))))

    yield Call("batch_norm_training", "worked_example", (column, *given, *start, 0.99))
    running = np.array([0.03]), np.array([1.04])
    yield Call("batch_norm_inference", "worked_example", (column, *given, *running))
    yield Call("batch_norm_backward", "worked_example", (column, given[0], upstream))

    x = rng.normal([3, -4, 0, 8, -1, 1], [1, 4, 0.4, 2, 6, 3], (24, 6))
    ones, zeros = np.ones(6), np.zeros(6)
    yield Call("batch_norm_training", "plain", (x, ones, zeros, zeros, ones, 0.99))
    gamma, beta, mean = rng.uniform(0.5, 2, 4), rng.normal(size=4), rng.normal(size=4)
    x, variance, upstream = (
        rng.normal(mean, 2, (9, 4)),
        rng.uniform(0.5, 3, 4),
        rng.normal(1, 1, (9, 4)),
    )
    yield Call("batch_norm_training", "hidden", (x, gamma, beta, mean, variance, 0.9))
    narrow = rng.normal(2, 0.03, (9, 4))  # so narrow that EPSILON counts
    yield Call("batch_norm_training", "narrow", (narrow, gamma, beta, mean, variance, 0.5))
    yield Call("batch_norm_inference", "hidden", (x, gamma, beta, mean, variance))
    yield Call("batch_norm_inference", "one_row", (x[:1], gamma, beta, mean, variance / 500))
    yield Call("batch_norm_backward", "hidden", (x, gamma, upstream))
    yield Call("batch_norm_backward", "narrow", (narrow, gamma, upstream))


def _regularizers(rng: np.random.Generator) -> Iterator[Call]:
    yield Call("penalty", "worked_example", (np.array([[1.0, -2], [0, 3]]), 0.1, 0.01))
    w = rng.normal(size=(4, 3))
    yield Call("penalty", "l1_alone", (w, 0.3, 0.0))
    yield Call("penalty", "l2_alone", (w, 0.0, 0.3))
    yield Call("penalty", "both", (w, *map(float, rng.uniform(0.1, 1, 2))))
    a, u = np.array([1.0, 2, 3, 4]), np.array([0.7, 0.1, 0.5, 0.9])
    wide, numbers = rng.normal(size=(6, 9)), rng.random((6, 9))
    for when, training in (("training", True), ("inference", False)):
        yield Call("dropout", f"{when}_worked_example", (a, u, 0.5, training))
        yield Call("dropout", f"{when}_hidden", (wide, numbers, 0.3, training))
    yield Call("dropout", "training_at_rate_0", (wide, numbers, 0.0, True))


def _epochs(rng: np.random.Generator) -> Iterator[Call]:
    """The same epoch online, in batches, and as one update; the plot draws one of them."""
    x, y = np.array([[1.0], [2]]), np.array([2.0, 2])
    yield Call("epoch", "online_worked_example", (np.zeros(1), x, y, 0.1, 1))
    yield Call("epoch", "batch_worked_example", (np.zeros(1), x, y, 0.1, 2))
    x = rng.normal(size=(30, 3))
    y = x @ [1.5, -1.0, 0.5] + rng.normal(0, 0.5, 30)
    for name, size in (("online", 1), ("mini_batch", 8), ("batch", 30), ("batch_too_large", 64)):
        yield Call("epoch", f"{name}_hidden", (np.zeros(3), x, y, 0.1, size))
    yield Call("epoch", "mini_batch_onwards", (rng.normal(size=3), x, y, 0.05, 10))


def _layers(rng: np.random.Generator) -> Iterator[Call]:
    given = rng.uniform(0.5, 2, 4), rng.normal(size=4), rng.normal(size=4), rng.uniform(0.5, 3, 4)
    w, x, new = rng.normal(size=(4, 3)), rng.normal(1, 2, (12, 3)), rng.normal(size=(5, 3))
    yield Call("with_keras", "hidden", (w, *given, 0.9, x, new))
    yield Call("with_keras", "square", (rng.normal(size=(4, 4)), *given, 0.5, *2 * [x @ w.T]))
