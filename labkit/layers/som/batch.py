"""The batch rule of the self-organizing map.

Every epoch finds the best matching unit of all samples, sums S_j and counts n_j the samples of each
unit j, and moves every unit k to the mean of the samples around it:

    w_k ← w_k + Σ_j h_jk (S_j - n_j w_k) / Σ_j |h_jk| n_j

which is Kohonen's Σ_j h_jk S_j / Σ_j h_jk n_j where h is nowhere negative; the modulus keeps the step
of a Mexican hat bounded. A unit that no sample reaches stays where it is; where a value is missing,
S and n leave it out, feature by feature.

A bubble often leaves units exactly alike; then the first of them counts as best.

A smoothed map is of low rank r: with H = E Λ Eᵀ and t = Λ Eᵀ S, w_k = Σ_a e_ka t_a / (H n)_k. The next
search then needs r products of each sample, not one for every unit. What is left out is rounding.

A feature that has the same value c in all samples needs no learning: w - c shrinks by the share that
the unit forgets of everything. Of such features only the length of w - c counts in the distances, and
the products run over the others (673 of the 784 pixels of 10,000 digits).

Source: T. Kohonen, "Essentials of the self-organizing map", Neural Networks 37 (2013), section 4.2.
"""

from __future__ import annotations

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
    varies = _varying(samples)
    around = weights - samples.centre
    idle = around[:, ~varies]
    far = tf.constant((idle * idle).sum(1, keepdims=True))
    state = _Map(tf.constant(around[:, varies]), tf.ones_like(far))
    tables = [_table(part, samples, varies) for part in blocks(samples.x, grid.units)]
    for radius in radii:
        sums, counts = _collect(tables, state, far * state.kept**2, alike=kind == "bubble")
        state = _move(state, sums, counts, Smoothing.of(kind, grid, float(radius)))
    around[:, varies] = state.units
    around[:, ~varies] = idle * state.kept
    return around + samples.centre


def _varying(samples: Samples) -> np.ndarray:
    """Which features have products to work out: those that vary, and one at least."""
    varies = (samples.low < samples.high) | samples.gaps
    varies[0] |= not varies.any()
    return varies


def _table(part: np.ndarray, samples: Samples, varies: np.ndarray) -> Any:
    """Samples around the centre, 0 where missing; beside them what counts, by feature if gaps."""
    values = part - samples.centre if varies.all() else part[:, varies] - samples.centre[varies]
    counts = np.ones_like(values[:, :1])
    if samples.gaps:
        counts = (~np.isnan(values)).astype(values.dtype)
        values = np.nan_to_num(values, copy=False, nan=0.0)
    return tf.constant(np.concatenate([values, counts], 1))


def _collect(tables: list[Any], state: _Map, far: Any, *, alike: bool) -> tuple[Any, Any]:
    """Sum and count of the samples of each unit; the count by feature where values are missing."""
    units, features = state.units.shape
    squares = state.units * state.units
    gaps = tables[0].shape[1] == 2 * features > 2
    lengths = squares if gaps else far + tf.reduce_sum(squares, 1, keepdims=True)
    total = tf.zeros((units, tables[0].shape[1]), squares.dtype)
    for table in tables:
        scores = _scores(table, state, lengths)
        best = _first_best(scores) if alike else tf.argmin(scores, 1, output_type=tf.int32)
        order = tf.argsort(best)
        total += tf.raw_ops.SparseSegmentSumWithNumSegments(
            data=table, indices=order, segment_ids=tf.gather(best, order), num_segments=units
        )
    return total[:, :features], total[:, features:]


def _scores(table: Any, state: _Map, lengths: Any) -> Any:
    """|w|² - 2 x·w of every sample and unit, by one product or by two smaller ones."""
    if state.factors is None:
        return tf.matmul(table, tf.concat([-2 * state.units, lengths], 1), transpose_b=True)
    wide, short = state.factors
    counting = tf.one_hot([short.shape[1]], table.shape[1], dtype=table.dtype)
    short = tf.concat([tf.pad(-2 * short, [[0, 0], [0, 1]]), counting], 0)
    products = tf.matmul(table, short, transpose_b=True)
    return tf.matmul(products, tf.concat([wide, lengths], 1), transpose_b=True)


def _first_best(scores: Any) -> Any:
    """The first unit whose score is the smallest but for rounding."""
    rounding = 32 * np.finfo(scores.dtype.as_numpy_dtype).eps
    slack = rounding * tf.reduce_max(tf.abs(scores), 1, keepdims=True)
    close = scores <= tf.reduce_min(scores, 1, keepdims=True) + slack
    return tf.argmax(tf.cast(close, tf.int32), 1, output_type=tf.int32)


def _move(state: _Map, sums: Any, counts: Any, smoothing: Smoothing) -> _Map:
    """The map after one step of the rule."""
    pull, weight = smoothing.apply(sums), smoothing.apply(counts)
    reach = smoothing.apply_modulus(counts)
    kept = tf.math.divide_no_nan(reach - weight, reach) + tf.cast(reach <= 0, reach.dtype)
    units = state.units * kept + tf.math.divide_no_nan(pull, reach)
    factors = _factors(smoothing, sums, counts, weight) if counts.shape[1] == 1 else None
    return _Map(units, state.kept * kept[:, :1], factors)


def _factors(smoothing: Smoothing, sums: Any, counts: Any, weight: Any) -> tuple[Any, Any] | None:
    """The smoothed map as a product of a wide and a short matrix, where that saves work.

    Leaving an eigenvalue λ out moves unit k by about λ n̄ / (H n)_k of a sample's length, where n̄ is the
    mean count.
    """
    dtype = sums.dtype.as_numpy_dtype
    smallest = np.finfo(dtype).eps * float(tf.reduce_min(weight) / tf.reduce_mean(counts))
    spectrum = smoothing.spectrum(smallest) if smallest > 0 else None
    if spectrum is None:
        return None
    values, vectors = (part.astype(dtype) for part in spectrum)
    short = tf.matmul(vectors * values, sums, transpose_a=True)
    return tf.constant(vectors) / weight, short
