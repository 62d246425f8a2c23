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

__all__ = ["Start", "started"]

Start = Literal["random", "sample", "pca"]


def started(kind: Start, samples: Samples, grid: Grid, generator: np.random.Generator) -> np.ndarray:
    """Weights to start from, ``(units, features)``; a missing value counts as its feature's mean."""
    count, features = samples.x.shape
    if kind == "random":
        drawn = generator.random((grid.units, features))
        return samples.low + drawn * (samples.high - samples.low)
    if kind == "pca":
        return samples.centre + _net(np.nan_to_num(samples.x - samples.centre, nan=0.0), grid)
    chosen = samples.x[generator.choice(count, grid.units, replace=count < grid.units)]
    return np.where(np.isnan(chosen), samples.centre, chosen)


def _net(values: np.ndarray, grid: Grid) -> np.ndarray:
    """The grid spanned over the two principal axes of centred values."""
    longer, shorter = _axes(values.astype(float))
    if grid.columns > grid.rows:
        longer, shorter = shorter, longer
    down = np.linspace(-1, 1, grid.rows) if grid.rows > 1 else np.zeros(1)
    across = np.linspace(-1, 1, grid.columns) if grid.columns > 1 else np.zeros(1)
    return (down[:, None, None] * longer + across[:, None] * shorter).reshape(grid.units, -1)


def _axes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """√λ v of the two principal components; 0 for one that there is not.

    From the smaller of the covariance and the products between samples. An axis has no sign of its own:
    its largest entry is made positive, so that a start is the same on every machine.
    """
    count, features = values.shape
    wide = features > count
    variances, vectors = np.linalg.eigh((values @ values.T if wide else values.T @ values) / count)
    axes = np.zeros((2, features))
    for axis, variance, vector in zip(axes, variances[::-1], vectors.T[::-1]):
        if variance > 1e-12 * variances[-1] > 0:
            direction = values.T @ vector if wide else vector
            direction = direction / np.linalg.norm(direction)
            sign = np.sign(direction[np.abs(direction).argmax()])
            axis[:] = sign * np.sqrt(variance) * direction
    return axes[0], axes[1]
