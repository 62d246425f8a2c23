"""Spikes in a membrane potential: where it crosses a threshold on its way up.

A spike is counted at the first sample at or above the threshold; its time, in ms, is that of the
crossing on the straight line between this sample and the one before.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["spike_times", "spike_train"]


def spike_train(voltage: Any, threshold: float = 0.0) -> Any:
    """1 at every sample that begins a spike, 0 elsewhere, in the shape and dtype of the potential.

    Args:
        voltage: In mV, ``(batch, time)`` or ``(batch, time, neurons)``.
        threshold: In mV.

    Example:
        >>> spike_train(tf.constant([[-65.0, 30.0, 40.0, -70.0]])).numpy().tolist()
        [[0.0, 1.0, 0.0, 0.0]]
    """
    voltage = tf.convert_to_tensor(voltage)
    crossed = (voltage[:, :-1] < threshold) & (voltage[:, 1:] >= threshold)
    return tf.concat([tf.zeros_like(voltage[:, :1]), tf.cast(crossed, voltage.dtype)], 1)


def spike_times(voltage: Any, dt: float, threshold: float = 0.0) -> tf.RaggedTensor:
    """Times of all spikes in ms, as many for each neuron as there are.

    Args:
        voltage: In mV, ``(batch, time)`` or ``(batch, time, neurons)``.
        dt: Between two samples, in ms.
        threshold: In mV.

    Returns:
        ``(batch, None)`` or ``(batch, neurons, None)``, in the dtype of the potential; of one in half
        precision in float32, for times need more digits.

    Example:
        >>> spike_times(tf.constant([[-60.0, 20.0, -60.0], [0.0, 0.0, 0.0]]), dt=0.5).to_list()
        [[0.375], []]
    """
    voltage = tf.convert_to_tensor(voltage)
    if voltage.dtype in (tf.float16, tf.bfloat16):
        voltage = tf.cast(voltage, tf.float32)
    neurons = voltage.shape[2] if voltage.shape.rank == 3 else None
    if neurons is not None:
        voltage = tf.reshape(tf.transpose(voltage, (0, 2, 1)), (-1, tf.shape(voltage)[1]))
    before, after = voltage[:, :-1], voltage[:, 1:]
    places = tf.where((before < threshold) & (after >= threshold))
    low, high = tf.gather_nd(before, places), tf.gather_nd(after, places)
    times = (tf.cast(places[:, 1], voltage.dtype) + (threshold - low) / (high - low)) * dt
    rows = tf.shape(voltage, tf.int64)[0]
    spikes = tf.RaggedTensor.from_value_rowids(times, places[:, 0], rows)
    if neurons is None:
        return spikes
    return tf.RaggedTensor.from_uniform_row_length(spikes, neurons)
