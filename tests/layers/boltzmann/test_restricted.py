from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.boltzmann import RestrictedBoltzmannMachine
from tests.layers.boltzmann.machines import BARS, restricted
from tests.layers.harness import check


def adapted() -> RestrictedBoltzmannMachine:
    layer = RestrictedBoltzmannMachine(3, seed=1)
    layer.adapt(BARS, epochs=5)
    return layer


def test_it_is_a_keras_layer() -> None:
    check(adapted, BARS[:4].astype("float32"), precisions=("float32", "float64", "mixed_float16"))


def test_gaussian_units_make_a_keras_layer_too() -> None:
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    check(lambda: RestrictedBoltzmannMachine(2, visible="gaussian", seed=1), x)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [("bernoulli", [1, 1, 1, 0], math.log(4 / 2)), ("gaussian", [0.5, 1.5, 1.0, 0.0], 0.75)],
)
def test_the_visible_bias_starts_with_the_means_of_the_data(
    kind: Any, data: list[float], expected: float
) -> None:
    layer = RestrictedBoltzmannMachine(1, visible=kind, learning_rate=1e-9, seed=1)
    layer.adapt(np.array(data)[:, None], epochs=1)
    assert float(layer.visible_bias[0]) == pytest.approx(expected, abs=1e-6)


def test_couplings_start_small_and_at_random() -> None:
    layer = RestrictedBoltzmannMachine(100, seed=1)
    layer.build((None, 100))
    assert float(np.std(layer.kernel)) == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("compiled", [False, True])
def test_the_same_seed_gives_the_same_machine(compiled: bool) -> None:
    found = []
    for seed in (1, 1, 2):
        layer = RestrictedBoltzmannMachine(3, seed=seed)
        layer.adapt(BARS, epochs=3, jit_compile=compiled)
        found.append(np.asarray(layer.kernel))
    np.testing.assert_array_equal(found[0], found[1])
    assert np.any(found[0] != found[2])


def test_adapting_again_starts_anew_and_resuming_goes_on() -> None:
    layer = RestrictedBoltzmannMachine(3, seed=1)
    layer.adapt(BARS, epochs=2)
    first = np.array(layer.kernel)
    layer.adapt(BARS, epochs=2)
    np.testing.assert_array_equal(layer.kernel, first)
    layer.adapt(BARS, epochs=2, resume=True)
    assert np.any(np.asarray(layer.kernel) != first)


def test_epochs_in_two_parts_are_epochs_in_one_without_shuffling() -> None:
    whole, parts = (RestrictedBoltzmannMachine(3, momentum=0.5, seed=1) for _each in range(2))
    whole.adapt(BARS, epochs=4, batch_size=7, shuffle=False)
    parts.adapt(BARS, epochs=2, batch_size=7, shuffle=False)
    parts.adapt(BARS, epochs=2, batch_size=7, shuffle=False, resume=True)
    np.testing.assert_array_equal(whole.kernel, parts.kernel)


def test_a_call_works_with_whole_numbers_and_bytes() -> None:
    layer = adapted()
    expected = layer(BARS.astype("float32"))
    for dtype in ("uint8", "int64", "bool"):
        np.testing.assert_array_equal(layer(tf.constant(BARS.astype(dtype))), expected)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([[0.0, 0.5]], "learn from 0 and 1 only.*Received: 0.5"),
        ([[0, 2]], "Received: 2"),
        ([[0, -1]], "Received: -1"),
        ([0, 1], r"must have the shape \(samples, units\). Received: shape=\(2,\)"),
        (np.zeros((0, 2)), "at least one sample"),
        ([[0.0, np.nan]], "NaN or infinite"),
        ([[0.0, np.inf]], "NaN or infinite"),
        ([["a", "b"]], "array of numbers"),
    ],
)
def test_data_it_cannot_learn_from(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RestrictedBoltzmannMachine(2).adapt(data)


def test_data_of_another_width() -> None:
    with pytest.raises(ValueError, match=r"\(samples, 6\). Received: shape=\(1, 2\)"):
        adapted().adapt([[0, 1]])


def test_nan_for_gaussian_units() -> None:
    with pytest.raises(ValueError, match="NaN or infinite"):
        RestrictedBoltzmannMachine(2, visible="gaussian").adapt([[0.5, np.nan]])


def test_weights_that_explode_are_not_kept() -> None:
    layer = RestrictedBoltzmannMachine(2, visible="gaussian", learning_rate=1e30, seed=1)
    with pytest.raises(ValueError, match="smaller learning rate"):
        layer.adapt(np.random.default_rng(0).normal(0, 100, (50, 3)), epochs=20)
    assert np.isfinite(layer.kernel).all()


@pytest.mark.parametrize(
    "arguments",
    [
        {"hidden_units": 0},
        {"hidden_units": 2.5},
        {"hidden_units": 2, "visible": "binary"},
        {"hidden_units": 2, "steps": 0},
        {"hidden_units": 2, "learning_rate": 0.0},
        {"hidden_units": 2, "learning_rate": math.nan},
        {"hidden_units": 2, "momentum": 1.0},
        {"hidden_units": 2, "weight_decay": -0.1},
        {"hidden_units": 2, "seed": -1},
    ],
)
def test_arguments_it_refuses(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        RestrictedBoltzmannMachine(**arguments)


def test_questions_to_a_machine_without_weights() -> None:
    with pytest.raises(ValueError, match="call `adapt`"):
        RestrictedBoltzmannMachine(2).sample(3)


def test_gaussian_units_have_no_pseudo_likelihood() -> None:
    with pytest.raises(ValueError, match="can be flipped"):
        restricted(2, 2, kind="gaussian").pseudo_likelihood([[0.1, 0.2]])


def test_inputs_that_are_no_rows() -> None:
    with pytest.raises(ValueError, match="batch, visible"):
        RestrictedBoltzmannMachine(2).build((None, 3, 4))
