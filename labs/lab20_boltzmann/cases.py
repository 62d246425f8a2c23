"""What the functions of lab 20 are asked. Every number that is drawn is drawn here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit import data
from labkit.rubric.by_hand import Call

__all__ = ["BURNT", "SIDE", "cases"]

SIDE = 14
"""Pixels across a digit: a pixel is the mean of 2 × 2, and ink where that is dark enough."""

BURNT = 20
"""Sweeps of the long chains that are left out, for they still remember where they began."""

_DARK = 96  # grey value, 0 to 255
_LEARNT, _FRESH, _HIDDEN = 1500, 200, 49
_EPOCHS, _SIZE = 16, 20


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _machine(rng)
    yield from _learning(rng)
    yield from _restricted(rng)
    yield from _steps(rng)
    yield from _digits(rng)


def _machine(rng: np.random.Generator) -> Iterator[Call]:
    """Energy, probabilities and Gibbs sampling."""
    pair, free = _pair(), np.zeros(2)
    w, b = _couplings(rng, 10), rng.normal(0, 0.5, 10)
    yield Call("energy", "worked_example", (pair, free, np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])))
    yield Call("energy", "hidden", (w, b, _coins(rng, 12, 10)))
    yield Call("probabilities", "worked_example", (pair, free))
    yield Call("probabilities", "ten_units", (w, b))
    yield Call("probabilities", "large", (1000 * _couplings(rng, 6), np.full(6, 500.0)))
    numbers = np.array([[[0.7, 0.9]], [[0.5, 0.3]]])
    yield Call("gibbs", "worked_example", (pair, free, np.array([[0.0, 1.0]]), numbers))
    small = _couplings(rng, 5), rng.normal(size=5), _coins(rng, 6, 5)
    yield Call("gibbs", "hidden", (*small, rng.random((8, 6, 5))))
    chains = np.zeros((100, 10))
    yield Call("gibbs", "ten_units", (w, b, chains, rng.random((BURNT + 60, 100, 10))))


def _learning(rng: np.random.Generator) -> Iterator[Call]:
    """Statistics, and learning by them."""
    four = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    yield Call("statistics", "worked_example", (four, np.array([1.0, 1, 1, 4]) / 7))
    yield Call("statistics", "hidden", (_coins(rng, 9, 4), rng.dirichlet(np.ones(9))))
    yield Call("learn", "worked_example", (np.array([0.4, 0.1, 0.1, 0.4]), 1.0, 2))
    shares = rng.dirichlet(np.ones(16))
    yield Call("learn", "hidden", (shares, 0.3, 25))
    some = np.where(np.arange(16) % 4 == 1, 0.0, shares)
    yield Call("learn", "never", (some / some.sum(), 0.3, 10))


def _restricted(rng: np.random.Generator) -> Iterator[Call]:
    """What a restricted machine says of states."""
    one, several = _small_machine(), (rng.normal(size=(7, 4)), rng.normal(size=7), rng.normal(size=4))
    v, h = _coins(rng, 6, 7), _coins(rng, 5, 4)
    patterns = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    for case, (w, b, c), seen, meant in (
        ("worked_example", one, patterns, np.array([[0.0], [1.0]])),
        ("hidden", several, v, h),
    ):
        yield Call("hidden_probabilities", case, (w, c, seen))
        yield Call("visible_probabilities", case, (w, b, meant))
        yield Call("free_energy", case, (w, b, c, seen))
        flips = (
            rng.integers(0, seen.shape[1], len(seen)) if case == "hidden" else np.array([0, 0, 0, 1])
        )
        yield Call("pseudo_likelihood", case, (w, b, c, seen, flips))
        yield Call("reconstruction_error", case, (w, b, c, seen))
        yield Call("with_keras", case, (w, b, c, seen))
    yield Call("free_energy", "large", (1000 * several[0], several[1], several[2], v))


def _steps(rng: np.random.Generator) -> Iterator[Call]:
    """Dreaming and learning, on units without a meaning."""
    w, b, c = rng.normal(size=(8, 5)), rng.normal(size=8), rng.normal(size=5)
    v = _coins(rng, 6, 8)
    numbers = np.array([[[0.7], [0.7]]]), np.array([[[0.6, 0.5], [0.8, 0.4]]])
    one = _small_machine()
    yield Call("dream", "worked_example", (*one, np.array([[1.0, 0], [0, 0]]), *numbers))
    yield Call("dream", "one_step", (w, b, c, v, rng.random((1, 6, 5)), rng.random((1, 6, 8))))
    yield Call("dream", "many_steps", (w, b, c, v, rng.random((12, 6, 5)), rng.random((12, 6, 8))))
    seen, dreamt = np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]])
    yield Call("contrast", "worked_example", (one[0], one[2], seen, dreamt))
    yield Call("contrast", "hidden", (w, c, v, _coins(rng, 9, 8)))
    start = [2 * w, b, c]  # strong couplings: dreams remember where they began
    rows = np.array([rng.permutation(12).reshape(4, 3) for _epoch in range(5)])
    numbers = rng.random((5, 4, 2, 3, 5)), rng.random((5, 4, 2, 3, 8))
    x = _coins(rng, 12, 8)
    yield Call("train", "from_the_data", (start, x, rows, 0.2, *numbers, False))
    yield Call("train", "from_particles", (start, x, rows, 0.2, *numbers, True))


def _digits(rng: np.random.Generator) -> Iterator[Call]:
    """Handwritten digits: some to learn from, and some that the machine never sees."""
    found = data.load("mnist")
    rows = rng.choice(20_000, _LEARNT + _FRESH, replace=False)
    images = found.x_train[np.sort(rows)].reshape(-1, SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    digits = rng.permutation((images > _DARK).reshape(len(rows), -1).astype(float))
    x, fresh = digits[:_LEARNT], digits[_LEARNT:]
    pixels, on = x.shape[1], (x.sum(axis=0) + 1) / (len(x) + 2)
    start = [rng.normal(0, 0.01, (pixels, _HIDDEN)), np.log(on / (1 - on)), np.zeros(_HIDDEN)]
    yield Call("pseudo_likelihood", "digits", (*start, fresh, rng.integers(0, pixels, _FRESH)))
    orders = np.array([rng.permutation(_LEARNT).reshape(-1, _SIZE) for _epoch in range(_EPOCHS)])
    shape = (*orders.shape[:2], 1, _SIZE)
    for_hidden = rng.random((*shape, _HIDDEN), dtype=np.float32)
    for_visible = rng.random((*shape, pixels), dtype=np.float32)
    yield Call("train", "digits", (start, x, orders, 0.1, for_hidden, for_visible, True))


def _pair() -> np.ndarray:
    """Two units that are fond of being on together, of the worked example."""
    return np.array([[0.0, np.log(4)], [np.log(4), 0.0]])


def _small_machine() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two visible units and a hidden one that cares for the first, of the worked example."""
    return np.array([[np.log(3)], [0.0]]), np.zeros(2), np.zeros(1)


def _couplings(rng: np.random.Generator, units: int) -> np.ndarray:
    upper = np.triu(rng.normal(0, 0.8, (units, units)), 1)
    return upper + upper.T


def _coins(rng: np.random.Generator, count: int, units: int) -> np.ndarray:
    return rng.choice([0.0, 1.0], (count, units))
