"""The Hopfield layer: as Keras wants it, what it says of states, what it refuses."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from labkit.layers.hopfield import Hopfield
from tests.layers.harness import check
from tests.layers.hopfield.memory import adapted, flipped, random_patterns

POLICIES = ("float32", "float64", "mixed_float16", "mixed_bfloat16")


@pytest.mark.parametrize(
    ("rule", "options"),
    [("hebb", {"seed": 3}), ("pseudo_inverse", {"mode": "synchronous", "return_outcome": True})],
)
def test_it_is_a_layer(rule: Any, options: dict[str, Any]) -> None:
    patterns = random_patterns(6, 140)
    probes = flipped(patterns, 0.25)
    check(lambda: adapted(patterns, rule, **options), probes, gradient=False, precisions=POLICIES)


def test_a_call_on_states_of_half_precision_recalls() -> None:
    patterns = random_patterns(2, 30)
    layer = adapted(patterns, dtype="mixed_bfloat16")
    found = layer(keras.ops.cast(flipped(patterns, 0.1), "bfloat16"))
    assert np.array_equal(keras.ops.convert_to_numpy(found).astype("float32"), patterns)


def test_energy_overlap_and_stability_are_as_defined() -> None:
    patterns = random_patterns(3, 30).astype("float64")
    states = flipped(patterns, 0.3)[:2].astype("float64")
    layer = adapted(patterns, dtype="float64")
    weights = layer.get_weights()[0]
    energy = [-0.5 * s @ weights @ s for s in states]
    overlap = [[(x * s).mean() for x in patterns] for s in states]
    stability = [(s * (weights @ s)).min() for s in states]
    np.testing.assert_allclose(layer.energy(states), energy, rtol=1e-12)
    np.testing.assert_allclose(layer.overlap(states, patterns), overlap, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(layer.stability(states), stability, rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "delta"}, "Received: rule='delta'"),
        ({"mode": "sync"}, "Received: mode='sync'"),
        ({"max_steps": 0}, "Received: max_steps=0"),
        ({"seed": -1}, "Received: seed=-1"),
        (
            {"dtype": "bfloat16"},
            "Hopfield layer computes in float32 or float64.*Received: dtype='bfloat16'",
        ),
    ],
)
def test_arguments_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Hopfield(**options)


WRONG = [
    ([[0, 1, 1]], r"2 \* x - 1.*Received: 1 other values, such as 0"),
    ([[np.nan, 1, 1]], "Received: 1 values of NaN"),
    ([["a", "b", "c"]], "Received: dtype=<U1"),
    (np.ones(3), r"Received: shape=\(3,\)"),
    (np.ones((0, 3)), r"Received: shape=\(0, 3\)"),
    (np.ones((2, 4)), r"rows of 3 numbers, at least one. Received: shape=\(2, 4\)"),
]


@pytest.mark.parametrize(("patterns", "message"), WRONG)
def test_patterns_that_cannot_be_stored_are_refused(patterns: Any, message: str) -> None:
    layer = adapted(np.ones((1, 3)))
    before = layer.get_weights()[0]
    for learn in (layer.adapt, layer.store):
        with pytest.raises(ValueError, match=message):
            learn(patterns)
    assert np.array_equal(layer.get_weights()[0], before)


@pytest.mark.parametrize(("states", "message"), WRONG)
def test_states_that_are_none_are_refused(states: Any, message: str) -> None:
    layer = adapted(np.ones((1, 3)))
    for ask in (layer.recall, layer.energy, layer.stability):
        with pytest.raises(ValueError, match=message):
            ask(states)
    with pytest.raises(ValueError, match=message):
        layer.overlap(np.ones((1, 3)), states)


@pytest.mark.parametrize("value", [0.5, np.nan])
def test_a_probe_of_other_values_is_refused_in_a_model(value: float) -> None:
    model = keras.Sequential([keras.Input((3,)), adapted(np.ones((1, 3)))])
    with pytest.raises(Exception, match="knows the values -1 and"):
        model.predict(np.array([[value, 1, 1]]), verbose=0)


def test_a_trajectory_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: steps=-1"):
        adapted(np.ones((1, 3))).trajectory(np.ones((1, 3)), -1)


def test_an_input_of_unknown_width_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: input_shape"):
        Hopfield().build((None, None))


def test_a_layer_that_knows_nothing_says_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"call adapt\(patterns\) first.*Received: `probes`"):
        Hopfield().recall(np.ones((1, 3)))
