"""The plots of lab 16."""

from __future__ import annotations

import numpy as np
from lab16_family_tree import judging
from lab16_family_tree.cases import SHOWN
from lab16_family_tree.family import ENGLISH, GROUPS, ITALIAN, PLACES, RELATIONS, all_right, left_over

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["four", "held_out", "sweeps", "trees", "units"]

_ = texts(__file__)

_TOLD = {"nationality": _("nationality"), "generation": _("generation"), "branch": _("branch")}
_NAMES = {
    "father": _("father"),
    "mother": _("mother"),
    "husband": _("husband"),
    "wife": _("wife"),
    "son": _("son"),
    "daughter": _("daughter"),
    "uncle": _("uncle"),
    "aunt": _("aunt"),
    "brother": _("brother"),
    "sister": _("sister"),
    "nephew": _("nephew"),
    "niece": _("niece"),
}
_CLEAR = 0.5  # share of a unit's variance from which it is called after what explains it
_DOWN = 3.6  # rows from the English tree to the Italian one
_SHOWN = 4  # people to a question


def trees(evidence: Evidence):
    """Both families: couples joined by a sign, children below."""
    figure = canvas(7.2, 4.0)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.55, 5.55), ylim=(2 + _DOWN + 0.3, -0.35))
    axes.set_axis_off()
    for names, top in ((ENGLISH, 0.0), (ITALIAN, _DOWN)):
        for name, (across, down) in zip(names, PLACES):
            axes.text(across, top + down, name, ha="center", va="center", fontsize=9.5)
        for across, down in ((1, 0), (4, 0), (0.5, 1), (2.5, 1), (4.5, 1)):
            axes.text(across, top + down, "=", ha="center", va="center", fontsize=9.5, color=GREY)
        for couple, row, children in ((1, 0, (1, 2)), (4, 0, (3, 4)), (2.5, 1, (2, 3))):
            middle = top + row + 0.5
            ends = min(couple, *children), max(couple, *children)
            axes.plot([couple, couple], [top + row + 0.2, middle], color=GREY, linewidth=1)
            axes.plot(ends, [middle, middle], color=GREY, linewidth=1)
            for child in children:
                axes.plot([child, child], [middle, top + row + 0.8], color=GREY, linewidth=1)
    return figure


def units(evidence: Evidence):
    """The code of each person after the long training, unit by unit, at the places of the trees."""
    returned = evidence.answer("learn", SHOWN).returned
    if returned is None or len(returned) < 2 or returned[1].shape != (36, 6):
        return None
    if returned[1].dtype.kind not in "biuf" or not np.isfinite(returned[1]).all():
        return None
    codes = np.tanh(returned[1][:24].astype(float))
    shares = {name: 1 - left_over(codes, np.array(GROUPS[name])) for name in _TOLD}
    figure = canvas(7.4, 4.9)
    for unit, axes in enumerate(np.ravel(figure.subplots(2, 3))):
        best = max(shares, key=lambda name: shares[name][unit])
        _tree(axes, codes[:, unit])
        told = _("unit {number}: {what} {share:.2f}", number=unit + 1, what=_TOLD[best],
                 share=shares[best][unit])  # fmt: skip
        plain = _("unit {number}", number=unit + 1)
        axes.set_title(str(told if shares[best][unit] >= _CLEAR else plain), fontsize=9, pad=3)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.94, bottom=0.01, wspace=0.06, hspace=0.16)
    return figure


def sweeps(evidence: Evidence):
    """Cost by sweep of the long training."""
    returned = evidence.answer("learn", SHOWN).returned
    if returned is None or returned[0].ndim != 1 or returned[0].dtype.kind not in "biuf":
        return None
    costs = returned[0].astype(float)
    if not len(costs) or not np.isfinite(costs).all() or costs.min() <= 0 or costs.max() > 1e6:
        return None
    figure = canvas(6.4, 3.0)
    axes = figure.subplots()
    axes.plot(costs, color=BLUE)
    axes.set(yscale="log", xlim=(0, len(costs) - 1))
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5) if 0.8 * costs.min() <= tick <= costs.max()]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel=str(_("sweep")), ylabel=str(_("cost (mean cross-entropy)")))
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def four(evidence: Evidence):
    """The held-out questions of the main training, and whom the model thinks likeliest."""
    outputs, y = evidence.predictions.get("main:holdout"), evidence.truth.get("main:holdout")
    if outputs is None or y is None or outputs.shape != y.shape or not np.isfinite(outputs).all():
        return None
    x, names = evidence.inputs["main:holdout"], ENGLISH + ITALIAN
    figure = canvas(7.4, 2.9)
    grid = np.ravel(figure.subplots(2, 2))
    for axes, (person, relation), row, shares in zip(grid, x, outputs, y):
        first = np.argsort(-row, kind="stable")[:_SHOWN]
        for place, who in enumerate(first):
            style = {"color": BLUE} if shares[who] else {"facecolor": "white", "edgecolor": ORANGE}
            axes.barh(place, 100 * row[who], height=0.62, **style)
        axes.set_yticks(range(len(first)), [names[who] for who in first], fontsize=8)
        axes.set(xlim=(0, 100), ylim=(len(first) - 0.5, -0.5))
        asked = _NAMES[RELATIONS[int(relation) - len(names)]]
        title = _("{person}: {relation}?", person=names[int(person)], relation=asked)
        axes.set_title(str(title), fontsize=9, loc="left", pad=3)
        axes.tick_params(axis="x", labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in grid[2:]:
        axes.set_xlabel(str(_("chance (%)")), fontsize=9)
    figure.subplots_adjust(left=0.12, right=0.97, top=0.92, bottom=0.15, wspace=0.34, hspace=0.5)
    return figure


def held_out(evidence: Evidence):
    """Every question held out of the draws, by relation."""
    names = judging.draws(evidence)
    if not names or not all(judging.answered(evidence, name) for name in names):
        return None
    by_relation: dict[int, list[bool]] = {number: [] for number in range(len(RELATIONS))}
    for key in (f"{name}:hidden" for name in names):
        y = evidence.truth[key]
        found = all_right(evidence.predictions[key], y)
        for (_person, relation), good in zip(evidence.inputs[key], found):
            by_relation[int(relation) - y.shape[1]].append(bool(good))
    longest = max(map(len, by_relation.values()))
    figure = canvas(5.6, 3.2)
    axes = figure.add_axes((0.16, 0.02, 0.82, 0.9))
    for number, results in by_relation.items():
        for place, good in enumerate(sorted(results, reverse=True)):
            style = {"color": BLUE} if good else {"color": ORANGE, "fillstyle": "none"}
            axes.plot(place, number, "s", markersize=10, **style)
    for good, label in ((True, _("right")), (False, _("wrong"))):
        style = {"color": BLUE} if good else {"color": ORANGE, "fillstyle": "none"}
        axes.plot([], [], "s", linestyle="", label=str(label), **style)
    axes.set(xlim=(-0.6, max(longest, 8) - 0.4), ylim=(len(RELATIONS) - 0.4, -0.6), xticks=[])
    axes.set_yticks(range(len(RELATIONS)), [str(_NAMES[name]) for name in RELATIONS], fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.legend(frameon=False, ncols=2, fontsize=8, loc="lower right", bbox_to_anchor=(1, 0.98))
    return figure


def _tree(axes, values: np.ndarray) -> None:
    """A square for each person of both families, full or empty by sign, large by size."""
    axes.set(xlim=(-0.6, 5.6), ylim=(2 + _DOWN + 0.6, -0.95))
    axes.set_aspect("equal")
    axes.set_axis_off()
    for top, family in ((0.0, _("English")), (_DOWN, _("Italian"))):
        axes.text(-0.5, top - 0.62, str(family), fontsize=7, color=GREY, va="center")
        for (across, down), value in zip(PLACES, values[12 * (top > 0) :]):
            style = {"color": BLUE} if value > 0 else {"color": ORANGE, "fillstyle": "none"}
            axes.plot(
                across, top + down, "s", markersize=1 + 15 * abs(value), markeredgewidth=1.3, **style
            )
