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

Source: T. Kohonen, "Essentials of the self-organizing map", Neural Networks 37 (2013), section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som_data import Samples
from labkit.layers.som_grid import Grid, Neighbourhood
from labkit.layers.som_search import blocks
from labkit.layers.som_smoothing import Smoothing

__all__ = ["batch_rule"]


@dataclass(frozen=True, slots=True)
class _Map:
    """A map around the samples' centre.

    Attributes:
        units: Weights of the varying features, ``(units, varying)``.
        kept: What every unit still holds of its idle features, a factor from the start; ``(units, 1)``.
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
    around = weights - samples.centre
    idle = around[:, samples.idle]
    far = tf.constant((idle * idle).sum(1, keepdims=True))
    state = _Map(tf.constant(around[:, samples.varying]), tf.ones_like(far))
    for radius in radii:
        sums, counts = _collect(samples, state, far * state.kept**2, alike=kind == "bubble")
        state = _move(state, sums, counts, Smoothing.of(kind, grid, float(radius)))
    around[:, samples.varying] = state.units
    around[:, samples.idle] = idle * state.kept
    return around + samples.centre


def _collect(samples: Samples, state: _Map, far: Any, *, alike: bool) -> tuple[Any, Any]:
    """Sum and count of the samples of each unit; the count by feature where values are missing."""
    units = state.units
    total = units.shape[0]
    sums, counts = tf.zeros_like(units), tf.zeros_like(units if samples.known is not None else far)
    lengths = tf.transpose(far + tf.reduce_sum(units * units, 1, keepdims=True))
    known = repeat(None) if samples.known is None else blocks(samples.known, total)
    for part, present in zip(blocks(samples.values, total), known):
        lengths = lengths if present is None else tf.matmul(present, units * units, transpose_b=True)
        scores = lengths - 2 * _products(part, state)
        chosen = _first_best(scores, lengths) if alike else tf.argmin(scores, 1, output_type=tf.int32)
        present = tf.ones_like(part[:, :1]) if present is None else present
        sums += tf.math.unsorted_segment_sum(part, chosen, total)
        counts += tf.math.unsorted_segment_sum(present, chosen, total)
    return sums, counts


def _first_best(scores: Any, lengths: Any) -> Any:
    """The first unit whose score is the smallest but for rounding."""
    lowest = tf.reduce_min(scores, 1, keepdims=True)
    rounding = 32 * np.finfo(scores.dtype.as_numpy_dtype).eps
    slack = rounding * (tf.reduce_max(lengths, 1, keepdims=True) + tf.abs(lowest))
    return tf.argmax(tf.cast(scores <= lowest + slack, tf.int32), 1, output_type=tf.int32)


def _products(part: Any, state: _Map) -> Any:
    """Scalar product of every sample with every unit."""
    if state.factors is None:
        return tf.matmul(part, state.units, transpose_b=True)
    wide, short = state.factors
    return tf.matmul(tf.matmul(part, short, transpose_b=True), wide, transpose_b=True)


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
