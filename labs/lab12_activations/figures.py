"""The plots of lab 12."""

from __future__ import annotations

import numpy as np
from lab12_activations.cases import COSTS, ERRORS, LINES, NETS

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Answer, Evidence

__all__ = ["activations", "certainty", "errors"]

_ = texts(__file__)

_LIMITS = {"linear": (-4.4, 4.4), "tanh": (-1.25, 1.25)}
_LIMITS |= dict.fromkeys(("step", "sigmoid", "softmax"), (-0.25, 1.25))
_JUMP = 0.5  # from one point to the next: the curve is broken there


def activations(evidence: Evidence):
    """Each activation with its slope, over one net input."""
    names = {
        "linear": _("linear"), "step": _("step"), "sigmoid": _("sigmoid"), "tanh": "tanh",
        "relu": "ReLU", "leaky_relu": _("leaky ReLU"), "elu": "ELU",
        "maxout": _("maxout of three lines"), "softmax": _("softmax of z, 0, 0"),
    }  # fmt: skip
    drawn = {name: _curves(evidence, name) for name in names}
    if all(curve is None for pair in drawn.values() for curve in pair):
        return None
    figure = canvas(7.0, 5.6)
    grid = figure.subplots(3, 3, sharex=True)
    net = np.linspace(-4, 4, 160)
    styles = (("f(z)", BLUE, "-"), (str(_("slope f′(z)")), ORANGE, "--"))
    for axes, (name, title) in zip(grid.flat, names.items()):
        for curve, (label, colour, line) in zip(drawn[name], styles):
            axes.plot([], [], line, color=colour, label=label)
            if curve is not None:
                axes.plot(net, _broken(curve), line, color=colour, linewidth=1.6)
        axes.axvline(0, color=GREY, linewidth=0.6, linestyle=":")
        axes.axhline(0, color=GREY, linewidth=0.6, linestyle=":")
        axes.set_title(str(title), fontsize=9, pad=3)
        low, high = _LIMITS.get(name, (-2.2, 4.4))
        ticks = range(-4, 5, 2) if high > 2 else (-1, 0, 1)
        axes.set(xlim=(-4.2, 4.2), xticks=range(-4, 5, 2), ylim=(low, high))
        axes.set_yticks([tick for tick in ticks if tick > low])
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in grid[-1]:
        axes.set_xlabel(str(_("net input z")), fontsize=9)
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="upper center", ncols=2, frameon=False)
    figure.subplots_adjust(left=0.05, right=0.99, bottom=0.085, top=0.9, wspace=0.16, hspace=0.25)
    return figure


def errors(evidence: Evidence):
    """What one error costs by its size, and the slope of that."""
    figure = canvas(7.0, 3.0)
    left, right = figure.subplots(1, 2)
    drawn = False
    for name, style in zip(COSTS, _styles(("MSE", "MAE", "Huber"))):
        costs = _one_by_one(evidence, "regression_cost", name, ERRORS)
        slopes = _numbers(evidence.answer("regression_slope", f"{name}_curve"))
        if costs is not None:
            left.plot(np.linspace(-3, 3, ERRORS), costs, **style)
        if slopes is not None:
            right.plot(np.linspace(-3, 3, len(slopes)), _broken(len(slopes) * slopes), **style)
        drawn = drawn or costs is not None or slopes is not None
    if not drawn:
        return None
    left.set(ylim=(-0.3, 6.3), ylabel=str(_("cost of one error")))
    right.set(ylim=(-4.2, 4.2), ylabel=str(_("slope")))
    return _finished(figure, str(_("error: predicted minus true")), range(-3, 4), "upper left")


def certainty(evidence: Evidence):
    """Cost and slope over the net input of a sigmoid where 1 is true: cross-entropy, squared error."""
    costs = _one_by_one(evidence, "cross_entropy_of_net", "binary", NETS)
    slopes = _numbers(evidence.answer("cross_entropy_slope", "binary_curve"))
    p = _numbers(evidence.answer("activate", "sigmoid_wide"))
    slope_p = _numbers(evidence.answer("slope", "sigmoid_wide"))
    if costs is None and slopes is None:
        return None
    figure = canvas(7.0, 3.0)
    left, right = figure.subplots(1, 2)
    entropy, squared = _styles((str(_("cross-entropy")), str(_("squared error"))))
    if costs is not None:
        left.plot(_net(costs), costs, **entropy)
    if slopes is not None:
        right.plot(_net(slopes), len(slopes) * slopes[:, 0], **entropy)
    if p is not None:
        left.plot(_net(p), (p - 1) ** 2, **squared)
    if p is not None and slope_p is not None:
        right.plot(_net(p), 2 * (p - 1) * slope_p, **squared)
    left.set(ylim=(-0.4, 8.4), ylabel=str(_("cost")))
    right.set(ylim=(-1.1, 0.3), ylabel=str(_("slope")))
    return _finished(figure, str(_("net input z")), range(-8, 9, 4), "lower right")


def _net(curve: np.ndarray) -> np.ndarray:
    return np.linspace(-8, 8, len(curve))


def _finished(figure, along: str, ticks: range, corner: str):
    """Two axes over the same numbers, with one legend."""
    for axes in figure.axes:
        axes.axvline(0, color=GREY, linewidth=0.6, linestyle=":")
        axes.axhline(0, color=GREY, linewidth=0.6, linestyle=":")
        axes.set(xlabel=along, xticks=ticks)
        axes.spines[["top", "right"]].set_visible(False)
    most = max(reversed(figure.axes), key=lambda axes: len(axes.get_legend_handles_labels()[1]))
    most.legend(loc=corner, fontsize=8, framealpha=1, edgecolor="none")
    return settle(figure)


def _styles(names: tuple[str, ...]) -> list[dict]:
    looks = ((BLUE, "-"), (ORANGE, "--"), ("black", ":"))
    return [
        {"label": name, "color": colour, "linestyle": line, "linewidth": 2.4 if line == ":" else 1.6}
        for name, (colour, line) in zip(names, looks)
    ]


def _curves(evidence: Evidence, name: str) -> tuple[np.ndarray | None, np.ndarray | None]:
    """An activation and its slope, over net inputs from -4 to 4."""
    if name == "softmax":
        p = _numbers(evidence.answer("softmax", "curve"))
        jacobian = _numbers(evidence.answer("softmax_jacobian", "curve"))
        return None if p is None else p[:, 0], None if jacobian is None else jacobian[:, 0, 0]
    if name == "maxout":
        answer = evidence.answer("maxout", "curve")
        largest, shares = _numbers(answer), _numbers(answer, 1)
        steep = np.array([line[0] for line in LINES])
        return largest, None if shares is None else shares @ steep
    pair = (evidence.answer(function, f"{name}_curve") for function in ("activate", "slope"))
    value, slope = map(_numbers, pair)
    return value, slope


def _one_by_one(evidence: Evidence, function: str, name: str, count: int) -> np.ndarray | None:
    """Costs that were asked for in as many calls."""
    answers = (evidence.answer(function, f"{name}_{place}") for place in range(count))
    found = [_numbers(answer) for answer in answers]
    return None if any(cost is None for cost in found) else np.array(found)


def _numbers(answer: Answer, place: int = 0) -> np.ndarray | None:
    """One of the arrays that were returned, where they can be drawn."""
    found = drawable(answer, like=True)
    return None if found is None else found[place]


def _broken(curve: np.ndarray) -> np.ndarray:
    """The curve without what would join the two sides of a jump."""
    jumps = np.flatnonzero(np.abs(np.diff(curve)) > _JUMP)
    broken = curve.copy()
    broken[jumps] = np.nan
    return broken
