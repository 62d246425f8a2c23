"""The batch rule of the self-organizing map.

Every epoch finds the best matching unit of all samples, sums S_j and counts n_j the samples of each
unit j, and moves every unit k to the mean of the samples around it:

    w_k ← w_k + Σ_j h_jk (S_j - n_j w_k) / Σ_j |h_jk| n_j

which is Kohonen's Σ_j h_jk S_j / Σ_j h_jk n_j where h is nowhere negative; the modulus keeps the step
of a Mexican hat bounded. A unit that no sample reaches stays where it is; where a value is missing,
S and n leave it out, feature by feature. Features without variation are left aside (`data`).

A bubble often leaves units exactly alike; then the first of them counts as best.

A smoothed map is of low rank r: with H = E Λ Eᵀ and t = Λ Eᵀ S, w_k = Σ_a e_ka t_a / (H n)_k. The next
search then needs r products of each sample, not one for every unit. What is left out is rounding.

Source: T. Kohonen, "Essentials of the self-organizing map", Neural Networks 37 (2013), section 4.2.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som.data import Samples
from labkit.layers.som.grid import Grid, Neighbourhood
from labkit.layers.som.search import blocks
from labkit.layers.som.smoothing import Smoothing

__all__ = ["batch_rule"]


@dataclass(frozen=True, slots=True)
class _Map:
    """A map around the samples' centre.

    Attributes:
        units: Weights of the features that vary, ``(units, varying)``.
        kept: What is left of every unit's other features, from 1 at the start; ``(units, 1)``.
        factors: ``L, T`` with ``units = L @ T`` to float precision and a short T, or ``None``.
    """

    units: Any
    kept: Any
    factors: tuple[Any, Any] | None = None


def batch_rule(
    samples: Samples, weights: np.ndarray, grid: Grid, kind: Neighbourhood, radii: np.ndarray
) -> np.ndarray:
    """Weights after one epoch for each radius.

    Args:
        samples: What is learned.
        weights: To start from, ``(units, features)``.
        grid: Where the units lie.
        kind: Of neighbourhood.
        radii: σ of each epoch.
    """
    units, far = samples.split(weights)
    state = _Map(tf.constant(units), tf.ones((grid.units, 1), units.dtype))
    tables = [_table(samples, rows) for rows in blocks(len(samples.x), grid.units)]
    for radius in radii:
        lengths = state.units * state.units
        if not samples.gaps:
            lengths = tf.reduce_sum(lengths, 1, keepdims=True) + far[:, None] * state.kept**2
        total = _collect(tables, _matrices(state, lengths), grid.units, alike=kind == "bubble")
        state = _move(state, total, Smoothing.of(kind, grid, float(radius), units.dtype))
    return samples.join(weights, state.units.numpy(), state.kept[:, 0].numpy())


def _table(samples: Samples, rows: slice) -> Any:
    """Samples around the centre, 0 where missing; beside them what counts, by feature if gaps."""
    values = samples.around(rows)
    counts = np.ones_like(values[:, :1])
    if samples.gaps:
        counts = (~np.isnan(values)).astype(values.dtype)
        np.nan_to_num(values, copy=False, nan=0.0)
    return tf.constant(np.concatenate([values, counts], 1))


def _matrices(state: _Map, lengths: Any) -> list[Any]:
    """By what to multiply a table to get |w|² - 2 x·w of every sample and unit: one matrix, or two."""
    if state.factors is None:
        return [tf.transpose(tf.concat([-2 * state.units, lengths], 1))]
    wide, short = state.factors
    passing = tf.one_hot([short.shape[1]], short.shape[1] + 1, dtype=short.dtype)
    first = tf.concat([tf.pad(-2 * short, [[0, 0], [0, 1]]), passing], 0)
    return [tf.transpose(first), tf.transpose(tf.concat([wide, lengths], 1))]


def _collect(tables: list[Any], matrices: list[Any], units: int, *, alike: bool) -> Any:
    """The sum of the tables' rows that each unit matches best.

    Args:
        tables: The samples and what counts of them.
        matrices: What makes scores of them.
        units: How many there are.
        alike: Whether units may be exactly alike.
    """

    def collect(table: Any) -> Any:
        scores = table
        for matrix in matrices:
            scores = tf.matmul(scores, matrix)
        best = _first_best(scores) if alike else tf.argmin(scores, 1, output_type=tf.int32)
        number = best.numpy().astype(
            np.min_scalar_type(units)
        )  # short numbers are sorted by their digits
        order = np.argsort(number, kind="stable").astype(np.int32)
        return tf.raw_ops.SparseSegmentSumWithNumSegments(
            data=table, indices=order, segment_ids=tf.gather(best, order), num_segments=units
        )

    with ThreadPoolExecutor(2) as pool:  # what takes one core of one table, and all cores of the other
        return sum(pool.map(collect, tables))


def _first_best(scores: Any) -> Any:
    """The first unit whose score is the smallest but for rounding."""
    rounding = 32 * np.finfo(scores.dtype.as_numpy_dtype).eps
    slack = rounding * tf.reduce_max(tf.abs(scores), 1, keepdims=True)
    close = scores <= tf.reduce_min(scores, 1, keepdims=True) + slack
    return tf.argmax(tf.cast(close, tf.int32), 1, output_type=tf.int32)


def _move(state: _Map, total: Any, smoothing: Smoothing) -> _Map:
    """The map after one step of the rule."""
    features = state.units.shape[1]
    counts, smooth = total[:, features:], smoothing.apply(total)
    pull, weight = smooth[:, :features], smooth[:, features:]
    reach = smoothing.apply_modulus(counts) if smoothing.signed else weight
    limits = np.finfo(reach.dtype.as_numpy_dtype)
    reached = reach > limits.tiny / limits.eps  # below, the sums of what is pulled have lost digits
    kept = tf.where(reached, 1 - weight / reach, tf.ones_like(reach))
    if smoothing.signed:
        pull += (reach - weight) * state.units
    units = tf.where(reached, pull / reach, state.units)
    factors = _factors(smoothing, total, weight) if counts.shape[1] == 1 else None
    return _Map(units, state.kept * kept[:, :1], factors)


def _factors(smoothing: Smoothing, total: Any, weight: Any) -> tuple[Any, Any] | None:
    """The smoothed map as a product of a wide and a short matrix, where that saves work.

    Leaving an eigenvalue λ out moves unit k by about λ n̄ / (H n)_k of a sample's length, where n̄ is the
    mean count: 16 times the rounding of one number is what the product of two vectors loses anyway.
    """
    sums, counts = total[:, :-1], total[:, -1]
    dtype = sums.dtype.as_numpy_dtype
    units, features = sums.shape
    smallest = 16 * np.finfo(dtype).eps * float(tf.reduce_min(weight) / tf.reduce_mean(counts))
    spectrum = smoothing.spectrum(smallest, units * features // (units + features))
    if spectrum is None:
        return None
    values, vectors = (part.astype(dtype) for part in spectrum)
    return tf.constant(vectors) / weight, tf.matmul(vectors * values, sums, transpose_a=True)
