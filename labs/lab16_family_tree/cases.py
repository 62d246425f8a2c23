"""What the functions of lab 16 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from lab16_family_tree.family import GROUPS, asked, families, grown, held_out, relatives

from labkit.rubric.by_hand import Call

__all__ = ["LONG", "MOMENTUM", "SHOWN", "cases", "start"]

SHOWN = "hintons_trees"
"""Case of `learn` that goes to the end, always from the same weights; the figures show it."""

LONG, MOMENTUM = 1_000, 0.9
_RATE, _DECAY = 0.4, 0.002
_SIZES = (6, 12, 6)
_SEED = 13
"""Of that case's weights and of what is held out of it."""


def start(rng: np.random.Generator, numbers: int, people: int, sizes=_SIZES) -> list[np.ndarray]:
    """Weights to begin with: even from -0.5 to 0.5, and biases of 0."""
    code, hidden, answer = sizes
    shapes = (numbers, code), (2 * code, hidden), (hidden, answer), (answer, people)
    table, *kernels = (rng.uniform(-0.5, 0.5, shape) for shape in shapes)
    return [table, *(array for kernel in kernels for array in (kernel, np.zeros(kernel.shape[1])))]


def cases(rng: np.random.Generator) -> Iterator[Call]:
    hinton, other, third = families(), grown(rng), grown(rng)
    yield from _facts(hinton, "hintons_trees")
    yield from _facts(other, "hidden")
    yield from _facts(third, "another")
    yield Call("one_hot", "worked_example", (np.array([2, 0]), 3))
    yield Call("one_hot", "questions", (rng.integers(0, 9, (5, 2)), 9))

    yield from _network(rng)
    yield from _steps(rng)

    y = np.array([[0, 1, 0, 0], [0.5, 0, 0.5, 0], [0.5, 0, 0.5, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
    outputs = [[0.1, 0.6, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1], [0.4, 0.1, 0.3, 0.2]]
    outputs += [[0.4, 0.4, 0.1, 0.1], [0.3, 0.3, 0.2, 0.2]]
    yield Call("right", "worked_example", (np.array(outputs), y))
    said = 0.3 * y[rng.integers(0, 5, 40)]
    drawn = y[rng.integers(0, 5, 40)]
    yield Call("right", "hidden", (said + 0.3 * drawn + rng.uniform(0, 0.2, drawn.shape), drawn))

    small = np.array([[0.0, 5.0, 0.1], [1, 0, 0.1], [2, 5, 0.1], [3, 0, 0.1]])
    yield Call("explained", "worked_example", (small[:, :2], np.array([0, 0, 1, 1])))
    yield Call("explained", "never_varies", (small, np.array([0, 0, 1, 1])))
    codes = rng.normal(size=(24, 6)) + rng.normal(size=(3, 6))[list(GROUPS["generation"])]
    for name, groups in GROUPS.items():
        yield Call("explained", name, (codes, np.array(groups)))


def _facts(family, case: str) -> Iterator[Call]:
    """What is asked about a family, from its lists to the rows one can learn from."""
    found = relatives(family)
    yield Call("kin", case, (family.parents, family.spouse))
    tables = [_table(found[kind]) for kind in ("parents", "spouses", "siblings", "elders")]
    yield Call("answers", case, (np.array(tables), family.female))
    x, y = asked(family)
    truth = np.zeros((12, y.shape[1], y.shape[1]))
    truth[x[:, 1] - y.shape[1], x[:, 0]] = y > 0
    yield Call("questions", case, (truth,))


def _table(who: dict[int, set[int]]) -> np.ndarray:
    return np.array([[j in who[i] for j in who] for i in who], dtype=float)


def _network(rng: np.random.Generator) -> Iterator[Call]:
    """Networks with given weights: a tiny one, one of other sizes, and Hinton's."""
    tiny = [np.array([[0.5], [-0.5], [1.0]]), np.array([[1.0], [-1]]), np.zeros(1)]
    tiny += [np.array([[2.0]]), np.zeros(1), np.array([[1.0, -1]]), np.zeros(2)]
    row = np.array([[0, 2]]), np.array([[0.0, 1]])
    x, y = asked(families())
    chosen = rng.choice(len(x), 30, replace=False)
    odd = [array + rng.normal(0, 0.2, array.shape) for array in start(rng, 9, 5, (3, 7, 4))]
    trained = [2 * array + rng.normal(0, 0.1, array.shape) for array in start(rng, 36, 24)]
    asked_odd = np.column_stack([rng.integers(0, 5, 12), rng.integers(5, 9, 12)])
    answers = rng.dirichlet(np.ones(5), 12)
    given = {"worked_example": (tiny, *row), "other_sizes": (odd, asked_odd, answers)}
    given["hintons_trees"] = (trained, x[chosen], y[chosen])
    for case, (weights, rows, wanted) in given.items():
        yield Call("forward", case, (weights, rows))
        yield Call("backward", case, (weights, rows, wanted))
        yield Call("with_keras", case, (weights, rows))
    large = [30 * array for array in odd]
    large[5] = 1000 * np.sign(large[5])
    yield Call("forward", "large", (large, asked_odd))
    yield Call("cost", "worked_example", (np.array([[0.25, 0.75]]), np.array([[0.0, 1]])))
    yield Call("cost", "hidden", (rng.dirichlet(np.ones(24), 30), y[chosen]))


def _steps(rng: np.random.Generator) -> Iterator[Call]:
    one = np.array([1.0])
    yield Call("update", "worked_example", (one, 0.1 * one, 0.5 * one, 0.1, 0.9, 0.01))
    matrices = rng.normal(size=(3, 4, 3))
    yield Call("update", "hidden", (*matrices, *rng.uniform(0.1, 0.9, 3).tolist()))
    x, y = asked(families())
    yield Call("learn", "few_sweeps", (start(rng, 36, 24), x, y, 20, _RATE, MOMENTUM, _DECAY))
    yield Call("learn", "no_momentum", (start(rng, 36, 24), x[:40], y[:40], 8, 1.0, 0.0, 0.1))
    fixed = np.random.default_rng(_SEED)
    kept = np.setdiff1d(np.arange(len(x)), held_out(x, y, fixed))
    weights = start(fixed, 36, 24)
    yield Call("learn", SHOWN, (weights, x[kept], y[kept], LONG, _RATE, MOMENTUM, _DECAY))
