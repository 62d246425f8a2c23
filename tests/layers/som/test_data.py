from __future__ import annotations

import numpy as np

from labkit.layers.som.data import described

X = np.array([[1.0, 7.0, 4.0], [3.0, 7.0, 8.0], [5.0, 7.0, 6.0]])


def test_the_range_of_every_feature_is_known() -> None:
    samples = described(X)
    assert not samples.gaps
    assert samples.low.tolist() == [1, 7, 4] and samples.high.tolist() == [5, 7, 8]
    assert samples.centre.tolist() == [3, 7, 6]


def test_missing_values_are_left_out_of_the_range() -> None:
    gap = np.where(X == 5, np.nan, X)
    gap[:, 1] = np.nan
    samples = described(gap)
    assert samples.gaps and samples.varying.tolist() == [0, 1, 2]
    assert samples.low.tolist() == [1, 0, 4] and samples.high.tolist() == [3, 0, 8]
    assert samples.centre.tolist() == [2, 0, 6]


def test_the_centre_of_a_feature_without_variation_is_exactly_its_value() -> None:
    x = np.full((1000, 2), 0.1, dtype="float32")
    assert x.mean(0)[0] != x[0, 0]
    assert (described(x).centre == x[0]).all()


def test_only_what_varies_is_learned_and_one_feature_at_least() -> None:
    assert described(X).varying.tolist() == [0, 2]
    assert described(X).around(slice(1, 3)).tolist() == [[0, 2], [2, 0]]
    assert described(X[:1]).varying.tolist() == [0]


def test_split_weights_come_back_with_what_was_kept_of_the_others() -> None:
    weights = np.array([[4.0, 9.0, 6.0], [3.0, 7.5, 7.0]])
    units, far = described(X).split(weights)
    assert units.tolist() == [[1, 0], [0, 1]] and far.tolist() == [4, 0.25]
    joined = described(X).join(weights, 2 * units, np.array([0.5, 0.0]))
    assert joined.tolist() == [[5, 8, 6], [3, 7, 8]]
