"""Both rules of the self-organizing map as a textbook has them, one unit and one sample at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from labkit.layers.som import Decay, SelfOrganizingMap
from labkit.layers.som.grid import Grid

GENERATOR = np.random.default_rng(7)
DATA = GENERATOR.normal(size=(90, 5)) + 3
DATA[:, 2] = 1.5  # a feature that does not vary
RADIUS = Decay(3.0, 1.0, "linear")
RATE = Decay(0.4, 0.1, "linear")


def sheet(*, start: np.ndarray | None = None, **kwargs: Any) -> SelfOrganizingMap:
    options = {"radius": RADIUS, "learning_rate": RATE, "dtype": "float64", "seed": 1} | kwargs
    som = SelfOrganizingMap(options.pop("rows", 6), options.pop("columns", 4), **options)
    som.build((None, 5))
    if start is not None:
        som.set_weights([start])
    return som


def begin(rows: int = 6, columns: int = 4) -> np.ndarray:
    return np.random.default_rng(3).random((rows, columns, 5)) * 4


def pull(grid: Grid, kind: str, best: int, radius: float) -> np.ndarray:
    """h in plain NumPy, for the plane and the torus, rectangular and hexagonal."""
    place = grid.positions()
    gap = np.abs(place - place[:, best, None])
    if grid.torus:
        period = np.array(grid.periods)[:, None]
        gap = np.minimum(gap, period - gap)
    squared = (gap**2).sum(0)
    if kind == "gaussian":
        return np.exp(-squared / (2 * radius**2))
    if kind == "mexican_hat":
        return (1 - squared / radius**2) * np.exp(-squared / (2 * radius**2))
    if grid.topology == "rectangular":
        return (gap.max(0) < radius).astype(float)
    across = gap[1] / (np.sqrt(3) / 2)
    return (np.round(across + np.maximum(0, gap[0] - across / 2)) < radius).astype(float)


def winner(w: np.ndarray, sample: np.ndarray) -> int:
    squared = np.nansum((w - sample) ** 2, axis=1)
    return int((squared <= squared.min() + 1e-12).argmax())


def by_batch(som: SelfOrganizingMap, start: np.ndarray, x: np.ndarray, epochs: int) -> np.ndarray:
    w = start.reshape(som.grid.units, -1).copy()
    for radius in som.radius.at(np.arange(epochs) / epochs):
        up, down = np.zeros_like(w), np.zeros_like(w)
        for sample in x:
            h = pull(som.grid, som.neighbourhood, winner(w, sample), radius)[:, None]
            up += np.where(np.isnan(sample), 0, h * (sample - w))
            down += np.where(np.isnan(sample), 0, np.abs(h))
        w = w + np.divide(up, down, out=np.zeros_like(w), where=down > 0)
    return w.reshape(start.shape)


def online(som: SelfOrganizingMap, start: np.ndarray, x: np.ndarray, epochs: int) -> np.ndarray:
    w = start.reshape(som.grid.units, -1).copy()
    share = np.arange(epochs * len(x)) / (epochs * len(x))
    for t, (rate, radius) in enumerate(zip(som.learning_rate.at(share), som.radius.at(share))):
        sample = x[t % len(x)]
        h = pull(som.grid, som.neighbourhood, winner(w, sample), radius)[:, None]
        w += np.where(np.isnan(sample), 0, rate * h * (sample - w))
    return w.reshape(start.shape)


def with_gaps(x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[np.random.default_rng(5).random(x.shape) < 0.3] = np.nan
    x[:, 0] = np.where(np.isnan(x).all(1), 0.0, x[:, 0])
    return x


SHEETS = [
    ("rectangular", False, "gaussian"),
    ("rectangular", True, "gaussian"),
    ("hexagonal", False, "gaussian"),
    ("hexagonal", True, "gaussian"),
    ("rectangular", False, "bubble"),
    ("hexagonal", True, "bubble"),
    ("rectangular", True, "mexican_hat"),
    ("hexagonal", False, "mexican_hat"),
]
