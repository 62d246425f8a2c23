"""The plots of lab 19."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from lab19_attention import scores
from lab19_attention.scores import Form
from lab19_attention.tables import SHOWN, verbs

from labkit.i18n import texts
from labkit.report.figures import BLUE, GREY, ORANGE, canvas
from labkit.rubric.evidence import Evidence

__all__ = ["attention", "by_tense", "irregular", "mistakes"]

_ = texts(__file__)

_TENSES = (_("present"), _("preterite"), _("imperfect"), _("future"))
_PERSONS = ("yo", "tú", "él", "nosotros", "vosotros", "ellos")
_KEY = "main:hidden"
_ACROSS, _DOWN = 2, 3  # forms in the sheet of attention
_LINES = 14  # of a table
_WORD = 22  # letters of the longest word that a table shows


def attention(evidence: Evidence):
    """The weights of attention for several forms, letters of the question by symbols of the answer."""
    forms, seen = scores.answered(evidence), evidence.attention.get(_KEY)
    if not forms or seen is None or seen.ndim != 3 or len(seen) < len(SHOWN):
        return None
    if not np.isfinite(seen).all() or seen.shape[2] < 2 + max(len(form.infinitive) for form in forms):
        return None
    figure = canvas(7.4, 8.6)
    chosen = (0, 1, 2, 3, 4, 6)
    for number, place in enumerate(chosen):
        row, column = divmod(number, _ACROSS)
        axes = figure.add_axes((0.12 + 0.5 * column, 0.705 - 0.33 * row, 0.355, 0.245))
        _matrix(axes, forms[place], seen[place])
    return figure


def _matrix(axes, form: Form, seen: np.ndarray) -> None:
    """One form: a column for each symbol said, a row for each of the question."""
    said = [*form.said[: seen.shape[0] - 1], "\N{MIDDLE DOT}"]
    asked = [str(_TENSES[form.place // 6]), _PERSONS[form.place % 6], *form.infinitive]
    values = seen[: len(said), : len(asked)].T
    axes.imshow(values, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(said)), said, fontsize=9)
    axes.set_yticks(range(len(asked)), asked, fontsize=8)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(said) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(asked) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="0.88", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    right = form.said == form.right
    note = form.said if right else str(_("{said}, not {right}", said=form.said, right=form.right))
    axes.set_title(
        f"{form.infinitive} \N{RIGHTWARDS ARROW} {note}"[:44],
        fontsize=9,
        color="black" if right else ORANGE,
        pad=5,
    )


def by_tense(evidence: Evidence):
    """Share of regular forms that are right, by tense and ending."""
    forms = scores.regular(evidence)
    if not forms:
        return None
    groups: tuple[tuple[str, Callable[[Form], bool]], ...] = (
        ("-ar", lambda form: form.infinitive.endswith("ar") and form.right == form.ruled),
        ("-er", lambda form: form.infinitive.endswith("er") and form.right == form.ruled),
        ("-ir", lambda form: form.infinitive.endswith("ir") and form.right == form.ruled),
        (str(_("spelling")), lambda form: form.right != form.ruled),
    )
    figure = canvas(6.4, 3.0)
    axes = figure.add_axes((0.15, 0.06, 0.83, 0.78))
    shares = np.full((4, len(groups)), np.nan)
    for tense in range(4):
        for column, (_name, belongs) in enumerate(groups):
            own = [f.said == f.right for f in forms if f.place // 6 == tense and belongs(f)]
            if own:
                shares[tense, column] = 100 * float(np.mean(own))
                text = f"{shares[tense, column]:.0f} %\n{sum(own)}/{len(own)}"
                colour = "white" if shares[tense, column] > 60 else "black"
                axes.text(column, tense, text, ha="center", va="center", fontsize=8, color=colour)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=110, aspect="auto")
    axes.set_xticks(range(len(groups)), [name for name, _rule in groups], fontsize=9)
    axes.set_yticks(range(4), [str(name) for name in _TENSES], fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlabel(str(_("exactly right, % and number of forms")), fontsize=9)
    axes.xaxis.set_label_position("top")
    axes.spines[:].set_visible(False)
    return figure


def mistakes(evidence: Evidence):
    """Regular forms that came out wrong."""
    wrong = [form for form in scores.regular(evidence) if form.said != form.right]
    return _table(wrong[:_LINES], (_("infinitive"), _("form"), _("it says"), _("right is")), _plain)


def irregular(evidence: Evidence):
    """Forms of verbs that are not regular: what the network says, the rule, and what is right."""
    forms = scores.irregular(evidence)
    titles = (_("infinitive"), _("form"), _("it says"), _("by the rule"), _("right is"))
    shown = {name for name, _form in SHOWN}
    first = [form for form in forms if form.infinitive in shown]
    kinds = [f for f in forms if verbs()[f.infinitive].kind == "irregular" and f not in first]
    others = [form for form in forms if form not in first and form not in kinds]
    chosen = [*first, *kinds[: _LINES - 4 - len(first)], *others[:4]]
    return _table(chosen, titles, _with_rule)


def _plain(form: Form) -> Sequence[tuple[str, str]]:
    return (form.said, ORANGE), (form.right, "black")


def _with_rule(form: Form) -> Sequence[tuple[str, str]]:
    colour = BLUE if form.said in (form.right, form.ruled) else ORANGE
    return (form.said, colour), (form.ruled, "black"), (form.right, "black")


def _table(forms: Sequence[Form], titles: Sequence[object], cells: Callable):
    """A table of words; ``None`` where there is no line."""
    if not forms:
        return None
    figure = canvas(7.2, 0.24 * (len(forms) + 1) + 0.12)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, len(titles)), ylim=(len(forms) + 1.05, -0.1))
    axes.set_axis_off()
    for column, title in enumerate(titles):
        axes.text(column + 0.05, 0.5, str(title), va="center", fontsize=8, color=GREY)
    axes.axhline(0.98, color="0.6", linewidth=0.8)
    for line, form in enumerate(forms, start=1):
        tense = f"{_PERSONS[form.place % 6]}, {_TENSES[form.place // 6]}"
        row = ((form.infinitive, "black"), (tense, GREY), *cells(form))
        for column, (word, colour) in enumerate(row):
            axes.text(column + 0.05, line + 0.5, word[:_WORD], va="center", fontsize=9, color=colour)
    return figure
