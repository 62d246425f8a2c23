"""What the functions of lab 19 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["FUNCTIONS", "LARGE", "cases"]

FUNCTIONS = (
    "shifted",
    "scores",
    "weights",
    "context",
    "attend",
    "attend_with_keras",
    "greedy",
    "finished",
)

LARGE = "large_scores"
"""Case of `weights` with scores whose powers no number holds."""


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield Call("shifted", "worked_example", (np.array([[7, 8, 2, 0], [5, 6, 7, 2]]), 1))
    yield Call("shifted", "hidden", (_answers(rng, 6, 9), 1))
    yield Call("shifted", "other_start", (_answers(rng, 3, 5), 40))

    one = np.ones((1, 1, 1))
    keys = np.array([[[0.0], [-1.0], [-2.0]]])
    yield Call("scores", "worked_example", (one, keys, np.array([2.0])))
    yield Call("scores", "hidden", (*_normal(rng, (3, 4, 6), (3, 5, 6), (6,)),))

    three = np.array([[[2 * np.tanh(1), 0.0, -2 * np.tanh(1)]]])
    yield Call("weights", "worked_example", (three, np.array([[True, True, False]])))
    yield Call("weights", "no_padding", (rng.normal(size=(2, 3, 5)), np.ones((2, 5), bool)))
    yield Call("weights", "hidden", (rng.normal(size=(4, 4, 7)), _mask(rng, 4, 7)))
    yield Call("weights", LARGE, (rng.normal(scale=3_000, size=(3, 4, 6)), _mask(rng, 3, 6)))

    values = np.array([[[0.0], [1.0], [2.0]]])
    yield Call("context", "worked_example", (np.array([[[0.75, 0.25, 0.0]]]), values))
    shares = rng.dirichlet(np.ones(5), size=(3, 4))
    yield Call("context", "hidden", (shares, rng.normal(size=(3, 5, 2))))

    worked = (one, values, np.ones((1, 1)), -np.ones((1, 1)), np.array([2.0]))
    for function in ("attend", "attend_with_keras"):
        yield Call(function, "worked_example", (*worked, np.array([[True, True, False]])))
        arrays = _normal(rng, (4, 6, 3), (4, 7, 5), (3, 8), (5, 8), (8,))
        yield Call(function, "hidden", (*arrays, _mask(rng, 4, 7)))

    table = np.array([[0.1, 0.1, 0.1, 0.7], [0, 0, 0.1, 0.9], [1, 0, 0, 0], [0, 0, 0.8, 0.2]])
    yield Call("greedy", "worked_example", (table, 1, 2, 5))
    yield Call("greedy", "never_ends", (np.roll(np.eye(5), 1, axis=1), 3, 9, 8))
    for number in (1, 2, 3):
        table = rng.dirichlet(np.ones(9), size=9)
        table[:, 2] *= 0.3
        yield Call("greedy", f"hidden_{number}", (table, 1, 2, 12))

    said = np.array([[7, 8, 2, 5, 2], [7, 8, 9, 5, 6], [2, 2, 0, 1, 7], [5, 6, 7, 8, 2]])
    yield Call("finished", "worked_example", (said, 2))
    yield Call("finished", "hidden", (rng.integers(1, 6, size=(12, 9)), 3))


def _answers(rng: np.random.Generator, rows: int, steps: int) -> np.ndarray:
    """Answers of different lengths, the first of them without padding."""
    lengths = [steps, *rng.integers(1, steps, rows - 1)]
    symbols = rng.integers(3, 30, (rows, steps))
    places = np.arange(steps)
    made = np.zeros((rows, steps), int)
    for row, length in enumerate(lengths):
        made[row] = np.where(places < length - 1, symbols[row], np.where(places == length - 1, 2, 0))
    return made


def _mask(rng: np.random.Generator, rows: int, places: int) -> np.ndarray:
    """Padding behind rows of different lengths."""
    return np.arange(places) < rng.integers(2, places, rows)[:, None]


def _normal(rng: np.random.Generator, *shapes: tuple[int, ...]) -> Iterator[np.ndarray]:
    return (rng.normal(size=shape) for shape in shapes)
