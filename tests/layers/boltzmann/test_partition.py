from __future__ import annotations

import math

import numpy as np
import pytest

from tests.layers.boltzmann.machines import joint_energies, restricted, states


@pytest.mark.parametrize(("visible", "hidden"), [(7, 5), (5, 7), (13, 2)])
def test_log_partition_sums_over_all_states(visible: int, hidden: int) -> None:
    layer = restricted(visible, hidden)
    expected = np.log(np.exp(-joint_energies(layer, states(visible), states(hidden))).sum())
    assert layer.log_partition() == pytest.approx(expected, rel=1e-12)


def test_states_enumerated_in_parts_are_all_counted() -> None:
    layer = restricted(14, 14, scale=0.0)
    assert layer.log_partition() == pytest.approx(28 * math.log(2), rel=1e-12)


def test_log_partition_of_a_gaussian_machine_is_its_integral() -> None:
    layer = restricted(1, 3, kind="gaussian")
    v = np.linspace(-20, 20, 40_001)[:, None]
    expected = np.log(np.exp(-layer.free_energy(v)).sum() * 0.001)
    assert layer.log_partition() == pytest.approx(expected, rel=1e-9)


def test_probabilities_of_all_patterns_sum_to_one() -> None:
    layer = restricted(8, 4)
    assert np.exp(layer.log_likelihood(states(8))).sum() == pytest.approx(1, rel=1e-12)


def test_likelihood_with_a_log_partition_that_is_known() -> None:
    layer = restricted(3, 2)
    np.testing.assert_allclose(layer.log_likelihood(states(3), 3.0), -layer.free_energy(states(3)) - 3)


@pytest.mark.parametrize("seed", range(5))
def test_annealed_estimate_holds_the_exact_log_partition_on_12_units(seed: int) -> None:
    layer = restricted(12, 6, seed)
    found = layer.estimate_log_partition(runs=500, steps=500, seed=seed)
    assert found.low < layer.log_partition() < found.high
    assert found.value == pytest.approx(layer.log_partition(), abs=0.1)


def test_annealed_estimate_is_unbiased_on_a_short_way() -> None:
    layer = restricted(6, 6, scale=0.7)
    found = layer.estimate_log_partition(runs=50_000, steps=3)
    assert found.low < layer.log_partition() < found.high
    assert found.high - found.low < 0.1


def test_three_standard_errors_hold_nearly_always_and_one_would_not() -> None:
    layer = restricted(6, 6, scale=0.7)
    exact, outside = layer.log_partition(), 0
    for seed in range(40):
        found = layer.estimate_log_partition(runs=500, steps=10, seed=seed)
        assert found.low < exact < found.high
        third = (found.high - found.low) / 6
        outside += abs(found.value - exact) > third
    assert 5 <= outside <= 20


def test_annealed_estimate_may_start_from_the_datas_means() -> None:
    layer = restricted(12, 6)
    data = np.random.default_rng(0).integers(0, 2, (50, 12))
    found = layer.estimate_log_partition(runs=500, steps=500, data=data)
    assert found.low < layer.log_partition() < found.high
    assert found.value != layer.estimate_log_partition(runs=500, steps=500).value


def test_annealed_estimate_of_a_gaussian_machine() -> None:
    layer = restricted(6, 6, kind="gaussian", scale=0.5)
    found = layer.estimate_log_partition(runs=500, steps=500, data=np.ones((5, 6)))
    assert found.low < layer.log_partition() < found.high


def test_annealed_estimate_is_exact_without_couplings() -> None:
    layer = restricted(12, 6)
    layer.kernel.assign(np.zeros((12, 6)))
    layer.hidden_bias.assign(np.zeros(6))
    found = layer.estimate_log_partition(runs=10, steps=5)
    assert found.value == pytest.approx(layer.log_partition(), rel=1e-12)
    assert found.high - found.low < 1e-9


def test_too_many_units_for_a_sum() -> None:
    with pytest.raises(ValueError, match=r"estimates it.*Received: 21 visible and 21 hidden"):
        restricted(21, 21).log_partition()
