"""Kohonen's online rule: after every sample x all units move towards it.

    w_k ← w_k + η(t) h(r_c - r_k; σ(t)) (x - w_k),   c = argmin_k |x - w_k|

Within a block of B samples the map is needed only in its products with the samples still to come. With
g_k = η h the products p_sk = x_s·w_k, the squared lengths, and the coefficients of w_k in the block's
samples follow by themselves:

    p_sk ← (1 - g_k) p_sk + g_k x_s·x_t
    |w_k|² ← (1 - g_k)² |w_k|² + 2 g_k (1 - g_k) p_tk + g_k² |x_t|²
    w_k = a_k w_k(before) + Σ_s b_sk x_s,   a_k ← (1 - g_k) a_k,  b_sk ← (1 - g_k) b_sk,  b_tk = g_k

so a step costs B values a unit, not one for each feature, and the features enter by three matrix
products a block. It is the same rule to rounding. Features without variation are left aside (`data`).
Where values are missing every feature forgets at a pace of its own, and the steps are taken one by one
as written first.

Source: T. Kohonen, "Self-organized formation of topologically correct feature maps", Biological
Cybernetics 43 (1982).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.som.data import Samples
from labkit.layers.som.grid import Grid, Neighbourhood, neighbourhood
from labkit.layers.som.search import blocks

__all__ = ["online_rule"]

_BLOCK = 64  # where the products of a block and its steps cost about the same
_ENOUGH_STEPS = 5_000  # below, XLA takes longer to compile than it saves

Pull = Callable[[Any, Any, Any], Any]


def online_rule(
    samples: Samples,
    weights: np.ndarray,
    grid: Grid,
    kind: Neighbourhood,
    orders: list[np.ndarray],
    rates: np.ndarray,
    radii: np.ndarray,
) -> np.ndarray:
    """Weights after one step for every sample of every epoch.

    Args:
        samples: What is learned.
        weights: To start from, ``(units, features)``.
        grid: Where the units lie.
        kind: Of neighbourhood.
        orders: The samples' numbers, epoch by epoch, in the order in which they are seen.
        rates: Learning rate η of every step, ``(epochs, samples)``.
        radii: σ of every step, ``(epochs, samples)``.
    """
    units, far = samples.split(weights)
    state = tf.constant(units), tf.ones_like(far)
    parts = blocks(len(samples.x), units.shape[1])
    x = tf.concat([tf.constant(samples.around(rows)) for rows in parts], 0)
    learn = _learner(grid, kind, samples.gaps, rates.size >= _ENOUGH_STEPS)
    for order, rate, radius in zip(orders, rates, radii):
        schedule = _in_blocks(order, rate.astype(weights.dtype), radius.astype(weights.dtype))
        state = learn(*state, far, x, *schedule)
    return samples.join(weights, *(part.numpy() for part in state))


def _in_blocks(order: np.ndarray, rate: np.ndarray, radius: np.ndarray) -> tuple[Any, Any, Any]:
    """The steps in whole blocks; those added learn nothing."""
    missing = -len(order) % _BLOCK
    filled = (
        np.pad(order.astype(np.int32), (0, missing)),
        np.pad(rate, (0, missing)),
        np.pad(radius, (0, missing), constant_values=1),
    )
    return tuple(tf.constant(values.reshape(-1, _BLOCK)) for values in filled)


@lru_cache(maxsize=8)
def _learner(grid: Grid, kind: Neighbourhood, gaps: bool, jit_compile: bool) -> Any:
    """One epoch as one graph call."""

    def epoch(units: Any, kept: Any, far: Any, x: Any, *schedule: Any) -> tuple[Any, Any]:
        places = tf.constant(grid.positions(), units.dtype)

        def pull(best: Any, rate: Any, radius: Any) -> Any:
            offsets = grid.offsets(places, tf.gather(places, [best], axis=1))
            return rate * neighbourhood(kind, grid, *offsets, radius)

        def block(i: Any, units: Any, kept: Any) -> tuple[Any, Any, Any]:
            order, rates, radii = (values[i] for values in schedule)
            seen = tf.gather(x, order)
            if gaps:
                return i + 1, _one_by_one(units, seen, rates, radii, pull), kept
            lengths = tf.linalg.matvec(units * units, tf.ones_like(units[0])) + far * kept * kept
            units, left = _block(units, lengths, seen, rates, radii, pull)
            return i + 1, units, kept * left

        count = schedule[0].shape[0]
        return tf.while_loop(lambda i, *_: i < count, block, (0, units, kept))[1:]

    return tf.function(epoch, jit_compile=jit_compile, autograph=False)


def _block(units: Any, lengths: Any, x: Any, rates: Any, radii: Any, pull: Pull) -> tuple[Any, Any]:
    """Units after a block of samples, and what is left in them of the units before."""
    between = tf.matmul(x, x, transpose_b=True)
    squares = tf.linalg.diag_part(between)
    later = tf.linalg.set_diag(tf.linalg.band_part(between, 0, -1), tf.ones_like(squares))
    later = tf.pad(later, [[0, 0], [0, 1]])  # column s of row t: what b_s or p_s gains from x_t
    products = tf.matmul(x, units, transpose_b=True)
    table = tf.concat(
        [products, tf.ones_like(products[:1])], 0
    )  # p before step s, b after; a at the end
    steps = tf.range(_BLOCK + 1)

    def step(t: Any, product: Any, table: Any, lengths: Any) -> tuple[Any, ...]:
        g = pull(tf.argmin(lengths - 2 * product, output_type=tf.int32), rates[t], radii[t])
        lengths = (1 - g) * ((1 - g) * lengths + 2 * g * product) + g * g * squares[t]
        others = tf.cast(steps != t, g.dtype)[:, None]
        table = table * ((1 - g) * others) + g * later[t][:, None]
        return t + 1, table[t + 1], table, lengths  # the row is read here so that XLA writes in place

    start = (0, table[0], table, lengths)
    table = tf.while_loop(lambda t, *_: t < _BLOCK, step, start)[2]
    left = table[_BLOCK]
    return units * left[:, None] + tf.matmul(table[:_BLOCK], x, transpose_a=True), left


def _one_by_one(units: Any, x: Any, rates: Any, radii: Any, pull: Pull) -> Any:
    """Units after a block of samples of which values are missing."""

    def step(t: Any, units: Any) -> tuple[Any, Any]:
        gap = x[t] - units
        gap = tf.where(tf.math.is_nan(gap), tf.zeros_like(gap), gap)
        g = pull(tf.argmin(tf.reduce_sum(gap * gap, 1), output_type=tf.int32), rates[t], radii[t])
        return t + 1, units + g[:, None] * gap

    return tf.while_loop(lambda t, *_: t < _BLOCK, step, (0, units))[1]
