"""One time step of a system of differential equations, by three methods.

Every equation is written as x' = drive − rate · x, which costs nothing and is what the exponential
method lives on: with drive and rate held for a step of length h it is solved exactly.

    forward Euler       x + h f(x)                                       error O(h)
    exponential Euler   x + (drive − rate x) (1 − e^{−rate h}) / rate    error O(h), stable at any h
    Runge-Kutta 4       x + h/6 (k1 + 2 k2 + 2 k3 + k4)                  error O(h⁴)

Sources: L. Euler, "Institutionum calculi integralis" (1768); S. Rush and H. Larsen, "A practical
algorithm for solving dynamic membrane equations", IEEE Transactions on Biomedical Engineering 25
(1978); W. Kutta, "Beitrag zur näherungsweisen Integration totaler Differentialgleichungen" (1901).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from labkit.layers.hodgkin_huxley.rates import quotient

__all__ = [
    "METHODS",
    "Integrator",
    "Kinetics",
    "Method",
    "State",
    "euler",
    "exponential_euler",
    "rk4",
]

State = tuple[Any, ...]
# The rate (1/ms) and the drive of each variable of a state.
Kinetics = Callable[[State], tuple[tuple[Any, Any], ...]]
Integrator = Callable[[Kinetics, State, Any], State]
Method = Literal["euler", "exponential_euler", "rk4"]


def slope(kinetics: Kinetics, state: State) -> State:
    """Of every variable: x'."""
    return tuple(drive - rate * x for x, (rate, drive) in zip(state, kinetics(state)))


def moved(state: State, step: Any, slopes: State) -> State:
    """Of every variable: x + h k."""
    return tuple(x + step * k for x, k in zip(state, slopes))


def euler(kinetics: Kinetics, state: State, step: Any) -> State:
    """A step of forward Euler.

    Args:
        kinetics: Gives rate and drive of each variable at a state.
        state: At the begin of the step.
        step: Its length.

    Example:
        >>> euler(lambda state: ((2.0, 0.0),), (1.0,), 0.1)
        (0.8,)
    """
    return moved(state, step, slope(kinetics, state))


def exponential_euler(kinetics: Kinetics, state: State, step: Any) -> State:
    """A step of exponential Euler; arguments as for `euler`.

    (1 − e^{−z}) / z is 1 over `quotient`, which is right at a rate of 0, too.
    """
    return tuple(
        x + step * (drive - rate * x) / quotient(rate * step)
        for x, (rate, drive) in zip(state, kinetics(state))
    )


def rk4(kinetics: Kinetics, state: State, step: Any) -> State:
    """A step of the classical method of Runge and Kutta; arguments as for `euler`."""
    k1 = slope(kinetics, state)
    k2 = slope(kinetics, moved(state, step / 2, k1))
    k3 = slope(kinetics, moved(state, step / 2, k2))
    k4 = slope(kinetics, moved(state, step, k3))
    return tuple(x + step / 6 * (a + 2 * (b + c) + d) for x, a, b, c, d in zip(state, k1, k2, k3, k4))


METHODS: Mapping[Method, Integrator] = {
    "euler": euler,
    "exponential_euler": exponential_euler,
    "rk4": rk4,
}
