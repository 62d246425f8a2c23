from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.layers.boltzmann.machines import BARS, general, parameters, restricted, states


def test_frequencies_of_a_restricted_machine_match_the_exact_probabilities() -> None:
    layer = restricted(4, 3)
    drawn = layer.sample(20_000, steps=30).astype(int) @ [8, 4, 2, 1]
    frequencies = np.bincount(drawn, minlength=16) / 20_000
    exact = np.exp(layer.log_likelihood(states(4)))
    np.testing.assert_allclose(frequencies, exact, atol=4 * math.sqrt(0.25 / 20_000))


def test_frequencies_of_a_general_machine_match_the_exact_probabilities() -> None:
    layer = general(4, 1)
    drawn = layer.sample(20_000, steps=30)[:, :4].astype(int) @ [8, 4, 2, 1]
    frequencies = np.bincount(drawn, minlength=16) / 20_000
    np.testing.assert_allclose(frequencies, layer.probabilities(), atol=4 * math.sqrt(0.25 / 20_000))


def test_means_of_the_hidden_units_match_the_exact_ones() -> None:
    layer = general(2, 3)
    p = np.exp(-layer.energy(states(5)))
    drawn = layer.sample(20_000, steps=30)
    np.testing.assert_allclose(
        drawn.mean(0), p @ states(5) / p.sum(), atol=4 * math.sqrt(0.25 / 20_000)
    )


def test_gaussian_samples_have_the_exact_mean() -> None:
    layer = restricted(2, 2, kind="gaussian", scale=0.7)
    drawn = layer.sample(20_000, steps=50)
    h = states(2)
    w, b, c = parameters(layer)
    pull = h @ w.T
    weights = np.exp(h @ c + (pull * (b + pull / 2)).sum(1))
    mean = b + weights @ pull / weights.sum()
    np.testing.assert_allclose(drawn.mean(0), mean, atol=0.06)


def test_samples_start_from_the_visible_biases() -> None:
    layer = restricted(4, 2)
    layer.visible_bias.assign([50, -50, 50, -50])
    np.testing.assert_array_equal(layer.sample(9, steps=0), [[1, 0, 1, 0]] * 9)


@pytest.mark.parametrize("machine", [restricted, general])
def test_every_step_draws_anew(machine: Any) -> None:
    layer = machine(6, 3, scale=0.0)
    assert np.any(layer.sample(9, steps=3) != layer.sample(9, steps=4))


def test_samples_repeat_with_their_seed_and_may_start_from_data() -> None:
    layer = restricted(6, 3)
    np.testing.assert_array_equal(layer.sample(9, steps=5, seed=3), layer.sample(9, steps=5, seed=3))
    assert np.any(layer.sample(9, steps=5, seed=3) != layer.sample(9, steps=5, seed=4))
    np.testing.assert_array_equal(layer.sample(30, steps=0, start=BARS), BARS)


def test_a_start_of_another_number_of_rows() -> None:
    with pytest.raises(ValueError, match=r"`start` must have 9 rows\. Received: 30 rows"):
        restricted(6, 3).sample(9, start=BARS)
