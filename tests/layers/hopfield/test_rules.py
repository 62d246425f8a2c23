"""The rules against their definitions, at once and in parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.layers.hopfield.memory import RULES, adapted, random_patterns


def hebb_by_hand(patterns: np.ndarray) -> np.ndarray:
    weights = sum(np.outer(x, x) for x in patterns) / patterns.shape[1]
    return weights - np.diag(np.diag(weights))


def storkey_by_hand(patterns: np.ndarray) -> np.ndarray:
    """Storkey 1997, its indices written out."""
    neurons = range(patterns.shape[1])
    w = np.zeros((len(neurons), len(neurons)))
    for x in patterns:
        h = np.array(
            [
                [sum(w[i, k] * x[k] for k in neurons if k not in (i, j)) for j in neurons]
                for i in neurons
            ]
        )
        w = w + (np.outer(x, x) - x[:, None] * h.T - h * x[None, :]) / len(neurons)
        np.fill_diagonal(w, 0)
    return w


def pseudo_inverse_by_hand(patterns: np.ndarray) -> np.ndarray:
    weights = np.linalg.pinv(patterns) @ patterns
    return weights - np.diag(np.diag(weights))


BY_HAND = {
    "hebb": hebb_by_hand,
    "storkey": storkey_by_hand,
    "pseudo_inverse": pseudo_inverse_by_hand,
}


@pytest.mark.parametrize("count", [1, 5, 20])
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_gives_what_its_definition_says(rule: Any, count: int) -> None:
    patterns = random_patterns(count, 12)
    weights = adapted(patterns, rule, dtype="float64").get_weights()[0]
    expected = BY_HAND[rule](patterns.astype("float64"))
    np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_storing_in_parts_is_storing_at_once(rule: Any) -> None:
    patterns = random_patterns(9, 40)
    parts = adapted(patterns[:4], rule)
    parts.store(patterns[4:5])
    parts.store(patterns[5:])
    once = adapted(patterns, rule)
    np.testing.assert_allclose(parts.get_weights()[0], once.get_weights()[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_what_comes_back_from_its_weights_goes_on_storing(rule: Any) -> None:
    patterns = random_patterns(9, 40)
    layer = adapted(patterns[:5], rule)
    again = type(layer).from_config(layer.get_config())
    again.build((None, 40))
    again.set_weights(layer.get_weights())
    for each in (layer, again):
        each.store(patterns[5:])
    assert np.array_equal(again.get_weights()[0], layer.get_weights()[0])


@pytest.mark.parametrize("rule", RULES)
def test_adapting_again_forgets(rule: Any) -> None:
    first, second = random_patterns(3, 20), random_patterns(3, 20, seed=1)
    layer = adapted(first, rule)
    layer.adapt(second)
    fresh = adapted(second, rule)
    for one, other in zip(layer.get_weights(), fresh.get_weights()):
        assert np.array_equal(one, other)


def test_under_the_pseudo_inverse_a_pattern_that_is_there_changes_nothing() -> None:
    patterns = random_patterns(30, 100)
    layer = adapted(patterns, "pseudo_inverse")
    before = layer.get_weights()[0]
    layer.store(np.vstack([patterns, -patterns]))
    np.testing.assert_allclose(layer.get_weights()[0], before, atol=1e-6)
