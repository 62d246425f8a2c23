"""What the functions of lab 9 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["AMPLITUDES", "DELAYS", "DT", "FIRST", "STRENGTHS", "cases"]

DT = 0.05  # ms, of every simulation with RK4
FIRST = 1.0  # ms, when the first pulse begins; each lasts as long
AMPLITUDES = [4.0, 6.0, 6.5, 7.0, 8.0, 15.0]  # µA/cm², of single pulses
DELAYS = range(5, 20)  # ms, from the begin of one pulse to that of the next
STRENGTHS = [8.0, 12.0, 16.0, 24.0, 32.0, 48.0]  # µA/cm², of second pulses

_GAPS = [-55.0, -40.0]  # mV, where a rate is 0/0


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield Call("quotient", "around_zero", (np.array([-2.0, -1e-5, 0.0, 1e-5, 1.0]),))
    yield Call("quotient", "hidden", (rng.uniform(-8, 12, (3, 7)),))
    for function in ("rates_m", "rates_h", "rates_n"):
        yield Call(function, "gaps", (np.array(_GAPS),))
        yield Call(function, "course", (np.linspace(-100, 50, 151),))
        yield Call(function, "hidden", (rng.uniform(-100, 60, 30),))
    yield Call("rate_slopes", "gaps", (np.array(_GAPS),))
    yield Call("rate_slopes", "hidden", (rng.uniform(-90, 50, 20),))
    yield Call("steady_state", "rest", (np.array([-65.0]),))
    yield Call("steady_state", "hidden", (rng.uniform(-100, 50, 20),))

    state, current = _states(rng, 12), rng.uniform(-5, 20, 12)
    yield Call("currents", "rest", (np.array([[-65.0], [0.0529], [0.5961], [0.3177]]),))
    yield Call("currents", "hidden", (state,))
    yield Call("derivatives", "hidden", (state, current))
    yield Call("euler_step", "hidden", (state, current, 0.02))
    yield Call("rk4_step", "hidden", (state, current, 0.04))

    v0 = rng.uniform(-75, -50, 5)
    yield Call("simulate", "euler", (v0, rng.uniform(-5, 25, (150, 5)), 0.02, "euler"))
    yield Call("simulate", "rk4", (v0, rng.uniform(-5, 25, (100, 5)), DT, "rk4"))
    yield Call("simulate", "pulses", (_at_rest(6), _pulse(np.array(AMPLITUDES), FIRST, 16), DT, "rk4"))
    delays, strengths = (grid.ravel() for grid in np.meshgrid(np.array(DELAYS, dtype=float), STRENGTHS))
    pulses = _pulse(15.0, FIRST, 25) + _pulse(strengths, FIRST + delays, 25)
    yield Call("simulate", "two_pulses", (_at_rest(delays.size), pulses, DT, "rk4"))

    yield Call("spike_times", "hidden", (_trace(rng), 0.05))
    yield Call("spike_times", "edges", (np.array([3.0, -1.0, 0.0, -2.0, 2.0, 1.0, -1.0]), 0.5))
    yield Call("spike_times", "silent", (rng.uniform(-80, -50, 50), 0.1))
    strong = np.arange(10.0, 40.0, 6.0) + rng.uniform(0, 6, 5)
    amplitudes = np.concatenate([[0.0, 3.0, 6.0, 6.5, 8.0], strong])
    yield Call("firing_rate", "curve", (amplitudes, 46.0, 15.0, DT))

    lengths, start = np.array([0.04, 0.02, 0.01]), float(rng.uniform(-66, -63))
    spiking = float(rng.uniform(26, 32))
    yield Call("step_errors", "euler", (start, spiking, 1.6, lengths, "euler"))
    yield Call("step_errors", "rk4", (start, spiking, 1.6, lengths, "rk4"))
    yield Call("convergence_order", "exact", (lengths, 3 * lengths**2))
    steps = 0.5 ** np.arange(3, 9)
    noisy = rng.uniform(0.1, 10) * steps ** rng.uniform(1, 5) * rng.uniform(0.7, 1.4, 6)
    yield Call("convergence_order", "hidden", (steps, noisy))
    yield Call("run_layer", "hidden", (v0, rng.uniform(-5, 25, (15, 5)), 0.02))


def _states(rng: np.random.Generator, count: int) -> np.ndarray:
    """States of neurons anywhere between the reversal potentials, (4, count)."""
    return np.vstack([rng.uniform(-77, 50, count), rng.uniform(0.05, 0.95, (3, count))])


def _at_rest(count: int) -> np.ndarray:
    return np.full(count, -65.0)


def _pulse(strength: float | np.ndarray, begin: float | np.ndarray, duration: float) -> np.ndarray:
    """A pulse of 1 ms for each neuron, (steps, neurons), µA/cm²."""
    middles = (np.arange(round(duration / DT))[:, None] + 0.5) * DT
    return np.where((middles > begin) & (middles < begin + 1), strength, 0.0)


def _trace(rng: np.random.Generator) -> np.ndarray:
    """A potential that rises through 0 mV several times, 400 samples."""
    times = np.linspace(0, 2 * np.pi, 400)
    waves = sum(rng.normal() * np.sin(k * times + rng.uniform(0, 6)) for k in range(4, 9))
    return 30 * (waves - 0.2)
