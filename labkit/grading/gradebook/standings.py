"""Who has what in a lab: the roster, the gradebook and the policy together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from labkit.grading.gradebook.policy import Policy, standing
from labkit.grading.gradebook.records import Adjustment, Attempt, Standing, Student
from labkit.grading.gradebook.store import Gradebook
from labkit.grading.people.columns import fold
from labkit.rubric.lab import Lab

__all__ = ["described", "standings"]

_TEXTS = [each.name for each in fields(Student) if each.name != "extension"]


def standings(
    lab: Lab, book: Gradebook, students: Sequence[Student], policy: Policy, *, records: bool = True
) -> list[Standing]:
    """Everybody's standing, in the order of the roster, those who are not in it behind.

    Args:
        lab: The lab.
        book: The gradebook.
        students: The roster; empty for none.
        policy: Rules of the lab.
        records: Whether the attempts' records are wanted, see `Gradebook.attempts`.
    """
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in book.attempts(lab.name, records=records):
        attempts[fold(attempt.student)].append(attempt)
    adjustments: dict[str, list[Adjustment]] = defaultdict(list)
    for adjustment in book.adjustments(lab.name):
        adjustments[fold(adjustment.student)].append(adjustment)
    known = {fold(student.key): student for student in students}
    for key in sorted({*attempts, *adjustments} - set(known)):
        known[key] = _remembered(attempts[key], adjustments[key])
    return [
        standing(student, lab.name, lab.maximum, attempts[key], adjustments[key], policy)
        for key, student in known.items()
    ]


def described(student: Student) -> dict[str, str]:
    """A student as an attempt's record keeps them, for exports without a roster."""
    return {name: value for name in _TEXTS if (value := getattr(student, name))}


def _remembered(attempts: Sequence[Attempt], adjustments: Sequence[Adjustment]) -> Student:
    """A student who is in no roster, as the last attempt that says who they are describes them."""
    key = attempts[0].student if attempts else adjustments[0].student
    last: Mapping[str, Any] = {}
    for attempt in attempts:
        last = attempt.record.get("student") or last
    told: dict[str, Any] = {name: str(last[name]) for name in _TEXTS if last.get(name)}
    return Student(**{"key": key, **told})
