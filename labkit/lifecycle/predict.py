"""The fifth step: ask a trained model."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

__all__ = ["labels", "predict"]

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
    call = tf.function(
        lambda batch: model(batch, training=False), autograph=False, reduce_retracing=True
    )
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
