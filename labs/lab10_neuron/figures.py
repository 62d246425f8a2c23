"""The plots of lab 10."""

from __future__ import annotations

import numpy as np

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Evidence

__all__ = ["line", "mistakes"]

_ = texts(__file__)


def line(evidence: Evidence):
    """The separable points and the line after each of a few epochs."""
    answer = evidence.answer("perceptron", "separable")
    returned = drawable(answer, 2)
    if returned is None or returned[0].shape[1:] != (3,):
        return None
    x, y = answer.arguments[:2]
    figure = canvas(6.6, 4.4)
    axes = figure.subplots()
    axes.plot(*x[y == 1].T, "o", color=ORANGE, markersize=5, label=str(_("should answer 1")))
    axes.plot(
        *x[y == 0].T, "s", color=BLUE, markersize=5, fillstyle="none", label=str(_("should answer 0"))
    )
    _lines(axes, returned[0])
    ticks = np.linspace(-1, 1, 5)
    axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), xticks=ticks, yticks=ticks)
    axes.set(xlabel=str(_("input $x_1$")), ylabel=str(_("input $x_2$")))
    axes.set_aspect("equal", anchor="W")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
    return settle(figure)


def mistakes(evidence: Evidence):
    """Mistakes by epoch, where a line exists and where none does."""
    counts = []
    for case in ("separable", "xor"):
        returned = drawable(evidence.answer("perceptron", case), 2)
        if returned is None or returned[1].ndim != 1 or not len(returned[1]):
            return None
        counts.append(returned[1])
    figure = canvas(7.0, 2.6)
    titles = (_("forty points: a line parts them"), _("XOR: no line does"))
    for axes, values, title in zip(figure.subplots(1, 2), counts, titles):
        marker = "o" if len(values) < 60 else None
        axes.plot(range(1, len(values) + 1), values, color=BLUE, marker=marker, markersize=4)
        axes.set_title(str(title), fontsize=9)
        axes.set(ylim=(-0.3, 1.1 * max(1, values.max())))
        axes.set(xlabel=str(_("epoch")), ylabel=str(_("mistakes")))
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure, above=0.25)


def _lines(axes, states):
    """Where the net input is 0, after the first epochs, halfway and at the end."""
    last = len(states) - 1
    styles = [{"color": GREY, "linestyle": (0, (1 + 3 * place, 2))} for place in range(3)]
    for epoch in sorted({1, 2, last // 2, last} & set(range(1, last + 1))):
        w, b = states[epoch, :2], states[epoch, 2]
        if not (length := w @ w):
            continue  # no weights, no line
        style = {"color": "black", "linewidth": 2} if epoch == last else styles.pop(0)
        foot = -b * w / length
        ends = foot + 4 * np.array([[w[1], -w[0]], [-w[1], w[0]]]) / np.sqrt(length)
        axes.plot(*ends.T, **style, label=str(_("epoch {number}", number=epoch)))
