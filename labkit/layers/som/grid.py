"""Where the units of a self-organizing map lie, and how strongly one is pulled along by another.

Positions, in units of the distance between neighbours (no physical unit):

    rectangular   r_ij = (i, j)
    hexagonal     r_ij = (i - s_j / 2, j √3/2),  s_j = 1 in every second column, counted from the last

Neighbourhoods h of radius σ, of the offset d between a unit and the best matching one:

    gaussian      h = exp(-|d|² / 2σ²)
    mexican_hat   h = (1 - |d|² / σ²) exp(-|d|² / 2σ²)
    bubble        h = 1 where fewer than σ steps from neighbour to neighbour lead there, else 0

On a torus the offset is the shortest one around either way.

Source: T. Kohonen, "Self-organized formation of topologically correct feature maps", Biological
Cybernetics 43 (1982), and "Essentials of the self-organizing map", Neural Networks 37 (2013).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tensorflow as tf

__all__ = ["Grid", "Neighbourhood", "Topology", "neighbourhood"]

Topology = Literal["rectangular", "hexagonal"]
Neighbourhood = Literal["gaussian", "bubble", "mexican_hat"]

_COLUMN = math.sqrt(3) / 2  # from one column of a hexagonal grid to the next


@dataclass(frozen=True, slots=True)
class Grid:
    """The units' arrangement; units are numbered row by row.

    A square unit has eight neighbours, a hexagonal one six; at the border of a plane fewer.
    """

    rows: int
    columns: int
    topology: Topology = "rectangular"
    torus: bool = False

    @property
    def units(self) -> int:
        """How many there are."""
        return self.rows * self.columns

    @property
    def periods(self) -> tuple[float, float]:
        """After which distance down and across a torus begins anew."""
        return float(self.rows), self.columns * (_COLUMN if self.topology == "hexagonal" else 1.0)

    def positions(self) -> np.ndarray:
        """Position of every unit, down and across; shape ``(2, units)``."""
        down, across = np.divmod(np.arange(self.units, dtype=float), self.columns)
        if self.topology == "hexagonal":
            down -= ((self.columns - 1 - across) % 2 == 0) / 2
            across *= _COLUMN
        return np.stack([down, across])

    def offsets(self, here: Any, there: Any) -> tuple[Any, Any]:
        """How far apart positions are, down and across, without sign.

        Args:
            here: Positions with two entries in front, as tensors or arrays.
            there: The same, of a shape that broadcasts with the first.
        """
        return tuple(
            tf.minimum(gap, period - gap) if self.torus else gap
            for gap, period in zip(
                (tf.abs(here[0] - there[0]), tf.abs(here[1] - there[1])), self.periods
            )
        )

    def steps(self, down: Any, across: Any) -> Any:
        """How many steps from neighbour to neighbour an offset takes."""
        if self.topology == "rectangular":
            return tf.maximum(down, across)
        columns = across / _COLUMN
        return tf.round(columns + tf.nn.relu(down - columns / 2))  # a step sideways leads half a row on

    def between(self, units: slice = slice(None)) -> tuple[np.ndarray, np.ndarray]:
        """Offsets of some units (rows) from all units (columns), down and across."""
        here = self.positions()
        down, across = self.offsets(here[:, units, None], here[:, None, :])
        return np.asarray(down), np.asarray(across)

    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """All pairs of units one step apart, both ways: the numbers of the one and of the other."""
        row, column = np.divmod(np.arange(self.units), self.columns)
        move = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
        row, column = (row + move[:, :1]) % self.rows, (column + move[:, 1:]) % self.columns
        here, there = np.broadcast_arrays(np.arange(self.units), row * self.columns + column)
        place = self.positions()
        near = np.asarray(self.steps(*self.offsets(place[:, here], place[:, there]))) == 1
        pairs = np.unique([here[near], there[near]], axis=1)  # on two rows both ways lead to the same
        return pairs[0], pairs[1]


def neighbourhood(kind: Neighbourhood, grid: Grid, down: Any, across: Any, radius: Any) -> Any:
    """The pull h on a unit at an offset from the best matching one.

    Args:
        kind: Shape of the neighbourhood.
        grid: Decides what a step is.
        down: Offset down, at least 0.
        across: Offset across, at least 0, of the same shape.
        radius: σ, above 0.
    """
    if kind == "bubble":
        return tf.cast(grid.steps(down, across) < radius, radius.dtype)
    nearness = (down * down + across * across) / (2 * radius * radius)
    bell = tf.exp(-nearness)
    return bell if kind == "gaussian" else (1 - 2 * nearness) * bell
