"""How well a self-organizing map represents its samples, and how it is read.

    quantization error   mean of |x - w_c(x)|, in the units of the data
    topographic error    share of samples whose two best matching units are no neighbours
    U-matrix             mean of |w_k - w_l| over the neighbours l of k
    hit map              how many samples each unit is the best match of
    class map            the class most often found among them

Sources: T. Kohonen, Self-Organizing Maps, 3rd edition, Springer 2001; K. Kiviluoto, "Topology
preservation in self-organizing maps", ICNN (1996); A. Ultsch and H. P. Siemon, "Kohonen's self
organizing feature maps for exploratory data analysis", INNC (1990).
"""

from __future__ import annotations

import numpy as np

from labkit.layers.som.grid import Grid
from labkit.layers.som.search import blocks

__all__ = ["class_map", "hit_map", "topographic_error", "u_matrix"]


def topographic_error(best: np.ndarray, grid: Grid) -> float:
    """Share of samples whose best and second best unit are no neighbours.

    Args:
        best: Numbers of the two, shape ``(samples, 2)``.
        grid: Where they lie.
    """
    here = grid.positions()
    steps = grid.steps(*grid.offsets(here[:, best[:, 0]], here[:, best[:, 1]]))
    return float(np.mean(np.asarray(steps) > 1))


def u_matrix(weights: np.ndarray, grid: Grid) -> np.ndarray:
    """Mean distance of every unit to its neighbours, in the units of the data; ``(rows, columns)``."""
    one, other = grid.neighbours()
    lengths = np.empty(len(one))
    for pairs in blocks(len(one), weights.shape[1]):
        lengths[pairs] = np.linalg.norm(weights[one[pairs]] - weights[other[pairs]], axis=1)
    count = np.maximum(np.bincount(one, minlength=grid.units), 1)
    return (np.bincount(one, lengths, grid.units) / count).reshape(grid.rows, grid.columns)


def hit_map(best: np.ndarray, grid: Grid) -> np.ndarray:
    """How many samples fall on each unit; shape ``(rows, columns)``.

    Args:
        best: Number of each sample's best matching unit, shape ``(samples,)``.
        grid: Where they lie.
    """
    return np.bincount(best, minlength=grid.units).reshape(grid.rows, grid.columns)


def class_map(best: np.ndarray, labels: np.ndarray, grid: Grid) -> np.ndarray:
    """The most frequent class on each unit, the smaller of equals, -1 on units without samples.

    Args:
        best: Number of each sample's best matching unit, shape ``(samples,)``.
        labels: Each sample's class, whole numbers from 0, of the same length.
        grid: Where the units lie.
    """
    names, column = np.unique(labels, return_inverse=True)
    table = np.zeros((grid.units, len(names)), dtype=np.int64)
    np.add.at(table, (best, column), 1)
    classes = np.where(table.any(1), names.astype(np.int64)[table.argmax(1)], -1)
    return classes.reshape(grid.rows, grid.columns)
