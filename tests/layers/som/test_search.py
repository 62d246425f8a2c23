from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.som import search
from labkit.layers.som.search import blocks, distance_to, nearest, squared_distances
from tests.layers.som.reference import DATA, begin, with_gaps

UNITS = begin().reshape(24, 5)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 50), st.sampled_from([1, 1 << 19, 1 << 20, 1 << 21, 1 << 30]), st.integers(1, 3))
def test_blocks_hold_every_row_once_in_equal_parts(count: int, width: int, least: int) -> None:
    parts = list(blocks(count, width, least))
    assert [row for part in parts for row in range(count)[part]] == list(range(count))
    sizes = [part.stop - part.start for part in parts]
    assert len(sizes) >= min(least, count) and max(sizes, default=0) <= max(1, (1 << 21) // width)
    assert not sizes or max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("x", [DATA, with_gaps(DATA)], ids=["whole", "gaps"])
def test_squared_distances_are_those_of_the_differences(x: np.ndarray) -> None:
    expected = np.nansum((x[:, None] - UNITS) ** 2, axis=2)
    np.testing.assert_allclose(squared_distances(x, UNITS), expected, rtol=1e-10, atol=1e-12)


def test_a_small_distance_between_large_float32_values_keeps_its_digits() -> None:
    units = (np.random.default_rng(1).random((24, 5)) + 1000).astype("float32")
    x = units + np.float32(2**-10)
    own = np.sqrt(np.diag(squared_distances(x, units)))
    np.testing.assert_allclose(own, np.linalg.norm(x - units, axis=1), rtol=1e-6)


@pytest.mark.parametrize("x", [DATA, with_gaps(DATA)], ids=["whole", "gaps"])
def test_the_nearest_units_come_best_first_whatever_the_size_of_the_blocks(
    x: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    distances = np.sqrt(np.nansum((x[:, None] - UNITS) ** 2, axis=2))
    for scores in (1 << 21, 24 * 16):
        monkeypatch.setattr(search, "_SCORES", scores)
        best = nearest(x, tf.constant(UNITS), 2)
        assert (best == distances.argsort(1, kind="stable")[:, :2]).all()
        np.testing.assert_allclose(distance_to(x, tf.constant(UNITS), best[:, 0]), distances.min(1))
