"""A grade as JSON, for programs and for later runs to look back on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from labkit.i18n import current_language
from labkit.rubric.grade import Grade, Result

__all__ = ["as_record"]

_SCHEMA = 1


def as_record(grade: Grade) -> dict[str, Any]:
    """Turn a grade into what ``json.dumps`` takes, texts in the current language.

    Numbers that JSON does not know (NaN, infinity) become ``None``.
    """
    following = grade.first_failure
    return {
        "schema": _SCHEMA,
        "lab": grade.lab.name,
        "language": current_language(),
        "points": grade.points,
        "maximum": grade.maximum,
        "undecided": grade.undecided,
        "next": following.check.name if following and not following.check.bonus else None,
        "checks": [_check(result) for result in grade.results],
        "provenance": _plain(grade.provenance),
    }


def _check(result: Result) -> dict[str, Any]:
    check, verdict = result.check, result.verdict
    return {
        "name": check.name,
        "title": str(check.title),
        "status": verdict.status.value,
        "fraction": verdict.fraction,
        "points": result.points,
        "possible": check.points,
        "bonus": check.bonus,
        "message": str(verdict.message),
        "data": _plain(verdict.data),
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _number(value) for name, value in values.items()}


def _number(value: Any) -> Any:
    if isinstance(value, (bool, str, int)) or value is None:
        return value
    if hasattr(value, "item"):
        return _number(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)
