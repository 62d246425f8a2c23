"""The Hopfield network: patterns as the valleys of an energy.

N neurons s_i = ±1 with symmetric couplings w_ij and w_ii = 0 (Hopfield 1982, PNAS 79:2554)::

    local field   h_i = Σ_j w_ij s_j
    update        s_i ← sign(h_i), and as it was where h_i = 0
    energy        E(s) = −½ Σ_ij w_ij s_i s_j
    overlap       m = (1/N) Σ_i x_i s_i       1: the pattern itself, −1: its inverse
    stability     γ = min_i s_i h_i           not negative: the state stays as it is

One neuron at a time, E never rises, so recall ends in a valley. All neurons at once, it ends in a
stable state or alternates between two (Goles, Fogelman and Pellegrin 1985). With Hebb's rule about
0.138 N random patterns can be recalled (Amit, Gutfreund and Sompolinsky 1985). Nothing has a unit;
E and h are in units of the couplings.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

import keras
import numpy as np
import tensorflow as tf

from labkit.layers.arguments import choice, precise, whole
from labkit.layers.hopfield.recall import relax, step
from labkit.layers.hopfield.rules import couplings, hebb, pseudo_inverse, storkey
from labkit.layers.hopfield.states import bipolar, checked

__all__ = ["Hopfield", "Recall"]

Rule = Literal["hebb", "storkey", "pseudo_inverse"]
Mode = Literal["asynchronous", "synchronous"]


class Recall(NamedTuple):
    """What recall ended in, row by row.

    Args:
        states: (batch, N), of −1 and +1.
        steps: After how many steps the end, or the cycle, was reached.
        period: 1 a stable state, 2 a cycle of two, 0 neither within `max_steps`.
    """

    states: Any
    steps: Any
    period: Any

    @property
    def converged(self) -> Any:
        """Whether each row ended in a stable state."""
        return self.period == 1


@keras.saving.register_keras_serializable("labkit")
class Hopfield(keras.layers.Layer):
    """An associative memory: give it part of a pattern and it recalls the whole.

    It learns with `adapt`, which begins anew, or `store`, which adds; there is nothing to train by
    gradient.

    Args:
        rule: ``"hebb"``, ``"storkey"`` or ``"pseudo_inverse"``; see `labkit.layers.hopfield.rules`.
        mode: ``"asynchronous"``, one neuron after the other in a random order, or ``"synchronous"``.
        max_steps: Recall ends after as many; each updates every neuron once.
        seed: Of the order of neurons; the same probe is always recalled alike.
        return_outcome: Whether a call also gives steps and period, as in `Recall`.

    Call arguments:
        inputs: Probes of −1 and +1. Other values are an error (under XLA, which knows no errors,
            they are not looked at).

    Input shape:
        ``(batch, N)``

    Output shape:
        ``(batch, N)``; with `return_outcome` also ``(batch,)`` and ``(batch,)``.

    Example:
        >>> patterns = np.array([[1, 1, 1, -1, -1, -1], [1, -1, 1, -1, 1, -1]])
        >>> memory = Hopfield()
        >>> memory.adapt(patterns)
        >>> memory(np.array([[1, 1, 1, -1, -1, 1]])).numpy().astype(int).tolist()
        [[1, 1, 1, -1, -1, -1]]
    """

    def __init__(
        self,
        rule: Rule = "hebb",
        *,
        mode: Mode = "asynchronous",
        max_steps: int = 100,
        seed: int = 0,
        return_outcome: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"autocast": False, **kwargs})
        precise(self)
        choice("rule", rule, get_args(Rule))
        choice("mode", mode, get_args(Mode))
        self.rule, self.mode = rule, mode
        self.max_steps, self.seed = whole("max_steps", max_steps), whole("seed", seed, 0)
        self.return_outcome = return_outcome
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the couplings, all zero: an empty memory."""
        neurons = input_shape[-1]
        if len(input_shape) != 2 or neurons is None:
            raise ValueError(
                "A Hopfield layer takes inputs of shape (batch, N) with a known number N of neurons. "
                f"Received: input_shape={input_shape}"
            )
        whole_precision = {"initializer": "zeros", "trainable": False, "autocast": False}
        self.kernel = self.add_weight(shape=(neurons, neurons), name="kernel", **whole_precision)
        if self.rule == "pseudo_inverse":
            self.diagonal = self.add_weight(shape=(neurons,), name="diagonal", **whole_precision)
        self.input_spec = keras.layers.InputSpec(ndim=2, axes={-1: neurons})

    def adapt(self, data: Any) -> None:
        """Forget everything and store these patterns.

        Args:
            data: (patterns, N), of −1 and +1, or a `tf.data.Dataset` of batches of them.
        """
        patterns = self._patterns(data)
        for weight in self.weights:
            weight.assign(tf.zeros_like(weight))
        self._learn(patterns)

    def store(self, data: Any) -> None:
        """Store more patterns beside those that are there.

        Args:
            data: As for `adapt`.
        """
        self._learn(self._patterns(data))

    def _patterns(self, data: Any) -> Any:
        """Patterns to be learned, as a tensor; they also tell an unbuilt layer its size."""
        patterns = checked("data", data, self.kernel.shape[0] if self.built else None)
        if not self.built:
            self.build(patterns.shape)
        return tf.convert_to_tensor(patterns.astype(self.variable_dtype))

    def _learn(self, patterns: Any) -> None:
        kernel = tf.convert_to_tensor(self.kernel)
        if self.rule == "pseudo_inverse":
            projection = pseudo_inverse(tf.linalg.set_diag(kernel, self.diagonal), patterns)
            self.diagonal.assign(tf.linalg.diag_part(projection))
            self.kernel.assign(couplings(projection))
        else:
            rule = hebb if self.rule == "hebb" else storkey
            self.kernel.assign(rule(kernel, patterns))

    def call(self, inputs: Any) -> Any:
        """Recall each row until nothing changes."""
        found = self.recall(inputs)
        return tuple(found) if self.return_outcome else found.states

    def recall(self, probes: Any) -> Recall:
        """Recall, and tell how it ended.

        Args:
            probes: (batch, N), of −1 and +1.
        """
        states = self._checked("probes", probes)
        states, steps, period = relax(
            tf.convert_to_tensor(self.kernel),
            states,
            tf.constant(self.seed),
            tf.constant(self.max_steps),
            synchronous=self.mode == "synchronous",
        )
        return Recall(tf.cast(states, self.compute_dtype), steps, period)

    def trajectory(self, probes: Any, steps: int) -> np.ndarray:
        """The states before the first step and after each: (steps + 1, batch, N).

        Args:
            probes: (batch, N), of −1 and +1.
            steps: How many to take, whether anything changes or not.
        """
        states, together = [self._checked("probes", probes)], self.mode == "synchronous"
        kernel, seed = tf.convert_to_tensor(self.kernel), tf.constant(self.seed)
        for number in range(whole("steps", steps, 0)):
            states.append(step(kernel, states[-1], seed, tf.constant(number), synchronous=together))
        return np.stack(states)

    def energy(self, states: Any) -> Any:
        """E of each row, (batch,)."""
        states = self._checked("states", states)
        return -0.5 * tf.reduce_sum(states * tf.matmul(states, self.kernel), axis=-1)

    def overlap(self, states: Any, patterns: Any) -> Any:
        """The overlap of each row with each pattern, (batch, patterns), from −1 to 1."""
        states, patterns = self._checked("states", states), self._checked("patterns", patterns)
        return tf.matmul(states, patterns, transpose_b=True) / states.shape[1]

    def stability(self, states: Any) -> Any:
        """The smallest s_i h_i of each row, (batch,): the larger, the firmer; negative, it changes."""
        states = self._checked("states", states)
        return tf.reduce_min(states * tf.matmul(states, self.kernel), axis=-1)

    def _checked(self, name: str, states: Any) -> Any:
        """States as a tensor of the couplings' dtype."""
        if not self.built:
            raise ValueError(
                "This Hopfield layer knows no patterns: call adapt(patterns) first. "
                f"Received: `{name}` for the layer {self.name!r}"
            )
        return bipolar(name, states, self.kernel.shape[0], self.variable_dtype)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Shapes and dtypes of what a call gives."""
        shape = tuple(inputs.shape)
        states = keras.KerasTensor(shape, self.compute_dtype)
        if not self.return_outcome:
            return states
        return states, *(keras.KerasTensor(shape[:1], "int32") for _each in range(2))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
        """The shape of the input; with `return_outcome` also those of steps and period."""
        shape = tuple(input_shape)
        return (shape, shape[:1], shape[:1]) if self.return_outcome else shape

    def get_config(self) -> dict[str, Any]:
        """All arguments."""
        names = ("rule", "mode", "max_steps", "seed", "return_outcome")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
