"""What the functions of lab 10 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["CORNERS", "RIGHT", "TABLES", "WRONG", "cases"]

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
TABLES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOT": [1, 1, 0, 0]}

RIGHT = {"right_1": (0.4, 1.0), "right_0": (-0.4, 0.0), "right_at_0": (0.0, 0.0)}
WRONG = {"should_be_0": (0.4, 0.0), "should_be_1": (-0.4, 1.0), "should_be_1_at_0": (0.0, 1.0)}
"""Case of `perceptron_step` -> net input of its row, and the answer that it should give."""


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield Call("step", "around_zero", (np.array([-2.0, -1e-9, 0.0, 1e-9, 3.0]),))
    yield Call("step", "table", (rng.integers(-2, 3, (4, 6)).astype(float),))
    yield Call("neuron", "and", (np.array([1.0, 1.0]), -1.5, np.array(CORNERS)))
    yield Call("neuron", "exercise", (np.array([0.2, 0.2]), 0.0, np.array(CORNERS)))
    yield Call("neuron", "hidden", (rng.normal(size=7), float(rng.normal()), rng.normal(size=(40, 7))))

    learnt = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    asked = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    yield Call("hebb", "worked_example", (np.zeros(2), learnt, np.array([1.0, 0.0, 0.0]), 0.1))
    yield Call("hebb", "exercise", (np.zeros(2), asked, np.array([1.0, 1.0, 0.0]), 0.2))
    signs = rng.choice([-1.0, 1.0], (30, 6))
    yield Call("hebb", "hidden", (rng.normal(size=6), signs, signs[:, 2] * signs[:, 5], 0.05))

    x, y = _separable(rng)
    for case, (net, wanted) in (RIGHT | WRONG).items():
        w = rng.integers(-8, 9, 3) / 8  # whole eighths: a net input of 0 is 0 in any order of adding
        row = rng.integers(1, 9, 3) / 8
        bias = float(net - row @ w)
        yield Call("perceptron_step", case, (w, bias, row, wanted, 0.1))
    yield Call("perceptron", "and", (np.array(CORNERS), np.array(TABLES["AND"], dtype=float), 0.5, 50))
    yield Call("perceptron", "separable", (x, y, 0.1, 200))
    yield Call("perceptron", "xor", (np.array(CORNERS), np.array([0.0, 1.0, 1.0, 0.0]), 0.5, 12))
    yield Call("gates", "tables", ())


def _separable(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Forty points of the plane and the side of a line they lie on, none closer to it than 0.1."""
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3)
    points = rng.uniform(-1, 1, (400, 2))
    distance = points @ [np.cos(angle), np.sin(angle)] - offset
    points, distance = points[np.abs(distance) > 0.1][:40], distance[np.abs(distance) > 0.1][:40]
    return points, (distance > 0).astype(float)
