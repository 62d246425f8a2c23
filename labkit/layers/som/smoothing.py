"""The neighbourhoods of all units of a self-organizing map at once: H with H_jk = h(r_j - r_k).

On a square grid the Gaussian and the bubble are products, H = H_down ⊗ H_across, so that H S takes two
small matrix products instead of one with as many rows and columns as there are units.

The Gaussian's eigenvalues fall off fast: of H = E Λ Eᵀ only those matter whose share of a result can be
told from rounding (20 × 20 units, σ = 4: about 100 of 400). A map smoothed by H is of that rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som.grid import Grid, Neighbourhood, neighbourhood
from labkit.layers.som.search import blocks

__all__ = ["Smoothing"]


@dataclass(frozen=True, slots=True)
class Smoothing:
    """H of one radius.

    Attributes:
        axes: ``H_down`` and ``H_across`` where H is their product, else ``None``.
        whole: H where it is no product, else ``None``; shape ``(units, units)``.
        kind: Of neighbourhood.
    """

    axes: tuple[np.ndarray, np.ndarray] | None
    whole: np.ndarray | None
    kind: Neighbourhood

    @property
    def signed(self) -> bool:
        """Whether any h may be below 0."""
        return self.kind == "mexican_hat"

    @classmethod
    def of(cls, kind: Neighbourhood, grid: Grid, radius: float, dtype: Any) -> Smoothing:
        """H of a neighbourhood on a grid, of the type of the numbers that it is for."""
        sigma = tf.constant(radius, tf.float64)
        if grid.topology == "hexagonal" or kind == "mexican_hat":
            parts = [
                neighbourhood(kind, grid, *grid.between(rows), sigma).numpy().astype(dtype)
                for rows in blocks(grid.units, grid.units)
            ]
            return cls(None, np.concatenate(parts), kind)
        lines = (Grid(grid.rows, 1, torus=grid.torus), Grid(1, grid.columns, torus=grid.torus))
        down, across = (
            neighbourhood(kind, line, *line.between(), sigma).numpy().astype(dtype) for line in lines
        )
        return cls((down, across), None, kind)

    def apply(self, values: np.ndarray) -> np.ndarray:
        """H @ values, for values of shape ``(units, …)``."""
        if self.axes is None:
            return tf.matmul(self.whole, values).numpy()
        down, across = self.axes
        lines = tf.matmul(down, values.reshape(len(down), -1))
        moved = tf.matmul(across, tf.reshape(lines, (len(down), len(across), -1)))
        return moved.numpy().reshape(values.shape)

    def apply_modulus(self, values: np.ndarray) -> np.ndarray:
        """|H| @ values."""
        if self.whole is None:
            return self.apply(values)
        return tf.matmul(np.abs(self.whole), values).numpy()

    def spectrum(self, smallest: float, most: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Eigenvalues above a size, and vectors ``(units, rank)``; ``None`` if more than so many."""
        if self.axes is None or self.kind != "gaussian" or smallest <= 0:
            return None
        (one, down), (two, across) = (np.linalg.eigh(axis) for axis in self.axes)
        values = np.outer(one, two)
        i, j = np.nonzero(np.abs(values) > smallest)
        if len(i) > most:
            return None
        vectors = down[:, None, i] * across[None, :, j]
        return values[i, j], vectors.reshape(values.size, -1)
