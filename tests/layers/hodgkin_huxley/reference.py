"""The equations once more, in NumPy and on their own, integrated by SciPy's LSODA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp


def quotient(x: float) -> float:
    return 1.0 if x == 0 else float(x / -np.expm1(-x))


def slopes(state: np.ndarray, current: float) -> np.ndarray:
    """V', m', h', n' of the axon of 1952 at rest at −65 mV."""
    v, m, h, n = state
    charge = current - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.387)
    opening = quotient((v + 40) / 10), 0.07 * np.exp(-(v + 65) / 20), 0.1 * quotient((v + 55) / 10)
    closing = (
        4 * np.exp(-(v + 65) / 18),
        1 / (1 + np.exp(-(v + 35) / 10)),
        0.125 * np.exp(-(v + 65) / 80),
    )
    gates = (a * (1 - x) - b * x for a, b, x in zip(opening, closing, (m, h, n)))
    return np.array([charge, *gates])


def rest(voltage: float = -65.0) -> np.ndarray:
    """The state after a long time at a voltage: there x' = α − (α + β) x is linear in x."""
    closed = slopes(np.array([voltage, 0.0, 0.0, 0.0]), 0.0)[1:]
    opened = slopes(np.array([voltage, 1.0, 1.0, 1.0]), 0.0)[1:]
    return np.array([voltage, *(closed / (closed - opened))])


def lsoda(
    pulses: list[tuple[float, float]], times: np.ndarray | None = None, rtol: float = 1e-9
) -> tuple[np.ndarray, np.ndarray]:
    """States (time, 4) and spike times (crossings of 0 mV upward) under pulses (ms, µA/cm²)."""

    def crossing(_time: float, state: np.ndarray) -> float:
        return float(state[0])

    event: Any = crossing
    event.direction = 1.0
    state, begun, found, spikes = rest(), 0.0, [], []
    for length, current in pulses:
        ended = begun + length
        inside = None if times is None else times[(times >= begun) & (times < ended)]
        slope: Callable[[float, np.ndarray], np.ndarray] = lambda _t, x, i=current: slopes(x, i)  # noqa: E731
        points = None if inside is None else [*inside, ended]
        run = solve_ivp(
            slope, (begun, ended), state, "LSODA", points, events=event, rtol=rtol, atol=rtol
        )
        state, begun = run.y[:, -1], ended
        found.append(run.y[:, :-1].T)
        spikes.append(run.t_events[0])
    return np.concatenate([*found, state[None]]), np.concatenate(spikes)
