"""The modern Hopfield network: continuous states, and far more patterns than neurons.

Ramsauer et al. 2020, "Hopfield networks is all you need" (ICLR 2021). P patterns x_μ are the rows of X,
a state ξ has any real values::

    association   p = softmax(β X ξ)          one number for each pattern, summing to one
    update        ξ ← Xᵀ p
    energy        E = −(1/β) log Σ_μ exp(β x_μ·ξ) + ½ ξ·ξ + (1/β) log P + ½ M²,  M = max_μ |x_μ|

The energy never rises and is never negative. With a large β a state goes to the nearest pattern, in one
step if patterns lie well apart; with a small one to an average of several. One update is the attention
of a transformer, with ξ as query, X as keys and values, and β = 1/√N as its usual scale. Nothing has a
unit.
"""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

from labkit.layers.arguments import positive, rows, whole

__all__ = ["ModernHopfield"]


@keras.saving.register_keras_serializable("labkit")
class ModernHopfield(keras.layers.Layer):
    """An associative memory for patterns of real numbers: softmax attention over what it has stored.

    It learns with `adapt`. Everything is differentiable, so β and the patterns themselves can also be
    trained with `fit`.

    Args:
        patterns: How many it holds; may be left out if `adapt` is called before anything else.
        beta: Inverse temperature β > 0; 1/√N if left out.
        steps: How many updates a call makes, at least one.
        trainable_beta: Whether `fit` changes β; it stays positive.
        trainable_patterns: Whether `fit` changes the patterns.
        patterns_initializer: Of patterns before any `adapt`.

    Call arguments:
        inputs: States or queries.

    Input shape:
        ``(batch, ..., N)``

    Output shape:
        ``(batch, ..., N)``

    Example:
        >>> memory = ModernHopfield(beta=8.0)
        >>> memory.adapt([[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]])
        >>> memory(ops.array([[0.2, 0.3, 0.9]])).numpy().round(2).tolist()
        [[0.0, 0.5, 1.0]]
    """

    def __init__(
        self,
        patterns: int | None = None,
        *,
        beta: float | None = None,
        steps: int = 1,
        trainable_beta: bool = False,
        trainable_patterns: bool = False,
        patterns_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.patterns = None if patterns is None else whole("patterns", patterns)
        self.beta = None if beta is None else positive("beta", beta)
        self.steps = whole("steps", steps)
        self.trainable_beta, self.trainable_patterns = trainable_beta, trainable_patterns
        self.patterns_initializer = keras.initializers.get(patterns_initializer)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make room for the patterns."""
        neurons = input_shape[-1]
        if self.patterns is None or neurons is None:
            raise ValueError(
                "A ModernHopfield layer must know how many patterns it holds and how long they are: "
                "call adapt(patterns) first or give patterns=. "
                f"Received: patterns={self.patterns}, input_shape={input_shape}"
            )
        self.stored = self.add_weight(
            shape=(self.patterns, neurons),
            initializer=self.patterns_initializer,
            trainable=self.trainable_patterns,
            name="stored",
            autocast=False,
        )
        if self.trainable_beta:
            self.log_gain = self.add_weight(
                shape=(), initializer="zeros", name="log_gain", autocast=False
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: neurons})

    def adapt(self, data: Any) -> None:
        """Store these patterns in place of all others.

        Args:
            data: (patterns, N), finite numbers, or a `tf.data.Dataset` of batches of them.
        """
        patterns = rows("data", data, self.stored.shape[1] if self.built else None)
        if self.patterns not in (None, len(patterns)):
            raise ValueError(
                f"This layer holds {self.patterns} patterns; a new layer takes another number. "
                f"Received: data of shape={patterns.shape}"
            )
        if not self.built:
            self.patterns = len(patterns)
            self.build(patterns.shape)
        self.stored.assign(patterns)

    def association(self, inputs: Any) -> Any:
        """The share of each stored pattern in a state: (batch, ..., patterns), summing to one."""
        return ops.cast(self._shares(self._checked(inputs)), self.compute_dtype)

    def call(self, inputs: Any) -> Any:
        """Update the states `steps` times."""
        states = self._checked(inputs)
        for _step in range(self.steps):
            states = ops.matmul(self._shares(states), self._patterns())
        return ops.cast(states, self.compute_dtype)

    def _shares(self, states: Any) -> Any:
        """The association, in whole precision: scores of half precision overflow with pixels to 255."""
        return ops.softmax(self._beta() * ops.matmul(states, ops.transpose(self._patterns())), axis=-1)

    def _patterns(self) -> Any:
        return ops.cast(self.stored, self._precision)

    @property
    def _precision(self) -> str:
        return "float64" if self.variable_dtype == "float64" else "float32"

    def _beta(self) -> Any:
        """The β of the start times what training has made of it."""
        start = 1 / math.sqrt(self.stored.shape[-1]) if self.beta is None else self.beta
        if not self.trainable_beta:
            return start
        return start * ops.exp(ops.cast(self.log_gain, self._precision))

    def energy(self, states: Any) -> Any:
        """E of each state, (batch, ...)."""
        states = self._checked(states)
        stored, beta = self._patterns(), self._beta()
        similar = ops.logsumexp(beta * ops.matmul(states, ops.transpose(stored)), axis=-1)
        constant = math.log(stored.shape[0]) / beta
        longest = ops.max(ops.sum(stored**2, axis=-1))
        return constant - similar / beta + (ops.sum(states**2, axis=-1) + longest) / 2

    def _checked(self, states: Any) -> Any:
        """States as a tensor of whole precision."""
        if not self.built:
            raise ValueError(
                "This ModernHopfield layer knows no patterns: call adapt(patterns) first. "
                f"Received: states for the layer {self.name!r}"
            )
        states, neurons = ops.cast(states, self._precision), self.stored.shape[1]
        if tuple(states.shape)[-1:] != (neurons,):
            raise ValueError(f"A state must be {neurons} numbers. Received: shape={states.shape}")
        return states

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of the input."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """All arguments; `patterns` as `adapt` found it."""
        return {
            **super().get_config(),
            "patterns": self.patterns,
            "beta": self.beta,
            "steps": self.steps,
            "trainable_beta": self.trainable_beta,
            "trainable_patterns": self.trainable_patterns,
            "patterns_initializer": keras.initializers.serialize(self.patterns_initializer),
        }
