"""Costs of two weights, and six ways down them, all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

__all__ = ["SURFACES", "WAYS", "Knobs", "Surface", "surface", "walked"]

WAYS = ("descent", "few_rows", "momentum", "rmsprop", "adam", "adam_uncorrected")
SURFACES = ("across", "along", "round", "two_neurons")

_EPSILON = 1e-7
_OF_SQUARES = 0.999  # Adam's β₂
_FAR = 1e6  # no weight goes further, so that every number stays one
_ROWS = 20
_BOTTOM = np.array([1.0, -0.5])  # of the valleys


@dataclass(frozen=True, slots=True)
class Surface:
    """The mean squared error of a neuron, or of two in a row, over some rows.

    Args:
        answers: From weights, (..., 2), to what is answered to the rows, (..., m).
        slopes: Derivatives of the answers by the weights, (..., m, 2).
        y: What is wanted, (m,).
        bottoms: Weights with the lowest cost, (bottoms, 2).
        limit: The greatest rate near the bottom, 2 / λ_max.
    """

    answers: Callable[[np.ndarray], np.ndarray]
    slopes: Callable[[np.ndarray], np.ndarray]
    y: np.ndarray
    bottoms: np.ndarray
    limit: float

    def above(self, w: np.ndarray) -> np.ndarray:
        """How far the cost is above the lowest at each of some weights, (..., 2)."""
        lowest = np.mean((self.answers(self.bottoms[0]) - self.y) ** 2)
        return np.asarray(np.mean((self.answers(w) - self.y) ** 2, axis=-1) - lowest)


@dataclass(frozen=True, slots=True)
class Knobs:
    """What one can turn.

    Args:
        rate: Of descent, with all rows or few, and of momentum: η.
        scaled_rate: Of RMSprop and Adam: η.
        beta: What momentum keeps of its velocity, and Adam's β₁.
        rho: What RMSprop keeps of its mean of squares.
        rows: That a step of few rows sees.
    """

    rate: float
    scaled_rate: float
    beta: float
    rho: float
    rows: int


@cache
def surface(name: str) -> Surface:
    """One of `SURFACES`.

    A linear neuron, whose cost is a valley with curvatures of 1 and 50, ``"across"`` the axes or
    ``"along"`` them, or a bowl as ``"round"`` as standardized rows make it, with curvatures of 2; or
    ``"two_neurons"`` in a row, w₂ tanh(w₁ x): two valleys with a saddle between them at 0.
    """
    rng = np.random.default_rng(3)
    even = np.linalg.qr(rng.normal(size=(_ROWS, 2)))[0] * np.sqrt(_ROWS / 2)
    noise = rng.normal(size=_ROWS)
    if name == "two_neurons":
        return _two_neurons(np.linspace(-2, 2, _ROWS), 0.3 * noise)
    angle = 0.52 if name == "across" else 0.0  # radians
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    x = even * np.sqrt([2, 2] if name == "round" else [1, 50]) @ turn
    noise -= x @ np.linalg.pinv(x) @ noise  # what no weights can account for leaves the bottom there
    return Surface(
        answers=lambda w: w @ x.T,
        slopes=lambda w: np.broadcast_to(x, (*w.shape[:-1], *x.shape)),
        y=x @ _BOTTOM + noise,
        bottoms=_BOTTOM[None],
        limit=_limit(x),
    )


def _two_neurons(x: np.ndarray, noise: np.ndarray) -> Surface:
    def answers(w: np.ndarray) -> np.ndarray:
        return np.asarray(w[..., 1:] * np.tanh(w[..., :1] * x))

    def slopes(w: np.ndarray) -> np.ndarray:
        bent = np.tanh(w[..., :1] * x)
        return np.stack([w[..., 1:] * (1 - bent**2) * x, bent], axis=-1)

    bottom = np.array([1.2, 1.5])
    y = answers(bottom) + noise
    for _step in range(30):  # Gauss and Newton: straight to the bottom of what it looks like from here
        bottom = bottom + np.linalg.lstsq(slopes(bottom), y - answers(bottom), rcond=None)[0]
    return Surface(answers, slopes, y, np.array([bottom, -bottom]), _limit(slopes(bottom)))


def _limit(slopes: np.ndarray) -> float:
    """The longest axis of the rows says how steep the steepest wall is."""
    return float(len(slopes) / np.linalg.norm(slopes, 2) ** 2)


def walked(ground: Surface, start: np.ndarray, knobs: Knobs, steps: int) -> np.ndarray:
    """Where each of `WAYS` comes by: (steps + 1, 6, 2).

    All keep something of the gradients before, and some divide by what they keep of their squares;
    with that they are one formula, and Keras' own.

    Args:
        ground: Whose cost they go down.
        start: The first weights, (2,).
        knobs: Rates, and what is kept.
        steps: How many.
    """
    b, kept_squares = knobs.beta, np.array([0, 0, 0, knobs.rho, _OF_SQUARES, _OF_SQUARES])[:, None]
    keep = np.array([0, 0, b, 0, b, b])[:, None]
    take = np.array([1, 1, 1, 1, 1 - b, 1 - b])[:, None]
    under, beside = (_EPSILON * np.array([[0, 0, 0, i, 1 - i, 1 - i]]).T for i in (1, 0))
    rates = np.repeat([knobs.rate, knobs.scaled_rate], 3)[:, None]
    seen = _seen(len(ground.y), knobs.rows, steps)
    places = np.tile(start, (steps + 1, len(WAYS), 1)).astype(float)
    pushes, squares = np.zeros((2, len(WAYS), 2))
    for step in range(steps):
        here = places[step]
        errors = 2 * seen[step] * (ground.answers(here) - ground.y)
        slope = np.einsum("wm,wmi->wi", errors, ground.slopes(here))
        pushes = keep * pushes + take * slope
        squares = kept_squares * squares + (1 - kept_squares) * slope**2
        scale = np.sqrt(squares + under) + beside
        scale[:3] = 1
        warm = np.ones((len(WAYS), 1))
        warm[4] = np.sqrt(1 - _OF_SQUARES ** (step + 1)) / (1 - b ** (step + 1))
        places[step + 1] = np.clip(here - warm * rates * pushes / scale, -_FAR, _FAR)
    return places


def _seen(rows: int, few: int, steps: int) -> np.ndarray:
    """The share of each row in each step's gradient: (steps, 6, rows).

    Few rows have their turn in a new order in every epoch; what is left over makes a smaller batch.
    """
    shares = np.full((steps, len(WAYS), rows), 1 / rows)
    rng, turns = np.random.default_rng(0), list[np.ndarray]()
    for step in range(steps):
        if not turns:
            turns = np.split(rng.permutation(rows), range(few, rows, few))
        batch = turns.pop(0)
        shares[step, WAYS.index("few_rows")] = 0
        shares[step, WAYS.index("few_rows"), batch] = 1 / len(batch)
    return shares
