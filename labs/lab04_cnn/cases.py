"""What the functions of lab 4 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit import data
from labkit.rubric.by_hand import Call

__all__ = ["DIGITS", "FUNCTIONS", "HIDDEN", "MOVED", "cases"]

FUNCTIONS = (
    "output_size",
    "pad",
    "windows",
    "correlate",
    "convolve",
    "correlate_same",
    "max_pool",
    "average_pool",
    "sobel",
    "equivariance",
)

HIDDEN = {
    "padding": (8, 7, 3, 2, 1),
    "stride": (7, 9, 3, 0, 2),
    "does_not_fit": (8, 12, 3, 0, 2),
    "padding_and_stride": (10, 9, 4, 1, 3),
}
"""Case of `correlate` -> rows, columns, size of the kernel, padding, stride."""

DIGITS = ("digit_1", "digit_2", "digit_3")
MOVED = (4, 6)
"""Pixels down and to the right by which the digit of the figures is moved."""

_SAME = {
    "odd_kernel": (7, 10, 3, 1),
    "even_kernel": (6, 5, 4, 1),
    "stride": (8, 9, 3, 2),
    "none_needed": (9, 12, 2, 3),
}
"""Case of `correlate_same` -> rows, columns, size of the kernel, stride."""

_POOLED = {"halves": (6, 8, 2, 2), "overlapping": (7, 9, 3, 2), "does_not_fit": (7, 8, 3, 3)}
"""Case of both kinds of pooling -> rows, columns, size of the window, stride."""

_ACROSS = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]


def cases(rng: np.random.Generator) -> Iterator[Call]:
    digits = _digits(rng)
    small, kernel = np.arange(9.0).reshape(3, 3), np.array([[0.0, 1.0], [2.0, 3.0]])
    yield from _sizes(rng)
    yield Call("pad", "worked_example", (small, 1, 1, 1, 1))
    yield Call("pad", "one_side", (rng.normal(size=(2, 4)), 0, 3, 2, 0))
    yield Call("pad", "nothing", (rng.normal(size=(3, 2)), 0, 0, 0, 0))
    yield Call("windows", "worked_example", (small, 2, 1))
    yield Call("windows", "stride", (rng.normal(size=(7, 9)), 3, 2))
    yield Call("windows", "does_not_fit", (rng.normal(size=(8, 6)), 3, 2))

    yield Call("correlate", "worked_example", (small, kernel, 1, 1))
    yield Call("correlate", "valid", (rng.normal(size=(6, 8)), rng.normal(size=(3, 3)), 0, 1))
    yield Call("convolve", "worked_example", (small, kernel, 1, 1))
    for case, (rows, columns, f, padding, stride) in HIDDEN.items():
        for function in ("correlate", "convolve"):
            image, weights = rng.normal(size=(rows, columns)), rng.normal(size=(f, f))
            yield Call(function, case, (image, weights, padding, stride))
    for case, (rows, columns, f, stride) in _SAME.items():
        image, weights = rng.normal(size=(rows, columns)), rng.normal(size=(f, f))
        yield Call("correlate_same", case, (image, weights, stride))
    yield from _pooling(rng, digits[0])
    yield from _edges(rng, digits)
    yield from _shifts(rng, 1 - digits[0])


def _sizes(rng: np.random.Generator) -> Iterator[Call]:
    yield Call("output_size", "worked_example", (7, 3, 0, 2))
    yield Call("output_size", "does_not_fit", (28, 5, 0, 2))
    yield Call("output_size", "padding", (28, 3, 1, 1))
    for number in range(1, 7):
        low, high = (10, 2, 0, 1), (60, 8, 4, 5)
        yield Call("output_size", f"hidden_{number}", tuple(rng.integers(low, high).tolist()))


def _pooling(rng: np.random.Generator, digit: np.ndarray) -> Iterator[Call]:
    shown = np.array([[1.0, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [2, 1, 7, 2]])
    for function in ("max_pool", "average_pool"):
        yield Call(function, "worked_example", (shown, 2, 2))
        for case, (rows, columns, f, stride) in _POOLED.items():
            image = rng.normal(size=(rows, columns)) - 2  # a maximum may lie below 0
            yield Call(function, case, (image, f, stride))
        yield Call(function, "digit", (digit, 2, 2))


def _edges(rng: np.random.Generator, digits: np.ndarray) -> Iterator[Call]:
    yield Call("sobel", "stripe", (np.tile([0.0, 0.0, 1.0, 1.0, 0.0, 0.0], (5, 1)),))
    yield Call("sobel", "hidden", (rng.normal(size=(6, 9)),))
    for case, digit in zip(DIGITS, digits):
        yield Call("sobel", case, (digit,))


def _shifts(rng: np.random.Generator, paper: np.ndarray) -> Iterator[Call]:
    """A dark digit on white paper: what comes in beside it can be seen."""
    down, right = MOVED
    moved = np.zeros_like(paper)
    moved[down:, right:] = paper[:-down, :-right]
    yield Call("correlate", "digit", (paper, np.array(_ACROSS), 0, 1))
    yield Call("correlate", "digit_moved", (moved, np.array(_ACROSS), 0, 1))
    yield Call("equivariance", "digit", (paper, np.array(_ACROSS), down, right))
    yield Call("equivariance", "nothing", (rng.normal(size=(5, 6)), rng.normal(size=(3, 3)), 0, 0))
    yield Call("equivariance", "hidden", (rng.normal(size=(9, 8)), rng.normal(size=(3, 3)), 2, 1))
    yield Call("equivariance", "back", (rng.normal(size=(8, 9)), rng.normal(size=(2, 2)), -1, -3))


def _digits(rng: np.random.Generator) -> np.ndarray:
    """Three handwritten digits of different kinds, (3, 28, 28), from 0 to 1."""
    found = data.load("mnist")
    rows = np.sort(rng.choice(len(found.x_test), 60, replace=False))
    _kinds, first = np.unique(found.y_test[rows], return_index=True)
    return np.asarray(found.x_test[rows[np.sort(first)[:3]]]) / 255
