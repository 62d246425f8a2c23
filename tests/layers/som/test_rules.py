"""The batch and the online rule against plain NumPy, and what holds for any samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.som import Decay, SelfOrganizingMap, search
from tests.layers.som.reference import DATA, RATE, SHEETS, begin, by_batch, online, sheet, with_gaps


@pytest.mark.parametrize(("topology", "torus", "kind"), SHEETS)
def test_the_batch_rule_is_the_weighted_mean(topology: str, torus: bool, kind: str) -> None:
    som = sheet(start=begin(), topology=topology, torus=torus, neighbourhood=kind)
    som.adapt(DATA, 3, resume=True)
    expected = by_batch(som, begin(), DATA, 3)
    np.testing.assert_allclose(som.get_weights()[0], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("topology", "torus", "kind"), SHEETS)
def test_the_online_rule_is_kohonens(topology: str, torus: bool, kind: str) -> None:
    rate = Decay(0.02, 0.01) if kind == "mexican_hat" else RATE
    som = sheet(start=begin(), topology=topology, torus=torus, neighbourhood=kind, learning_rate=rate)
    som.adapt(DATA, 2, "online", shuffle=False, resume=True)
    expected = online(som, begin(), DATA, 2)
    np.testing.assert_allclose(som.get_weights()[0], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
def test_a_large_smooth_map_searched_through_its_factors_stays_exact(
    dtype: str, tolerance: float
) -> None:
    generator = np.random.default_rng(8)
    x = DATA @ generator.normal(size=(5, 400)) + generator.normal(size=(90, 400))
    som = SelfOrganizingMap(16, 15, radius=Decay(6.0, 4.0), dtype=dtype)
    som.build(x.shape)
    start = generator.normal(size=(16, 15, 400)) * 4
    som.set_weights([start])
    som.adapt(x, 4, resume=True)
    expected = by_batch(som, start, x, 4)
    np.testing.assert_allclose(som.get_weights()[0], expected, rtol=tolerance, atol=tolerance)


def test_of_units_that_a_bubble_leaves_alike_the_first_is_the_best() -> None:
    start = begin(9, 7)
    som = sheet(start=start, rows=9, columns=7, radius=Decay(4.0, 2.0), neighbourhood="bubble")
    som.adapt(DATA, 4, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], by_batch(som, start, DATA, 4), rtol=1e-9)


def test_long_online_training_is_the_same_rule_compiled_by_xla() -> None:
    som = sheet(start=begin())
    som.adapt(DATA, 60, "online", shuffle=False, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], online(som, begin(), DATA, 60), rtol=1e-9)


@pytest.mark.parametrize(("topology", "kind"), [("rectangular", "gaussian"), ("hexagonal", "bubble")])
def test_samples_learned_piece_by_piece_give_the_same_map(
    topology: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    som = sheet(start=begin(), topology=topology, neighbourhood=kind)
    monkeypatch.setattr(search, "_SCORES", som.grid.units * 16)
    som.adapt(DATA, 3, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], by_batch(som, begin(), DATA, 3), rtol=1e-9)


def test_units_far_from_every_sample_either_stay_or_reach_the_mean_of_some() -> None:
    """The pull on the 8th unit is as small as float32 can hold, and its sums are not held in full."""
    som = SelfOrganizingMap(1, 40, radius=Decay(0.5322, 0.5322, "constant"))
    som.build((None, 1))
    start = np.full((1, 40, 1), 100, dtype="float32")
    start[0, 0], start[0, -1] = 0.002, -0.002
    som.set_weights([start])
    som.adapt([[0.001], [0.003], [-0.001], [-0.003]], 1, resume=True)
    weights = som.get_weights()[0].ravel()
    np.testing.assert_allclose(weights[:6], 0.002, rtol=1e-5)
    assert all(min(abs(weight - 0.002), abs(weight - 100)) < 1e-7 for weight in weights[:20])


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_missing_values_are_left_out_by_the_batch_rule(topology: str) -> None:
    x = with_gaps(DATA)
    som = sheet(start=begin(), topology=topology)
    som.adapt(x, 3, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], by_batch(som, begin(), x, 3), rtol=1e-9)


def test_missing_values_are_left_out_by_the_online_rule() -> None:
    x = with_gaps(DATA)
    som = sheet(start=begin())
    som.adapt(x, 2, "online", shuffle=False, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], online(som, begin(), x, 2), rtol=1e-9)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.permutations(range(20)), st.floats(-5, 5))
def test_the_batch_rule_neither_sees_the_order_of_samples_nor_where_zero_is(
    order: list[int], shift: float
) -> None:
    x = DATA[:20]
    one, other = sheet(start=begin()), sheet(start=begin() + shift)
    one.adapt(x, 2, resume=True)
    other.adapt(x[order] + shift, 2, resume=True)
    np.testing.assert_allclose(one.get_weights()[0] + shift, other.get_weights()[0], atol=1e-9)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 30), st.booleans())
def test_a_map_of_means_stays_among_its_samples(
    rows: int, columns: int, count: int, gaps: bool
) -> None:
    x = with_gaps(DATA[:count]) if gaps else DATA[:count]
    som = SelfOrganizingMap(rows, columns, seed=0, dtype="float64")
    som.adapt(x, 2)
    weights = som.get_weights()[0]
    seen = ~np.isnan(x).all(0)
    assert (weights[..., seen] >= np.nanmin(x[:, seen], 0) - 1e-9).all()
    assert (weights[..., seen] <= np.nanmax(x[:, seen], 0) + 1e-9).all()
