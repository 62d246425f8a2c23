"""Recall: what it never does, where it ends, and that it tells so truly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.layers.hopfield.recall import visiting_order
from tests.layers.hopfield.memory import (
    MODES,
    RULES,
    adapted,
    flipped,
    properties,
    random_patterns,
)

seeds = st.integers(0, 10_000)
rules = st.sampled_from(RULES)


@properties
@given(seed=seeds, count=st.integers(1, 12), rule=rules, neurons=st.sampled_from([7, 128, 150]))
def test_energy_never_rises_neuron_by_neuron(seed: int, count: int, rule: Any, neurons: int) -> None:
    """In the order of visits each neuron takes, or keeps, the sign of the field that it then sees."""
    layer = adapted(random_patterns(count, neurons, seed), rule, dtype="float64", seed=seed)
    weights = layer.get_weights()[0]
    states = random_patterns(4, neurons, seed + 1).astype("float64")
    path = layer.trajectory(states, 3)
    energy = np.array(layer.energy(states))
    for step in range(3):
        for i in visiting_order(neurons, seed, step).numpy():
            field = states @ weights[i]
            states[:, i] = path[step + 1][:, i]
            assert (field * states[:, i] >= -1e-12).all()
            after = -0.5 * np.einsum("bi,ij,bj->b", states, weights, states)
            assert (after <= energy + 1e-12).all()
            energy = after
        np.testing.assert_allclose(layer.energy(path[step + 1]), energy, atol=1e-12)


@properties
@given(seed=seeds, count=st.integers(1, 40), rule=rules, mode=st.sampled_from(MODES))
def test_recall_ends_as_the_trajectory_shows(seed: int, count: int, rule: Any, mode: Any) -> None:
    layer = adapted(random_patterns(count, 50, seed), rule, mode=mode, seed=seed)
    probes = random_patterns(20, 50, seed + 1)
    path, found = layer.trajectory(probes, 30), layer.recall(probes)
    periods = {"asynchronous": {1}, "synchronous": {1, 2}}[mode]
    for row, (state, steps, period) in enumerate(zip(*(np.array(part) for part in found))):
        assert period in periods
        states = path[:, row]
        ends = [t for t in range(28) if np.array_equal(states[t], states[t + period])]
        assert steps == ends[0]
        assert np.array_equal(state, states[steps + period])
    assert np.array_equal(found.converged, np.array(found.period) == 1)


@properties
@given(seed=seeds, count=st.integers(1, 60), mode=st.sampled_from(MODES))
def test_under_the_pseudo_inverse_every_pattern_is_stable(seed: int, count: int, mode: Any) -> None:
    patterns = random_patterns(count, 61, seed)
    layer = adapted(patterns, "pseudo_inverse", mode=mode)
    assert np.array_equal(layer(patterns), patterns)
    assert (np.array(layer.stability(patterns)) > -1e-4).all()


@properties
@given(seed=seeds)
def test_a_pattern_and_its_inverse_are_alike(seed: int) -> None:
    layer = adapted(random_patterns(4, 41, seed))
    probes = random_patterns(8, 41, seed + 1)
    assert np.array_equal(layer(-probes), -layer(probes).numpy())


def test_a_field_that_is_zero_but_for_rounding_is_zero() -> None:
    """Exact integers tell where a field is zero: at 600 of these 20,000 neurons."""
    patterns, probes = random_patterns(6, 99), random_patterns(200, 99, seed=1)
    path = adapted(patterns, mode="synchronous").trajectory(probes, 2)
    whole = patterns.astype("int64")
    weights = whole.T @ whole - 6 * np.eye(99, dtype="int64")
    states = probes.astype("int64")
    for found in path[1:]:
        field = states @ weights
        assert (field == 0).any()
        states = np.where(field == 0, states, np.sign(field))
        assert np.array_equal(found, states)


def test_two_neurons_that_disagree_alternate_at_once_and_settle_in_turn() -> None:
    probe = np.array([[1.0, -1.0]])
    together = adapted(np.array([[1, 1]]), mode="synchronous").recall(probe)
    assert (together.period.numpy(), together.steps.numpy()) == ([2], [0])
    in_turn = adapted(np.array([[1, 1]])).recall(probe)
    assert (in_turn.period.numpy(), in_turn.steps.numpy()) == ([1], [1])


@pytest.mark.parametrize("mode", MODES)
def test_recall_that_runs_out_of_steps_says_so(mode: Any) -> None:
    patterns = random_patterns(20, 100)
    probes = np.vstack([patterns, flipped(patterns, 0.2)])
    layer = adapted(patterns, mode=mode, max_steps=1)
    found = layer.recall(probes)
    after = layer.trajectory(probes, 1)[1]
    same = (after == probes).all(axis=1)
    assert np.array_equal(found.states, after)
    assert np.array_equal(found.period, same)
    assert np.array_equal(found.steps, ~same)
    assert 0 < same.sum() < 40


@pytest.mark.parametrize("mode", MODES)
def test_a_neuron_without_a_field_keeps_its_state(mode: Any) -> None:
    layer = adapted(np.array([[1, 1, 1], [1, -1, 1]]), mode=mode)
    probes = np.array([[-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]])
    assert np.array_equal(layer(probes), probes)


def test_a_row_is_recalled_alike_in_any_batch() -> None:
    layer, probes = adapted(random_patterns(10, 199)), random_patterns(30, 199, seed=1)
    together = layer(probes).numpy()
    for first, last in ((0, 1), (1, 10), (10, 30)):
        assert np.array_equal(layer(probes[first:last]), together[first:last])


def test_another_seed_or_step_visits_in_another_order() -> None:
    orders = {tuple(visiting_order(50, seed, step).numpy()) for seed in (0, 1) for step in (0, 1)}
    assert len(orders) == 4
    assert all(sorted(order) == list(range(50)) for order in orders)


def test_the_first_neuron_visited_is_any() -> None:
    firsts = [int(visiting_order(10, 7, step)[0]) for step in range(500)]
    counts = np.bincount(firsts, minlength=10)
    assert ((counts - 50) ** 2 / 50).sum() < 27.9  # chi squared of 9 degrees, one in a thousand
