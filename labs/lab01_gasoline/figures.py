"""Lab 1's plots: answers against the truth, residuals, errors by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from lab01_gasoline import folds

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["errors_by_fold", "predicted", "residuals"]

_ = texts(__file__)

_MEASURED = _("measured (millions of gallons)")
_PREDICTED = _("predicted (millions of gallons)")


def predicted(evidence: Evidence) -> Figure | None:
    """What the folds' networks answered against the truth; rows appear once a repetition."""
    points = _points(evidence)
    if points is None:
        return None
    truth, answers = points
    figure = canvas(5.2, 4.6)
    axes = figure.subplots()
    low, high = min(truth.min(), answers.min()), max(truth.max(), answers.max())
    axes.plot([low, high], [low, high], color=GREY, linewidth=1, label=str(_("exactly right")))
    axes.scatter(truth, answers, s=14, color=BLUE, alpha=0.5, linewidths=0)
    _mark_largest(axes, truth, answers)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel(str(_MEASURED))
    axes.set_ylabel(str(_PREDICTED))
    return _finish(figure, axes)


def residuals(evidence: Evidence) -> Figure | None:
    """Predicted minus measured, against what was predicted."""
    points = _points(evidence)
    if points is None:
        return None
    truth, answers = points
    figure = canvas(5.6, 3.4)
    axes = figure.subplots()
    axes.axhline(0, color=GREY, linewidth=1)
    axes.scatter(answers, answers - truth, s=14, color=BLUE, alpha=0.5, linewidths=0)
    _mark_largest(axes, answers, answers - truth, truth)
    axes.set_xlabel(str(_PREDICTED))
    axes.set_ylabel(str(_("predicted − measured\n(millions of gallons)")))
    return _finish(figure, axes)


def errors_by_fold(evidence: Evidence) -> Figure | None:
    """Mean absolute error by fold of the network, of least squares and of the mean."""
    if _points(evidence) is None:
        return None
    figure = canvas(7.0, 3.2)
    axes = figure.subplots()
    labels = (_("the mean"), _("least squares"), _("your network"))
    styles = (("s", GREY), ("^", ORANGE), ("o", BLUE))
    series = reversed(folds.errors(evidence))
    for label, (marker, colour), values in zip(labels, styles, series):
        number = np.arange(1, len(values) + 1)
        full = str(_("{label}: {mean:.1f} on average", label=label, mean=values.mean()))
        axes.plot(number, values, marker, color=colour, markersize=4, label=full)
        axes.axhline(values.mean(), color=colour, linewidth=0.8, linestyle="--")
    axes.set_ylim(bottom=0)
    axes.set_xticks(number[4::5])
    axes.set_xlabel(str(_("fold, five to a repetition")))
    axes.set_ylabel(str(_("mean absolute error\n(millions of gallons)")))
    figure.legend(loc="upper center", ncols=3, frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure, above=0.32)


def _points(evidence: Evidence) -> tuple[np.ndarray, np.ndarray] | None:
    """Truth and answer of every hidden row of every fold, where all folds answered."""
    names = folds.names(evidence)
    if not names or not all(folds.answered(evidence, name) for name in names):
        return None
    keys = [f"{name}:hidden" for name in names]
    return (
        np.concatenate([evidence.truth[key] for key in keys]),
        np.concatenate([evidence.predictions[key].reshape(-1) for key in keys]),
    )


def _mark_largest(axes: Axes, x: np.ndarray, y: np.ndarray, truth: np.ndarray | None = None) -> None:
    """Ring the row whose target is the largest: the outlier of this table."""
    truth = x if truth is None else truth
    largest = truth == truth.max()
    axes.scatter(
        x[largest], y[largest], s=60, facecolors="none", edgecolors=ORANGE, linewidths=1.4,
        label=str(_("the state with {largest:g}", largest=truth.max())),
    )  # fmt: skip


def _finish(figure: Figure, axes: Axes) -> Figure:
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)
