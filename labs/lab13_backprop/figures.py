"""The plots of lab 13."""

from __future__ import annotations

import numpy as np
from lab13_backprop.cases import RIGHT_BELOW

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Evidence

__all__ = ["costs", "plane"]

_ = texts(__file__)

_LOW, _HIGH = -0.25, 1.25  # of inputs and activations that are shown
_NEAR = 0.2  # points that are nearer to each other share their words


def plane(evidence: Evidence):
    """The four corners and the network's decision, as they go in and as the hidden layer has them."""
    answer = evidence.answer("train", "xor")
    returned = drawable(answer, 5)
    if returned is None or [a.shape for a in returned[:4]] != [(2, 2), (1, 2), (2,), (1,)]:
        return None
    weights, biases, corners, y = answer.arguments[:4]
    start, end = (weights[0], biases[0]), (returned[0], returned[2])
    mesh = np.stack(np.meshgrid(*2 * [np.linspace(_LOW, _HIGH, 121)]), axis=-1)
    figure = canvas(8.0, 2.95)
    left, middle, right = figure.subplots(1, 3)
    _decision(left, mesh, _bent(_bent(mesh, *end), returned[1], returned[3]))
    _decision(middle, mesh, _bent(mesh, weights[1], biases[1]), border="black")
    _decision(right, mesh, _bent(mesh, returned[1], returned[3]), border="black")
    for neuron, line in enumerate(("--", (0, (1, 1.5)))):
        net = _bent(mesh, *end)[..., neuron]
        left.contour(*mesh.T, net.T, levels=[0.5], colors="black", linestyles=[line], linewidths=1.5)
    for axes, places in (
        (left, corners),
        (middle, _bent(corners, *start)),
        (right, _bent(corners, *end)),
    ):
        _corners(axes, places, corners, y.ravel() == 1)
    for axes, layer, title in (
        (middle, start, _("hidden layer, at the start")),
        (right, end, _("hidden layer, trained")),
    ):
        _grid(axes, layer)
        axes.set_title(str(title), fontsize=9)
        axes.set(xlabel=str(_("activation $a_1$")), ylabel=str(_("activation $a_2$")))
    left.set_title(str(_("inputs")), fontsize=9)
    left.set(xlabel=str(_("input $x_1$")), ylabel=str(_("input $x_2$")))
    return settle(figure, above=0.25)


def costs(evidence: Evidence):
    """Cost by epoch, from a start that leads to XOR and from one that does not."""
    figure = canvas(6.4, 3.1)
    axes = figure.subplots()
    styles = {"xor": (_("a start that arrives"), BLUE, "-")}
    styles["stuck"] = (_("a start that gets stuck"), ORANGE, "--")
    for case, (name, colour, line) in styles.items():
        returned = drawable(evidence.answer("train", case), 5)
        if returned is None or returned[4].ndim != 1:
            return None
        axes.plot(returned[4], line, color=colour, label=str(name))
    axes.axhline(RIGHT_BELOW, color=GREY, linewidth=1, linestyle=":")
    axes.annotate(
        str(_("below 1/32 all four are right")), (1, RIGHT_BELOW), fontsize=8, color=GREY,
        xycoords=("axes fraction", "data"), xytext=(-2, 3), textcoords="offset points", ha="right",
    )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set(xlabel=str(_("epoch")), ylabel=str(_("cost")))
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _bent(points, weights, bias):
    """A layer of sigmoids, by way of tanh, which no number is too large for."""
    return (1 + np.tanh((points @ weights.T + bias) / 2)) / 2


def _decision(axes, mesh, said, border=None):
    """Shade where the answer is above one half, and draw its border in a colour if there is one."""
    axes.contourf(*mesh.T, said[..., 0].T, levels=[0.5, 1.1], colors=["#cfdfee"])
    if border and (said > 0.5).any() and (said < 0.5).any():
        axes.contour(*mesh.T, said[..., 0].T, levels=[0.5], colors=border, linewidths=2)
    ticks = [0, 0.5, 1]
    axes.set(xlim=(_LOW, _HIGH), ylim=(_LOW, _HIGH), xticks=ticks, yticks=ticks)
    axes.set_aspect("equal")


def _grid(axes, hidden):
    """The straight lines between the corners, as the hidden layer sees them."""
    along = np.linspace(0, 1, 61)
    for fixed in np.linspace(0, 1, 6):
        line = np.column_stack([along, np.full_like(along, fixed)])
        for way in (line, line[:, ::-1]):
            axes.plot(*_bent(way, *hidden).T, color=GREY, linewidth=0.6)


def _corners(axes, places, corners, xor):
    """The four corners where they have come to; those that meet share their words."""
    axes.plot(*places[xor].T, "o", color=ORANGE, markersize=7)
    axes.plot(
        *places[~xor].T, "s", color=BLUE, markersize=7, markerfacecolor="white", markeredgewidth=1.6
    )
    todo = list(range(len(places)))
    while todo:
        here = [k for k in todo if np.abs(places[k] - places[todo[0]]).max() < _NEAR]
        todo = [k for k in todo if k not in here]
        words = "  ".join("{:.0f}{:.0f}".format(*corners[k]) for k in here)
        x, y = places[here].mean(axis=0)
        up = places[here, 1].max() if y > 0.5 else places[here, 1].min()
        axes.annotate(
            words, (x, up), xytext=(0, 7 if y > 0.5 else -7), textcoords="offset points",
            fontsize=8, ha="center", va="bottom" if y > 0.5 else "top",
        )  # fmt: skip
