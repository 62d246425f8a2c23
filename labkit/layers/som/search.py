"""Which units of a self-organizing map match a sample best.

    d²(x, w) = Σ_f m_f (x_f - w_f)²,   m_f = 0 where x_f is missing (NaN), else 1

worked out as |x|² - 2 x·w + |w|² by one matrix product: around the mean of the units and in float64,
for a small difference of large numbers loses half of their digits, and a float32 is to be right in all.

Source: T. Kohonen, Self-Organizing Maps, 3rd edition, Springer 2001, section 3.2; missing values as in
section 3.7 there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["blocks", "distance_to", "nearest", "root", "squared_distances"]

_SCORES = 1 << 21  # so many numbers at a time: 8 MiB in float32


def squared_distances(x: Any, units: Any) -> Any:
    """Squared distance of every sample to every unit, in float64.

    Args:
        x: Samples, shape ``(samples, features)``; NaN where a value is missing.
        units: Weights, shape ``(units, features)``.

    Returns:
        Shape ``(samples, units)``; NaN for a sample without any value.
    """
    x, units = tf.cast(x, tf.float64), tf.cast(units, tf.float64)
    centre = tf.reduce_mean(units, 0)
    x, units = x - centre, units - centre
    missing = tf.math.is_nan(x)
    return tf.cond(tf.reduce_any(missing), lambda: _masked(x, missing, units), lambda: _plain(x, units))


def _plain(x: Any, units: Any) -> Any:
    lengths = tf.reduce_sum(x * x, 1)[:, None] + tf.reduce_sum(units * units, 1)
    return tf.nn.relu(lengths - 2 * tf.matmul(x, units, transpose_b=True))


def _masked(x: Any, missing: Any, units: Any) -> Any:
    known = tf.cast(~missing, units.dtype)
    x = tf.where(missing, tf.zeros_like(x), x)
    lengths = tf.reduce_sum(x * x, 1)[:, None] + tf.matmul(known, units * units, transpose_b=True)
    squared = tf.nn.relu(lengths - 2 * tf.matmul(x, units, transpose_b=True))
    return tf.where(tf.reduce_any(~missing, 1)[:, None], squared, np.nan)


def nearest(x: np.ndarray, units: Any, count: int = 1) -> np.ndarray:
    """Numbers of the best matching units, best first; shape ``(samples, count)``."""
    found = [
        tf.math.top_k(-squared_distances(x[rows], units), count).indices
        for rows in blocks(len(x), units.shape[0])
    ]
    return np.concatenate(found)


def distance_to(x: np.ndarray, units: Any, chosen: np.ndarray) -> np.ndarray:
    """Distance of each sample to the unit chosen for it, from the differences themselves."""
    return np.concatenate(
        [_lengths(x[rows] - tf.gather(units, chosen[rows])) for rows in blocks(*x.shape)]
    )


def _lengths(gap: Any) -> Any:
    gap = tf.where(tf.math.is_nan(gap), tf.zeros_like(gap), gap)
    return tf.sqrt(tf.reduce_sum(gap * gap, 1))


def root(squared: Any) -> Any:
    """Square root with slope 0 at 0, where its own is infinite."""
    positive = squared > 0
    return tf.where(positive, tf.sqrt(tf.where(positive, squared, tf.ones_like(squared))), squared)


def blocks(count: int, width: int, least: int = 1) -> Iterator[slice]:
    """Rows in equal parts, so many that a table of one with `width` columns stays small.

    Args:
        count: How many rows there are.
        width: Of the table.
        least: Of the parts.
    """
    parts = max(1, min(count, max(least, -(-count * width // _SCORES))))
    edges = [count * part // parts for part in range(parts + 1)]
    return map(slice, edges, edges[1:])
