from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labkit.layers.boltzmann import RestrictedBoltzmannMachine
from labkit.layers.boltzmann.contrastive_divergence import _compiled, _plain, pays_to_compile
from tests.layers.boltzmann.machines import BARS, likelihood, restricted, states


def still(weights: list[Any], **rates: Any) -> RestrictedBoltzmannMachine:
    """A machine of these w, c and b, whose particles do what is certain where fields are large."""
    layer = RestrictedBoltzmannMachine(len(weights[1]), seed=1, dtype="float64", **rates)
    layer.build((None, len(weights[2])))
    layer.set_weights([np.array(weight, float) for weight in weights])
    return layer


@pytest.mark.parametrize("persistent", [True, False])
@pytest.mark.parametrize("steps", [1, 3])
def test_learning_raises_the_exact_likelihood(persistent: bool, steps: int) -> None:
    layer = RestrictedBoltzmannMachine(4, steps=steps, persistent=persistent, seed=1)
    layer.adapt(BARS, epochs=1)
    before = likelihood(layer, BARS)
    layer.adapt(BARS, epochs=300)
    assert likelihood(layer, BARS) > before + 1


def test_an_update_is_the_difference_of_both_phases() -> None:
    """With fixed couplings of 0 the dream is coins, whose mean over many particles is known."""
    x = np.repeat([[1, 0, 1]], 50_000, axis=0)
    layer = RestrictedBoltzmannMachine(2, learning_rate=0.5, seed=1)
    layer.build((None, 3))
    layer.set_weights([np.zeros((3, 2)), np.zeros(2), np.zeros(3)])
    layer.adapt(x, epochs=1, batch_size=50_000, resume=True)
    np.testing.assert_allclose(layer.visible_bias, [0.25, -0.25, 0.25], atol=0.01)
    np.testing.assert_allclose(layer.kernel, [[0.125] * 2, [-0.125] * 2, [0.125] * 2], atol=0.005)
    np.testing.assert_allclose(layer.hidden_bias, [0, 0], atol=1e-6)


def test_contrastive_divergence_after_many_steps_follows_the_exact_gradient() -> None:
    x = np.repeat(states(3)[[1, 3, 6, 6]], 5_000, axis=0)
    layer = restricted(3, 2, scale=0.5)
    start = layer.get_weights()
    learner = RestrictedBoltzmannMachine(2, steps=20, persistent=False, learning_rate=1.0, seed=3)
    learner.build((None, 3))
    learner.set_weights(start)
    learner.adapt(x, epochs=1, batch_size=len(x), resume=True)
    for number, (old, new) in enumerate(zip(start, learner.get_weights())):
        for index in np.ndindex(old.shape):
            shifted = [np.array(weight) for weight in start]
            sides = []
            for step in (1e-5, -1e-5):
                shifted[number][index] = old[index] + step
                layer.set_weights(shifted)
                sides.append(likelihood(layer, x[::5_000]))
            slope = (sides[0] - sides[1]) / 2e-5
            assert new[index] - old[index] == pytest.approx(slope, abs=0.015)


def test_contrastive_divergence_starts_from_the_data_and_persistent_from_its_particles() -> None:
    """Two states are firm, both units on or both off: data show one, particles start in the other."""
    moved = []
    for persistent in (False, True):
        layer = still([[[80]], [-40], [-40]], persistent=persistent, learning_rate=0.1)
        layer.adapt([[1]], epochs=1, resume=True)
        moved.append(float(layer.visible_bias[0]) + 40)
    np.testing.assert_allclose(moved, [0, 0.1], atol=1e-12)


def test_particles_go_on_from_where_they_were_left() -> None:
    """Off at first, the hidden unit lets the visible one be on; then it is on and keeps that off."""
    layer = still([[[-40]], [60], [20]], learning_rate=1e-3)
    layer.adapt([[0]] * 10, epochs=1, batch_size=1, resume=True)
    assert float(layer.visible_bias[0]) == pytest.approx(20 - 1e-3, abs=1e-9)


def test_momentum_keeps_a_share_of_the_last_update() -> None:
    layer = still([[[0]], [0], [-50]], momentum=0.9, learning_rate=0.01)
    layer.adapt([[1]], epochs=20, resume=True)
    pushes = [0.01 * (1 - 0.9**n) / (1 - 0.9) for n in range(1, 21)]
    assert float(layer.visible_bias[0]) == pytest.approx(-50 + sum(pushes), rel=1e-9)


def test_weight_decay_shrinks_couplings_and_leaves_biases() -> None:
    layer = still([[[0.5]], [0.25], [-50]], weight_decay=0.1, learning_rate=0.2)
    layer.adapt([[0]], epochs=7, resume=True)
    assert float(layer.kernel[0, 0]) == pytest.approx(0.5 * (1 - 0.2 * 0.1) ** 7, rel=1e-9)
    assert float(layer.visible_bias[0]) == pytest.approx(-50, rel=1e-12)
    assert float(layer.hidden_bias[0]) == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize(("rows", "batch"), [(3, 2), (9_000, 1), (9_001, 1_000)])
@pytest.mark.parametrize("compiled", [False, True])
def test_each_batch_counts_by_the_mean_of_its_rows(rows: int, batch: int, compiled: bool) -> None:
    x = np.random.default_rng(0).integers(0, 2, (rows, 1))
    layer = still([[[0]], [0], [-50]], learning_rate=1e-4)
    layer.adapt(x, 1, batch, shuffle=False, resume=True, jit_compile=compiled)
    means = [x[first : first + batch].mean() for first in range(0, rows, batch)]
    assert float(layer.visible_bias[0]) + 50 == pytest.approx(1e-4 * sum(means), rel=1e-6)


def test_momentum_goes_on_after_batches_of_another_size() -> None:
    layer = still([[[0]], [0], [-50]], momentum=0.5, learning_rate=0.01)
    layer.adapt([[1]] * 4, epochs=1, batch_size=4, resume=True)
    layer.adapt([[1]] * 4, epochs=1, batch_size=2, resume=True)
    assert float(layer.visible_bias[0]) + 50 == pytest.approx(0.01 * (1 + 1.5 + 1.75), rel=1e-9)


def test_every_epoch_has_an_order_of_its_own_unless_told_otherwise() -> None:
    found = []
    for shuffle in (False, True):
        layer = RestrictedBoltzmannMachine(3, seed=1)
        layer.adapt(BARS, epochs=1, shuffle=shuffle)
        found.append(np.array(layer.kernel))
    assert np.any(found[0] != found[1])


def test_gaussian_units_learn_two_clusters() -> None:
    generator = np.random.default_rng(0)
    x = np.where(generator.random((400, 1)) < 0.5, 1.5, -1.5) + generator.normal(0, 1, (400, 2))
    layer = RestrictedBoltzmannMachine(2, visible="gaussian", learning_rate=0.02, seed=1)
    layer.adapt(x, epochs=1)
    before = likelihood(layer, x)
    layer.adapt(x, epochs=50)
    assert likelihood(layer, x) > before + 0.1
    centre, between = layer.free_energy([[1.5, 1.5], [-1.5, 1.5]])
    assert centre < between


def test_a_machine_learns_as_well_compiled_by_xla() -> None:
    scores = []
    for compiled in (False, True):
        layer = RestrictedBoltzmannMachine(4, seed=1)
        layer.adapt(BARS, epochs=300, jit_compile=compiled)
        scores.append(likelihood(layer, BARS))
    assert scores[0] == pytest.approx(scores[1], abs=0.4)


def test_other_rates_need_no_new_trace() -> None:
    RestrictedBoltzmannMachine(3, learning_rate=0.2, seed=1).adapt(BARS, epochs=1)
    traces = _plain.experimental_get_tracing_count()
    RestrictedBoltzmannMachine(3, learning_rate=0.3, seed=2).adapt(BARS, epochs=2)
    assert _plain.experimental_get_tracing_count() == traces


def test_xla_is_for_much_work_only() -> None:
    assert not pays_to_compile(1_000, 10 * 912)
    assert pays_to_compile(6_000, 10 * 912)


def test_rows_that_the_last_batch_lacks_are_lacking_in_its_dream() -> None:
    """Both states are firm, so that the dream is the data, row by row."""
    layer = still([[[80]], [-40], [-40]], persistent=False)
    layer.adapt([[1], [0], [1]], epochs=1, batch_size=2, shuffle=False, resume=True)
    np.testing.assert_allclose(np.concatenate([w.ravel() for w in layer.get_weights()]), [80, -40, -40])


def test_all_particles_dream_whatever_the_last_batch_lacks() -> None:
    """Units are coins, so that the mean of one particle alone would be 0 or 1."""
    layer = still([[[0]], [0], [0]], learning_rate=1e-6)
    layer.adapt([[1]] * 1_001, epochs=1, batch_size=1_000, shuffle=False, resume=True)
    assert float(layer.visible_bias[0]) * 1e6 == pytest.approx(2 * 0.5, abs=0.1)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_dream_is_as_many_steps_from_the_data_as_asked(steps: int) -> None:
    """Units in a row, visible and hidden in turn, each on if a neighbour is: a front that moves on."""
    chain = 40 * (np.eye(5, 4) + np.eye(5, 4, -1))
    layer = still([chain, [-20] * 4, [-20] * 5], persistent=False, steps=steps, learning_rate=1.0)
    layer.adapt([[1, 0, 0, 0, 0]], epochs=1, resume=True)
    dreamt = -(np.array(layer.visible_bias) + 20)[1:]
    np.testing.assert_allclose(dreamt, np.arange(4) < steps, atol=1e-6)


def test_xla_compiles_by_itself_where_it_pays() -> None:
    x = np.ones((900, 1), int)
    before = _compiled.experimental_get_tracing_count()
    RestrictedBoltzmannMachine(1, seed=1).adapt(x, epochs=1, batch_size=1)
    assert _compiled.experimental_get_tracing_count() == before
    RestrictedBoltzmannMachine(1, seed=1).adapt(x, epochs=10, batch_size=1)
    assert _compiled.experimental_get_tracing_count() == before + 1
