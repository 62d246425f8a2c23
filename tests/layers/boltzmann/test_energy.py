from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import BernoulliRBM

from tests.layers.boltzmann.machines import general, joint_energies, parameters, restricted, states


@given(
    st.integers(1, 6), st.integers(1, 6), st.integers(0, 99), st.sampled_from(["bernoulli", "gaussian"])
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_free_energy_sums_over_all_hidden_states(v: int, h: int, seed: int, kind: str) -> None:
    layer = restricted(v, h, seed, kind=kind)
    x = states(v)
    expected = -np.log(np.exp(-joint_energies(layer, x, states(h))).sum(1))
    np.testing.assert_allclose(layer.free_energy(x), expected, rtol=1e-10, atol=1e-10)


def test_call_gives_the_conditional_mean_of_the_hidden_units() -> None:
    layer = restricted(4, 3)
    x, h = states(4), states(3)
    weights = np.exp(-joint_energies(layer, x, h))
    expected = weights @ h / weights.sum(1, keepdims=True)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-10)


@pytest.mark.parametrize("kind", ["bernoulli", "gaussian"])
def test_reconstruction_goes_up_and_down_by_means(kind: str) -> None:
    layer = restricted(4, 3, kind=kind)
    w, b, _c = parameters(layer)
    field = np.asarray(layer(states(4))) @ w.T + b
    expected = field if kind == "gaussian" else 1 / (1 + np.exp(-field))
    np.testing.assert_allclose(layer.reconstruct(states(4)), expected, rtol=1e-10)


def test_pseudo_likelihood_is_scikit_learns() -> None:
    layer = restricted(9, 4)
    x = np.random.default_rng(1).integers(0, 2, (30, 9)).astype(float)
    peer = BernoulliRBM(4, random_state=7, n_iter=0).fit(x)
    peer.components_ = np.asarray(layer.kernel).T
    peer.intercept_visible_ = np.asarray(layer.visible_bias)
    peer.intercept_hidden_ = np.asarray(layer.hidden_bias)
    np.testing.assert_allclose(layer.pseudo_likelihood(x, seed=7), peer.score_samples(x), rtol=1e-9)


def test_many_rows_are_answered_in_their_order() -> None:
    layer = restricted(3, 2)
    x = np.resize(states(3), (20_001, 3))
    np.testing.assert_allclose(layer.free_energy(x), np.resize(layer.free_energy(states(3)), 20_001))


def test_mean_field_is_exact_where_hidden_units_are_not_coupled() -> None:
    layer = general(3, 2)
    kernel, bias = layer.get_weights()
    kernel[3:, 3:] = 0
    layer.set_weights([kernel, bias])
    every = np.array([[*v, *h] for v in states(3) for h in states(2)])
    weights = np.exp(-layer.energy(every)).reshape(8, 4)
    expected = weights @ states(2) / weights.sum(1, keepdims=True)
    np.testing.assert_allclose(layer(states(3)), expected, rtol=1e-6)


def test_mean_field_means_fit_each_other() -> None:
    layer = general(3, 3, scale=0.5)
    kernel, bias = (np.asarray(weight) for weight in layer.get_weights())
    w = (kernel + kernel.T) / 2
    np.fill_diagonal(w, 0)
    x = states(3)
    hidden = np.asarray(layer(x))
    again = 1 / (1 + np.exp(-(x @ w[:3, 3:] + hidden @ w[3:, 3:] + bias[3:])))
    np.testing.assert_allclose(hidden, again, atol=1e-5)
