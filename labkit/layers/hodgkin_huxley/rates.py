"""How fast the gates of the squid's axon open and close at a membrane potential.

A gate x opens at the rate α_x and closes at the rate β_x, both in 1/ms, with V in mV:

    x' = α_x (1 − x) − β_x x

    α_m = 0.1 (V + 40) / (1 − e^{−(V + 40)/10})      β_m = 4 e^{−(V + 65)/18}
    α_h = 0.07 e^{−(V + 65)/20}                      β_h = 1 / (1 + e^{−(V + 35)/10})
    α_n = 0.01 (V + 55) / (1 − e^{−(V + 55)/10})     β_n = 0.125 e^{−(V + 65)/80}

Two of them are quotients of the form x / (1 − e^{−x}), 0/0 at −40 and −55 mV. `quotient` gives them
their limits, 1 and 0.1 /ms, and the right gradient as well.

Source: A. L. Hodgkin and A. F. Huxley, "A quantitative description of membrane current and its
application to conduction and excitation in nerve", Journal of Physiology 117 (1952), with the potential
counted as today: the inside against the outside, at rest −65 mV.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import tensorflow as tf

__all__ = [
    "Exponentials",
    "exponentials",
    "potassium_activation",
    "quotient",
    "sodium_activation",
    "sodium_inactivation",
    "steady_state",
]

# x / (1 − e^{−x}) = 1 + x/2 + Σ B_2k x^{2k} / (2k)!, with Bernoulli's numbers B_2k
_SERIES = (
    1 / 12,
    -1 / 720,
    1 / 30_240,
    -1 / 1_209_600,
    1 / 47_900_160,
    -691 / 1_307_674_368_000,
    1 / 74_724_249_600,
)
# Here the series is exact to 1e-17, its first three terms to 3e-9; beyond, 1 − e^{−x} loses no digits.
_NEAR = 0.5


class Exponentials(NamedTuple):
    """e^{−(V + 65)/s} for the four slopes s, in mV, that the rates are made of."""

    tenth: Any
    eighteenth: Any
    twentieth: Any
    eightieth: Any


def exponentials(voltage: Any) -> Exponentials:
    """All that is exponential in the six rates, from two calls of exp: the others are its powers."""
    eightieth = tf.exp((voltage + 65) * (-1 / 80))
    twentieth = tf.square(tf.square(eightieth))
    return Exponentials(
        tenth=tf.square(twentieth),
        eighteenth=tf.exp((voltage + 65) * (-1 / 18)),
        twentieth=twentieth,
        eightieth=eightieth,
    )


def quotient(x: Any, decayed: Any = None) -> Any:
    """Compute x / (1 − e^{−x}), which is 1 at 0 and has the gradient 1/2 there.

    Args:
        x: Any floating tensor.
        decayed: e^{−x}, where it is known already.

    Example:
        >>> [round(float(x), 4) for x in quotient(tf.constant([0.0, 1.0]))]
        [1.0, 1.582]
    """
    x = tf.convert_to_tensor(x)
    near = tf.abs(x) < _NEAR
    decayed = tf.exp(-x) if decayed is None else decayed
    # One division, and never by zero: both branches of a `where` get a gradient, chosen or not.
    squared = tf.square(tf.where(near, x, tf.zeros_like(x)))
    series = tf.zeros_like(x)
    for coefficient in reversed(_SERIES[: 3 if x.dtype == tf.float32 else None]):
        series = series * squared + coefficient
    above = tf.where(near, 1 + x / 2 + squared * series, x)
    return above / tf.where(near, tf.ones_like(x), 1 - decayed)


def sodium_activation(voltage: Any, known: Exponentials | None = None) -> tuple[Any, Any]:
    """α_m and β_m in 1/ms.

    Args:
        voltage: In mV.
        known: `exponentials` of the voltage, where another rate has needed them.

    Example:
        >>> [round(float(rate), 4) for rate in sodium_activation(tf.constant(-40.0))]
        [1.0, 0.9974]
    """
    known = known or exponentials(voltage)
    alpha = quotient((voltage + 40) / 10, math.exp(2.5) * known.tenth)
    return alpha, 4 * known.eighteenth


def sodium_inactivation(voltage: Any, known: Exponentials | None = None) -> tuple[Any, Any]:
    """α_h and β_h in 1/ms; arguments as for `sodium_activation`."""
    known = known or exponentials(voltage)
    return 0.07 * known.twentieth, 1 / (1 + math.exp(3) * known.tenth)


def potassium_activation(voltage: Any, known: Exponentials | None = None) -> tuple[Any, Any]:
    """α_n and β_n in 1/ms; arguments as for `sodium_activation`."""
    known = known or exponentials(voltage)
    alpha = 0.1 * quotient((voltage + 55) / 10, math.exp(1) * known.tenth)
    return alpha, 0.125 * known.eightieth


def steady_state(voltage: Any) -> tuple[Any, Any, Any]:
    """Gates m, h, n after a long time at a voltage: α / (α + β).

    Example:
        >>> [round(float(gate), 4) for gate in steady_state(tf.constant(-65.0))]
        [0.0529, 0.5961, 0.3177]
    """
    known = exponentials(voltage)
    gates = (sodium_activation, sodium_inactivation, potassium_activation)
    m, h, n = (alpha / (alpha + beta) for alpha, beta in (gate(voltage, known) for gate in gates))
    return m, h, n
