"""What goes into a Hopfield network: rows of −1 and +1, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.arguments import rows

__all__ = ["bipolar", "checked"]

_ALONE = "A Hopfield network knows the values -1 and +1 alone"


def checked(name: str, data: Any, neurons: int | None = None) -> np.ndarray:
    """Rows of −1 and +1, as an array.

    Raises:
        ValueError: They are no rows of so many neurons, there is none, or they hold other values.
    """
    states = rows(name, data, neurons)
    wrong = states[np.abs(states) != 1]
    if wrong.size:
        raise ValueError(
            f"{_ALONE}; 0 and 1 become them by 2 * x - 1. "
            f"Received: {wrong.size} other values, such as {wrong[0]}"
        )
    return states


def bipolar(name: str, data: Any, neurons: int, dtype: Any) -> Any:
    """Rows of −1 and +1, as a tensor (batch, neurons).

    In a graph the values are looked at when it runs; under XLA, which knows no errors, not at all.

    Raises:
        ValueError: As `checked` does; a graph raises InvalidArgumentError for other values.
    """
    if not tf.is_symbolic_tensor(data):
        return tf.convert_to_tensor(checked(name, data, neurons).astype(dtype))
    states = tf.ensure_shape(tf.cast(data, dtype), (None, neurons))
    tf.debugging.assert_equal(tf.abs(states), tf.ones_like(states), f"{_ALONE}.")
    return states
