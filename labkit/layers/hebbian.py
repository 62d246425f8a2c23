"""A dense layer that learns from what goes through it: no targets needed, no gradient, no loss.

Inputs x, outputs y = xᵀ W (before the activation), learning rate η. After each sample::

    Hebb      ΔW = η x yᵀ                     Hebb 1949, "The organization of behavior"
    Oja       ΔW = η (x yᵀ − W y yᵀ)          Oja 1982, J. Math. Biology 15:267, for one unit:
                                              Δw = η y (x − y w); for several Oja 1989, Int. J.
                                              Neural Systems 1:61
    Sanger    ΔW = η (x yᵀ − W upper(y yᵀ))   Sanger 1989, Neural Networks 2:459

What fires together wires together: under Hebb's rule alone weights grow without a bound. Oja's
forgetting keeps them at length one: one unit finds the first principal component, several span the
space of the first few, and Sanger's find each of them in its place. With targets, y is what is wanted
rather than what the layer gives: supervised Hebbian learning. Nothing has a unit.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from labkit.layers.arguments import choice, positive, rows, whole

__all__ = ["Hebbian"]

Rule = Literal["hebb", "oja", "sanger"]


@keras.saving.register_keras_serializable("labkit")
class Hebbian(keras.layers.Layer):
    """A dense layer without a bias whose weights learn with `adapt`.

    Args:
        units: How many outputs.
        rule: ``"hebb"``, ``"oja"`` or ``"sanger"``.
        learning_rate: η > 0.
        activation: Of the outputs of a call; learning sees them before it.
        kernel_initializer: Of the weights, (inputs, units).
        seed: Of the order of samples in `adapt`.

    Call arguments:
        inputs: A tensor of numbers.

    Input shape:
        ``(batch, ..., inputs)``

    Output shape:
        ``(batch, ..., units)``

    Example:
        >>> neuron = Hebbian(1, learning_rate=0.1, kernel_initializer="zeros")
        >>> neuron.adapt(np.array([[1, 1], [1, 0], [0, 1]]), np.array([1, 0, 0]))
        >>> neuron.kernel.numpy().astype("float64").round(3).tolist()
        [[0.1], [0.1]]
    """

    def __init__(
        self,
        units: int,
        rule: Rule = "hebb",
        *,
        learning_rate: float = 0.01,
        activation: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        choice("rule", rule, get_args(Rule))
        self.units, self.rule, self.seed = whole("units", units), rule, whole("seed", seed, 0)
        self.learning_rate = positive("learning_rate", learning_rate)
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights."""
        inputs = input_shape[-1]
        if inputs is None:
            raise ValueError(
                f"A Hebbian layer must know how many inputs it has. Received: input_shape={input_shape}"
            )
        self.kernel = self.add_weight(
            shape=(inputs, self.units),
            initializer=self.kernel_initializer,
            trainable=False,
            name="kernel",
        )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: inputs})

    def adapt(
        self,
        data: Any,
        targets: Any = None,
        *,
        epochs: int = 1,
        batch_size: int = 1,
        shuffle: bool = True,
    ) -> None:
        """Learn from samples, going on from the weights that are there.

        Args:
            data: (samples, inputs), or a `tf.data.Dataset` of batches of them.
            targets: What the outputs should be, (samples, units), or (samples,) for one unit.
            epochs: How often to see every sample.
            batch_size: Changes of so many samples are added up before they take effect.
            shuffle: Whether each epoch has an order of its own; else the order given.

        Raises:
            ValueError: Data that do not fit, or weights that grew beyond all bounds; they are then as
                they were.
        """
        x = rows("data", data, self.kernel.shape[0] if self.built else None)
        y = None if targets is None else self._targets(targets, len(x))
        epochs, size = whole("epochs", epochs), tf.constant(whole("batch_size", batch_size))
        if not self.built:
            self.build(x.shape)
        kernel, dtype = tf.convert_to_tensor(self.kernel), self.variable_dtype
        rate, generator = tf.constant(self.learning_rate, dtype), np.random.default_rng(self.seed)
        samples = tf.cast(x, dtype), None if y is None else tf.cast(y, dtype)
        for _number in range(epochs):
            order = tf.constant(generator.permutation(len(x)) if shuffle else np.arange(len(x)))
            kernel = _epoch(kernel, *samples, order, rate, size, rule=self.rule)
        if not np.isfinite(kernel).all():
            raise ValueError(
                "The weights grew beyond all bounds: take a smaller learning rate, fewer epochs or "
                f"Oja's rule. Received: rule={self.rule!r}, learning_rate={self.learning_rate}"
            )
        self.kernel.assign(kernel)

    def _targets(self, targets: Any, samples: int) -> np.ndarray:
        """Targets as (samples, units); for one unit they may come as (samples,)."""
        flat = self.units == 1 and np.ndim(targets) == 1
        y = rows("targets", np.reshape(targets, (-1, 1)) if flat else targets, self.units)
        if len(y) != samples:
            raise ValueError(
                f"`targets` must have a row for each of {samples} samples. Received: shape={y.shape}"
            )
        return y

    def call(self, inputs: Any) -> Any:
        """The activation of xᵀ W."""
        return self.activation(ops.matmul(inputs, self.kernel))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The input's shape with `units` last."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """All arguments."""
        return {
            **super().get_config(),
            "units": self.units,
            "rule": self.rule,
            "learning_rate": self.learning_rate,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "seed": self.seed,
        }


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def _epoch(kernel: Any, x: Any, targets: Any, order: Any, rate: Any, size: Any, *, rule: Rule) -> Any:
    """One pass over the samples, a batch at a time; without targets, y is what comes out."""

    def batch(first: Any, kernel: Any) -> tuple[Any, Any]:
        chosen = order[first : first + size]
        some = tf.gather(x, chosen)
        y = tf.matmul(some, kernel) if targets is None else tf.gather(targets, chosen)
        change = tf.matmul(some, y, transpose_a=True)
        if rule != "hebb":
            products = tf.matmul(y, y, transpose_a=True)
            if rule == "sanger":
                products = tf.linalg.band_part(products, 0, -1)
            change -= tf.matmul(kernel, products)
        return first + size, tf.ensure_shape(kernel + rate * change, kernel.shape)

    count = tf.shape(order)[0]
    return tf.while_loop(lambda first, _kernel: first < count, batch, (0, kernel))[1]
