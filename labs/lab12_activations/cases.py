"""What the functions of lab 12 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["COSTS", "ERRORS", "LINES", "NAMES", "NETS", "cases"]

NAMES = ("linear", "step", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
COSTS = ("mse", "mae", "huber")

LINES = ((-1.0, -1.5), (0.25, 0.0), (1.0, -1.0))
"""Slope and height of the three lines whose maxout is drawn."""

ERRORS, NETS = 25, 33
"""How many errors from -3 to 3 and net inputs from -8 to 8 a cost is drawn over."""


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _neurons(rng)
    yield from _layers(rng)
    yield from _regression(rng)
    yield from _classification(rng)
    yield from _curves()
    yield from _heads(rng)


def _neurons(rng: np.random.Generator) -> Iterator[Call]:
    """Activations of one net input, name by name: what fails in one does not hide those before it."""
    far = np.array([-1000.0, -100, -30, 30, 100, 1000])
    for name in NAMES:
        for function in ("activate", "slope"):
            yield Call(function, f"{name}_worked_example", (name, np.array([-2.0, 2])))
            yield Call(function, f"{name}_curve", (name, np.linspace(-4, 4, 160)))  # passes by 0
            yield Call(function, f"{name}_hidden", (name, rng.normal(0, 2, (5, 4))))
            yield Call(function, f"{name}_at_0", (name, np.array([0.0])))
            yield Call(function, f"{name}_far", (name, far))


def _layers(rng: np.random.Generator) -> Iterator[Call]:
    """Maxout and softmax, which look at several net inputs at once."""
    along = np.linspace(-4, 4, 160)
    yield Call("maxout", "worked_example", (np.array([[1.0, 3, 2], [-1, -5, -4]]),))
    yield Call("maxout", "curve", (np.column_stack([a * along + b for a, b in LINES]),))
    yield Call("maxout", "hidden", (rng.normal(0, 2, (6, 4)),))
    yield Call("maxout", "ties", (np.array([[2.0, 2, 1], [0, 0, 0], [-3, -1, -1]]),))
    beside = np.zeros(len(along))
    for function in ("softmax", "softmax_jacobian"):
        yield Call(function, "worked_example", (np.array([[1.0, 2, 3]]),))
        yield Call(function, "curve", (np.column_stack([along, beside, beside]),))
        yield Call(function, "hidden", (rng.normal(0, 2, (5, 4)),))
    rows = [[1000.0, 0, -1000], [1000, 1001, 1002], [-1000, -1001, -1002], [0, 0, 0]]
    yield Call("softmax", "far", (np.array(rows),))


def _regression(rng: np.random.Generator) -> Iterator[Call]:
    for function in ("regression_cost", "regression_slope"):
        for name in COSTS:
            y, p = np.array([3.0, 0, 2]), np.array([2.5, 0, 4])
            yield Call(function, f"{name}_worked_example", (name, y, p))
            y, wide = rng.normal(0, 2, (5, 3)), (1.5,) if name == "huber" else ()
            yield Call(function, f"{name}_hidden", (name, y, y + rng.normal(0, 2, (5, 3)), *wide))
            kinks = np.array([0.0, -1.5, 1.5, -1000, 1000])
            yield Call(function, f"{name}_awkward", (name, np.zeros(5), kinks, *wide))


def _classification(rng: np.random.Generator) -> Iterator[Call]:
    """Zeros and ones, with probabilities and with net inputs."""
    of_net = ("cross_entropy_of_net", "cross_entropy_slope")
    y, p = np.array([[1.0], [0], [1]]), np.array([[0.8], [0.4], [0.9]])
    yield Call("cross_entropy", "binary_worked_example", ("binary", y, p))
    y, p = np.array([[0.0, 0, 1]]), np.array([[0.1, 0.2, 0.7]])
    yield Call("cross_entropy", "categorical_worked_example", ("categorical", y, p))
    for function in of_net:
        example = np.array([[1.0, 1]]), np.array([[2.0, -1]])
        yield Call(function, "binary_worked_example", ("binary", *example))
        example = np.array([[0.0, 0, 1]]), np.array([[1.0, 2, 3]])
        yield Call(function, "categorical_worked_example", ("categorical", *example))

    labels, classes = rng.choice([0.0, 1.0], (6, 3)), _one_of(rng, 6, 4)
    shares = rng.dirichlet([2.0, 2, 2, 2], 6).clip(0.01)
    shares /= shares.sum(axis=1, keepdims=True)
    yield Call("cross_entropy", "binary_hidden", ("binary", labels, rng.uniform(0.05, 0.95, (6, 3))))
    yield Call("cross_entropy", "categorical_hidden", ("categorical", classes, shares))
    for function in of_net:
        yield Call(function, "binary_hidden", ("binary", labels, rng.normal(0, 2, (6, 3))))
        yield Call(function, "categorical_hidden", ("categorical", classes, rng.normal(0, 2, (6, 4))))

    labels, said = np.array([[1.0], [0], [1], [0]]), np.array([[1.0], [0], [0], [1]])
    yield Call("cross_entropy", "binary_certain", ("binary", labels, said))
    classes, shares = np.eye(3), np.array([[1.0, 0, 0], [1, 0, 0], [0, 0, 1]])
    yield Call("cross_entropy", "categorical_certain", ("categorical", classes, shares))
    far = np.array([[1000.0, 0, -1000], [1000, 0, -1000], [-1000, -1001, -1002]])
    for function in of_net:
        yield Call(function, "binary_far", ("binary", labels, 2000 * said - 1000))
        yield Call(function, "categorical_far", ("categorical", classes, far))


def _curves() -> Iterator[Call]:
    """What the figures of the costs are drawn from: one number a call, for a cost is a mean."""
    errors, nets = np.linspace(-3, 3, ERRORS), np.linspace(-8, 8, NETS)
    for name in COSTS:
        for place, error in enumerate(errors):
            yield Call("regression_cost", f"{name}_{place}", (name, np.zeros(1), np.array([error])))
        fine = np.linspace(-3, 3, 120)
        yield Call("regression_slope", f"{name}_curve", (name, np.zeros(120), fine))
    for place, net in enumerate(nets):
        given = ("binary", np.ones((1, 1)), np.array([[net]]))
        yield Call("cross_entropy_of_net", f"binary_{place}", given)
    fine = np.linspace(-8, 8, 120)
    yield Call("cross_entropy_slope", "binary_curve", ("binary", np.ones((120, 1)), fine[:, None]))
    for function in ("activate", "slope"):
        yield Call(function, "sigmoid_wide", ("sigmoid", fine))


def _heads(rng: np.random.Generator) -> Iterator[Call]:
    """The same data for four kinds of problem, each with answers of its own."""
    truths = {
        "regression": rng.normal(0, 2, (6, 2)),
        "binary": rng.permutation([0.0, 0, 0, 1, 1, 1])[:, None],
        "multiclass": _one_of(rng, 6, 4),
        "multilabel": rng.choice([0.0, 1.0], (6, 3)),
    }
    x = rng.normal(size=(6, 3))
    for problem, y in truths.items():
        outputs = y.shape[1]
        weights = rng.normal(size=(3, outputs)), rng.normal(size=outputs)
        yield Call("with_keras", problem, (problem, x, y, *weights))


def _one_of(rng: np.random.Generator, rows: int, classes: int) -> np.ndarray:
    """Rows with a 1 in one place and zeros elsewhere."""
    return np.eye(classes)[rng.integers(classes, size=rows)]
