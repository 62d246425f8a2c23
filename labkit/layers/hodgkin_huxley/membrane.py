"""The membrane of Hodgkin and Huxley: a capacitor beside three conductances, two of them gated.

    C V' = I − g_Na m³ h (V − E_Na) − g_K n⁴ (V − E_K) − g_L (V − E_L)

with V and E in mV, time in ms, I in µA/cm², g in mS/cm² and C in µF/cm². The rates of the gates m, h
and n are in `labkit.layers.hodgkin_huxley.rates`.

Source: A. L. Hodgkin and A. F. Huxley, Journal of Physiology 117 (1952), equation 26.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import tensorflow as tf

from labkit.layers.hodgkin_huxley.integrators import State
from labkit.layers.hodgkin_huxley.rates import (
    exponentials,
    potassium_activation,
    sodium_activation,
    sodium_inactivation,
    steady_state,
)

__all__ = ["Membrane", "conductance", "kinetics", "resting_state"]


class Membrane(NamedTuple):
    """What a membrane is made of.

    Args:
        capacitance: C, in µF/cm².
        g_na: Largest conductance of the sodium channels, in mS/cm².
        g_k: Largest conductance of the potassium channels, in mS/cm².
        g_leak: Conductance of what is always open, in mS/cm².
        e_na: Reversal potential of sodium, in mV.
        e_k: Reversal potential of potassium, in mV.
        e_leak: Reversal potential of the leak, in mV.
        rest: Potential before the first sample, with all gates at their steady state, in mV.
    """

    capacitance: Any = 1.0
    g_na: Any = 120.0
    g_k: Any = 36.0
    g_leak: Any = 0.3
    e_na: Any = 50.0
    e_k: Any = -77.0
    e_leak: Any = -54.387
    rest: Any = -65.0


def kinetics(state: State, current: Any, membrane: Membrane) -> tuple[tuple[Any, Any], ...]:
    """Rate and drive of V, m, h and n, each of which moves as x' = drive − rate · x.

    Args:
        state: V, m, h, n.
        current: I, in µA/cm².
        membrane: Each value a scalar, or one for each neuron along the last axis of the state.
    """
    voltage, m, h, n = state
    known = exponentials(voltage)
    gates = (sodium_activation, sodium_inactivation, potassium_activation)
    rates = tuple(gate(voltage, known) for gate in gates)
    sodium, potassium = _gated(m, h, n, membrane)
    inward = sodium * membrane.e_na + potassium * membrane.e_k + membrane.g_leak * membrane.e_leak
    per_farad = 1 / membrane.capacitance
    total = sodium + potassium + membrane.g_leak
    charge = (total * per_farad, (inward + current) * per_farad)
    return charge, *((alpha + beta, alpha) for alpha, beta in rates)


def conductance(state: State, membrane: Membrane) -> Any:
    """The sum of the three conductances at a state, in mS/cm²; arguments as for `kinetics`."""
    _voltage, m, h, n = state[:4]
    sodium, potassium = _gated(m, h, n, membrane)
    return sodium + potassium + membrane.g_leak


def _gated(m: Any, h: Any, n: Any, membrane: Membrane) -> tuple[Any, Any]:
    """The conductances of sodium and potassium."""
    return membrane.g_na * m * m * m * h, membrane.g_k * tf.square(tf.square(n))


def resting_state(membrane: Membrane, shape: Any) -> State:
    """V, m, h and n of neurons that have long been at rest."""
    voltage = tf.broadcast_to(membrane.rest, shape)
    return voltage, *steady_state(voltage)
