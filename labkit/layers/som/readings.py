"""What can be read off a learned self-organizing map; the measures are those of `quality`."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som import quality
from labkit.layers.som.data import checked
from labkit.layers.som.grid import Grid
from labkit.layers.som.search import distance_to, nearest

__all__ = ["MapReadings"]


class MapReadings:
    """A map's quality and its pictures, each as a method of the layer."""

    grid: Grid
    codebook: Any
    variable_dtype: str
    built: bool

    def quantization_error(self, data: Any) -> float:
        """Mean distance of the samples to their best matching units, in the units of the data."""
        x = self._checked(data)
        units = self._units()
        return float(np.mean(distance_to(x, units, nearest(x, units)[:, 0]), dtype=float))

    def topographic_error(self, data: Any) -> float:
        """Share of samples whose best and second best unit are no neighbours, from 0 to 1."""
        if self.grid.units < 2:
            return 0.0
        return quality.topographic_error(nearest(self._checked(data), self._units(), 2), self.grid)

    def u_matrix(self) -> np.ndarray:
        """Mean distance of every unit to its neighbours, in the data's units; ``(rows, columns)``."""
        return quality.u_matrix(self._units().numpy(), self.grid)

    def hit_map(self, data: Any) -> np.ndarray:
        """How many samples have each unit as their best match; ``(rows, columns)``."""
        return quality.hit_map(nearest(self._checked(data), self._units())[:, 0], self.grid)

    def class_map(self, data: Any, labels: Any) -> np.ndarray:
        """The class most often found on each unit, -1 on units without samples; ``(rows, columns)``.

        Args:
            data: Samples in rows.
            labels: The class of each, a whole number from 0.
        """
        x, classes = self._checked(data), np.asarray(labels)
        if classes.shape != x.shape[:1] or classes.dtype.kind not in "iu" or classes.min() < 0:
            raise ValueError(
                "`labels` must be one whole number from 0 for each sample. "
                f"Received: shape={classes.shape}, dtype={classes.dtype}"
            )
        return quality.class_map(nearest(x, self._units())[:, 0], classes, self.grid)

    def _units(self) -> Any:
        """The weights, one unit a row, in the precision that learning needs."""
        if not self.built:
            raise ValueError(
                "This map has no weights yet: call `adapt(data)` first. Received: no weights"
            )
        return tf.reshape(tf.cast(self.codebook.value, self._precision), (self.grid.units, -1))

    def _checked(self, data: Any) -> np.ndarray:
        return checked(data, self.codebook.shape[-1] if self.built else None, self._precision)

    @property
    def _precision(self) -> str:
        return "float64" if self.variable_dtype == "float64" else "float32"
