"""Maxout: a layer that learns its activation as the largest of a few linear pieces.

Goodfellow, Warde-Farley, Mirza, Courville and Bengio 2013, "Maxout networks", ICML::

    z_ij = Σ_d x_d w_dij + b_ij        unit i, piece j of k
    h_i  = max_j z_ij

Two pieces can be a ReLU or an absolute value; k pieces follow any convex function as closely as one
likes. The paper bounds the length of each piece's weights: ``kernel_constraint=MaxNorm(2.0)``.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from labkit.layers.arguments import whole

__all__ = ["Maxout"]


@keras.saving.register_keras_serializable("labkit")
class Maxout(keras.layers.Layer):
    """A dense layer whose units give the largest of `pieces` linear functions.

    Args:
        units: How many outputs.
        pieces: Linear functions to each unit, at least 2.
        use_bias: Whether each piece has a bias.
        kernel_initializer: Of the weights, (inputs, units · pieces), a unit's pieces side by side.
        bias_initializer: Of the biases, (units · pieces,).
        kernel_regularizer: A penalty on the weights.
        kernel_constraint: Such as `keras.constraints.MaxNorm`.

    Call arguments:
        inputs: A tensor of numbers.

    Input shape:
        ``(batch, ..., inputs)``

    Output shape:
        ``(batch, ..., units)``

    Example:
        >>> layer = Maxout(1, pieces=2, kernel_initializer="ones")
        >>> layer.build((None, 1))
        >>> _ = layer.kernel.assign([[-1.0, 1.0]])  # the larger of −x and x
        >>> layer(ops.array([[-3.0], [2.0]])).numpy().tolist()
        [[3.0], [2.0]]
    """

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        *,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        kernel_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.pieces = whole("units", units), whole("pieces", pieces, 2)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights of all pieces."""
        inputs, outputs = input_shape[-1], self.units * self.pieces
        if inputs is None:
            raise ValueError(
                f"The last axis of a Maxout layer's input is known. Received: input_shape={input_shape}"
            )
        self.kernel = self.add_weight(
            shape=(inputs, outputs),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(outputs,), initializer=self.bias_initializer, name="bias"
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: inputs})

    def call(self, inputs: Any) -> Any:
        """The largest piece of each unit."""
        z = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            z = ops.add(z, self.bias)
        return ops.max(ops.reshape(z, (*ops.shape(z)[:-1], self.units, self.pieces)), axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The input's shape with `units` last."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """All arguments."""
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
        }
