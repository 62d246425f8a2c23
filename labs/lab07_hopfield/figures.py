"""The plots of lab 7."""

from __future__ import annotations

import numpy as np
from lab07_hopfield.cases import LOADS

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Answer, Evidence

__all__ = ["capacity", "energies", "energy", "film", "valleys"]

_ = texts(__file__)

_CRITICAL = 0.138  # patterns for each neuron
_LEAST = 0.95  # overlap that counts as recalled


def energies(weights: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Energy of each state."""
    return np.einsum("ti,it->t", states, weights @ states.T) / -2


def film(evidence: Evidence):
    """Recall one by one of three kinds of damage, and all at once of the third."""
    strips = [
        (_("damaged letter"), _states(evidence, "recall_asynchronous", "letters")),
        (_("half a digit"), _states(evidence, "recall_asynchronous", "digits")),
        (_("checkerboard"), _states(evidence, "recall_asynchronous", "checkerboard")),
        (_("checkerboard,\nall at once"), _states(evidence, "recall_synchronous", "checkerboard")),
    ]
    strips = [(name, states) for name, states in strips if states is not None]
    if not strips:
        return None
    figure = canvas(7.0, 1.08 * len(strips))
    grid = figure.subplots(len(strips), 6, squeeze=False)
    for row, (name, states) in zip(grid, strips):
        together = len(states) == len(row)
        for place, (axes, at) in enumerate(zip(row, _moments(states))):
            side = round(states.shape[1] ** 0.5)
            axes.imshow(states[at].reshape(side, side), cmap="Greys", vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            said = _("step {number}", number=at) if together else _("visit {number}", number=at)
            axes.set_title(str(said), fontsize=7, pad=2)
            if not place:
                axes.set_ylabel(str(name), fontsize=8, rotation=0, ha="right", va="center", labelpad=6)
    figure.subplots_adjust(left=0.15, right=0.99, bottom=0.02, top=1 - 0.16 / (1.08 * len(strips)))
    figure.subplots_adjust(wspace=0.06, hspace=0.24)
    return figure


def energy(evidence: Evidence):
    """Energy per neuron over time: two things recalled, and the two ways from one state."""
    figure = canvas(7.0, 2.9)
    left, right = figure.subplots(1, 2)
    one, all_ = "recall_asynchronous", "recall_synchronous"
    drawn = [
        _descent(left, evidence, (one, "letters"), {"color": BLUE, "label": str(_("damaged letter"))}),
        _descent(
            left,
            evidence,
            (one, "digits"),
            {"color": ORANGE, "linestyle": "--", "label": str(_("half a digit"))},
        ),
        _descent(
            right, evidence, (one, "checkerboard"), {"color": BLUE, "label": str(_("one at a time"))}
        ),
        _descent(
            right,
            evidence,
            (all_, "checkerboard"),
            {"color": ORANGE, "marker": "s", "markersize": 4, "label": str(_("all at once"))},
        ),
    ]
    if not any(drawn):
        return None
    for axes, title in ((left, _("recalled one at a time")), (right, _("from a checkerboard"))):
        axes.set_title(str(title), fontsize=9)
        axes.set(xlabel=str(_("visits to each neuron")), ylabel=str(_("energy per neuron")))
        axes.spines[["top", "right"]].set_visible(False)
        if axes.lines:
            axes.legend(frameon=False, fontsize=8)
    return settle(figure, above=0.25)


def valleys(evidence: Evidence):
    """Stored states and others, each with what the student's functions say of it."""
    depths = _first(evidence.answer("energy", "valleys"), largest=1e6)
    stable = _first(evidence.answer("is_stable", "valleys"))
    if depths is None or stable is None:
        return None
    states = evidence.answer("energy", "valleys").arguments[1]
    names = (_("stored"), _("stored"), _("stored"), _("inverse"), _("mixture"), _("checkerboard"))
    figure = canvas(7.0, 1.62)
    for place, (axes, name) in enumerate(zip(figure.subplots(1, len(names)), names)):
        said = _("stable") if stable[place] else _("not stable")
        axes.imshow(states[place].reshape(8, 8), cmap="Greys", vmin=-1, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.set_title(str(name), fontsize=8, pad=3)
        depth = f"{depths[place]:g}".replace("-", "\N{MINUS SIGN}")
        axes.set_xlabel(f"E = {depth}\n{said}", fontsize=8, labelpad=3)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.24, top=0.88, wspace=0.08)
    return figure


def capacity(evidence: Evidence):
    """Overlap after recall by load, and how many patterns are still there."""
    loads, means, shares = [], [], []
    for stored in LOADS:
        answer = evidence.answer("remembered", f"stored_{stored}")
        overlaps = _first(answer)
        if overlaps is not None:
            loads.append(stored / answer.arguments[0].shape[1])
            means.append(float(overlaps.mean()))
            shares.append(float((overlaps >= _LEAST).mean()))
    if not loads:
        return None
    figure = canvas(6.0, 3.0)
    axes = figure.subplots()
    axes.axvline(_CRITICAL, color=GREY, linewidth=1, linestyle=":")
    axes.annotate(
        "0.138", (_CRITICAL, 0.04), xytext=(3, 0), textcoords="offset points", fontsize=8, color=GREY
    )
    axes.plot(loads, means, color=BLUE, marker="o", markersize=4, label=str(_("mean overlap")))
    axes.plot(
        loads,
        shares,
        color=ORANGE,
        marker="s",
        markersize=4,
        linestyle="--",
        label=str(_("share with an overlap from {least:g}", least=_LEAST)),
    )
    axes.set(xlim=(0, 0.27), ylim=(-0.03, 1.06), xlabel=str(_("load: patterns per neuron")))
    axes.set_ylabel(str(_("after recall")))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    return settle(figure)


def _first(answer: Answer, largest: float = 1.0) -> np.ndarray | None:
    """The array that was returned, where it can be drawn."""
    found = drawable(answer, like=True, largest=largest + 1e-6)
    return None if found is None else found[0]


def _states(evidence: Evidence, function: str, case: str) -> np.ndarray | None:
    """The film of one state, (moments, N)."""
    found = _first(evidence.answer(function, case))
    return None if found is None else found.reshape(len(found), -1)


def _moments(states: np.ndarray) -> list[int]:
    """Six moments of a film: all of a short one, of a long one those in which something happens."""
    last = len(states) - 1
    if last == 5:
        return list(range(6))
    changes = np.flatnonzero(np.any(states[1:] != states[:-1], axis=1)) + 1
    end = int(changes[-1]) if len(changes) else last
    return [round(end * share) for share in (0, 0.2, 0.4, 0.6, 0.8)] + [last]


def _descent(axes, evidence: Evidence, which: tuple[str, str], style: dict) -> bool:
    """Draw the energy of a film's states, if there are any; a synchronous step visits every neuron."""
    states = _states(evidence, *which)
    if states is None:
        return False
    neurons = states.shape[1]
    values = energies(evidence.answer(*which).arguments[0], states) / neurons
    each = neurons if which[0] == "recall_asynchronous" else 1
    shown = slice(None if each > 1 else 5)
    axes.plot((np.arange(len(states)) / each)[shown], values[shown], **style)
    return True
