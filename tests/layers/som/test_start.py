from __future__ import annotations

import numpy as np
import pytest

from labkit.layers.som import search
from labkit.layers.som.data import described
from labkit.layers.som.grid import Grid
from labkit.layers.som.start import started

GENERATOR = np.random.default_rng(1)
X = GENERATOR.normal(size=(40, 6)) * [5, 3, 1, 1, 1, 0] + 2


def begun(kind: str, x: np.ndarray, grid: Grid) -> np.ndarray:
    return started(kind, described(x), grid, np.random.default_rng(0))


def test_a_random_start_lies_between_the_extremes_of_every_feature() -> None:
    weights = begun("random", X, Grid(10, 10))
    assert (weights >= X.min(0)).all() and (weights <= X.max(0)).all()
    assert np.ptp(weights, axis=0)[0] > 0.8 * np.ptp(X, axis=0)[0]


def test_a_sample_start_takes_different_samples() -> None:
    weights = begun("sample", X, Grid(5, 6))
    nearest = np.linalg.norm(weights[:, None] - X, axis=2)
    np.testing.assert_allclose(nearest.min(1), 0, atol=1e-12)
    assert len(set(nearest.argmin(1))) == 30


def test_more_units_than_samples_share_them() -> None:
    assert begun("sample", X[:3], Grid(3, 3)).shape == (9, 6)


def test_a_pca_start_spans_the_two_main_axes_from_their_spread() -> None:
    weights = begun("pca", X, Grid(7, 5)).reshape(7, 5, 6)
    np.testing.assert_allclose(weights.mean((0, 1)), X.mean(0))
    values, vectors = np.linalg.eigh(np.cov(X, rowvar=False, bias=True))
    for edge, value, vector in zip(
        (weights[-1, 2] - weights[0, 2], weights[3, -1] - weights[3, 0]), values[::-1], vectors.T[::-1]
    ):
        np.testing.assert_allclose(np.abs(edge), np.abs(2 * np.sqrt(value) * vector), atol=1e-9)


def test_the_axes_are_the_same_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = begun("pca", X, Grid(3, 3))
    monkeypatch.setattr(search, "_SCORES", 60)
    np.testing.assert_allclose(begun("pca", X, Grid(3, 3)), whole, rtol=1e-9, atol=1e-12)


def test_the_first_axis_runs_along_the_longer_side() -> None:
    wide = begun("pca", X, Grid(3, 8)).reshape(3, 8, 6)
    assert np.linalg.norm(wide[0, -1] - wide[0, 0]) > np.linalg.norm(wide[-1, 0] - wide[0, 0])


@pytest.mark.parametrize("shape", [(40, 1), (1, 6), (3, 50)])
def test_a_pca_start_needs_neither_two_features_nor_more_samples_than_features(
    shape: tuple[int, int],
) -> None:
    x = np.random.default_rng(2).normal(size=shape)
    weights = begun("pca", x, Grid(3, 3))
    assert np.isfinite(weights).all()
    np.testing.assert_allclose(weights.mean(0), x.mean(0))


@pytest.mark.parametrize("kind", ["random", "sample", "pca"])
def test_missing_values_do_not_reach_the_start(kind: str) -> None:
    x = X.copy()
    x[::3, 1] = np.nan
    x[:, 4] = np.nan
    assert np.isfinite(begun(kind, x, Grid(4, 4))).all()
