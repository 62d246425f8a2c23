"""The plots of lab 14."""

from __future__ import annotations

import numpy as np
from lab14_optimizers.cases import MINIMUM, RATES

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["costs", "costs_along", "paths", "rates"]

_ = texts(__file__)

_LEFT, _RIGHT, _LOW, _HIGH = -2.8, 2.5, -1.9, 3.1  # weights that are shown
_LEAST = 1e-9  # of a cost above the lowest that is drawn
_MOST = 20  # steps that are drawn of a way that leads out of the map


def costs_along(path: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The mean squared error at each point of a path, (steps + 1,)."""
    return np.asarray(((path @ x.T - y) ** 2).mean(axis=-1))


def paths(evidence: Evidence):
    """Three maps of the valley with two ways through it on each."""
    panels = (
        (("descend", "right", _("descent")), ("momentum", "valley", _("momentum"))),
        (
            ("mini_batches", "valley_one", _("one row a step")),
            ("mini_batches", "valley_five", _("five rows a step")),
        ),
        (
            ("rmsprop", "valley", "RMSprop"),
            ("adam", "valley_corrected", "Adam"),
            ("adam", "valley_plain", _("Adam, uncorrected")),
        ),
    )
    drawn = [[(_path(evidence, *place[:2]), place[2]) for place in panel] for panel in panels]
    if not any(path is not None for panel in drawn for path, _name in panel):
        return None
    figure = canvas(8.4, 3.25)
    for axes, panel in zip(figure.subplots(1, 3), drawn):
        _map(axes, evidence)
        for (path, name), style in zip(panel, _styles()):
            if path is not None:
                fine = {"marker": "", "linewidth": 0.8} if len(path) > 100 else {}
                axes.plot(*path.T, label=str(name), **{**style, **fine})
        _key(axes)
    return settle(figure)


def costs(evidence: Evidence):
    """Cost above the lowest by step, for the ways that see all rows."""
    named = (
        ("descend", "right", _("descent")),
        ("momentum", "valley", _("momentum")),
        ("rmsprop", "valley", "RMSprop"),
        ("adam", "valley_corrected", "Adam"),
        ("adam", "valley_plain", _("Adam, uncorrected")),
    )
    lines = [
        {"color": GREY, "linestyle": "-"},
        {"color": ORANGE, "linestyle": "--"},
        {"color": "black", "linestyle": (0, (1, 1.3))},
        {"color": BLUE, "linestyle": "-", "linewidth": 2.2},
        {"color": BLUE, "linestyle": "-.", "linewidth": 1.2},
    ]
    figure = canvas(7.0, 3.4)
    axes = figure.subplots()
    for (function, case, name), style in zip(named, lines):
        path = _path(evidence, function, case)
        if path is not None:
            axes.plot(_above(evidence, function, case, path), label=str(name), **style)
    if not axes.lines:
        return None
    _by_step(axes)
    return settle(figure)


def rates(evidence: Evidence):
    """Descent at three rates: its paths, and its cost by step."""
    names = {
        "too_small": _("{percent:.0f} %: too small", percent=100 * RATES["too_small"]),
        "right": _("{percent:.0f} %: right", percent=100 * RATES["right"]),
        "too_large": _("{percent:.0f} %: too large", percent=100 * RATES["too_large"]),
    }
    found = {case: _path(evidence, "descend", case) for case in names}
    if any(path is None for path in found.values()):
        return None
    figure = canvas(7.6, 3.4)
    left, right = figure.subplots(1, 2)
    _map(left, evidence)
    styles = dict(zip(("right", "too_large", "too_small"), _styles()))
    for case, path in found.items():
        shown = path[: _MOST + 1] if case == "too_large" else path
        left.plot(*shown.T, label=str(names[case]), **styles[case])
        line = {**styles[case], "marker": ""}
        right.plot(_above(evidence, "descend", case, path), label=str(names[case]), **line)
    _key(left)
    _by_step(right, legend=False)
    return settle(figure)


def _path(evidence, function, case):
    """A path through the long valley, where there is one that a plot can hold."""
    returned = evidence.answer(function, case).returned
    if returned is None or len(returned) != 1 or returned[0].dtype.kind not in "biuf":
        return None
    path = returned[0].astype(float)
    if path.ndim != 2 or path.shape[1] != 2 or len(path) < 2 or not (np.abs(path) < 1e6).all():
        return None
    return path


def _above(evidence, function, case, path):
    """How far the cost is above that of the bottom, step by step."""
    x, y = evidence.answer(function, case).arguments[1:3]
    lowest = costs_along(np.array([MINIMUM]), x, y)
    return np.maximum(_LEAST, costs_along(path, x, y) - lowest)


def _styles():
    """First, second and third way on a map: told apart by marks and lines, without colours too."""
    return (
        {"color": BLUE, "linestyle": "-", "marker": "o", "markersize": 2.6, "linewidth": 1.1},
        {"color": ORANGE, "linestyle": "--", "marker": "^", "markersize": 3.2, "linewidth": 1.1},
        {"color": "black", "linestyle": ":", "marker": "s", "markersize": 2.6, "linewidth": 1.1},
    )


def _map(axes, evidence):
    """Lines of equal cost in the long valley, and a cross at its bottom."""
    x, y = evidence.answer("descend", "right").arguments[1:3]
    mesh = np.stack(
        np.meshgrid(np.linspace(_LEFT, _RIGHT, 120), np.linspace(_LOW, _HIGH, 120)), axis=-1
    )
    height = costs_along(mesh, x, y) - costs_along(np.array(MINIMUM), x, y)
    levels = [0.05, 0.25, 1, 3, 7, 14, 26, 45, 75, 120]
    axes.contour(*np.moveaxis(mesh, -1, 0), height, levels=levels, colors="#b5b5b5", linewidths=0.7)
    axes.plot(*MINIMUM, "x", color="black", markersize=9, markeredgewidth=2, zorder=5)
    axes.set(xlim=(_LEFT, _RIGHT), ylim=(_LOW, _HIGH), xticks=range(-2, 3), yticks=range(-1, 4))
    axes.set(xlabel=str(_("weight $w_1$")), ylabel=str(_("weight $w_2$")))
    axes.set_aspect("equal")


def _key(axes):
    axes.legend(frameon=True, framealpha=0.9, edgecolor="none", fontsize=7.5, loc="upper right")


def _by_step(axes, legend=True):
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    axes.set(xlabel=str(_("step")), ylabel=str(_("cost above the lowest")))
    axes.spines[["top", "right"]].set_visible(False)
    if legend:
        axes.legend(frameon=False, fontsize=8)
