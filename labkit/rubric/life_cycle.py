"""The checks that every lab with a model begins with."""

from __future__ import annotations

from collections.abc import Mapping

from labkit.i18n import Text, texts
from labkit.rubric import rules
from labkit.rubric.lab import Check

__all__ = ["life_cycle"]

_ = texts(__file__)

_TITLES = {
    "define": _("define() returns a model"),
    "compile": _("compile() chooses loss, optimizer and metric"),
    "fit": _("fit() trains the model"),
    "export": _("The trained model can be saved and loaded"),
}
_HINTS = {
    "compile": _("model.compile takes an optimizer, a loss and a list of metrics."),
    "fit": _("Give model.fit the images, the labels and a number of epochs."),
    "export": _("Sequential and functional models of Keras' own layers can; what else is in it?"),
}


def life_cycle(
    points: float, hints: Mapping[str, Text], titles: Mapping[str, Text] | None = None
) -> tuple[Check, ...]:
    """The model is defined, compiled and fitted, then saved and loaded; each needs the one before.

    Args:
        points: What each of the four is worth.
        hints: Name of a check -> its hint; "define" always, the others where the lab has its own.
        titles: The same for titles.
    """
    hints, titles = _HINTS | dict(hints), _TITLES | dict(titles or {})
    ran = [(name, rules.step(name)) for name in ("define", "compile", "fit")]
    found: list[Check] = []
    for name, rule in (*ran, ("export", rules.exports())):
        needs = (found[-1].name,) if found else ()
        found.append(Check(name, titles[name], points, rule, hints[name], needs))
    return tuple(found)
