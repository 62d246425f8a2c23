"""How a restricted Boltzmann machine learns: contrastive divergence, and its persistent form.

The gradient of the mean log-likelihood is what the data show minus what the machine dreams:

    Δw = <v p(h | v)>_data - <v p(h | v)>_model
    Δb = <v>_data - <v>_model
    Δc = <p(h | v)>_data - <p(h | v)>_model
    u ← μ u + η (Δw - λ w),   w ← w + u

with learning rate η, momentum μ and weight decay λ; b and c move likewise, without λ.

The second mean is taken over samples that k steps of Gibbs sampling lead to: from the data
themselves in CD-k, from where the particles were left after the last batch in PCD, however the
weights have changed since.

Source: G. Hinton, "Training products of experts by minimizing contrastive divergence", Neural
Computation 14 (2002); T. Tieleman, "Training restricted Boltzmann machines using approximations to
the likelihood gradient", ICML (2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.energy import Parameters, Visible, hidden_field, visible_field
from labkit.layers.boltzmann.gibbs import Generator, bernoulli, draw_visible, gibbs_step, pair

__all__ = ["Plan", "Rates", "State", "learn", "pays_to_compile"]

# Rows handed over at once: enough for the call to cost nothing, few enough for the cache.
_BLOCK = 4_000
# In random numbers, on each of which XLA saves 6 ns on one core: half a second of compiling, and what
# an update takes in a graph besides, 60 µs.
_COMPILING = 80_000_000
_STARTING = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides the shape of a step; each is traced once.

    Attributes:
        visible: Kind of the visible units.
        steps: k, steps of Gibbs sampling before every update.
        persistent: Whether the particles go on from where they were left.
        momentum: Whether there is any.
        decay: Whether there is any.
        compiled: Whether XLA compiles the updates.
    """

    visible: Visible
    steps: int
    persistent: bool
    momentum: bool
    decay: bool
    compiled: bool

    @property
    def generator(self) -> Generator:
        """Of the random numbers: the faster one."""
        return "threefry" if self.compiled else "philox"


class Rates(NamedTuple):
    """η, μ and λ, as tensors."""

    learning: Any
    momentum: Any
    decay: Any


class State(NamedTuple):
    """What changes from update to update.

    Attributes:
        parameters: w, b, c.
        velocity: u of each.
        particles: Hidden units of the dream, ``(batch, hidden)``.
        updates: How many there have been; random draws are numbered by it.
    """

    parameters: Parameters
    velocity: Parameters
    particles: Any
    updates: Any


def pays_to_compile(updates: int, numbers: int) -> bool:
    """Whether XLA saves more than it costs; from the amount of work alone, never from a clock.

    Args:
        updates: How many there will be.
        numbers: Random numbers that each of them draws.
    """
    return updates * (_STARTING + numbers) > _COMPILING


def learn(
    plan: Plan, rates: Rates, x: np.ndarray, orders: Iterator[np.ndarray], state: State, seed: int
) -> State:
    """Learn from the rows of `x`, once in each of these orders, as many at a time as particles."""
    block = _compiled if plan.compiled else _plain
    batch, dtype = len(state.particles), state.particles.dtype
    number = tf.constant(seed, tf.int64)
    for order in orders:
        for rows, share, count in _blocks(x, order, batch):
            shares, batches = tf.constant(share, dtype), tf.constant(count)
            state = block(plan, rates, tf.constant(rows), shares, batches, state, number)
    return state


def _blocks(
    x: np.ndarray, order: np.ndarray, batch: int
) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Batches, many at a time; the share of each row in its batch; and how many batches are real.

    All blocks have one shape, so that XLA compiles once. What fills them up has no share.
    """
    batches = -(-len(order) // batch)
    most = min(max(1, _BLOCK // batch), batches)
    for first in range(0, batches, most):
        chosen = order[first * batch : (first + most) * batch]
        rows = np.zeros((most * batch, x.shape[1]), x.dtype)
        share = np.zeros(most * batch)
        rows[: len(chosen)], share[: len(chosen)] = x[chosen], 1 / batch
        if len(chosen) % batch:
            last = len(chosen) % batch
            share[len(chosen) - last : len(chosen)] = 1 / last
        count = min(most, batches - first)
        yield rows.reshape(most, batch, -1), share.reshape(most, batch), count


def _block(plan: Plan, rates: Rates, x: Any, share: Any, count: Any, state: State, seed: Any) -> State:
    def one(index: Any, state: State) -> tuple[Any, State]:
        visible = tf.cast(x[index], state.particles.dtype)
        return index + 1, _update(plan, rates, visible, share[index], state, seed)

    return tf.while_loop(lambda index, _state: index < count, one, (0, state))[1]


_plain = tf.function(_block, reduce_retracing=True, autograph=False)
_compiled = tf.function(_block, jit_compile=True, autograph=False)


def _update(plan: Plan, rates: Rates, data: Any, share: Any, state: State, seed: Any) -> State:
    """One batch: both phases in one product each way, the dream with a negative share."""
    parameters, velocity, particles, updates = state
    draw = updates * (2 * plan.steps)
    if not plan.persistent:
        on = tf.sigmoid(hidden_field(parameters, data))
        particles = bernoulli(on, pair(seed, draw), plan.generator)
    field = visible_field(parameters, particles)
    dream = draw_visible(plan.visible, field, pair(seed, draw + 1), plan.generator)
    for step in range(1, plan.steps):
        dream = gibbs_step(plan.visible, parameters, dream, seed, draw + 2 * step, plan.generator)
    visible = tf.concat([data, dream], 0)
    hidden = tf.sigmoid(hidden_field(parameters, visible))
    if plan.persistent:
        batch = tf.shape(data)[0]
        particles = bernoulli(hidden[batch:], pair(seed, draw), plan.generator)
    gradient = _gradient(plan, share, visible, hidden)
    parameters, velocity = _moved(plan, rates, parameters, velocity, gradient)
    return State(parameters, velocity, particles, updates + 1)


def _gradient(plan: Plan, share: Any, visible: Any, hidden: Any) -> Parameters:
    batch = tf.cast(tf.shape(share)[0], share.dtype)
    dreamt = tf.ones_like(share) / batch if plan.persistent else share
    weight = tf.concat([share, -dreamt], 0)[:, None]
    weighted = hidden * weight
    return Parameters(
        tf.matmul(visible, weighted, transpose_a=True),
        tf.matmul(weight, visible, transpose_a=True)[0],
        tf.reduce_sum(weighted, 0),
    )


def _moved(
    plan: Plan, rates: Rates, parameters: Parameters, velocity: Parameters, gradient: Parameters
) -> tuple[Parameters, Parameters]:
    if plan.decay:
        slope = gradient.kernel - rates.decay * parameters.kernel
        gradient = gradient._replace(kernel=slope)
    push = Parameters(*(rates.learning * slope for slope in gradient))
    if plan.momentum:
        push = Parameters(*(rates.momentum * old + new for old, new in zip(velocity, push)))
        velocity = push
    return Parameters(*(old + new for old, new in zip(parameters, push))), velocity
