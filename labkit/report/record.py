"""A grade as JSON, for programs and for later runs to look back on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from labkit.i18n import current_language
from labkit.report.outline import clean
from labkit.rubric.grade import Grade, Result

__all__ = ["as_record"]

_SCHEMA = 1
_DEEPEST = 8


def as_record(grade: Grade) -> dict[str, Any]:
    """Turn a grade into what ``json.dumps`` takes, texts in the current language.

    ``next`` names the first check that cost points, ``None`` where none did. Numbers that JSON does
    not know (NaN, infinity) become ``None``, arrays lists, and what else it does not know text.
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
        "title": clean(check.title),
        "status": verdict.status.value,
        "fraction": verdict.fraction,
        "points": round(result.points, 6),
        "possible": check.points,
        "bonus": check.bonus,
        "message": clean(verdict.message),
        "data": _plain(verdict.data),
    }


def _plain(value: Any, depth: int = 0) -> Any:
    """A value that JSON knows, made of whatever is given."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return _plain(value.tolist(), depth + 1)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {clean(name): _plain(entry, depth + 1) for name, entry in value.items()}
    if depth < _DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(entry, depth + 1) for entry in value]
    return clean(value)
