from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.hodgkin_huxley.spikes import spike_times, spike_train

V = np.array([[-60.0, -20.0, 20.0, 30.0, -60.0, 0.0], [10.0, 10.0, -1.0, -2.0, -3.0, -4.0]])


def test_a_spike_is_one_sample_however_long_the_potential_stays_high() -> None:
    assert spike_train(V).numpy().tolist() == [[0, 0, 1, 0, 0, 1], [0] * 6]


def test_the_time_of_a_spike_lies_between_two_samples() -> None:
    assert spike_times(V, dt=0.2).to_list() == [[pytest.approx(0.3), pytest.approx(1.0)], []]


def test_neurons_keep_their_own_spikes() -> None:
    wide = np.stack([V, V[::-1]], -1)  # (batch, time, neurons)
    found = spike_times(wide, dt=0.2, threshold=0.0)
    assert found.shape.as_list() == [2, 2, None]
    assert [len(times) for row in found for times in row] == [2, 0, 0, 2]
    assert spike_train(wide).shape == wide.shape


def test_the_threshold_counts() -> None:
    assert [len(times) for times in spike_times(V, 1.0, threshold=-30.0)] == [2, 0]


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_times_in_a_potential_of_half_precision_are_precise(dtype: tf.DType) -> None:
    voltage = np.full((1, 4_000), -60.0)
    voltage[0, 3_001] = 60.0
    times = spike_times(tf.cast(voltage, dtype), dt=0.05)
    assert times.dtype == tf.float32
    assert times.to_list() == [[pytest.approx(150.025, abs=1e-4)]]
