"""The two phases in which a Boltzmann machine learns: data clamped to it, and nothing clamped.

    Δw_ij = η (<s_i s_j>_clamped - <s_i s_j>_free),   Δb_i = η (<s_i>_clamped - <s_i>_free)

The brackets hold the slope of the mean log-likelihood. Means over all states give it exactly; in
machines too large for that, means over chains estimate it: those of the clamped phase hold a sample
each, those of the free phase go on from where they were left.

Source: D. Ackley, G. Hinton and T. Sejnowski, "A learning algorithm for Boltzmann machines",
Cognitive Science 9 (1985); T. Tieleman, "Training restricted Boltzmann machines using approximations
to the likelihood gradient", ICML (2008), for chains that are kept.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from labkit.layers.boltzmann.enumeration import Means, clamped_means, free_means, means
from labkit.layers.boltzmann.gibbs import bernoulli, pair, sweeps

__all__ = ["exact_ascent", "exact_slope", "sampled_update"]


def exact_slope(couplings: Any, bias: Any, shares: Any) -> Means:
    """Slope of the mean log-likelihood of data with these shares of visible patterns."""
    return clamped_means(couplings, bias, shares).minus(free_means(couplings, bias))


@tf.function(autograph=False)  # type: ignore[untyped-decorator]
def exact_ascent(couplings: Any, bias: Any, shares: Any, rate: Any, updates: Any) -> tuple[Any, Any]:
    """Couplings and biases after so many updates, each by all data, of which these are the shares."""

    def one(done: Any, w: Any, b: Any) -> tuple[Any, Any, Any]:
        slope = exact_slope(w, b, shares)
        return done + 1, w + rate * slope.products, b + rate * slope.states

    _done, w, b = tf.while_loop(lambda done, _w, _b: done < updates, one, (0, couplings, bias))
    return w, b


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def sampled_update(
    couplings: Any, bias: Any, data: Any, dream: Any, rate: Any, count: Any, key: Any
) -> tuple[Any, Any, Any]:
    """Couplings, biases and chains of the free phase after one update.

    Args:
        couplings: w, ``(units, units)``.
        bias: b, ``(units,)``.
        data: Samples, ``(samples, visible)``.
        dream: Chains of the free phase, ``(chains, units)``.
        rate: η.
        count: Sweeps of each phase.
        key: Seed of the draws, and number of the update: different ones draw differently.
    """
    visible, units = tf.shape(data)[1], tf.shape(bias)[0]
    seed, number = key
    draw = number * (2 * tf.cast(count, tf.int64) + 1)
    coins = tf.fill([tf.shape(data)[0], units - visible], tf.constant(0.5, data.dtype))
    clamped = tf.concat([data, bernoulli(coins, pair(seed, draw))], 1)
    needed = tf.where(visible < units, count, 0)  # without hidden units there is nothing to draw
    clamped = sweeps(couplings, bias, clamped, visible, needed, seed, draw + 1)
    dream = sweeps(couplings, bias, dream, 0, count, seed, draw + 1 + tf.cast(count, tf.int64))
    slope = _over(clamped).minus(_over(dream))
    return couplings + rate * slope.products, bias + rate * slope.states, dream


def _over(chains: Any) -> Means:
    count = tf.shape(chains)[0]
    return means(chains, tf.ones((count,), chains.dtype) / tf.cast(count, chains.dtype))
