"""The fifth step: ask a trained model."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

__all__ = ["labels", "predict", "unrolled"]

_BATCH = 1_024


def predict(model: keras.Model, x: np.ndarray, batch_size: int = _BATCH) -> np.ndarray:
    """What the model answers, without the start-up cost of `model.predict`.

    Args:
        model: With one output.
        x: Inputs, ``(rows, …)``.
        batch_size: Rows at a time; the answers do not depend on it.

    Returns:
        ``(rows, …)`` float32.

    Example:
        >>> model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(3)])
        >>> predict(model, np.zeros((5, 2))).shape
        (5, 3)
    """
    return _asked(_call(model), model, x, batch_size)


def unrolled(model: keras.Model, x: np.ndarray, steps: int, batch_size: int = _BATCH) -> np.ndarray:
    """What a model answers symbol by symbol, each time the one it finds most likely.

    Args:
        model: It gives probabilities, ``(rows, steps, symbols)``.
        x: Rows of integers, whose last ``steps`` columns are the answer so far: the start symbol, and
            behind it zeros, which are filled in on the way.
        steps: Symbols of an answer.
        batch_size: Rows at a time; the answers do not depend on it.

    Returns:
        ``(rows, steps)`` int32.

    Raises:
        ValueError: The model gives something else.

    Example:
        >>> model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Reshape((4, 1))])
        >>> unrolled(model, np.ones((5, 4), "int32"), steps=4).shape
        (5, 4)
    """
    call, x, first = _call(model), np.array(x), x.shape[1] - steps
    said = np.zeros((len(x), steps), "int32")
    for step in range(steps):
        probabilities = _asked(call, model, x, batch_size)
        if probabilities.ndim != 3 or probabilities.shape[:2] != said.shape:
            raise ValueError(
                f"expected probabilities {(len(x), steps, 'symbols')}. Received: {probabilities.shape}"
            )
        said[:, step] = probabilities[:, step].argmax(axis=-1)
        if step + 1 < steps:
            x[:, first + step + 1] = said[:, step]
    return said


def _call(model: keras.Model) -> Any:
    """The model as one graph."""
    return tf.function(
        lambda batch: model(batch, training=False), autograph=False, reduce_retracing=True
    )


def _asked(call: Any, model: keras.Model, x: np.ndarray, batch_size: int) -> np.ndarray:
    parts = [
        np.asarray(call(tf.convert_to_tensor(_as_input(x[first : first + batch_size]))))
        for first in range(0, len(x), batch_size)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, *model.output_shape[1:]), "float32")


def labels(probabilities: np.ndarray) -> np.ndarray:
    """The class a classifier means.

    Args:
        probabilities: ``(rows, classes)`` of a softmax, or ``(rows,)`` and ``(rows, 1)`` of a sigmoid.

    Returns:
        ``(rows,)`` int64.

    Example:
        >>> labels(np.array([[0.1, 0.9], [0.8, 0.2]]))
        array([1, 0])
    """
    if probabilities.ndim == 2 and probabilities.shape[1] > 1:
        return probabilities.argmax(axis=1)
    return (probabilities.reshape(len(probabilities)) > 0.5).astype("int64")


def _as_input(x: np.ndarray) -> np.ndarray:
    """Floats as Keras takes them; integers as they are."""
    return x.astype(keras.config.floatx()) if x.dtype.kind == "f" else x
