"""The plots of lab 15."""

from __future__ import annotations

import numpy as np
from lab15_deep.cases import ACTIVATIONS, SIZES

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["batch", "gradients", "spread", "updates"]

_ = texts(__file__)

_LEAST, _MOST = 1e-30, 1e30  # what an axis of powers of ten can show
_WIDE = 1e6  # likewise of an ordinary one


def gradients(evidence: Evidence):
    """Length of the gradient by layer."""
    return _by_layer(evidence, "gradient_norms", 1, str(_("length of the gradient")))


def spread(evidence: Evidence):
    """Root mean square of the activations by layer."""
    return _by_layer(evidence, "spread", 0, str(_("root mean square")))


def batch(evidence: Evidence):
    """Net inputs of a batch, neuron by neuron, and what batch normalization makes of them."""
    answer = evidence.answer("batch_norm_training", "plain")
    returned, before = answer.returned, answer.arguments[0]
    if not returned or returned[0].shape != before.shape or not _shown(returned[0]):
        return None
    figure = canvas(7.0, 3.0)
    names = (_("net input"), _("after normalization"))
    for axes, values, name in zip(figure.subplots(1, 2), (before, returned[0]), names):
        _columns(axes, values)
        axes.set(xlabel=str(_("neuron")), ylabel=str(name), xticks=range(1, before.shape[1] + 1))
        axes.axhline(0, color=GREY, linewidth=0.8, linestyle=":")
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def updates(evidence: Evidence):
    """Cost of all rows over an epoch, by rows seen."""
    figure = canvas(6.4, 3.0)
    axes = figure.subplots()
    styles = {
        "online": (_("online: 1 row an update"), BLUE, "-", "."),
        "mini_batch": (_("8 rows an update"), ORANGE, "--", "s"),
        "batch": (_("all 30 rows, one update"), "black", ":", "o"),
    }
    for case, (name, colour, line, marker) in styles.items():
        answer = evidence.answer("epoch", f"{case}_hidden")
        rows, size = len(answer.arguments[1]), answer.arguments[4]
        seen = [*range(0, rows, size), rows]
        returned = answer.returned
        if returned is None or len(returned) != 2 or not _shown(returned[1]):
            return None
        if returned[1].shape != (len(seen),):
            return None
        axes.plot(seen, returned[1], line, color=colour, marker=marker, markersize=5, label=str(name))
    axes.set_ylim(bottom=0)
    axes.set(xlabel=str(_("rows seen")), ylabel=str(_("cost of all rows")))
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _by_layer(evidence, function, first, label):
    """A panel for each activation, a line for each size of the weights, over powers of ten."""
    styles = {
        "small": (_("weights a third as large"), BLUE, "--", "v"),
        "right": (_("right weights"), "black", "-", "o"),
        "large": (_("three times as large"), ORANGE, "-.", "^"),
    }
    figure = canvas(7.4, 3.1)
    panels, drawn = figure.subplots(1, len(ACTIVATIONS), sharey=True), False
    for axes, name in zip(panels, ACTIVATIONS):
        for size in SIZES:
            title, colour, line, marker = styles[size]
            axes.plot([], [], line, color=colour, marker=marker, markersize=4, label=str(title))
            values = _one(evidence.answer(function, f"{name}_{size}").returned)
            if values is not None:
                layers = range(first, first + len(values))
                axes.plot(layers, values, line, color=colour, marker=marker, markersize=4)
                drawn = True
        axes.set(yscale="log", xticks=range(2 * first, 13, 2), xlabel=str(_("layer")))
        axes.set_title({"relu": "ReLU", "sigmoid": str(_("sigmoid"))}.get(name, name), fontsize=9)
        axes.grid(axis="y", color="#d9d9d9", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    if not drawn:
        return None
    panels[0].set_ylabel(label)
    handles = panels[0].get_legend_handles_labels()
    figure.legend(*handles, loc="upper center", ncols=3, frameon=False, fontsize=9)
    figure.subplots_adjust(left=0.105, right=0.99, bottom=0.155, top=0.82, wspace=0.08)
    return figure


def _columns(axes, values):
    """Each column's numbers side by side above its place, with a bar for mean and deviation."""
    across = np.linspace(-0.2, 0.2, len(values))
    for place, column in enumerate(values.T, start=1):
        axes.plot(place + across, column, ".", color=BLUE, markersize=3.5)
        mean, wide = column.mean(), column.std()
        axes.errorbar(
            place + 0.33, mean, wide, fmt="_", color=ORANGE, capsize=3, markersize=8, linewidth=1.6
        )


def _one(returned):
    """A row of lengths that an axis of powers of ten can hold, if that is what was returned."""
    if returned is None or len(returned) != 1 or returned[0].ndim != 1 or returned[0].size > 20:
        return None
    values = returned[0]
    if values.dtype.kind not in "biuf" or not ((values > _LEAST) & (values < _MOST)).all():
        return None
    return values


def _shown(array):
    return array.dtype.kind in "biuf" and bool((np.abs(array) < _WIDE).all())
