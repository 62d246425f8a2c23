"""The plots of lab 18."""

from __future__ import annotations

import numpy as np
from lab18_rnn.cases import DELAY, MOST, SEEN

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Answer, Evidence

__all__ = ["distances", "echoes", "learnt", "strip", "wave"]

_ = texts(__file__)

_SHOWN = 30  # steps of the echo that are drawn


def echoes(answer: Answer) -> tuple[np.ndarray, np.ndarray]:
    """What the trained weights make of the bits in reverse, and what the echo should be, (T, 1) each.

    Raises:
        ValueError: What was returned is no set of weights.
    """
    assert answer.returned is not None
    w_x, w_h, b, w_y, c = (array.astype(float) for array in answer.returned[:5])
    bits = answer.arguments[1][::-1]
    state, rows = np.zeros(len(b)), []
    with np.errstate(all="ignore"):
        for net in bits @ w_x.T + b:
            state = np.tanh(net + w_h @ state)
            rows.append(w_y @ state + c)
    right = np.concatenate([np.zeros((DELAY, 1)), bits[:-DELAY]])
    return np.reshape(rows, right.shape), right


def strip(evidence: Evidence):
    """The states of a delay line and of a dense network that hear the same bits, step by step."""
    found = []
    for case, name in (("delay_line", _("delay line")), ("dense", _("dense network"))):
        states = _numbers(evidence.answer("unroll", case), 0, largest=1.0)
        if states is not None and states.ndim == 2:
            found.append((name, states))
    if not found:
        return None
    bits = evidence.answer("unroll", "delay_line").arguments[1]
    rows = [(_("bits"), np.vstack([[[0.0]], bits])), *found]
    figure = canvas(7.0, 0.75 + 1.35 * len(found))
    ratios = [1.2, *(len(states[0]) for _name, states in found)]
    grid = figure.subplots(len(rows), 1, sharex=True, gridspec_kw={"height_ratios": ratios})
    for axes, (name, states) in zip(grid, rows):
        shown = np.ma.masked_where(np.indices(states.T.shape)[1] < (name is rows[0][0]), states.T)
        image = axes.imshow(shown, cmap="cividis", vmin=-1, vmax=1, aspect="auto")
        axes.set_yticks([] if states.shape[1] == 1 else [0, states.shape[1] - 1])
        if states.shape[1] > 1:
            axes.set_yticklabels([1, states.shape[1]])
            axes.set_ylabel(str(_("{name}:\nunit", name=name)), fontsize=8)
        else:
            axes.set_ylabel(str(name), fontsize=8, rotation=0, ha="right", va="center")
        axes.tick_params(labelsize=8)
    grid[-1].set_xlabel(str(_("step")))
    scale = figure.add_axes((0.925, 0.3, 0.018, 0.5))
    figure.colorbar(image, cax=scale, ticks=[-1, 0, 1]).set_label(str(_("state")), fontsize=8)
    scale.tick_params(labelsize=8)
    figure.subplots_adjust(left=0.1, right=0.905, bottom=0.15, top=0.97, hspace=0.16)
    return figure


def distances(evidence: Evidence):
    """Influence by distance for four networks; norms of gradients in training, clipped and not."""
    figure = canvas(7.2, 3.1)
    left, right = figure.subplots(1, 2)
    names = {
        "exploding": (_("at rest, 1.25 times a rotation"), ORANGE, "-"),
        "keeping": (_("at rest, a rotation"), GREY, "--"),
        "vanishing": (_("at rest, 0.8 times a rotation"), BLUE, "-"),
        "driven": (_("driven, 1.25 times a rotation"), "black", ":"),
    }
    for case, (name, colour, line) in names.items():
        norms = _numbers(evidence.answer("influence", case), 0, largest=1e12)
        if norms is not None and norms.ndim == 1:
            shown = np.where(norms > 1e-12, norms, np.nan)
            left.plot(shown, line, color=colour, linewidth=1.8, label=str(name))
    lowest = np.nanmin(np.concatenate([[2e-4], *(line.get_ydata() for line in left.lines)]))
    left.set_ylim(lowest / 2, 1e8)
    _decades(left, [1e-9, 1e-6, 1e-3, 1, 1e3])
    left.set(xlabel=str(_("distance (steps back)")), ylabel=str(_("norm of the derivative")))
    norms = _numbers(evidence.answer("train", "echo"), 6, largest=1e12)
    if norms is not None and norms.ndim == 1:
        right.plot(norms, color=ORANGE, linewidth=1, label=str(_("before")))
        name = _("clipped to {most:g}", most=MOST)
        right.plot(np.minimum(norms, MOST), color=BLUE, linewidth=1.5, label=str(name))
    right.set(xlabel=str(_("step of training")), ylabel=str(_("global norm of the gradient")))
    right.set_ylim(bottom=0)
    if not (left.lines or right.lines):
        return None
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    if left.lines:
        left.legend(frameon=False, fontsize=8, loc="upper left")
    if right.lines:
        right.legend(frameon=False, fontsize=8)
    return settle(figure)


def learnt(evidence: Evidence):
    """Costs by step with whole gradients and with short windows, and echoes of bits never heard."""
    answer = evidence.answer("train", "echo")
    figure = canvas(7.2, 3.0)
    left, right = figure.subplots(1, 2)
    styles = {"echo": (_("whole sequence"), BLUE, "-")}
    styles["echo_in_short_windows"] = (_("windows of 2 steps"), ORANGE, "--")
    for case, (name, colour, line) in styles.items():
        costs = _numbers(evidence.answer("train", case), 5, largest=1e12)
        if costs is None or costs.ndim != 1:
            return None
        left.plot(np.where(costs > 1e-9, costs, np.nan), line, color=colour, label=str(name))
    _decades(left, [0.001, 0.01, 0.1, 1, 10, 100, 1000])
    left.set(xlabel=str(_("step of training")), ylabel=str(_("cost")))
    left.legend(frameon=False, fontsize=8)
    try:
        said, bits = (rows[:_SHOWN, 0] for rows in echoes(answer))
    except (ValueError, IndexError, TypeError):
        return None
    if not (np.abs(said) < 1e6).all():
        return None
    steps = np.arange(1, len(said) + 1)
    style = {"color": GREY, "markersize": 6, "fillstyle": "none"}
    right.plot(steps, bits, "s", **style, label=str(_("right")))
    right.plot(steps, said, "o", color=BLUE, markersize=3, label=str(_("your network")))
    right.set(xlabel=str(_("step")), ylabel=str(_("echo of {delay} steps ago", delay=DELAY)))
    right.set(yticks=[-1, 0, 1], ylim=(-1.4, 1.9))
    right.legend(frameon=False, fontsize=8, ncols=2, loc="upper center")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def wave(evidence: Evidence):
    """One network on one wave: told at each step what really came, and left to itself."""
    figure = canvas(7.2, 2.7)
    axes = figure.subplots()
    real = evidence.answer("run_ahead", "wave_forced").arguments[1]
    steps = np.arange(1, len(real))
    axes.plot(steps, real[1:, 0], color=GREY, linewidth=4, alpha=0.4, label=str(_("the wave")))
    styles = {"wave_forced": (_("forced"), BLUE, "--"), "wave_free": (_("left to itself"), ORANGE, "-")}
    for case, (name, colour, line) in styles.items():
        said = _numbers(evidence.answer("run_ahead", case), 0, largest=10.0)
        if said is None or said.shape != real.shape:
            return None
        axes.plot(steps, said[:-1, 0], line, color=colour, linewidth=1.4, label=str(name))
    axes.axvline(SEEN, color=GREY, linewidth=1, linestyle=":")
    axes.annotate(
        str(_("the teacher leaves")), (SEEN, 1), xycoords=("data", "axes fraction"), fontsize=8,
        xytext=(4, -2), textcoords="offset points", color=GREY, va="top",
    )  # fmt: skip
    axes.set(xlabel=str(_("step")), ylabel=str(_("value, and its guess")), ylim=(-1.25, 1.8))
    axes.set_yticks([-1, 0, 1])
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _decades(axes, ticks) -> None:
    """A logarithmic axis with these numbers, of those that lie in it, written out."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_yticks([tick for tick in ticks if low <= tick <= high], minor=False)
    axes.set_yticks([], minor=True)
    axes.yaxis.set_major_formatter("{x:g}")


def _numbers(answer: Answer, place: int, largest: float) -> np.ndarray | None:
    """One of the arrays that were returned, where it can be drawn."""
    returned = answer.returned
    if returned is None or len(returned) <= place or returned[place].dtype.kind not in "biuf":
        return None
    found = returned[place].astype(float)
    if not found.size or not (np.abs(found) <= largest + 1e-6).all():
        return None
    return found
