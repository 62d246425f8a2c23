"""Gibbs sampling: units drawn given the others, layer by layer or one after the other.

In a restricted machine the units of a layer do not depend on each other, so a whole layer is drawn at
once; in a general one each unit waits for the one before. The probabilities are those of
`labkit.layers.boltzmann.energy`. Every draw is a function of the seed and the number of the draw, so
the same seed gives the same samples.

Source: S. Geman and D. Geman, "Stochastic relaxation, Gibbs distributions, and the Bayesian
restoration of images", IEEE Transactions on Pattern Analysis and Machine Intelligence 6 (1984).
"""

from __future__ import annotations

from typing import Any, Literal

import tensorflow as tf

from labkit.layers.boltzmann.energy import Parameters, Visible, hidden_field, visible_field

__all__ = ["Generator", "bernoulli", "draw_visible", "gibbs", "gibbs_step", "pair", "sweeps"]

# Outside XLA a CPU knows only Philox; inside, Threefry was seven times as fast as Philox.
Generator = Literal["philox", "threefry"]


def pair(seed: Any, number: Any) -> Any:
    """A seed and the number of the draw, as TensorFlow's stateless generators take them."""
    return tf.stack([tf.cast(seed, tf.int64), tf.cast(number, tf.int64)])


def bernoulli(probabilities: Any, seed: Any, generator: Generator = "philox") -> Any:
    """1 with these probabilities, else 0, of their dtype."""
    noise = tf.random.stateless_uniform(
        tf.shape(probabilities), seed, dtype=probabilities.dtype, alg=generator
    )
    return tf.cast(noise < probabilities, probabilities.dtype)


def draw_visible(kind: Visible, field: Any, seed: Any, generator: Generator = "philox") -> Any:
    """Visible units, given what drives them."""
    if kind == "gaussian":
        noise = tf.random.stateless_normal(tf.shape(field), seed, dtype=field.dtype, alg=generator)
        return field + noise
    return bernoulli(tf.sigmoid(field), seed, generator)


def gibbs_step(
    kind: Visible,
    parameters: Parameters,
    visible: Any,
    seed: Any,
    number: Any,
    generator: Generator = "philox",
) -> Any:
    """Hidden units given the visible ones, and visible ones given those; two draws, from `number`."""
    number = tf.cast(number, tf.int64)
    hidden = bernoulli(tf.sigmoid(hidden_field(parameters, visible)), pair(seed, number), generator)
    return draw_visible(kind, visible_field(parameters, hidden), pair(seed, number + 1), generator)


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def gibbs(kind: Visible, parameters: Parameters, visible: Any, steps: Any, seed: Any) -> Any:
    """Visible units of a restricted machine after `steps` steps."""

    def one(number: Any, visible: Any) -> tuple[Any, Any]:
        return number + 1, gibbs_step(kind, parameters, visible, seed, 2 * number)

    return tf.while_loop(lambda number, _visible: number < steps, one, (0, visible))[1]


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def sweeps(
    couplings: Any, bias: Any, states: Any, first: Any, count: Any, seed: Any, number: Any
) -> Any:
    """States of a Boltzmann machine after its units have been drawn in turn, `count` times.

    A unit is on where its field exceeds a threshold from the logistic distribution, whose cumulative
    distribution is σ; all thresholds of a sweep are drawn at once.

    Args:
        couplings: w, ``(units, units)``.
        bias: b, ``(units,)``.
        states: Chains, ``(batch, units)``.
        first: The first unit that is drawn; those before it are clamped.
        count: How many sweeps.
        seed: Of the draws.
        number: Of the first sweep's draw; the others count on.
    """
    units, batch = tf.shape(couplings)[0], tf.shape(states)[0]

    def sweep(done: Any, columns: Any) -> tuple[Any, Any]:
        key = pair(seed, number + tf.cast(done, tf.int64))
        noise = tf.random.stateless_uniform((units, batch), key, dtype=states.dtype, alg="philox")
        thresholds = tf.math.log(noise) - tf.math.log1p(-noise) - bias[:, None]

        def unit(index: Any, columns: Any) -> tuple[Any, Any]:
            row = slice(index, index + 1)
            drawn = tf.cast(tf.matmul(couplings[row], columns) > thresholds[row], columns.dtype)
            return index + 1, tf.tensor_scatter_nd_update(columns, [[index]], drawn)

        columns = tf.while_loop(lambda index, _columns: index < units, unit, (first, columns))[1]
        return done + 1, columns

    start = (tf.constant(0), tf.transpose(states))
    return tf.transpose(tf.while_loop(lambda done, _columns: done < count, sweep, start)[1])
