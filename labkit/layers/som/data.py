"""Samples for a self-organizing map: checked, with what rules and starts need to know of them.

A feature that has the same value c in all samples needs no learning: every rule shrinks w - c by the
share that the unit forgets of everything, so one number for each unit says what is left. Of such
features only the length of w - c counts in the distances; products run over the others (673 of the 784
pixels of 10,000 digits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.layers.arguments import gathered

__all__ = ["Samples", "checked", "described"]


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples and their features' range.

    Attributes:
        x: Samples in rows, NaN where a value is missing; ``(samples, features)``.
        gaps: Whether any value is missing.
        centre: The mean of each feature, exactly its value where it has only one.
        low: Smallest value of each feature, 0 if all are missing.
        high: Largest value of each feature, likewise.
        varying: Numbers of the features to learn, at least one; all where values are missing.
    """

    x: np.ndarray
    gaps: bool
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    varying: np.ndarray

    def around(self, rows: slice) -> np.ndarray:
        """Of some samples the features that vary, around their centre."""
        part = self.x[rows].take(self.varying, axis=1)
        part -= self.centre[self.varying]
        return part

    def split(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Units around the centre: the features that vary, and the squared length of the others.

        Args:
            weights: ``(units, features)``.
        """
        around = weights - self.centre
        idle = np.delete(around, self.varying, axis=1)
        return around[:, self.varying], (idle * idle).sum(1)

    def join(self, weights: np.ndarray, units: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """Weights after learning.

        Args:
            weights: Those that were split.
            units: The features that vary, learned.
            kept: What is left of every unit's other features, 1 at the start; ``(units,)``.
        """
        around = (weights - self.centre) * kept[:, None]
        around[:, self.varying] = units
        around += self.centre
        return around


def checked(data: Any, features: int | None, dtype: str) -> np.ndarray:
    """The data as an array of samples in rows.

    Raises:
        ValueError: They are no samples in rows, there are none, one is infinite, or one has no value.
    """
    data = gathered("data", data)
    try:
        x = np.asarray(data).astype(dtype, copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"`data` must be an array of numbers. Received: {type(data)}") from error
    if x.ndim != 2 or (features is not None and x.shape[1] != features):
        wanted = "features" if features is None else features
        raise ValueError(f"`data` must have the shape (samples, {wanted}). Received: shape={x.shape}")
    if not x.size:
        raise ValueError(f"`data` must hold at least one sample. Received: shape={x.shape}")
    if np.isinf(np.fmin.reduce(x, None)) or np.isinf(np.fmax.reduce(x, None)):
        raise ValueError("`data` must be finite, NaN where missing. Received: an infinite value")
    empty = np.flatnonzero(np.isnan(x[:, 0]))
    empty = empty[np.isnan(x[empty]).all(1)]
    if empty.size:
        raise ValueError(f"`data` must have a value in every row. Received: only NaN in row {empty[0]}")
    return x


def described(x: np.ndarray) -> Samples:
    """Samples with their features' range."""
    low, high = x.min(0), x.max(0)
    if not np.isnan(low).any():
        centre = np.where(low < high, x.mean(0), low)
        varying = np.flatnonzero(low < high)
        return Samples(x, False, centre, low, high, varying if varying.size else np.arange(1))
    known = ~np.isnan(x)
    centre = np.where(known, x, 0).sum(0) / np.maximum(known.sum(0), 1).astype(x.dtype)
    low, high = (np.nan_to_num(end.reduce(x, 0)) for end in (np.fmin, np.fmax))
    return Samples(x, True, centre, low, high, np.arange(x.shape[1]))
