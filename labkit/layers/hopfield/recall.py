"""How a Hopfield network remembers: whole batches of states, all neurons at once or one by one.

A neuron takes the sign of its local field h_i = Σ_j w_ij s_j, and keeps its state where the field is
zero. A field no larger than its own rounding error counts as zero: otherwise the order of a sum would
decide, and neither batch size nor processor should.

A synchronous step is one matrix product. An asynchronous step visits every neuron once, in a random
order that depends on seed and step alone, so that a row is recalled alike in any batch. States are
then columns, (N, batch), and neurons are taken in blocks: one product gives the fields of a block, and
a few small ones what its neurons decide one after the other. That is exactly the sequential rule, at
little more than the price of a synchronous step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["relax", "step", "visiting_order"]

_BLOCK = 128  # neurons; 32 and 400 were slower on two cores
_FEW = 8  # once only an eighth of the rows still changes, the others are set aside


def visiting_order(neurons: Any, seed: Any, step: Any) -> Any:
    """The order in which an asynchronous step visits the neurons, the same with XLA and without.

    Neurons are sorted by a hash (TensorFlow's random numbers are others under XLA).

    Example:
        >>> visiting_order(5, seed=0, step=0).numpy().tolist()
        [3, 0, 4, 2, 1]
    """
    start = _mixed(tf.cast(step, tf.uint32) + _mixed(tf.cast(seed, tf.uint32)))
    keys = _mixed(tf.cast(tf.range(neurons), tf.uint32) + start)
    return tf.argsort(tf.bitcast(keys, tf.int32))


def _mixed(bits: Any) -> Any:
    """The last round of MurmurHash3 (Appleby 2011): one to one, so no two neurons tie."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        moved = tf.bitwise.right_shift(bits, tf.constant(shift, tf.uint32))
        bits = tf.bitwise.bitwise_xor(bits, moved) * tf.constant(factor, tf.uint32)
    return bits


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def relax(weights: Any, states: Any, seed: Any, max_steps: Any, *, synchronous: bool) -> Any:
    """Update states until nothing changes.

    Args:
        weights: Couplings, (N, N), symmetric with a zero diagonal.
        states: (batch, N), of −1 and +1.
        seed: Of the order of visits.
        max_steps: After as many steps it ends in any case.
        synchronous: Whether all neurons change at once.

    Returns:
        States (batch, N); steps (batch,), after which the end was reached; period (batch,), 1 where
        the state is stable, 2 where it alternates, 0 where neither has shown within `max_steps`.
        Of two states that alternate it gives the one that came back first.
    """
    slack = _slack(weights)

    def one(number: Any, states: Any, former: Any, steps: Any, period: Any) -> tuple[Any, ...]:
        new = _step(weights, slack, states, seed, number, synchronous)
        fixed, cycle = (tf.reduce_all(new == old, axis=1) for old in (states, former))
        seen = tf.where(fixed, 1, tf.where(cycle, 2, 0))
        running = period == 0
        return (
            number + 1,
            tf.where(running[:, None], new, states),
            states,
            tf.where(running, number + 1 - seen, steps),
            tf.where(running, seen, period),
        )

    def until(few: Any, number: Any, found: tuple[Any, ...]) -> tuple[Any, ...]:
        def go_on(number: Any, *found: Any) -> Any:
            running = tf.math.count_nonzero(found[-1] == 0, dtype=tf.int32)
            return tf.logical_and(number < max_steps, running > few)

        return tuple(tf.while_loop(go_on, one, (number, *found)))

    few, none = tf.maximum(tf.shape(states)[0] // _FEW, 1), tf.zeros_like(states[:, 0], tf.int32)
    number, *found = until(few, 0, (states, tf.zeros_like(states), none, none))
    rows = tf.argsort(found[-1], stable=True)[:few]
    _number, *rest = until(0, number, tuple(tf.gather(part, rows) for part in found))
    places = rows[:, None]
    states, _former, steps, period = (
        tf.tensor_scatter_nd_update(part, places, new) for part, new in zip(found, rest)
    )
    return states, steps, period


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def step(weights: Any, states: Any, seed: Any, number: Any, *, synchronous: bool) -> Any:
    """One step of all states (batch, N): every neuron once."""
    return _step(weights, _slack(weights), states, seed, number, synchronous)


def _step(weights: Any, slack: Any, states: Any, seed: Any, number: Any, synchronous: bool) -> Any:
    columns = tf.transpose(states)
    if synchronous:
        return tf.transpose(_sign(tf.matmul(weights, columns), columns, slack))
    order = visiting_order(tf.shape(columns)[0], seed, number)
    return tf.transpose(_sweep(weights, slack, columns, order))


def _slack(weights: Any) -> Any:
    """A bound on the rounding error of each neuron's field, (N, 1): 8 ε √N |w_i|."""
    epsilon = np.finfo(weights.dtype.as_numpy_dtype).eps
    neurons = tf.cast(tf.shape(weights)[1], weights.dtype)
    squares = tf.einsum("ij,ij->i", weights, weights)  # holds no second (N, N), as |w_ij| would
    return 8 * epsilon * tf.sqrt(neurons * squares)[:, None]


def _sign(field: Any, states: Any, slack: Any) -> Any:
    one = tf.ones_like(states)
    return tf.where(field > slack, one, tf.where(field < -slack, -one, states))


def _sweep(weights: Any, slack: Any, states: Any, order: Any) -> Any:
    """Visit the neurons in this order; the last block is filled up with neurons that never change."""
    count = tf.shape(order)[0]
    blocks = (count + _BLOCK - 1) // _BLOCK
    filled = tf.pad(order, [[0, blocks * _BLOCK - count]])
    real = tf.range(blocks * _BLOCK)[:, None] < count
    bounds = tf.where(real, tf.gather(slack, filled), slack.dtype.max)
    filled, bounds = tf.reshape(filled, (-1, _BLOCK)), tf.reshape(bounds, (-1, _BLOCK, 1))

    def block(number: Any, states: Any) -> tuple[Any, Any]:
        place = filled[number]
        rows = tf.gather(weights, place)
        before = tf.gather(states, place)
        field = tf.matmul(rows, states)
        after = _settle(tf.gather(rows, place, axis=1), bounds[number], field, before)
        return number + 1, tf.tensor_scatter_nd_add(states, place[:, None], after - before)

    return tf.while_loop(lambda number, _states: number < blocks, block, (0, states))[1]


def _settle(weights: Any, slack: Any, field: Any, states: Any) -> Any:
    """Let the neurons of a block decide one after the other, each knowing what those before it did.

    With d_i the change of neuron i, d_i = sign(h_i + Σ_{j<i} w_ij d_j) − s_i. Put in again and again,
    the first d is right after one round, the second after two, and so on; all are once none changes.
    """
    before = tf.linalg.band_part(weights, -1, 0)
    before = tf.linalg.set_diag(before, tf.zeros_like(before[0]))

    def again(_going_on: Any, change: Any) -> tuple[Any, Any]:
        new = _sign(field + tf.matmul(before, change), states, slack) - states
        return tf.reduce_any(new != change), new

    none = tf.zeros_like(states)
    return states + tf.while_loop(lambda going_on, _change: going_on, again, (True, none))[1]
