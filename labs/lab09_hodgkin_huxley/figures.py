"""The plots of lab 9, of what the student's own functions returned."""

from __future__ import annotations

import numpy as np
from lab09_hodgkin_huxley.cases import AMPLITUDES, DELAYS, DT, FIRST, STRENGTHS

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["convergence", "currents", "firing", "gates", "refractory", "spike"]

_ = texts(__file__)

_STYLES = ((BLUE, "-"), (ORANGE, "--"), (GREY, ":"))
_PLACE = {"left": 0.13, "right": 0.87, "top": 0.97, "hspace": 0.12}  # of axes one above the other
_LARGEST = 1e6  # what is drawn of a simulation that exploded


def spike(evidence: Evidence):
    """The strongest of the single pulses: potential, and gates below it."""
    states = _returned(evidence, "simulate", "pulses")
    if states is None:
        return None
    figure, (above, below), times = _two_over_time(states)
    above.plot(times, states[:, 0, -1], color="black")
    above.set_ylabel(str(_("potential V (mV)")))
    above.axvspan(FIRST, FIRST + 1, color="0.85", linewidth=0)
    above.text(FIRST + 1.1, -84, str(_("current pulse")), fontsize=7, color=GREY)
    above.set_ylim(-90, 60)
    for row, (name, (colour, line)) in enumerate(zip("mhn", _STYLES), start=1):
        below.plot(times, states[:, row, -1], line, color=colour)
        _beside(below, states[-1, row, -1], name, colour)
    below.set(ylim=(-0.03, 1.03), ylabel=str(_("open share")))
    return figure


def currents(evidence: Evidence):
    """The currents of the same spike, the large ones and the potential they make."""
    states = _returned(evidence, "simulate", "pulses")
    if states is None:
        return None
    figure, (above, below), times = _two_over_time(states)
    v, m, h, n = (np.nan_to_num(row[:, -1]) for row in states.swapaxes(0, 1))
    flows = (120 * m**3 * h * (v - 50), 36 * n**4 * (v + 77), 0.3 * (v + 54.387))
    names = (_("sodium"), _("potassium"), _("leak"))
    for flow, name, (colour, line) in zip(flows, names, _STYLES):
        above.plot(times, flow, line, color=colour, label=str(name))
    above.axhline(0, color="black", linewidth=0.5)
    above.set_ylabel(str(_("current (µA/cm²)")))
    above.legend(frameon=False, fontsize=8)
    below.plot(times, states[:, 0, -1], color="black")
    below.set(ylim=(-90, 60), ylabel=str(_("V (mV)")))
    return figure


def gates(evidence: Evidence):
    """Where each gate goes at a potential, and how long it takes."""
    figure = canvas(7.0, 2.8)
    shares, times = figure.subplots(1, 2)
    for name, (colour, line) in zip("mhn", _STYLES):
        rates = _returned(evidence, f"rates_{name}", "course")
        if rates is None:
            return None
        v = evidence.answer(f"rates_{name}", "course").arguments[0]
        sums = np.where(rates.sum(0) > 0, rates.sum(0), np.nan)
        shares.plot(v, rates[0] / sums, line, color=colour, label=name)
        times.plot(v, 1 / sums, line, color=colour, label=name)
    shares.set_ylabel(str(_("steady state: open share")))
    times.set_ylabel(str(_("time constant (ms)")))
    for axes in (shares, times):
        axes.set_xlabel(str(_("potential V (mV)")))
        axes.axvline(-65, color=GREY, linewidth=0.7)
        axes.spines[["top", "right"]].set_visible(False)
    shares.legend(frameon=False, fontsize=9, loc="center right")
    shares.annotate(
        str(_("rest")), (-65, 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
        textcoords="offset points", fontsize=7, color=GREY, ha="center",
    )  # fmt: skip
    return settle(figure, above=0.2)


def refractory(evidence: Evidence):
    """Single pulses, all or nothing; and which second pulses give a second spike."""
    single, double = (_returned(evidence, "simulate", name) for name in ("pulses", "two_pulses"))
    if single is None or double is None:
        return None
    figure = canvas(7.0, 3.1)
    left, right = figure.subplots(1, 2)
    times = np.arange(len(single)) * DT
    fired = np.nan_to_num(single[:, 0]).max(0) > 0
    for v, fires in zip(single[:, 0].T, fired):
        left.plot(times, v, color=ORANGE if fires else BLUE, linestyle="-" if fires else "--", lw=1)
    left.set(
        xlabel=str(_("time (ms)")), ylabel=str(_("potential V (mV)")), xlim=(0, 12), ylim=(-85, 55)
    )
    for fires, colour, line in ((True, ORANGE, "-"), (False, BLUE, "--")):
        strengths = ", ".join(f"{a:g}" for a in np.array(AMPLITUDES)[fired == fires])
        left.plot([], [], color=colour, linestyle=line, label=f"{strengths} µA/cm²")
    left.legend(frameon=False, fontsize=7)
    second = _fired_again(np.nan_to_num(double[:, 0])).reshape(len(STRENGTHS), len(DELAYS))
    delays, strengths = np.meshgrid(DELAYS, STRENGTHS)
    right.plot(delays[second], strengths[second], "o", color=ORANGE, ms=5, label=str(_("second spike")))
    right.plot(delays[~second], strengths[~second], "x", color=BLUE, ms=4, label=str(_("none")))
    right.set_yscale("log")
    right.set_yticks(STRENGTHS, [f"{s:g}" for s in STRENGTHS])
    right.set_yticks([], minor=True)
    right.set(ylim=(6.5, 90), xlabel=str(_("from pulse to pulse (ms)")))
    right.set_ylabel(str(_("second pulse (µA/cm²)")))
    right.legend(frameon=False, fontsize=7, ncols=2, loc="upper left", borderaxespad=0.1)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def firing(evidence: Evidence):
    """Firing rate against current."""
    rates = _returned(evidence, "firing_rate", "curve")
    if rates is None:
        return None
    amplitudes = evidence.answer("firing_rate", "curve").arguments[0]
    figure = canvas(5.0, 2.8)
    axes = figure.subplots()
    fires = rates > 0
    axes.plot(amplitudes[fires], rates[fires], "-o", color=BLUE, markersize=4)
    axes.plot(amplitudes[~fires], rates[~fires], "-x", color=GREY, markersize=5)
    axes.set(xlabel=str(_("current (µA/cm²)")), ylabel=str(_("firing rate (Hz)")))
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def convergence(evidence: Evidence):
    """Error by length of step, for both methods, with the slopes fitted here."""
    figure = canvas(5.4, 3.4)
    axes = figure.subplots()
    names = (("euler", "Euler", BLUE, "-o"), ("rk4", "Runge-Kutta", ORANGE, "--s"))
    for case, name, colour, line in names:
        errors = _returned(evidence, "step_errors", case)
        if errors is None or not (np.nan_to_num(errors) > 0).all():
            return None
        steps = evidence.answer("step_errors", case).arguments[3]
        slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
        label = str(_("{method}: slope {slope:.2f}", method=name, slope=float(slope)))
        axes.loglog(steps, errors, line, color=colour, markersize=5, label=label)
    axes.set_xticks(steps, [f"{step:g}" for step in steps])
    axes.set_xticks([], minor=True)
    axes.set(xlabel=str(_("length of step (ms)")), ylabel=str(_("error (mV)")))
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(0, 0.78))
    axes.grid(which="major", color="0.9")
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _returned(evidence: Evidence, function: str, case: str):
    """What a function returned, as one array of numbers; None where it is not of the right shape."""
    answer = evidence.answer(function, case)
    if answer.returned is None or answer.expected is None:
        return None
    mine, right = (_as_one(arrays) for arrays in (answer.returned, answer.expected))
    if mine is None or mine.shape != right.shape or mine.dtype.kind not in "biuf":
        return None
    mine = mine.astype(float)
    mine = np.where(np.abs(mine) < _LARGEST, mine, np.nan)
    return mine if np.isfinite(mine).any() else None


def _as_one(arrays: tuple[np.ndarray, ...]):
    if len(arrays) == 1:
        return arrays[0]
    return np.stack(arrays) if len({array.shape for array in arrays}) == 1 else None


def _fired_again(v: np.ndarray) -> np.ndarray:
    """Which neurons rise through 0 mV after their second pulse began."""
    late = np.arange(len(v) - 1)[:, None] * DT >= FIRST + np.tile(np.array(DELAYS), len(STRENGTHS))
    return ((v[:-1] < 0) & (v[1:] >= 0) & late).any(0)


def _two_over_time(states: np.ndarray):
    """Two axes, the upper one larger, and the times of the states."""
    figure = canvas(6.2, 4.2)
    both = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    figure.subplots_adjust(bottom=0.12, **_PLACE)
    for axes in both:
        axes.spines[["top", "right"]].set_visible(False)
    both[1].set(xlabel=str(_("time (ms)")), xlim=(0, (len(states) - 1) * DT))
    figure.align_ylabels()
    return figure, both, np.arange(len(states)) * DT


def _beside(axes, height: float, name: str, colour: str) -> None:
    """A name at the end of a line."""
    if np.isfinite(height):
        axes.annotate(
            name, (1, height), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", color=colour, fontsize=9, va="center",
        )  # fmt: skip
