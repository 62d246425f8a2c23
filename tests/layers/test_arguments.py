"""What layers take and what they refuse, in Keras' words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from labkit import layers
from labkit.layers.arguments import choice, gathered, positive, rows, whole


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


BITS = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0]], "float32")


def batches(data: Any, size: int = 2) -> Any:
    return tf.data.Dataset.from_tensor_slices(data).batch(size)


@pytest.mark.parametrize(
    ("make", "data"),
    [
        (lambda: layers.BoltzmannMachine(1, seed=1), BITS),
        (lambda: layers.Hebbian(2, kernel_initializer="ones"), BITS),
        (lambda: layers.Hopfield(), 2 * BITS - 1),
        (lambda: layers.ModernHopfield(), BITS),
        (lambda: layers.RestrictedBoltzmannMachine(2, seed=1), BITS),
        (lambda: layers.SelfOrganizingMap(2, 2, seed=1), BITS),
    ],
)
def test_every_layer_that_adapts_does_so_from_batches_as_from_an_array(make: Any, data: Any) -> None:
    from_array, from_batches = make(), make()
    from_array.adapt(data)
    from_batches.adapt(batches(data))
    for one, other in zip(from_array.get_weights(), from_batches.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tf.data.Dataset.from_tensor_slices(BITS), r"`dataset\.batch\(32\)`.*Received: element_spec="),
        (batches((BITS, BITS)), "without targets.*Received: element_spec="),
        (batches(BITS).repeat(), "must have an end"),
        (batches(BITS).take(0), r"at least one\. Received: shape=\(0, 0\)"),
        (
            tf.data.Dataset.from_generator(
                lambda: iter([BITS, BITS[:, :2]]), output_signature=tf.TensorSpec((None, None))
            ),
            "rows of equal length",
        ),
    ],
)
def test_no_dataset_of_batches(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rows("data", data)


def test_what_is_no_dataset_stays_as_it_is() -> None:
    assert gathered("data", BITS) is BITS
