"""A restricted Boltzmann machine: hidden units that explain visible ones, and can dream them up again.

    p(v, h) = exp(-E(v, h)) / Z,   E(v, h) = -b·v - c·h - v·w h    (Gaussian units: |v - b|²/2 for -b·v)

What follows from the energy is in `labkit.layers.boltzmann.energy`, how it learns in
`labkit.layers.boltzmann.contrastive_divergence`, Z in `labkit.layers.boltzmann.partition`, and what can
be asked of it in `labkit.layers.boltzmann.readings`. Gaussian units are measured in standard deviations
of their noise; nothing else has a unit.

The layer answers with the mean field of the hidden units, p(h_j = 1 | v) = σ(c_j + Σ_i v_i w_ij).

Source: P. Smolensky (1986); G. Hinton, "Training products of experts by minimizing contrastive
divergence", Neural Computation 14 (2002); T. Tieleman, ICML (2008); G. Hinton, "A practical guide
to training restricted Boltzmann machines", UTML TR 2010-003 (2010), for the start: w normal with
deviation 0.01, b the data's log odds.
"""

from __future__ import annotations

import random
from typing import Any, get_args

import keras
import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.contrastive_divergence import (
    Plan,
    Rates,
    State,
    learn,
    pays_to_compile,
)
from labkit.layers.boltzmann.data import checked_count, checked_rate, checked_width
from labkit.layers.boltzmann.energy import Parameters, Visible, hidden_field
from labkit.layers.boltzmann.readings import MachineReadings, log_odds

__all__ = ["RestrictedBoltzmannMachine"]


@keras.saving.register_keras_serializable("labkit")
class RestrictedBoltzmannMachine(MachineReadings, keras.layers.Layer):
    """A restricted Boltzmann machine, learned without gradients by `adapt`.

    Couplings and hidden biases are trainable, so that a machine that has learned may be tuned further
    as the first layer of a model. The visible bias takes no part in `call` and is not.

    Args:
        hidden_units: How many hidden units.
        visible: ``"bernoulli"``, 0 or 1; or ``"gaussian"``, real with variance 1: give such data mean 0
            and variance 1, and a learning rate ten times smaller.
        steps: k, steps of Gibbs sampling before every update.
        persistent: Whether the particles go on from where they were left (Tieleman 2008), or start from
            the data (Hinton 2002).
        learning_rate: η, above 0.
        momentum: μ, from 0 to less than 1.
        weight_decay: λ, at least 0.
        seed: Of the start, the order of samples and all draws.

    Call arguments:
        inputs: Visible units, of any number type.

    Input shape:
        ``(batch, visible)``.

    Output shape:
        Probability of each hidden unit to be on, ``(batch, hidden_units)``.

    Example:
        >>> data = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 20)
        >>> machine = RestrictedBoltzmannMachine(2, seed=1)
        >>> machine.adapt(data, epochs=200)
        >>> print(machine.reconstruct(data[:2]).round().tolist())
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    """

    def __init__(
        self,
        hidden_units: int,
        *,
        visible: Visible = "bernoulli",
        steps: int = 1,
        persistent: bool = True,
        learning_rate: float = 0.1,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if visible not in get_args(Visible):
            raise ValueError(f"`visible` must be one of {get_args(Visible)}. Received: {visible!r}")
        self.hidden_units = checked_count("hidden_units", hidden_units)
        self.visible: Visible = visible
        self.steps = checked_count("steps", steps)
        self.persistent = bool(persistent)
        self.learning_rate = checked_rate("learning_rate", learning_rate, zero=False)
        self.momentum = checked_rate("momentum", momentum, 1)
        self.weight_decay = checked_rate("weight_decay", weight_decay)
        self.seed = random.randrange(2**31) if seed is None else checked_count("seed", seed, 0)
        self.input_spec = keras.layers.InputSpec(ndim=2)
        self._state: State | None = None

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights: small random couplings, biases 0 until `adapt` finds the visible ones."""
        visible = checked_width(input_shape)
        shape = (visible, self.hidden_units)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=self._start())
        self.hidden_bias = self.add_weight(name="hidden_bias", shape=shape[1:], initializer="zeros")
        self.visible_bias = self.add_weight(
            name="visible_bias", shape=shape[:1], initializer="zeros", trainable=False
        )
        self.input_spec = keras.layers.InputSpec(ndim=2, axes={-1: visible})
        self.built = True

    def adapt(
        self,
        data: Any,
        epochs: int = 10,
        batch_size: int = 10,
        *,
        shuffle: bool = True,
        resume: bool = False,
        jit_compile: bool | None = None,
    ) -> None:
        """Learn from samples by contrastive divergence.

        Args:
            data: Samples in rows, ``(samples, visible)``, or a `tf.data.Dataset` of batches of them;
                only 0 and 1 for Bernoulli units.
            epochs: How often every sample is seen.
            batch_size: Samples an update, and particles of the dream.
            shuffle: Whether every epoch has an order of its own.
            resume: Whether to go on from the present weights, velocity and particles, not from the
                start. A machine that was loaded has kept its weights alone.
            jit_compile: Whether XLA compiles the updates; by default where there are enough of them to
                repay it. The generator of random numbers, and so the result, is another one then.

        Raises:
            ValueError: The data are no samples in rows, there are none, or one is not finite or, for
                Bernoulli units, neither 0 nor 1.
        """
        epochs, batch = checked_count("epochs", epochs), checked_count("batch_size", batch_size)
        x = self._checked(data)
        if x.dtype != np.uint8:
            x = x.astype(self.variable_dtype, copy=False)
        if not self.built:
            self.build((None, x.shape[1]))
        batch = min(batch, len(x))
        state = self._begun(x, batch, resume)
        if jit_compile is None:
            units = sum(self.kernel.shape)
            jit_compile = pays_to_compile(-(-len(x) // batch) * epochs, batch * units * self.steps)
        generator = np.random.default_rng((self.seed, int(state.updates)))
        every = np.arange(len(x))
        orders = (generator.permutation(every) if shuffle else every for _epoch in range(epochs))
        state = learn(self._plan(bool(jit_compile)), self._rates(), x, orders, state, self.seed)
        self._keep(state.parameters)
        self._state = state

    def call(self, inputs: Any) -> Any:
        """Mean field of the hidden units."""
        x = tf.cast(inputs, self.compute_dtype)
        return tf.sigmoid(hidden_field(Parameters(*self._weights()), x))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Of what `call` gives."""
        return (input_shape[0], self.hidden_units)

    def get_config(self) -> dict[str, Any]:
        """As JSON can hold it."""
        names = (
            "hidden_units",
            "visible",
            "steps",
            "persistent",
            "learning_rate",
            "momentum",
            "weight_decay",
            "seed",
        )
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _start(self) -> Any:
        """Of the couplings."""
        return keras.initializers.RandomNormal(stddev=0.01, seed=self.seed)

    def _plan(self, compiled: bool) -> Plan:
        momentum, decay = self.momentum > 0, self.weight_decay > 0
        return Plan(self.visible, self.steps, self.persistent, momentum, decay, compiled)

    def _rates(self) -> Rates:
        values = (self.learning_rate, self.momentum, self.weight_decay)
        return Rates(*(tf.constant(value, self.variable_dtype) for value in values))

    def _begun(self, x: np.ndarray, batch: int, resume: bool) -> State:
        """Where learning begins: at the start, or where it was left."""
        if not resume:
            self.kernel.assign(self._start()(self.kernel.shape, self.kernel.dtype))
            self.hidden_bias.assign(tf.zeros_like(self.hidden_bias))
            self.visible_bias.assign(log_odds(self.visible, x))
        parameters = self._parameters()
        particles = tf.zeros((batch, self.hidden_units), self.variable_dtype)
        left = self._state
        if not resume or left is None:
            still = Parameters(*(tf.zeros_like(each) for each in parameters))
            return State(parameters, still, particles, tf.constant(0, tf.int64))
        if len(left.particles) == batch:
            particles = left.particles
        # Keras wraps what a layer holds; a wrapped tuple would be traced, and rounded, otherwise.
        return State(parameters, Parameters(*left.velocity), particles, left.updates)

    def _keep(self, parameters: Parameters) -> None:
        if not all(np.isfinite(each).all() for each in parameters):
            raise ValueError(
                "The weights grew beyond all bounds; a smaller learning rate keeps them finite, for "
                "Gaussian units with data of mean 0 and variance 1. "
                f"Received: learning_rate={self.learning_rate}"
            )
        for weight, value in zip(self._weights(), parameters):
            weight.assign(value)
