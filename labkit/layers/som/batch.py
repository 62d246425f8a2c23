"""The batch rule of the self-organizing map.

Every epoch finds the best matching unit of all samples, sums S_j and counts n_j the samples of each
unit j, and moves every unit k to the mean of the samples around it:

    w_k ← w_k + Σ_j h_jk (S_j - n_j w_k) / Σ_j |h_jk| n_j

which is Kohonen's Σ_j h_jk S_j / Σ_j h_jk n_j where h is nowhere negative. With a Mexican hat the
modulus keeps a step no longer than the way to the farthest sample; but a unit that is pushed away may
double that way every epoch, and weights then grow without a bound. A unit that no sample reaches stays
where it is; where a value is missing, S and n leave it out, feature by feature. Features without
variation are left aside (`data`).

A bubble often leaves units exactly alike; then the first of them counts as best.

A smoothed map is of low rank r: with H = E Λ Eᵀ and t = Λ Eᵀ S, w_k = Σ_a e_ka t_a / (H n)_k. The next
search then needs r products of each sample, not one for every unit. What is left out is rounding.

Samples and their products are tensors. The map, which is small beside them, is an array.

Source: T. Kohonen, "Essentials of the self-organizing map", Neural Networks 37 (2013), section 4.2.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som.data import Samples
from labkit.layers.som.grid import Grid, Neighbourhood
from labkit.layers.som.search import blocks
from labkit.layers.som.smoothing import Smoothing

__all__ = ["batch_rule"]

_AT_A_TIME = 2  # tables: one keeps a core busy with sums while the other has the rest for its products


@dataclass(frozen=True, slots=True)
class _Map:
    """A map around the samples' centre.

    Attributes:
        units: Weights of the features that vary, ``(units, varying)``.
        kept: What is left of every unit's other features, from 1 at the start; ``(units, 1)``.
        factors: ``L, T`` with ``units = L @ T`` to float precision and a short T, or ``None``.
    """

    units: np.ndarray
    kept: np.ndarray
    factors: tuple[np.ndarray, np.ndarray] | None = None


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
    state = _Map(units, np.ones_like(far)[:, None])
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        parts = blocks(len(samples.x), grid.units, _AT_A_TIME)
        tables = list(pool.map(partial(_table, samples), parts))
        for radius in radii:
            lengths = state.units * state.units
            if not samples.gaps:
                lengths = lengths.sum(1, keepdims=True) + far[:, None] * state.kept**2
            collect = partial(_collect, _matrices(state, lengths), grid.units, kind == "bubble")
            total = sum(pool.map(collect, tables)).numpy()
            state = _move(state, total, Smoothing.of(kind, grid, float(radius), units.dtype))
    return samples.join(weights, state.units, state.kept[:, 0])


def _table(samples: Samples, rows: slice) -> Any:
    """Samples around the centre, 0 where missing; beside them what counts, by feature if gaps."""
    values = samples.around(rows)
    counts = np.ones_like(values[:, :1])
    if samples.gaps:
        counts = (~np.isnan(values)).astype(values.dtype)
        np.nan_to_num(values, copy=False, nan=0.0)
    return tf.constant(np.concatenate([values, counts], 1))


def _matrices(state: _Map, lengths: np.ndarray) -> list[Any]:
    """By what to multiply a table to get |w|² - 2 x·w of every sample and unit: one matrix, or two."""
    if state.factors is None:
        return [tf.constant(np.concatenate([-2 * state.units, lengths], 1).T)]
    wide, short = state.factors
    first = np.zeros((short.shape[1] + 1, short.shape[0] + 1), short.dtype)
    first[:-1, :-1] = -2 * short.T
    first[-1, -1] = 1
    return [tf.constant(first), tf.constant(np.concatenate([wide, lengths], 1).T)]


def _collect(matrices: list[Any], units: int, alike: bool, table: Any) -> Any:
    """The sum of the rows that each unit matches best.

    Args:
        matrices: What makes scores of a table.
        units: How many there are.
        alike: Whether units may be exactly alike.
        table: Samples and what counts of them.
    """
    scores = table
    for matrix in matrices:
        scores = tf.matmul(scores, matrix)
    best = (_worse(scores) if alike else scores).numpy().argmin(1)  # three times as fast as TF's
    best = best.astype(np.min_scalar_type(units))  # short numbers are sorted by their digits
    order = np.argsort(best, kind="stable").astype(np.int32)
    return tf.raw_ops.SparseSegmentSumWithNumSegments(
        data=table, indices=order, segment_ids=best[order].astype(np.int32), num_segments=units
    )


def _worse(scores: Any) -> Any:
    """Whether a score is above the smallest of its sample by more than rounding."""
    rounding = 32 * np.finfo(scores.dtype.as_numpy_dtype).eps
    slack = rounding * tf.reduce_max(tf.abs(scores), 1, keepdims=True)
    return scores > tf.reduce_min(scores, 1, keepdims=True) + slack


def _move(state: _Map, total: np.ndarray, smoothing: Smoothing) -> _Map:
    """The map after one step of the rule."""
    features = state.units.shape[1]
    counts, smooth = total[:, features:], smoothing.apply(total)
    pull, weight = smooth[:, :features], smooth[:, features:]
    reach = weight
    if smoothing.signed:
        reach = smoothing.apply_modulus(counts)
        pull = pull + (reach - weight) * state.units
    limits = np.finfo(reach.dtype)
    reached = reach > limits.tiny / limits.eps  # below, the sums of what is pulled have lost digits
    safe = np.where(reached, reach, 1)
    kept = np.where(reached, 1 - weight / safe, 1)
    units = np.where(reached, pull / safe, state.units)
    factors = _factors(smoothing, total, weight) if counts.shape[1] == 1 else None
    return _Map(units, state.kept * kept[:, :1], factors)


def _factors(
    smoothing: Smoothing, total: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """The smoothed map as a product of a wide and a short matrix, where that saves work.

    Leaving an eigenvalue λ out moves unit k by about λ n̄ / (H n)_k of a sample's length, where n̄ is the
    mean count: 16 times the rounding of one number is what the product of two vectors loses anyway.
    """
    sums, counts = total[:, :-1], total[:, -1]
    units, features = sums.shape
    smallest = 16 * np.finfo(sums.dtype).eps * weight.min() / counts.mean()
    spectrum = smoothing.spectrum(smallest, units * features // (units + features))
    if spectrum is None:
        return None
    values, vectors = (part.astype(sums.dtype) for part in spectrum)
    return vectors / weight, tf.matmul(vectors * values, sums, transpose_a=True).numpy()
