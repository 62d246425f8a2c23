"""The modern Hopfield network: against its definition, its energy, attention, training, errors."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax

from labkit.layers.hopfield.modern import ModernHopfield
from labkit.lifecycle.fit import accelerated
from tests.layers.harness import check

GENERATOR = np.random.default_rng(0)
STORED = GENERATOR.normal(size=(7, 5))
X = GENERATOR.normal(size=(4, 5)).astype("float32")


def adapted(stored: np.ndarray = STORED, **options: Any) -> ModernHopfield:
    layer = ModernHopfield(**options)
    layer.adapt(stored)
    return layer


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"beta": 2.0, "steps": 3, "trainable_beta": True},
        {"trainable_patterns": True, "trainable_beta": True},
    ],
)
def test_it_is_a_layer(options: dict[str, Any]) -> None:
    check(lambda: adapted(**options), X, precisions=("float32", "float64", "mixed_float16"))


def test_it_takes_states_of_more_axes() -> None:
    check(adapted, GENERATOR.normal(size=(3, 2, 5)).astype("float32"))


def test_it_can_be_made_for_a_number_of_patterns_and_trained() -> None:
    seeded = keras.initializers.GlorotUniform(seed=1)
    options = {"trainable_patterns": True, "patterns_initializer": seeded}
    check(lambda: ModernHopfield(6, **options), X)


def test_one_step_is_the_papers_update() -> None:
    expected = softmax(1.5 * (X @ STORED.T), axis=-1) @ STORED
    found = adapted(beta=1.5, dtype="float64")(X)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_more_steps_are_that_many_calls() -> None:
    states = X
    for _step in range(3):
        states = adapted(beta=1.5)(states)
    np.testing.assert_allclose(adapted(beta=1.5, steps=3)(X), states, rtol=1e-6)


def test_one_step_is_keras_attention() -> None:
    stored = np.broadcast_to(STORED, (4, 7, 5)).astype("float32")
    attention = keras.layers.Attention(score_mode="dot")
    query = X[:, None, :] / np.sqrt(5, dtype="float32")
    np.testing.assert_allclose(adapted()(X), attention([query, stored])[:, 0], rtol=1e-5, atol=1e-6)


def test_the_energy_is_the_papers() -> None:
    beta, longest, x = 1.5, (STORED**2).sum(axis=1).max(), X.astype("float64")
    similar = logsumexp(beta * x @ STORED.T, axis=-1) / beta
    rest = np.log(7) / beta + longest / 2 + (x**2).sum(axis=-1) / 2
    found = adapted(beta=beta, dtype="float64").energy(x)
    np.testing.assert_allclose(found, rest - similar, rtol=1e-12)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10_000), beta=st.floats(0.01, 30))
def test_the_energy_never_rises_and_is_never_negative(seed: int, beta: float) -> None:
    generator = np.random.default_rng(seed)
    layer = adapted(generator.normal(size=(6, 4)), beta=beta, dtype="float64")
    states, before = generator.normal(size=(5, 4)) * 3, np.inf
    for _step in range(4):
        energy = np.array(layer.energy(states))
        assert (energy >= -1e-9).all()
        assert (energy <= before + 1e-9).all()
        states, before = np.array(layer(states)), energy


def test_it_holds_far_more_patterns_than_it_has_neurons() -> None:
    patterns = np.random.default_rng(1).choice([-1.0, 1.0], (1000, 40))
    probes = patterns.copy()
    probes[:, :4] *= -1
    found = np.sign(adapted(patterns, beta=2.0)(probes))
    assert (found == patterns).all(axis=1).mean() > 0.95


def test_with_a_small_beta_it_gives_the_mean() -> None:
    found = adapted(beta=1e-6)(X)
    np.testing.assert_allclose(found, np.tile(STORED.mean(axis=0), (4, 1)), rtol=1e-4, atol=1e-5)


def test_shares_sum_to_one() -> None:
    shares = adapted().association(X)
    assert shares.shape == (4, 7)
    np.testing.assert_allclose(np.sum(shares, axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16"])
def test_pixels_up_to_255_are_recalled_in_half_precision(policy: str) -> None:
    images = np.random.default_rng(2).integers(0, 256, (5, 784)).astype("float32")
    layer = adapted(images, dtype=policy, steps=2)
    shares = np.asarray(keras.ops.cast(layer.association(images), "float32"))
    np.testing.assert_allclose(shares, np.eye(5), atol=1e-3)
    found = layer(images)
    assert keras.backend.standardize_dtype(found.dtype) == layer.compute_dtype
    np.testing.assert_allclose(keras.ops.cast(found, "float32"), images, atol=1)


@pytest.mark.parametrize(
    ("options", "names"),
    [({}, []), ({"trainable_beta": True}, ["log_gain"]), ({"trainable_patterns": True}, ["stored"])],
)
def test_it_trains_what_it_is_told_to(options: dict[str, Any], names: list[str]) -> None:
    assert [weight.name for weight in adapted(**options).trainable_weights] == names


def test_before_any_adapt_patterns_are_as_initialized() -> None:
    layer = ModernHopfield(2, patterns_initializer="ones")
    layer.build((None, 3))
    np.testing.assert_array_equal(layer.get_weights()[0], np.ones((2, 3)))


def test_beta_can_be_trained_and_comes_back() -> None:
    wanted = adapted(beta=3.0)(X)
    layer = adapted(beta=0.5, trainable_beta=True)
    model = keras.Sequential([keras.Input((5,)), layer])
    model.compile(keras.optimizers.Adam(0.1), "mse")
    with accelerated():
        model.fit(X, wanted, epochs=150, verbose=0)
    assert 0.5 * np.exp(layer.log_gain) == pytest.approx(3.0, rel=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beta": 0.0}, "Received: beta=0.0"),
        ({"beta": float("nan")}, "Received: beta=nan"),
        ({"steps": 0}, "Received: steps=0"),
        ({"patterns": 0}, "Received: patterns=0"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ModernHopfield(**options)


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        (np.zeros((0, 5)), r"Received: shape=\(0, 5\)"),
        (np.array([["a"]]), "Received: dtype=<U1"),
        (np.array([[1.0, np.nan]]), "Received: 1 values"),
    ],
)
def test_patterns_that_cannot_be_stored_are_refused(patterns: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ModernHopfield().adapt(patterns)


@pytest.mark.parametrize("make", [adapted, lambda: ModernHopfield(7)])
def test_another_number_of_patterns_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"holds 7 patterns.*Received: data of shape=\(3, 5\)"):
        make().adapt(STORED[:3])


def test_patterns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"rows of 5 numbers.*Received: shape=\(7, 4\)"):
        adapted().adapt(STORED[:, :4])


def test_a_layer_without_patterns_says_what_to_do() -> None:
    layer = ModernHopfield()
    for ask in (layer, layer.energy, layer.association):
        with pytest.raises(ValueError, match=r"call adapt\(patterns\) first"):
            ask(X)


def test_states_of_another_length_are_refused() -> None:
    layer = adapted()
    for ask in (layer.energy, layer.association):
        with pytest.raises(ValueError, match=r"5 numbers\. Received: shape=\(4, 3\)"):
            ask(X[:, :3])
