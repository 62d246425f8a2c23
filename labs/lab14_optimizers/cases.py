"""The valleys of lab 14, and the ways down that its functions are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["FLAT", "MINIMUM", "RATES", "STEEP", "cases"]

FLAT, STEEP = 1.0, 50.0
"""Curvatures of the long valley, along it and across."""

MINIMUM = (1.0, -0.5)
"""Weights at the bottom of the long valley."""

RATES = {"too_small": 0.02, "right": 0.9, "too_large": 1.03}
"""Shares of the greatest rate at which descent does not diverge."""

_STEPS, _BETAS = 60, (0.9, 0.999)
_ROWS, _NOISE = 20, 1.0


def cases(rng: np.random.Generator) -> Iterator[Call]:
    hand = np.array([1.0]), np.array([[1.0], [1.0]]), np.array([1.0, -1.0])
    hidden = _hidden(rng)
    valley = _valley(rng)
    limit = float(2 / np.linalg.eigvalsh(2 * hidden[1].T @ hidden[1] / len(hidden[1]))[-1])

    for case, (w, x, y) in {"worked_example": hand, "hidden": hidden, "valley": valley}.items():
        yield Call("cost", case, (w, x, y))
        yield Call("gradient", case, (w, x, y))
        yield Call("curvature", case, (x,))
    yield from _forms(rng)

    yield Call("descend", "worked_example", (*hand, 0.1, 3))
    yield Call("descend", "hidden", (*hidden, 0.6 * limit, 25))
    for case, share in RATES.items():
        yield Call("descend", case, (*valley, share * 2 / STEEP, _STEPS))
    yield from _in_batches(rng, hand, hidden, valley, limit)
    yield from _with_memory(hand, hidden, valley, limit)
    for name, rate in (
        ("sgd", 0.6 * limit),
        ("momentum", 0.1 * limit),
        ("rmsprop", 0.1),
        ("adam", 0.1),
    ):
        yield Call("with_keras", name, (name, *hidden, rate, 8))


def _forms(rng: np.random.Generator) -> Iterator[Call]:
    """Quadratic forms: in one dimension, along the axes, turned, and with a direction that is flat."""
    yield Call("greatest_rate", "worked_example", (np.array([[2.0]]),))
    yield Call("greatest_rate", "along_the_axes", (np.diag([0.5, 8.0, 2.0]),))
    yield Call("greatest_rate", "turned", (np.array([[3.0, 2.0], [2.0, 3.0]]),))
    yield Call("greatest_rate", "hidden", (_form(rng.uniform(0.2, 6, 4), rng),))
    yield Call("greatest_rate", "flat", (_form(np.append(rng.uniform(1, 6, 2), 0), rng),))


def _in_batches(
    rng: np.random.Generator, hand: Any, hidden: Any, valley: Any, limit: float
) -> Iterator[Call]:
    """Steps that see only some of the rows, in orders that are drawn here."""
    few, many = len(hidden[1]), len(valley[1])
    yield Call("mini_batches", "worked_example", (*hand, 0.1, 1, np.array([[0, 1], [1, 0]])))
    yield Call("mini_batches", "one_row", (*hidden, 0.1 * limit, 1, _orders(rng, 2, few)))
    yield Call("mini_batches", "four_rows", (*hidden, 0.3 * limit, 4, _orders(rng, 3, few)))
    yield Call("mini_batches", "all_rows", (*hidden, 0.6 * limit, few, _orders(rng, 4, few)))
    yield Call("mini_batches", "rows_left_over", (*hidden, 0.3 * limit, 5, _orders(rng, 3, few)))
    yield Call("mini_batches", "fewer_rows", (*hidden, 0.3 * limit, few + 4, _orders(rng, 3, few)))
    yield Call("mini_batches", "valley_one", (*valley, 0.01, 1, _orders(rng, 20, many)))
    yield Call("mini_batches", "valley_five", (*valley, 0.02, 5, _orders(rng, 40, many)))


def _with_memory(hand: Any, hidden: Any, valley: Any, limit: float) -> Iterator[Call]:
    """Ways that remember gradients; in the last case of each of two these are next to nothing."""
    yield Call("momentum", "worked_example", (*hand, 0.1, 0.9, 3))
    yield Call("momentum", "hidden", (*hidden, 0.2 * limit, 0.7, 25))
    yield Call("momentum", "none", (*hidden, 0.6 * limit, 0.0, 5))
    yield Call("momentum", "valley", (*valley, 0.03, 0.8, _STEPS))
    tiny = hidden[0], 1e-3 * hidden[1], 1e-3 * hidden[2]
    yield Call("rmsprop", "worked_example", (*hand, 0.1, 0.9, 3))
    yield Call("rmsprop", "hidden", (*hidden, 0.05, 0.8, 25))
    yield Call("rmsprop", "valley", (*valley, 0.06, 0.9, _STEPS))
    yield Call("rmsprop", "tiny_gradients", (*tiny, 0.5, 0.9, 5))
    for corrected, name in ((False, "plain"), (True, "corrected")):
        for case, problem, rate, steps in (
            ("worked_example", hand, 0.1, 3),
            ("valley", valley, 0.2, _STEPS),
            ("tiny_gradients", tiny, 0.1, 5),
        ):
            yield Call("adam", f"{case}_{name}", (*problem, rate, list(_BETAS), corrected, steps))
        yield Call("adam", f"hidden_{name}", (*hidden, 0.05, [0.8, 0.95], corrected, 25))


def _hidden(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A start that is off by at least 1 in each weight, twelve rows of three inputs, their answers."""
    x, w = rng.normal(size=(12, 3)), rng.normal(size=3)
    start = w + rng.choice([-1.0, 1.0], 3) * rng.uniform(1, 2, 3)
    return start, x, x @ w + 0.3 * rng.normal(size=12)


def _valley(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A start on a slope of the long valley, twenty rows of two inputs, their answers.

    Rows are stretched and turned until the curvatures are FLAT and STEEP; noise that no weights can
    account for leaves the bottom where it is, at MINIMUM.
    """
    angle = rng.uniform(0.45, 0.6)  # radians
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    round_rows = np.linalg.qr(rng.normal(size=(_ROWS, 2)))[0] * np.sqrt(_ROWS / 2)
    x = round_rows * np.sqrt([FLAT, STEEP]) @ turned
    noise = _NOISE * rng.normal(size=_ROWS)
    noise -= x @ np.linalg.lstsq(x, noise, rcond=None)[0]
    return MINIMUM + np.array([-3.0, -0.8]) @ turned, x, x @ MINIMUM + noise


def _form(eigenvalues: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turned = np.linalg.qr(rng.normal(size=2 * (len(eigenvalues),)))[0]
    form: np.ndarray = turned * eigenvalues @ turned.T
    return (form + form.T) / 2


def _orders(rng: np.random.Generator, epochs: int, rows: int) -> np.ndarray:
    return np.array([rng.permutation(rows) for _epoch in range(epochs)])
