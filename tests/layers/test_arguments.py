"""What layers take and what they refuse, in Keras' words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labkit.layers.arguments import choice, positive, rows, whole


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", True, None, 2**31])
def test_no_whole_number_from_one(value: Any) -> None:
    with pytest.raises(ValueError, match=r"`units` must be a whole number from 1\. Received: units="):
        whole("units", value)


def test_a_whole_number_of_numpy_becomes_one_that_json_can_hold() -> None:
    assert type(whole("seed", np.int64(0), 0)) is int


@pytest.mark.parametrize("value", [0, -0.1, np.nan, np.inf, "1", True, None])
def test_no_positive_number(value: Any) -> None:
    with pytest.raises(ValueError, match=r"`beta` must be a positive number\. Received: beta="):
        positive("beta", value)


def test_a_positive_number_of_numpy_becomes_one_that_json_can_hold() -> None:
    assert type(positive("beta", np.float32(0.5))) is float


@pytest.mark.parametrize("value", ["delta", "", None, []])
def test_no_choice(value: Any) -> None:
    with pytest.raises(ValueError, match=r"`rule` must be one of hebb, oja\. Received: rule="):
        choice("rule", value, ("hebb", "oja"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros(3), r"rows of 3 numbers, at least one\. Received: shape=\(3,\)"),
        (np.zeros((0, 3)), r"Received: shape=\(0, 3\)"),
        (np.zeros((2, 4)), r"Received: shape=\(2, 4\)"),
        ([[1, 2, 3], [4]], r"rows of equal length\. Received: <class 'list'>"),
        ([["a", "b", "c"]], "rows of numbers. Received: dtype=<U1"),
        (None, "Received: dtype=object"),
        ([[1, np.nan, np.inf]], r"must be finite\. Received: 2 values"),
    ],
)
def test_no_rows(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rows("data", data, 3)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "float64", "bfloat16"])
def test_rows_of_any_numbers_stay_as_they_are(dtype: str) -> None:
    import ml_dtypes

    data = np.ones((2, 3), getattr(ml_dtypes, dtype, dtype))
    assert rows("data", data) is data
