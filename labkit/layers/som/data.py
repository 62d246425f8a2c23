"""Samples for a self-organizing map: checked, with what rules and starts need to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

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
    """

    x: np.ndarray
    gaps: bool
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray


def checked(data: Any, features: int | None, dtype: str) -> np.ndarray:
    """The data as an array of samples in rows.

    Raises:
        ValueError: They are no samples in rows, there are none, one is infinite, or one has no value.
    """
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
        return Samples(x, False, np.where(low < high, x.mean(0), low), low, high)
    known = ~np.isnan(x)
    count = np.maximum(known.sum(0), 1).astype(x.dtype)
    centre = np.where(known, x, 0).sum(0) / count
    low, high = np.fmin.reduce(x, 0), np.fmax.reduce(x, 0)
    return Samples(x, True, centre, np.nan_to_num(low), np.nan_to_num(high))
