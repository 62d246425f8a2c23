"""A Boltzmann machine: units that are on or off, all coupled, and learn how often each pattern occurs.

    E(s) = -Σ_{i<j} w_ij s_i s_j - Σ_i b_i s_i,   p(s) = exp(-E(s)) / Z,   w_ij = w_ji,  w_ii = 0

Some units are visible and see the data, the others are hidden. Up to 16 units in all everything is an
exact sum (`labkit.layers.boltzmann.enumeration`); beyond, Gibbs sampling estimates it
(`labkit.layers.boltzmann.gibbs`). How it learns is told in `labkit.layers.boltzmann.phases`. w and b
have no unit; the temperature is 1.

Source: D. Ackley, G. Hinton and T. Sejnowski, "A learning algorithm for Boltzmann machines",
Cognitive Science 9 (1985).
"""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.data import checked, checked_count, checked_rate, checked_width
from labkit.layers.boltzmann.energy import energy, mean_field, symmetric
from labkit.layers.boltzmann.enumeration import MOST_UNITS, frequencies, marginals, numbers
from labkit.layers.boltzmann.gibbs import sweeps
from labkit.layers.boltzmann.phases import exact_ascent, exact_slope, sampled_update

__all__ = ["BoltzmannMachine"]

_MEAN_FIELD_STEPS = 20


@keras.saving.register_keras_serializable("labkit")
class BoltzmannMachine(keras.layers.Layer):
    """A Boltzmann machine, learned without gradients by `adapt`.

    Args:
        hidden_units: How many units never see data; 0 for a machine that is fully visible.
        learning_rate: η, above 0.
        sweeps: How often every unit is drawn before each update of a machine too large for sums.
        chains: How many states such a machine dreams at once.
        seed: Of the start and all draws.

    Call arguments:
        inputs: Visible units, of any number type.

    Input shape:
        ``(batch, visible)``.

    Output shape:
        Of a fully visible machine the probability of each unit to be on, given all others,
        ``(batch, visible)``. Otherwise the mean field of the hidden units, ``(batch, hidden_units)``.

    Example:
        >>> machine = BoltzmannMachine(seed=1)
        >>> machine.adapt([[0, 0], [0, 1], [1, 0], [1, 1], [1, 1]], epochs=300)
        >>> print(machine.probabilities().round(2))
        [0.2 0.2 0.2 0.4]
    """

    def __init__(
        self,
        hidden_units: int = 0,
        *,
        learning_rate: float = 0.5,
        sweeps: int = 5,
        chains: int = 100,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.hidden_units = checked_count("hidden_units", hidden_units, 0)
        self.learning_rate = checked_rate("learning_rate", learning_rate, zero=False)
        self.sweeps = checked_count("sweeps", sweeps)
        self.chains = checked_count("chains", chains)
        self.seed = random.randrange(2**31) if seed is None else checked_count("seed", seed, 0)
        self.input_spec = keras.layers.InputSpec(ndim=2)
        self._dream: Any = None
        self._updates = 0

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights: 0, but small random couplings where hidden units must grow apart."""
        visible = checked_width(input_shape)
        units = visible + self.hidden_units
        self.kernel = self.add_weight(name="kernel", shape=(units, units), initializer=self._start())
        self.bias = self.add_weight(name="bias", shape=(units,), initializer="zeros")
        self.input_spec = keras.layers.InputSpec(ndim=2, axes={-1: visible})
        self.built = True

    def adapt(
        self, data: Any, epochs: int = 100, batch_size: int | None = None, *, resume: bool = False
    ) -> None:
        """Learn from samples, by the positive and the negative phase in turn.

        Args:
            data: Samples of 0 and 1, ``(samples, visible)``, or a `tf.data.Dataset` of batches of them.
            epochs: How often every sample is seen.
            batch_size: Samples an update; by default all.
            resume: Whether to go on from the present weights, not from the start.

        Raises:
            ValueError: The data are no samples in rows, there are none, or one is neither 0 nor 1.
        """
        epochs = checked_count("epochs", epochs)
        x = self._checked(data)
        batch = len(x) if batch_size is None else checked_count("batch_size", batch_size)
        if not self.built:
            self.build((None, x.shape[1]))
        elif not resume:
            self.kernel.assign(self._start()(self.kernel.shape, self.kernel.dtype))
            self.bias.assign(tf.zeros_like(self.bias))
        if not resume:
            self._dream, self._updates = None, 0
        small = self.bias.shape[0] <= MOST_UNITS
        if small and batch >= len(x):
            self._ascend(x, epochs)
            return
        learn = self._ascend if small else self._update
        generator = np.random.default_rng((self.seed, self._updates))
        for _epoch in range(epochs):
            order = generator.permutation(len(x))
            for first in range(0, len(x), batch):
                learn(x[order[first : first + batch]])

    def energy(self, states: Any) -> np.ndarray:
        """E of states of all units, visible ones first, ``(states,)``."""
        w, b = self._parameters()
        x = checked(states, len(b), binary=True, name="states")
        return np.asarray(energy(w, b, tf.cast(x, b.dtype)))

    def log_partition(self) -> float:
        """Log Z, of a machine of up to 16 units."""
        return float(marginals(*self._small(), self._visible())[0])

    def probabilities(self) -> np.ndarray:
        """Probability of every visible pattern, ``(2 ** visible,)``, of a machine of up to 16 units.

        Patterns are in the order of binary numbers, the first unit being the highest digit.
        """
        return np.exp(marginals(*self._small(), self._visible())[1])

    def log_likelihood(self, data: Any) -> np.ndarray:
        """Log p of each sample, ``(samples,)``, of a machine of up to 16 units."""
        logs = marginals(*self._small(), self._visible())[1]
        return np.asarray(logs)[numbers(self._checked(data))]

    def gradient(self, data: Any) -> tuple[np.ndarray, np.ndarray]:
        """Exact slope of the mean log-likelihood by w_ij and b_i, of a machine of up to 16 units."""
        w, b = self._small()
        slope = exact_slope(w, b, tf.constant(frequencies(self._checked(data)), b.dtype))
        return np.asarray(slope.products), np.asarray(slope.states)

    def sample(self, count: int, *, steps: int = 1_000, seed: int | None = None) -> np.ndarray:
        """States of all units by Gibbs sampling, visible ones first, ``(count, units)``.

        Args:
            count: How many chains, each of which gives one.
            steps: Sweeps over all units of each chain.
            seed: Same seed, same samples; by default the layer's.
        """
        count, steps = checked_count("count", count), checked_count("steps", steps, 0)
        w, b = self._parameters()
        chosen = self.seed if seed is None else checked_count("seed", seed, 0)
        keys = (tf.constant(number, tf.int64) for number in (chosen, 0))
        coins = self._coins(count, chosen)
        return np.asarray(sweeps(w, b, coins, tf.constant(0), tf.constant(steps), *keys))

    def call(self, inputs: Any) -> Any:
        """Conditional probabilities, or the mean field of the hidden units."""
        x = tf.cast(inputs, self.compute_dtype)
        w, b = symmetric(self.kernel), tf.convert_to_tensor(self.bias)
        if not self.hidden_units:
            return tf.sigmoid(tf.matmul(x, w) + b)
        return mean_field(w, b, x, _MEAN_FIELD_STEPS)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Of what `call` gives."""
        return (input_shape[0], self.hidden_units or input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """As JSON can hold it."""
        names = ("hidden_units", "learning_rate", "sweeps", "chains", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _start(self) -> Any:
        """Of the couplings."""
        if not self.hidden_units:
            return keras.initializers.Zeros()
        return keras.initializers.RandomNormal(stddev=0.1, seed=self.seed)

    def _ascend(self, x: np.ndarray, updates: int = 1) -> None:
        """Learn by exact sums, all these samples at a time."""
        w, b = self._small()
        shares, rate = (tf.constant(each, b.dtype) for each in (frequencies(x), self.learning_rate))
        w, b = exact_ascent(w, b, shares, rate, tf.constant(updates))
        self._keep(w, b, updates)

    def _update(self, x: np.ndarray) -> None:
        """Learn by sampling, once from all these samples."""
        w, b = self._parameters()
        if self._dream is None:
            self._dream = self._coins(self.chains, self.seed)
        key = tuple(tf.constant(number, tf.int64) for number in (self.seed, self._updates))
        rate, count = tf.constant(self.learning_rate, b.dtype), tf.constant(self.sweeps)
        samples = tf.constant(x, b.dtype)
        w, b, self._dream = sampled_update(w, b, samples, self._dream, rate, count, key)
        self._keep(w, b, 1)

    def _keep(self, couplings: Any, bias: Any, updates: int) -> None:
        for weight, value in ((self.kernel, couplings), (self.bias, bias)):
            weight.assign(tf.cast(value, weight.dtype))
        self._updates += updates

    def _coins(self, count: int, seed: int) -> Any:
        """States of chains that know nothing yet."""
        coins = np.random.default_rng(seed).integers(0, 2, (count, self.bias.shape[0]))
        return tf.constant(coins, self.variable_dtype)

    def _visible(self) -> int:
        return self.bias.shape[0] - self.hidden_units

    def _parameters(self) -> tuple[Any, Any]:
        if not self.built:
            raise ValueError("A machine without weights knows nothing: call `adapt` or `build` first.")
        return symmetric(self.kernel.value), tf.convert_to_tensor(self.bias.value)

    def _small(self) -> tuple[Any, Any]:
        w, b = self._parameters()
        if len(b) > MOST_UNITS:
            raise ValueError(
                f"All states can be visited with at most {MOST_UNITS} units; `sample` draws from "
                f"larger machines. Received: {len(b)} units"
            )
        return tf.cast(w, tf.float64), tf.cast(b, tf.float64)

    def _checked(self, data: Any) -> np.ndarray:
        return checked(data, self._visible() if self.built else None, binary=True)
