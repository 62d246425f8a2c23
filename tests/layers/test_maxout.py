"""Maxout: against its definition in NumPy, what it can be, its errors."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from labkit.layers.maxout import Maxout
from tests.layers.harness import check

X = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_bias": False},
        {"kernel_constraint": keras.constraints.MaxNorm(1.0), "kernel_regularizer": "l2"},
    ],
)
def test_it_is_a_layer(options: dict[str, Any]) -> None:
    seeded = keras.initializers.GlorotUniform(seed=1)
    policies = ("float32", "float64", "mixed_float16")
    check(lambda: Maxout(3, 4, kernel_initializer=seeded, **options), X, precisions=policies)


def test_it_takes_inputs_of_more_axes() -> None:
    check(lambda: Maxout(2, 3), X.reshape(5, 2, 2))


def test_each_unit_gives_its_largest_piece() -> None:
    layer = Maxout(3, 4, bias_initializer=keras.initializers.RandomNormal(seed=2))
    found = layer(X).numpy()
    kernel, bias = (np.array(weight) for weight in layer.get_weights())
    pieces = X @ kernel + bias
    expected = [pieces[:, 4 * unit : 4 * unit + 4].max(axis=1) for unit in range(3)]
    np.testing.assert_allclose(found, np.stack(expected, axis=1), rtol=1e-6)


def test_two_pieces_can_be_a_relu() -> None:
    layer = Maxout(4, 2)
    layer.build(X.shape)
    layer.set_weights([np.kron(np.eye(4), [[1.0, 0.0]]), np.zeros(8)])
    np.testing.assert_allclose(layer(X), np.maximum(X, 0))


def test_only_the_largest_piece_learns() -> None:
    layer = Maxout(1, 2, use_bias=False)
    layer.build((None, 1))
    layer.set_weights([np.array([[-1.0, 1.0]])])
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(np.array([[2.0]]), np.array([[0.0]]), verbose=0)
    losing, winning = layer.get_weights()[0][0]
    assert losing == -1.0
    assert winning == pytest.approx(1 - 0.1 * 2 * 2 * 2)


def test_pieces_follow_a_convex_function() -> None:
    """The tangents of x² at nine points 1/4 apart are nowhere more than (1/8)² below it."""
    touched = np.linspace(-1, 1, 9)
    layer = Maxout(1, 9, dtype="float64")
    layer.build((None, 1))
    layer.set_weights([2 * touched[None], -(touched**2)])
    x = np.linspace(-1, 1, 201)[:, None]
    gap = x**2 - np.array(layer(x))
    assert gap.min() >= -1e-12
    assert gap.max() == pytest.approx(1 / 64, rel=0.1)


def test_penalty_and_bound_hold_for_the_weights() -> None:
    options = {"kernel_regularizer": "l2", "kernel_constraint": keras.constraints.MaxNorm(0.5)}
    layer = Maxout(3, 4, bias_initializer="ones", **options)
    model = keras.Sequential([keras.Input((4,)), layer])
    kernel, bias = layer.get_weights()
    assert np.array_equal(bias, np.ones(12))
    assert float(model.losses[0]) == pytest.approx(0.01 * (kernel**2).sum(), rel=1e-5)
    model.compile("sgd", "mse")
    model.fit(X, np.ones((5, 3)), verbose=0)
    assert np.linalg.norm(layer.get_weights()[0], axis=0).max() <= 0.5 + 1e-6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((0,), "Received: units=0"), ((2.5,), "Received: units=2.5"), ((2, 1), "Received: pieces=1")],
)
def test_sizes_that_make_no_sense_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Maxout(*arguments)


def test_an_input_of_unknown_width_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: input_shape"):
        Maxout(2).build((None, None))
