from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.boltzmann import BoltzmannMachine
from labkit.layers.boltzmann.phases import sampled_update
from tests.layers.boltzmann.machines import WORDS, general, states


@pytest.mark.parametrize("hidden", [0, 2])
def test_an_exact_update_follows_the_slope(hidden: int) -> None:
    layer = general(3, hidden)
    bias = np.array(layer.bias)
    slopes, couplings = layer.gradient(WORDS), symmetric(layer)
    layer.adapt(WORDS, epochs=1, resume=True)
    np.testing.assert_allclose(symmetric(layer) - couplings, 0.5 * slopes[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(layer.bias - bias, 0.5 * slopes[1], rtol=1e-9, atol=1e-12)


def test_updates_at_once_are_updates_one_by_one() -> None:
    once, singly = general(3, 2), general(3, 2)
    once.adapt(WORDS, epochs=10, resume=True)
    for _epoch in range(10):
        singly.adapt(WORDS, epochs=1, resume=True)
    np.testing.assert_allclose(once.bias, singly.bias, rtol=1e-9)


def test_batches_hold_every_sample_once_an_epoch() -> None:
    layer = BoltzmannMachine(learning_rate=1e-6, dtype="float64")
    layer.build((None, 3))
    slope = sum(layer.gradient(WORDS[[each]])[1] for each in range(len(WORDS)))
    layer.adapt(WORDS, epochs=1, batch_size=1, resume=True)
    np.testing.assert_allclose(np.asarray(layer.bias) * 1e6, slope, rtol=1e-4)


@pytest.mark.parametrize("hidden", [0, 2])
def test_a_sampled_update_comes_near_the_exact_one(hidden: int) -> None:
    layer = general(3, hidden, scale=0.7)
    slopes, w, b = layer.gradient(WORDS), symmetric(layer), np.array(layer.bias)
    x = tf.constant(np.repeat(WORDS, 5_000, axis=0), tf.float64)
    dream = tf.zeros((25_000, 3 + hidden), tf.float64)
    key = tuple(tf.constant(each, tf.int64) for each in (1, 0))
    rate, count = tf.constant(2.0, tf.float64), tf.constant(20)
    found = sampled_update(tf.constant(w), tf.constant(b), x, dream, rate, count, key)
    np.testing.assert_allclose((found[0] - w) / 2, slopes[0], atol=0.015)
    np.testing.assert_allclose((found[1] - b) / 2, slopes[1], atol=0.015)


def test_the_dream_goes_on_where_learning_is_resumed() -> None:
    """Eighteen units; all samples at a time, so that no order of theirs matters."""
    x = np.repeat(states(2), 9, axis=1)
    whole, parts = (BoltzmannMachine(seed=1, chains=10, dtype="float64") for _each in range(2))
    whole.adapt(x, epochs=4)
    parts.adapt(x, epochs=2)
    parts.adapt(x, epochs=2, resume=True)
    np.testing.assert_allclose(whole.kernel, parts.kernel, atol=1e-12)


def test_every_update_dreams_anew() -> None:
    layer = BoltzmannMachine(learning_rate=1e-6, seed=1, dtype="float64")
    first, second = biases_after_updates(layer, np.zeros((18, 18)), np.zeros(18), 2)
    assert np.abs(second - 2 * first).max() > 1e-8


def test_chains_of_the_dream_go_on_from_update_to_update() -> None:
    """All units want to be alike: each chain has soon chosen, all on or all off, and stays there."""
    layer = BoltzmannMachine(learning_rate=1e-12, sweeps=30, seed=1, dtype="float64")
    couplings = 1.6 * (1 - np.eye(18))
    first, second = biases_after_updates(layer, couplings, np.full(18, -1.6 * 17 / 2), 2)
    np.testing.assert_allclose(second, 2 * first, rtol=0, atol=4e-15)


def test_more_sweeps_bring_the_dream_further() -> None:
    """From coins towards chains whose units are all alike, so that all units have one mean."""
    found = []
    for sweeps in (1, 5):
        layer = BoltzmannMachine(learning_rate=1e-6, sweeps=sweeps, seed=1, dtype="float64")
        found += biases_after_updates(layer, 1 - np.eye(18), np.full(18, -8.5), 1)
    assert np.ptp(found[1]) < np.ptp(found[0]) / 2


def biases_after_updates(
    layer: BoltzmannMachine, couplings: np.ndarray, bias: np.ndarray, updates: int
) -> list[np.ndarray]:
    """How far the biases have moved after each, by one sample of zeros."""
    layer.build((None, len(bias)))
    layer.set_weights([couplings, bias])
    moved = []
    for _update in range(updates):
        layer.adapt(np.zeros((1, len(bias))), epochs=1, resume=True)
        moved.append(np.asarray(layer.bias) - bias)
    return moved


def symmetric(layer: BoltzmannMachine) -> np.ndarray:
    kernel = np.array(layer.kernel)
    kernel = (kernel + kernel.T) / 2
    np.fill_diagonal(kernel, 0)
    return kernel
