"""What attempts come to: which one counts, what lateness costs, what was changed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from labkit.grading.gradebook.records import Adjustment, Attempt, Standing, Student

__all__ = ["Policy", "standing"]

_LONGEST = 1_000_000.0  # days; an extension without end is written with many nines


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one lab.

    Args:
        due: Deadline, with time zone; ``None`` for none.
        late: Share of the maximum that each day begun after the deadline costs. Days are those of the
            deadline's time zone, so a change of clocks makes none longer.
        last_day: Days after which nothing is earned any more; ``None`` for never.
        keep: Whether the best attempt counts or the one handed in last.
        bonus: Whether points above the maximum count; where not, they make up for no lateness either.
    """

    due: datetime | None = None
    late: float = 0.0
    last_day: float | None = None
    keep: Literal["best", "latest"] = "best"
    bonus: bool = True


def standing(
    student: Student,
    lab: str,
    maximum: float,
    attempts: Sequence[Attempt],
    adjustments: Iterable[Adjustment],
    policy: Policy,
) -> Standing:
    """What one student has in one lab.

    Of several gradings of the same submission the newest stands for all, and was in time if any was:
    files downloaded anew look younger. An attempt that could not be told never counts as zero: others
    count in its place, and without others there is no grade but one given by hand.

    Args:
        student: Who.
        lab: ``"lab2"``.
        maximum: Points to be had, bonus not included.
        attempts: All of theirs in this lab, in the order they were graded.
        adjustments: All of theirs in this lab.
        policy: The rules.
    """
    by_hand = tuple(adjustments)
    added = sum(adjustment.points for adjustment in by_hand)
    empty = Standing(student, lab, maximum, attempts=len(attempts), adjustments=by_hand)
    if not attempts:
        return replace(empty, points=_counted(added, maximum, policy) if by_hand else None)
    first = _first_submitted(attempts)
    candidates = [
        _weigh(empty, attempt, first.get(attempt.sha256), policy)
        for attempt in _newest_gradings(attempts)
    ]
    told = [one for one in candidates if one.earned is not None] or candidates
    if policy.keep == "best":
        chosen = max(told, key=lambda one: (_worth(one, policy), _moment(one)))
    else:
        chosen = max(told, key=_moment)
    if chosen.earned is None:
        return replace(chosen, points=_counted(added, maximum, policy) if added > 0 else None)
    return replace(chosen, points=_counted(_worth(chosen, policy) + added, maximum, policy))


def _newest_gradings(attempts: Iterable[Attempt]) -> list[Attempt]:
    """One grading a submission: the last that could tell, or else the last."""
    newest: dict[str, Attempt] = {}
    for attempt in attempts:
        known = newest.get(attempt.sha256)
        if known is None or attempt.verdict != "unknown" or known.verdict == "unknown":
            newest[attempt.sha256] = attempt
    return list(newest.values())


def _first_submitted(attempts: Iterable[Attempt]) -> dict[str, datetime]:
    """Digest -> when that was handed in first, as far as anybody knows."""
    first: dict[str, datetime] = {}
    for attempt in attempts:
        if attempt.submitted is not None:
            known = first.get(attempt.sha256, attempt.submitted)
            first[attempt.sha256] = min(known, attempt.submitted)
    return first


def _weigh(empty: Standing, attempt: Attempt, submitted: datetime | None, policy: Policy) -> Standing:
    """The standing that this attempt alone would give, adjustments left out."""
    days = _late_days(submitted, empty.student, empty.lab, policy)
    if attempt.verdict == "unknown":
        return replace(empty, attempt=attempt, late_days=days)
    penalty = min(attempt.points, math.ceil(days) * policy.late * empty.maximum)
    if policy.last_day is not None and days > policy.last_day:
        penalty = attempt.points
    return replace(
        empty, attempt=attempt, earned=attempt.points, late_days=days, penalty=round(penalty, 6)
    )


def _worth(one: Standing, policy: Policy) -> float:
    """What an attempt comes to before anything is done by hand."""
    earned = one.earned or 0.0
    return (earned if policy.bonus else min(earned, one.maximum)) - one.penalty


def _late_days(submitted: datetime | None, student: Student, lab: str, policy: Policy) -> float:
    """Days after the student's own deadline; 0 where there is none, or nobody knows when it came."""
    if policy.due is None or submitted is None:
        return 0.0
    if submitted <= policy.due:
        return 0.0
    extension = student.extension.get(lab, student.extension.get("*", 0.0))
    late = submitted.astimezone(policy.due.tzinfo) - policy.due
    return max(0.0, (late - timedelta(days=min(extension, _LONGEST))) / timedelta(days=1))


def _counted(points: float, maximum: float, policy: Policy) -> float:
    most = math.inf if policy.bonus else maximum
    return round(min(max(0.0, points), most), 2)


def _moment(one: Standing) -> tuple[float, int]:
    attempt = one.attempt
    assert attempt is not None
    return ((attempt.submitted or attempt.finished).timestamp(), attempt.number)
