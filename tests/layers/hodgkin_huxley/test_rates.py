from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.hodgkin_huxley import rates
from tests.layers.hodgkin_huxley.reference import rest, slopes

SINGULAR = [
    (rates.sodium_activation, -40.0, 1.0, 0.05),
    (rates.potassium_activation, -55.0, 0.1, 0.005),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("gate", "voltage", "limit", "slope"), SINGULAR)
def test_at_the_removable_singularities_value_and_gradient_are_their_limits(
    gate: Callable[..., tuple[tf.Tensor, tf.Tensor]],
    voltage: float,
    limit: float,
    slope: float,
    dtype: str,
) -> None:
    v = tf.constant(voltage, dtype)
    with tf.GradientTape() as tape:
        tape.watch(v)
        alpha, _beta = gate(v)
    assert float(alpha) == np.dtype(dtype).type(limit)
    np.testing.assert_allclose(tape.gradient(alpha, v), slope, rtol=2 * np.finfo(dtype).eps)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.floats(-20, 20))
def test_quotient_of_x_exceeds_that_of_minus_x_by_x(x: float) -> None:
    both = tf.constant([x, -x], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(both)
        value = rates.quotient(both)
    np.testing.assert_allclose(value[0] - value[1], x, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(tf.reduce_sum(tape.gradient(value, both)), 1.0, rtol=1e-13)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 2e-14)])
def test_quotient_is_exact_on_both_sides_of_where_the_series_ends(dtype: str, tolerance: float) -> None:
    x = np.linspace(-3, 3, 2002)
    found = rates.quotient(tf.constant(x, dtype))
    np.testing.assert_allclose(found, x / -np.expm1(-x), rtol=tolerance)


def test_gradient_of_the_quotient_is_that_of_a_finite_difference() -> None:
    x = tf.constant(np.linspace(-4, 4, 161))
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = rates.quotient(x)
    width = 1e-5
    difference = (rates.quotient(x + width) - rates.quotient(x - width)) / (2 * width)
    np.testing.assert_allclose(tape.gradient(value, x), difference, rtol=1e-8)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-5), ("float64", 1e-12)])
def test_the_rates_are_those_of_the_paper(dtype: str, tolerance: float) -> None:
    for voltage in np.linspace(-90, 50, 29):
        v = tf.constant(voltage, dtype)
        shut = slopes(np.array([voltage, 0, 0, 0]), 0.0)[1:]
        wide = slopes(np.array([voltage, 1, 1, 1]), 0.0)[1:]
        gates = (rates.sodium_activation, rates.sodium_inactivation, rates.potassium_activation)
        for gate, alpha, beta in zip(gates, shut, -wide):
            np.testing.assert_allclose(gate(v), (alpha, beta), rtol=tolerance)


def test_gates_rest_where_they_open_as_fast_as_they_close() -> None:
    np.testing.assert_allclose(
        rates.steady_state(tf.constant(-65.0, tf.float64)), rest()[1:], rtol=1e-13
    )
