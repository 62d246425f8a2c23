"""A grade as one self-contained page: no script, no font or image from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labkit.i18n import current_language, texts
from labkit.report import facts
from labkit.report.outline import (
    LEFT_OUT,
    NO_FAULT,
    Advice,
    Mark,
    advice,
    blocker,
    clean,
    clip,
    mark,
    points,
    score,
    task,
    unsure,
)
from labkit.report.pages import image, template
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Figure

__all__ = ["page"]

_ = texts(__file__)

_LONGEST_MESSAGE = 600
_LOG_FIRST, _LOG_LAST = 40, 160  # lines
_LOG_WIDTH = 400
_MARKS = {
    Mark.FULL: _("passed"),
    Mark.PART: _("passed in part"),
    Mark.LOST: _("failed"),
    Mark.UNSURE: _("could not tell"),
    Mark.SKIPPED: _("not looked at"),
}
_STATES = {
    StepState.DONE: ("passed", _("done")),
    StepState.TODO: ("skipped", _("not written yet")),
    StepState.MISSING: ("failed", _("missing")),
    StepState.ERROR: ("failed", _("raised an error")),
    StepState.RUNNING: ("failed", _("did not end")),
    StepState.WAITING: ("skipped", _("did not begin")),
}
_STEPS = {"import": _("load the file"), "export": _("save the model")}


def page(grade: Grade, evidence: Evidence, figures: Sequence[tuple[Figure, str]], *, log: str) -> str:
    """Render the report in the current language.

    Args:
        grade: What was earned.
        evidence: What it rests on.
        figures: Figures with their SVG text, which is empty where one could not be drawn.
        log: What the run printed; its first and last lines are shown.

    Returns:
        HTML. Everything that came from a submission is cleaned and escaped, and figures are
        images, so that nothing in it can run; a policy in the page forbids it besides.
    """
    following = advice(grade, evidence)
    file = clean(grade.provenance.get("submission") or "")
    return template("report.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        points=points,
        language=current_language(),
        lab=grade.lab,
        score=score(grade),
        notes=facts.notes(grade),
        rows=[_row(grade, following, *numbered) for numbered in enumerate(grade.results, 1)],
        following=following,
        no_fault=str(NO_FAULT) if following and mark(following.result) is Mark.UNSURE else "",
        task=task(following, file) if following else "",
        file=file,
        when=facts.moment(grade.provenance.get("started") or ""),
        figures=[(figure, image(svg.encode("utf-8")) if svg else "") for figure, svg in figures],
        steps=_steps(evidence),
        layers=facts.layers(evidence.model.card),
        parameters=facts.whole(evidence.model.card.get("parameters")),
        compiled=[clean(evidence.model.card.get(name) or "") for name in ("loss", "optimizer")],
        trainings=facts.trainings(evidence),
        claims=facts.claims(grade, evidence),
        log=_excerpt(log),
        provenance=facts.provenance(grade.provenance),
    )


def _row(grade: Grade, following: Advice | None, place: int, result: Result) -> dict[str, Any]:
    """One check, as the page lists it; of an exception told above, the beginning is enough."""
    kind = mark(result)
    told = following is not None and following.error and following.result is result
    return {
        "place": place,
        "kind": kind.value,
        "word": str(_MARKS[kind]),
        "title": str(result.check.title),
        "message": clip(clean(result.verdict.message), 90 if told else _LONGEST_MESSAGE),
        "blocker": blocker(grade, result),
        "bonus": result.check.bonus,
        "share": result.verdict.fraction,
        "unsure": unsure(grade, result),
        "earned": "?" if unsure(grade, result) else points(result.points),
        "possible": result.check.points,
    }


def _steps(evidence: Evidence) -> list[dict[str, Any]]:
    """Every step that began, with its state; the worker's own two under a plain name."""
    return [
        {
            "name": clean(_STEPS.get(step.name, step.name)),
            "code": step.name not in _STEPS,
            "kind": _STATES[step.state][0],
            "word": str(_STATES[step.state][1]),
            "seconds": f"{step.seconds:.2f}" if step.state is StepState.DONE else "",
        }
        for step in evidence.main.steps
    ]


def _excerpt(log: str) -> str:
    """A log's first and last lines."""
    lines = log.replace("\r\n", "\n").rstrip().split("\n")
    if len(lines) > _LOG_FIRST + _LOG_LAST:
        lines = [*lines[:_LOG_FIRST], str(LEFT_OUT), *lines[-_LOG_LAST:]]
    return "\n".join(map(_last_state, lines)).strip("\n")


def _last_state(line: str) -> str:
    """Of a line that was written over again and again, what was left of it at the end."""
    states = [state for state in line.replace("\b", "").split("\r") if state.strip()]
    return clean(states[-1] if states else "").rstrip()[:_LOG_WIDTH]
