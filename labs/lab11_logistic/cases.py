"""The applicants of lab 11, and what its functions are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["CENTRE", "RIGHT", "UNIT", "applicants", "cases"]

CENTRE, UNIT = 65.0, 20.0  # points: about mean and deviation of scores spread evenly over 30 to 100
RIGHT = 89
"""How many of the 100 applicants the line that makes their admissions likeliest is right about."""

_CUT, _BLUR = 62.0, 4.0
"""Points: weighted score at which the chance is one half, and how soon it changes around."""


def applicants(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 100 applicants: scores, (100, 2), 30 to 100 points; admitted, (100,); chances, (100,).

    A commission weighs two exams, by shares that differ from seed to seed, and decides the clear cases
    clearly and the others nearly by chance. Of such draws the line that fits best would be right about
    anything between 79 and 95 (98 in 100 draws), so drawing goes on until it is right about 89.
    """
    while True:
        scores = rng.uniform(30, 100, (100, 2)).round(1)
        share = rng.uniform(0.4, 0.6)
        chance = 1 / (1 + np.exp((_CUT - scores @ [share, 1 - share]) / _BLUR))
        admitted = (rng.random(100) < chance).astype(float)
        if _right(scores, admitted) == RIGHT:
            return scores, admitted, chance


def _right(scores: np.ndarray, admitted: np.ndarray) -> int:
    """What the likeliest line is right about, found by Newton's method."""
    rows = np.column_stack([(scores - CENTRE) / UNIT, np.ones(len(scores))])
    line = np.zeros(3)
    for _step in range(7):
        chance = 1 / (1 + np.exp(-rows @ line))
        bent = rows.T @ (rows * (chance * (1 - chance))[:, None])
        line += np.linalg.solve(bent + 1e-6 * np.eye(3), rows.T @ (admitted - chance))
    return int(((rows @ line > 0) == (admitted > 0)).sum())


def cases(rng: np.random.Generator) -> Iterator[Call]:
    scores, y, chance = applicants(rng)
    x = (scores - CENTRE) / UNIT

    yield Call("sigmoid", "curve", (np.linspace(-6, 6, 61),))
    yield Call("sigmoid", "table", (rng.normal(0, 3, (5, 4)),))
    yield Call("sigmoid", "extreme", (np.array([-1000.0, -100, -30, 0, 30, 100, 1000]),))
    yield Call("sigmoid_slope", "curve", (np.linspace(-6, 6, 61),))
    yield Call("sigmoid_slope", "far_out", (np.array([-15.0, -8, 8, 15]),))

    yield Call("standardize", "applicants", (scores,))
    yield Call("standardize", "hidden", (rng.normal([5, -2, 300], [1, 0.01, 90], (12, 3)),))
    yield Call("standardize", "constant", (np.column_stack([scores[:8, 0], np.full(8, 65.0)]),))

    yield Call("likelihood", "worked_example", (np.array([0.8, 0.4, 0.9]), np.array([1.0, 0, 1])))
    yield Call("likelihood", "hidden", (rng.uniform(0.2, 0.9, 8), rng.choice([0.0, 1.0], 8)))
    yield Call("cross_entropy", "untrained", (np.zeros(100), y))
    yield Call("cross_entropy", "hidden", (rng.normal(0, 2, 100), y))
    yield Call("cross_entropy", "certain", (np.array([1000.0, -1000, 40]), np.array([1.0, 0, 1])))
    yield Call("cross_entropy", "certain_and_wrong", (np.array([1000.0, -1000]), np.array([0.0, 1])))

    small = np.array([[-1.0], [0], [1]]), np.array([0.0, 1, 1])
    yield Call("gradient", "worked_example", (np.zeros(1), 0.0, *small))
    yield Call("gradient", "hidden", (rng.normal(size=4), 0.3, rng.normal(size=(9, 4)), y[:9]))
    yield Call("descend", "worked_example", (*small, 1.0, 3))
    yield Call("descend", "applicants", (x, y, 1.0, 100))
    yield Call("descend", "raw_scores", (scores, y, 4e-4, 100))
    yield Call("descend", "to_the_end", (x, y, 1.0, 1500))

    halves = np.array([0.5, 0.5, 0.7, 0.7, 0.7, 0.2])
    yield Call("confusion", "at_one_half", (np.array([0.0, 1, 0, 1, 1, 0]), halves))
    yield Call("confusion", "applicants", (y, chance))
    yield Call("scores", "worked_example", (np.array([[35, 5], [6, 54]]),))
    yield Call("scores", "hidden", (rng.integers(1, 60, (2, 2)),))
    yield Call("scores", "nobody_admitted", (np.array([[43, 0], [57, 0]]),))
    yield Call("scores", "nobody_was", (np.array([[36, 7], [0, 0]]),))
