"""Hebbian learning: by hand, against NumPy one sample at a time, principal components, errors."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from labkit.layers.hebbian import Hebbian
from tests.layers.harness import check

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(6, 4)).astype("float32")
SCALES = np.array([3.0, 2.0, 1.0, 0.3])
TURN = np.linalg.qr(GENERATOR.normal(size=(4, 4)))[0]
CLOUD = GENERATOR.normal(size=(4000, 4)) * SCALES @ TURN.T


def seeded() -> Any:
    return keras.initializers.RandomNormal(stddev=0.3, seed=1)


@pytest.mark.parametrize("activation", [None, "tanh"])
def test_it_is_a_layer(activation: str | None) -> None:
    options = {"activation": activation, "kernel_initializer": seeded()}
    check(lambda: Hebbian(3, "oja", **options), X, precisions=("float32", "float64", "mixed_float16"))


@pytest.mark.parametrize(
    ("rate", "points", "wanted", "weights"),
    [
        (0.1, [[1, 1], [1, 0], [0, 1]], [1, 0, 0], [0.1, 0.1]),
        (0.2, [[1, 0], [0, 1], [0, 0]], [1, 1, 0], [0.2, 0.2]),
    ],
)
def test_with_targets_it_gives_what_is_computed_by_hand(
    rate: float, points: Any, wanted: Any, weights: Any
) -> None:
    neuron = Hebbian(1, learning_rate=rate, kernel_initializer="zeros")
    neuron.adapt(points, wanted)
    np.testing.assert_allclose(neuron.get_weights()[0][:, 0], weights, rtol=1e-6)


def test_with_targets_of_several_units_it_is_a_linear_associator() -> None:
    wanted = GENERATOR.normal(size=(6, 2))
    layer = Hebbian(2, learning_rate=0.1, kernel_initializer="zeros")
    layer.adapt(X, wanted)
    np.testing.assert_allclose(layer.get_weights()[0], 0.1 * X.T @ wanted, rtol=1e-4, atol=1e-6)


def test_a_call_gives_the_activation_of_the_products() -> None:
    layer = Hebbian(3, activation="tanh", kernel_initializer=seeded())
    found = layer(X)
    np.testing.assert_allclose(found, np.tanh(X @ layer.get_weights()[0]), rtol=1e-5)


@pytest.mark.parametrize("rule", ["hebb", "oja", "sanger"])
@pytest.mark.parametrize("size", [1, 4])
def test_it_learns_as_the_equations_say(rule: str, size: int) -> None:
    """Before the activation, and so twice over two epochs."""
    options = {"activation": "tanh", "kernel_initializer": seeded(), "dtype": "float64"}
    layer = Hebbian(3, rule, learning_rate=0.05, **options)
    layer.build(X.shape)
    w = np.array(layer.get_weights()[0])
    for first in 2 * list(range(0, len(X), size)):
        change = np.zeros_like(w)
        for x in X[first : first + size].astype("float64"):
            y = x @ w
            for j in range(3):
                others = {"hebb": [], "oja": range(3), "sanger": range(j + 1)}[rule]
                change[:, j] += y[j] * (x - sum(y[k] * w[:, k] for k in others))
        w += 0.05 * change
    layer.adapt(X, epochs=2, batch_size=size, shuffle=False)
    np.testing.assert_allclose(layer.get_weights()[0], w, rtol=1e-12, atol=1e-14)


def test_ojas_unit_finds_the_first_principal_component() -> None:
    neuron = Hebbian(1, "oja", learning_rate=0.002, kernel_initializer=seeded())
    neuron.adapt(CLOUD, epochs=3)
    w = neuron.get_weights()[0][:, 0]
    assert np.linalg.norm(w) == pytest.approx(1, abs=0.03)
    assert abs(w @ TURN[:, 0]) == pytest.approx(1, abs=0.02)


def test_ojas_units_span_the_first_principal_components() -> None:
    layer = Hebbian(2, "oja", learning_rate=0.001, kernel_initializer=seeded())
    layer.adapt(CLOUD, epochs=5)
    w = layer.get_weights()[0]
    np.testing.assert_allclose(w.T @ w, np.eye(2), atol=0.05)
    np.testing.assert_allclose(np.linalg.norm(TURN[:, :2].T @ w, axis=0), 1, atol=0.03)


def test_sangers_units_find_each_principal_component_in_its_place() -> None:
    layer = Hebbian(3, "sanger", learning_rate=0.001, kernel_initializer=seeded())
    layer.adapt(CLOUD, epochs=8)
    found = np.abs(TURN[:, :3].T @ layer.get_weights()[0])
    np.testing.assert_allclose(found, np.eye(3), atol=0.12)


def test_the_same_seed_gives_the_same_weights_and_another_one_others() -> None:
    weights = []
    for seed in (0, 0, 1):
        layer = Hebbian(2, "oja", kernel_initializer=seeded(), seed=seed)
        layer.adapt(CLOUD[:50])
        weights.append(layer.get_weights()[0])
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_training_leaves_what_it_has_learned() -> None:
    layer = Hebbian(2, "oja", kernel_initializer=seeded())
    layer.adapt(CLOUD[:50])
    before = layer.get_weights()[0]
    model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(CLOUD[:32], np.ones(32), verbose=0)
    assert np.array_equal(layer.get_weights()[0], before)


def test_weights_without_a_bound_are_an_error_and_change_nothing() -> None:
    layer = Hebbian(1, learning_rate=1.0, kernel_initializer=seeded())
    layer.build(CLOUD.shape)
    before = layer.get_weights()[0]
    with pytest.raises(ValueError, match=r"smaller learning rate.*Received: rule='hebb'"):
        layer.adapt(CLOUD)
    assert np.array_equal(layer.get_weights()[0], before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "Received: units=0"),
        ({"units": 1, "rule": "bcm"}, "Received: rule='bcm'"),
        ({"units": 1, "learning_rate": -0.1}, "Received: learning_rate=-0.1"),
        ({"units": 1, "seed": -1}, "Received: seed=-1"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Hebbian(**arguments)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (np.zeros((0, 4)), {}, r"Received: shape=\(0, 4\)"),
        (np.full((2, 4), np.nan), {}, "Received: 8 values"),
        (X[:, :3], {}, r"`data` must be rows of 4 numbers.*Received: shape=\(6, 3\)"),
        (X, {"targets": np.zeros(5)}, r"each of 6 samples.*Received: shape=\(5, 1\)"),
        (X, {"targets": np.zeros((6, 2))}, r"`targets` must be rows of 1 numbers"),
        (X, {"epochs": 0}, "Received: epochs=0"),
        (X, {"batch_size": 0}, "Received: batch_size=0"),
    ],
)
def test_data_that_do_not_fit_are_refused(data: Any, options: dict[str, Any], message: str) -> None:
    layer = Hebbian(1)
    layer.build((None, 4))
    with pytest.raises(ValueError, match=message):
        layer.adapt(data, **options)


def test_an_input_of_unknown_width_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: input_shape"):
        Hebbian(2).build((None, None))
