"""What is said of runs, steps and replays that did not end well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.i18n import texts
from labkit.rubric.evidence import Step, StepState
from labkit.rubric.verdict import Verdict
from labkit.rubric.whereabouts import whereabouts

__all__ = ["SPECIAL", "broken", "replay_broke"]

_ = texts(__file__)

SPECIAL = {
    "lost": Verdict.unknown(_("The process that ran your file was lost. Run it again.")),
    "none": Verdict.not_shown(_("A model alone does not show this. Hand in your file.")),
    "altered": Verdict.failed(_("Your file changed the record that the kit keeps of its run.")),
}
"""Endings of a run that decide every check on its steps."""


def broken(step: Step, outcome: str) -> Verdict:
    """The verdict on a step that did not end well."""
    error: Mapping[str, Any] = step.error
    if step.state is StepState.TODO:
        return Verdict.failed(_("{step} is not written yet.", step=step.name))
    if step.state is StepState.MISSING:
        return Verdict.failed(_("Your file has no function called {step}.", step=step.name))
    if step.state is StepState.ERROR:
        lines = error.get("lines")
        last = lines[-1] if isinstance(lines, list) and lines else None
        where: object = ""
        if isinstance(last, Mapping):
            place = whereabouts(last.get("line"), last.get("cell"))
            where = _(" ({place}: {code})", place=place, code=last.get("code"))
        return Verdict.failed(
            _(
                "{step} raised {type}: {message}{where}",
                step=step.name,
                type=error.get("type", ""),
                message=error.get("message", ""),
                where=where,
            )
        )
    endings = {
        "time": _("Its time was up while {step} ran.", step=step.name),
        "memory": _("It used more memory than it may while {step} ran.", step=step.name),
        "died": _("The process ended abruptly while {step} ran.", step=step.name),
    }
    return Verdict.failed(endings.get(outcome, _("{step} did not run.", step=step.name)))


def replay_broke(outcome: str) -> Verdict:
    """The verdict where the exported model gave no answers."""
    if outcome == "lost":
        return Verdict.unknown(_("The process that asked your model was lost. Run it again."))
    if outcome in ("time", "memory"):
        return Verdict.failed(_("The exported model used up its time or memory when it was asked."))
    return Verdict.failed(_("The exported model gave no answers."))
