"""A grade as one self-contained page: no script, no font or image from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.i18n import current_language, texts
from labkit.report.terminal import points
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Figure
from labkit.rubric.verdict import Status

__all__ = ["page"]

_ = texts(__file__)

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_LOG_LINES = 200
_MARKS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.UNKNOWN: "?", Status.SKIPPED: "·"}


def page(grade: Grade, evidence: Evidence, figures: Sequence[tuple[Figure, str]], *, log: str) -> str:
    """Render the report in the current language.

    Args:
        grade: What was earned.
        evidence: What it rests on.
        figures: Figures with their SVG text.
        log: What the run printed; its last lines are shown.

    Returns:
        HTML. Everything that came from a submission is escaped, and figures are images, so that
        nothing in it can run; a policy in the page forbids it besides.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("labkit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    following = grade.first_failure
    return environment.get_template("report.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        language=current_language(),
        lab=grade.lab,
        points=points(grade.points),
        maximum=points(grade.maximum),
        share=min(1.0, grade.points / grade.maximum) if grade.maximum else 0.0,
        undecided=points(grade.undecided) if grade.undecided else "",
        rows=[_row(result) for result in grade.results],
        following=_row(following) if following else None,
        error=_error(evidence),
        figures=[(figure, _image(svg)) for figure, svg in figures],
        steps=[step for step in evidence.main.steps if step.state is not StepState.WAITING],
        layers=_layers(evidence.model.card),
        parameters=_count(evidence.model.card.get("parameters")),
        loops=_loops(evidence),
        log="\n".join(_CONTROL.sub("", log.replace("\x08", "")).splitlines()[-_LOG_LINES:]),
        provenance=_provenance(grade.provenance),
    )


def _row(result: Result) -> dict[str, Any]:
    verdict, check = result.verdict, result.check
    partial = verdict.status is Status.PASSED and not verdict.full
    return {
        "kind": "partial" if partial else verdict.status.value,
        "mark": "◐" if partial else _MARKS[verdict.status],
        "title": str(check.title),
        "message": str(verdict.message),
        "hint": str(check.hint),
        "bonus": check.bonus,
        "points": "?" if verdict.status is Status.UNKNOWN else points(result.points),
        "possible": points(check.points),
    }


def _image(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _error(evidence: Evidence) -> Mapping[str, Any] | None:
    """The student's exception, where a step raised one."""
    for step in evidence.main.steps:
        if step.state is StepState.ERROR:
            lines = step.error.get("lines")
            return {
                "lines": [e for e in lines if isinstance(e, Mapping)]
                if isinstance(lines, list)
                else [],
                "kind": step.error.get("type", ""),
                "message": step.error.get("message", ""),
                "arguments": ", ".join(map(str, step.error.get("arguments") or [])),
            }
    return None


def _layers(card: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of the model's table; the card was written elsewhere and may hold anything."""
    layers = card.get("layers")
    rows = []
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, Mapping):
            shape = layer.get("output_shape")
            rows.append(
                {
                    "kind": str(layer.get("class_name", "")),
                    "output": " × ".join(map(str, shape[1:])) if isinstance(shape, list) else "",
                    "activation": str(layer.get("activation") or ""),
                    "parameters": _count(layer.get("parameters")),
                }
            )
    return rows


def _count(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else ""


def _loops(evidence: Evidence) -> list[str]:
    """Which training loop each call of `fit` ran through, and why."""
    names = {
        "fast": _("fast loop"),
        "fast+xla": _("fast loop, compiled by XLA"),
        "keras": _("Keras' own loop"),
    }
    lines = []
    for fit in evidence.main.fits:
        loop, reason = str(fit.get("loop", "")), str(fit.get("reason", ""))
        lines.append(f"{names.get(loop, loop)} ({reason})" if reason else str(names.get(loop, loop)))
    return lines


def _provenance(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = {
        "submission": _("file"),
        "sha256": _("digest of the file"),
        "rubric_sha256": _("digest of the rubric"),
        "seed": _("seed"),
        "started": _("started"),
        "seconds": _("seconds in all"),
        "cpu_seconds": _("processor seconds"),
        "peak_mb": _("peak memory, MB"),
    }
    return [
        (str(labels.get(name, name)), str(_("public split") if value is None else value))
        for name, value in values.items()
    ]
