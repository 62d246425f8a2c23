"""The plots of lab 11."""

from __future__ import annotations

import numpy as np
from lab11_logistic.cases import CENTRE, UNIT

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Evidence

__all__ = ["boundary", "costs", "curve"]

_ = texts(__file__)

_LOW, _HIGH = 28.0, 102.0  # points that are shown


def boundary(evidence: Evidence):
    """The applicants, and the chances that the trained neuron gives by scores."""
    answer = evidence.answer("descend", "to_the_end")
    returned = drawable(answer, 3)
    if returned is None or returned[0].shape != (2,) or returned[1].size != 1:
        return None
    x, y = answer.arguments[:2]
    scores, wrong = CENTRE + UNIT * x, (x @ returned[0] + returned[1].item() > 0) != (y == 1)
    figure = canvas(6.6, 4.4)
    axes = figure.subplots()
    _chances(axes, returned[0] / UNIT, returned[1].item() - CENTRE / UNIT * returned[0].sum())
    for kind, style in ((1, {"marker": "o"}), (0, {"marker": "s", "fillstyle": "none"})):
        name, colour = (_("admitted"), ORANGE) if kind else (_("not admitted"), BLUE)
        axes.plot(
            *scores[y == kind].T, color=colour, linestyle="", markersize=4.5, label=str(name), **style
        )
    said = _("wrongly judged: {count}", count=int(wrong.sum()))
    axes.plot(
        *scores[wrong].T,
        "o",
        color="black",
        markersize=10,
        fillstyle="none",
        markeredgewidth=1.2,
        label=str(said),
    )
    axes.set(
        xlim=(_LOW, _HIGH), ylim=(_LOW, _HIGH), xticks=range(30, 101, 10), yticks=range(30, 101, 10)
    )
    axes.set(xlabel=str(_("first exam (points)")), ylabel=str(_("second exam (points)")))
    axes.set_aspect("equal", anchor="W")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
    return settle(figure)


def costs(evidence: Evidence):
    """Cost by step of descents on scaled and on raw scores, and the lowest there is."""
    figure = canvas(6.4, 3.2)
    axes = figure.subplots()
    styles = {"applicants": (_("scaled scores, rate 1"), BLUE, "-")}
    styles["raw_scores"] = (_("raw scores, rate 0.0004"), ORANGE, "--")
    for case, (name, colour, line) in styles.items():
        returned = drawable(evidence.answer("descend", case), 3)
        if returned is None or returned[2].ndim != 1:
            return None
        axes.plot(returned[2], line, color=colour, label=str(name))
    end = evidence.answer("descend", "to_the_end").expected
    if end is not None:
        lowest = float(end[2])
        axes.axhline(lowest, color=GREY, linewidth=1, linestyle=":")
        axes.annotate(
            str(_("the lowest: {cost:.3f}", cost=lowest)), (1, lowest), fontsize=8, color=GREY,
            xycoords=("axes fraction", "data"), xytext=(0, -3), textcoords="offset points",
            ha="right", va="top",
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set(xlabel=str(_("step")), ylabel=str(_("cross-entropy")))
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def curve(evidence: Evidence):
    """The sigmoid and its slope over net inputs from -6 to 6."""
    figure = canvas(6.4, 2.8)
    axes = figure.subplots()
    names = {"sigmoid": ("σ(z)", BLUE, "-"), "sigmoid_slope": ("σ′(z)", ORANGE, "--")}
    for function, (name, colour, line) in names.items():
        answer = evidence.answer(function, "curve")
        returned = drawable(answer, 1)
        if returned is None or returned[0].shape != answer.arguments[0].shape:
            return None
        axes.plot(answer.arguments[0], returned[0], line, color=colour, label=name)
    axes.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlabel=str(_("net input z")), ylabel=str(_("probability, and its slope")))
    axes.legend(frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _chances(axes, weights, bias):
    """Where the chance is 10, 50 and 90 %: lines, for the net input is the same all along each."""
    if not (length := np.linalg.norm(weights)):
        return  # no weights, no line
    middle = np.full(2, CENTRE)
    along = 200 * np.array([weights[1], -weights[0]]) / length
    for chance in (0.9, 0.5, 0.1):
        net = np.log(chance / (1 - chance))
        foot = middle + (net - bias - weights @ middle) * weights / length**2
        style = {
            "color": GREY,
            "linewidth": 1,
            "linestyle": (0, (6, 3)) if chance > 0.5 else (0, (1, 2)),
        }
        if chance == 0.5:
            style = {"color": "black", "linewidth": 2}
        name = _("a chance of {percent:.0f} %", percent=100 * chance)
        axes.plot(*np.array([foot - along, foot + along]).T, label=str(name), **style)
