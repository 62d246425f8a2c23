"""Where the units of a self-organizing map start from.

    random   every weight evenly drawn between the smallest and the largest value of its feature
    sample   every unit on a sample, none twice as long as there are enough
    pca      w_ij = x̄ + a_i √λ₁ v₁ + b_j √λ₂ v₂ with a, b from -1 to 1: a net over the plane of the two
             principal components, the first along the longer side

Source: T. Kohonen, Self-Organizing Maps, 3rd edition, Springer 2001, section 3.7 (the linear start).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from labkit.layers.som.data import Samples
from labkit.layers.som.grid import Grid
from labkit.layers.som.search import blocks

__all__ = ["Start", "started"]

Start = Literal["random", "sample", "pca"]


def started(kind: Start, samples: Samples, grid: Grid, generator: np.random.Generator) -> np.ndarray:
    """Weights to start from, ``(units, features)``; a missing value counts as its feature's mean."""
    count, features = samples.x.shape
    if kind == "random":
        drawn = generator.random((grid.units, features))
        return samples.low + drawn * (samples.high - samples.low)
    if kind == "pca":
        return samples.centre + _net(samples, grid)
    chosen = samples.x[generator.choice(count, grid.units, replace=count < grid.units)]
    return np.where(np.isnan(chosen), samples.centre, chosen)


def _net(samples: Samples, grid: Grid) -> np.ndarray:
    """The grid spanned over the two principal axes, around 0."""
    longer, shorter = _axes(samples)
    if grid.columns > grid.rows:
        longer, shorter = shorter, longer
    down = np.linspace(-1, 1, grid.rows) if grid.rows > 1 else np.zeros(1)
    across = np.linspace(-1, 1, grid.columns) if grid.columns > 1 else np.zeros(1)
    return (down[:, None, None] * longer + across[:, None] * shorter).reshape(grid.units, -1)


def _axes(samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """√λ v of the two principal components; 0 for one that there is not.

    An axis has no sign of its own: its largest entry is made positive, so that a start is the same on
    every machine.
    """
    variances, vectors = _components(samples)
    axes = np.zeros((2, samples.x.shape[1]))
    for axis, variance, vector in zip(axes, variances[::-1], vectors.T[::-1]):
        if variance > 1e-12 * variances[-1] > 0:
            sign = np.sign(vector[np.abs(vector).argmax()])
            axis[:] = sign * np.sqrt(variance) * vector / np.linalg.norm(vector)
    return axes[0], axes[1]


def _components(samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """Variances, rising, and directions in columns, from the smaller product of the data."""
    count, features = samples.x.shape
    if features > count:
        values = _centred(samples, slice(None))
        variances, vectors = np.linalg.eigh(values @ values.T / count)
        return variances, values.T @ vectors[:, -2:]
    covariance = np.zeros((features, features))
    for rows in blocks(count, features):
        values = _centred(samples, rows)
        covariance += values.T @ values / count
    variances, vectors = np.linalg.eigh(covariance)
    return variances, vectors


def _centred(samples: Samples, rows: slice) -> np.ndarray:
    """Samples around the centre, where missing values lie."""
    return np.nan_to_num(samples.x[rows].astype(float) - samples.centre, nan=0.0)
