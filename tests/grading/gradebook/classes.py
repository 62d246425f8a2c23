"""Attempts as a class makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from labkit.grading.gradebook.records import Adjustment, Attempt

NOON = datetime(2026, 6, 10, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)

_ATTEMPT = Attempt(
    number=0,
    lab="lab2",
    student="ana",
    name="mnist.py",
    sha256="aa" * 32,
    rubric_sha256="bb" * 32,
    seed=7,
    verdict="graded",
    points=8.0,
    maximum=10.0,
    record={},
    folder="attempts/lab2/ana/1",
    submitted=NOON,
    started=NOON,
    finished=NOON + timedelta(seconds=1),
)


def attempt(**changes: Any) -> Attempt:
    """An attempt at lab 2 that earned 8 of 10 points, but for what is said."""
    return replace(_ATTEMPT, **changes)


def adjustment(points: float = 1.0, **changes: Any) -> Adjustment:
    """Points by hand for Ana in lab 2, but for what is said."""
    return replace(Adjustment("lab2", "ana", points, "a reason", "prof", NOON), **changes)


def check(name: str, points: float, message: str = "", status: str = "passed") -> dict[str, Any]:
    """One check of a record."""
    said = {"name": name, "title": f"Title of {name}", "status": status, "points": points}
    return {**said, "fraction": float(points > 0), "bonus": False, "message": message}
