from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.boltzmann import BoltzmannMachine
from tests.layers.boltzmann.machines import WORDS, general, states
from tests.layers.harness import check


def textbook_energy(layer: BoltzmannMachine, s: np.ndarray) -> float:
    """Pair by pair."""
    kernel, bias = (np.asarray(weight) for weight in layer.get_weights())
    pairs = sum(
        (kernel[i, j] + kernel[j, i]) / 2 * s[i] * s[j] for j in range(len(s)) for i in range(j)
    )
    return float(-pairs - bias @ s)


@pytest.mark.parametrize("hidden", [0, 2])
def test_it_is_a_keras_layer(hidden: int) -> None:
    def make() -> BoltzmannMachine:
        layer = BoltzmannMachine(hidden, seed=1)
        layer.adapt(WORDS, epochs=5)
        return layer

    check(make, WORDS.astype("float32"))


@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_energy_is_the_sum_over_pairs(visible: int, hidden: int, seed: int) -> None:
    layer = general(visible, hidden, seed)
    every = states(visible + hidden)
    expected = [textbook_energy(layer, s) for s in every]
    np.testing.assert_allclose(layer.energy(every), expected, rtol=1e-10, atol=1e-12)


@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_probabilities_are_sums_over_hidden_states(visible: int, hidden: int, seed: int) -> None:
    layer = general(visible, hidden, seed)
    weights = np.exp([-textbook_energy(layer, s) for s in states(visible + hidden)])
    assert layer.log_partition() == pytest.approx(math.log(weights.sum()), rel=1e-9, abs=1e-9)
    expected = weights.reshape(2**visible, -1).sum(1) / weights.sum()
    np.testing.assert_allclose(layer.probabilities(), expected, rtol=1e-9)
    np.testing.assert_allclose(np.exp(layer.log_likelihood(states(visible))), expected, rtol=1e-9)


def test_only_hidden_units_need_couplings_to_start_with() -> None:
    for hidden, expected in ((0, 0.0), (30, 0.1)):
        layer = BoltzmannMachine(hidden, seed=1)
        layer.build((None, 30))
        assert float(np.std(layer.kernel)) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("hidden", [0, 2])
def test_gradient_equals_finite_differences_of_the_likelihood(hidden: int) -> None:
    layer = general(3, hidden)
    kernel, bias = (np.array(weight) for weight in layer.get_weights())
    slopes = layer.gradient(WORDS)

    def likelihood(kernel: np.ndarray, bias: np.ndarray) -> float:
        layer.set_weights([kernel, bias])
        return float(layer.log_likelihood(WORDS).mean())

    step = 1e-5
    for i, j in product(range(3 + hidden), repeat=2):
        shift = np.zeros_like(kernel)
        shift[i, j] = shift[j, i] = step if i != j else 0
        rise = likelihood(kernel + shift, bias) - likelihood(kernel - shift, bias)
        assert slopes[0][i, j] == pytest.approx(rise / (2 * step), abs=1e-8)
    for i in range(3 + hidden):
        shift = np.eye(3 + hidden)[i] * step
        rise = likelihood(kernel, bias + shift) - likelihood(kernel, bias - shift)
        assert slopes[1][i] == pytest.approx(rise / (2 * step), abs=1e-8)


def test_sixteen_units_are_enumerated() -> None:
    layer = general(16, scale=0.0)
    assert layer.log_partition() == pytest.approx(16 * math.log(2), rel=1e-12)
    assert layer.probabilities().shape == (2**16,)


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    known = p > 0
    return float((p[known] * np.log(p[known] / q[known])).sum())


@pytest.mark.parametrize(("visible", "hidden"), [(10, 0), (6, 4)])
def test_ten_units_learn_a_small_distribution(visible: int, hidden: int) -> None:
    x = states(visible)[[3, 3, 17, 40, 41, 41, 41, 60]]
    target = np.bincount(x @ (1 << np.arange(visible)[::-1]), minlength=2**visible) / len(x)
    layer = BoltzmannMachine(hidden, seed=1)
    found = []
    for _part in range(3):
        layer.adapt(x, epochs=100, resume=True)
        found.append(divergence(target, layer.probabilities()))
    assert found[0] > found[1] > found[2]
    assert found[2] < 0.5


def test_hidden_units_learn_parity_which_pairs_cannot() -> None:
    """Of an even number of ones all means and products are those of coins."""
    x = states(3)[[0, 3, 5, 6]]
    without, having = general(3), general(3, 2, scale=2.0)
    for layer in (without, having):
        layer.adapt(x, epochs=900, resume=True)
    assert without.log_likelihood(x).mean() == pytest.approx(-math.log(8), abs=1e-6)
    assert having.log_likelihood(x).mean() > -math.log(8) + 0.3


def test_learning_exactly_never_lowers_the_likelihood() -> None:
    layer = BoltzmannMachine(learning_rate=0.2, seed=1)
    found = []
    for _epoch in range(50):
        layer.adapt(WORDS, epochs=1, resume=True)
        found.append(layer.log_likelihood(WORDS).mean())
    assert (np.diff(found) > -1e-6).all()
    assert found[-1] > found[0] + 0.05


@pytest.mark.parametrize("hidden", [0, 3])
def test_a_machine_beyond_sixteen_units_learns_by_sampling(hidden: int) -> None:
    """Eighteen visible units in pairs that always agree."""
    generator = np.random.default_rng(0)
    x = np.repeat(generator.integers(0, 2, (100, 9)), 2, axis=1)
    layer = BoltzmannMachine(hidden, learning_rate=0.2, seed=1)
    layer.adapt(x, epochs=40, batch_size=20)
    drawn = layer.sample(500, steps=50)[:, :18]
    assert (drawn[:, ::2] == drawn[:, 1::2]).mean() > 0.8


def test_the_same_seed_gives_the_same_machine_and_samples() -> None:
    x = np.random.default_rng(0).integers(0, 2, (20, 18))
    one, same, other = (BoltzmannMachine(2, seed=seed) for seed in (1, 1, 2))
    for layer in (one, same, other):
        layer.adapt(x, epochs=2, batch_size=8)
    np.testing.assert_array_equal(one.kernel, same.kernel)
    np.testing.assert_array_equal(one.sample(5, steps=3), same.sample(5, steps=3))
    assert np.any(np.asarray(one.kernel) != np.asarray(other.kernel))
    one.adapt(x, epochs=2, batch_size=8)
    np.testing.assert_array_equal(one.kernel, same.kernel)


def test_a_call_gives_each_units_conditional_probability() -> None:
    layer = general(4)
    x = states(4)
    p = layer.probabilities()
    for unit in range(4):
        on, off = x.copy(), x.copy()
        on[:, unit], off[:, unit] = 1, 0
        up, down = (p[each @ [8, 4, 2, 1]] for each in (on, off))
        np.testing.assert_allclose(layer(x)[:, unit], up / (up + down), rtol=1e-9)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([[0.0, 0.5]], "Received: 0.5"),
        ([0, 1], "must have the shape"),
        (np.zeros((0, 2)), "at least one sample"),
        ([[0.0, np.nan]], "NaN or infinite"),
    ],
)
def test_data_it_cannot_learn_from(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BoltzmannMachine().adapt(data)


def test_states_of_the_wrong_width() -> None:
    with pytest.raises(ValueError, match=r"`states` must have the shape \(samples, 5\)"):
        general(3, 2).energy(states(3))


def test_too_many_units_for_sums() -> None:
    with pytest.raises(ValueError, match=r"at most 16 units.*Received: 17 units"):
        general(12, 5).probabilities()


@pytest.mark.parametrize(
    "arguments",
    [
        {"hidden_units": -1},
        {"learning_rate": 0.0},
        {"learning_rate": math.nan},
        {"chains": 0},
        {"sweeps": 0},
    ],
)
def test_arguments_it_refuses(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        BoltzmannMachine(**arguments)


def test_questions_to_a_machine_without_weights() -> None:
    with pytest.raises(ValueError, match="call `adapt`"):
        BoltzmannMachine().log_partition()
