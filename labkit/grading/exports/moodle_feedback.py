"""What a student reads beside the grade in Moodle: short HTML on one line, everything escaped."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from labkit.grading.exports.cells import number
from labkit.grading.gradebook.records import Standing
from labkit.i18n import texts

__all__ = ["OURS", "feedback"]

_ = texts(__file__)

OURS = '<div class="labkit">'
"""How feedback of the kit begins, by which a later export knows what it may replace."""


def feedback(standing: Standing) -> str:
    """What a student reads beside the grade: short HTML on one line, everything escaped."""
    points, maximum = number(standing.points), number(standing.maximum)
    lines = [_("{points} of {maximum} points.", points=points, maximum=maximum)]
    if standing.penalty:
        days, penalty = number(standing.late_days), number(standing.penalty)
        lines.append(_("{days} days late: {penalty} points less.", days=days, penalty=penalty))
    lines += [
        _("{points} points by hand: {reason}", points=f"{entry.points:+g}", reason=entry.reason)
        for entry in standing.adjustments
    ]
    said = "".join(f"<p>{_plain(line)}</p>" for line in lines)
    checks = standing.attempt.record.get("checks", ()) if standing.attempt else ()
    lost = "".join(_lost(check) for check in checks if _cost_points(check))
    return f"{OURS}{said}{f'<ul>{lost}</ul>' if lost else ''}</div>"


def _cost_points(check: Mapping[str, Any]) -> bool:
    return not check.get("bonus") and float(check.get("fraction") or 0) < 1


def _lost(check: Mapping[str, Any]) -> str:
    points, possible = number(check.get("points")), number(check.get("possible"))
    return (
        f"<li>{points}/{possible} <strong>{_plain(check.get('title', ''))}</strong> "
        f"{_plain(check.get('message', ''))}</li>"
    )


def _plain(text: object) -> str:
    return html.escape(" ".join(str(text).split()))
