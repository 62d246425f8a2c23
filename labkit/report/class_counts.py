"""What a class comes to in one lab: points, checks, leaderboard. Numbers only, no words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, quantiles

from labkit.rubric.lab import Check, Lab

__all__ = ["Bin", "CheckTally", "Row", "Summary"]
__all__ += ["board", "counted", "hardest", "histogram", "summary", "tally"]

_MOST_BINS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """What the class page says of one student.

    Args:
        name: As people write it.
        key: What the gradebook knows the student by.
        section: Group of the class, or empty.
        points: What counts, after every policy; ``None`` for no grade.
        earned: Points of the submission itself; ``None`` where there are none.
        late_days: Days after the student's own deadline.
        penalty: Points taken off for that.
        adjustment: Points that a person added, or took away where negative.
        verdict: ``"graded"``, ``"refused"``, ``"unknown"`` or ``"missing"``.
        checks: Check -> ``"passed"``, ``"failed"``, ``"unknown"`` or ``"skipped"``.
        fractions: Check -> share of its points, for those that passed.
        message: What went wrong first, or why it was refused, on one line.
        report: Where the student's report is, relative to the page; empty for none.
        seconds: How long grading took.
        attempts: How often something was handed in.
        submitted: When it was handed in, with time zone; ``None`` where nobody knows.
        challenge: ``"loss"``, ``"parameters"`` and ``"seconds"``; empty where there is no challenge.
    """

    name: str
    key: str
    section: str
    points: float | None
    earned: float | None
    late_days: float
    penalty: float
    adjustment: float
    verdict: str
    checks: Mapping[str, str]
    fractions: Mapping[str, float]
    message: str
    report: str
    seconds: float
    attempts: int
    submitted: datetime | None
    challenge: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """How the points of a class lie; quartiles by linear interpolation."""

    count: int
    mean: float
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of the histogram: from ``low`` up to, but not including, ``high``."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class CheckTally:
    """How many submissions a check ended in each way for."""

    check: Check
    full: int
    partial: int
    failed: int
    skipped: int
    unknown: int

    @property
    def reached(self) -> int:
        """Submissions that got as far as the check and could be decided."""
        return self.full + self.partial + self.failed

    @property
    def rate(self) -> float | None:
        """Share of those that passed it in full; ``None`` where none got there."""
        return self.full / self.reached if self.reached else None


def counted(rows: Sequence[Row]) -> list[float]:
    """Points that statistics are made of.

    What nobody could decide is no grade, and what was never handed in is none of the lab's: neither
    counts, as 0 or as anything.
    """
    decided = (row.points for row in rows if row.verdict in ("graded", "refused"))
    return [points for points in decided if points is not None and math.isfinite(points)]


def summary(values: Sequence[float]) -> Summary | None:
    """Mean, quartiles and range; ``None`` of no points at all.

    Example:
        >>> summary([1.0, 2.0, 3.0, 4.0, 10.0]).median
        3.0
    """
    if not values:
        return None
    several = values if len(values) > 1 else [*values, *values]
    lower, median, upper = quantiles(several, n=4, method="inclusive")
    return Summary(len(values), fmean(values), min(values), lower, median, upper, max(values))


def histogram(values: Sequence[float], maximum: float) -> list[Bin]:
    """Count points in at most a dozen bins of a round width, from 0 to at least ``maximum``.

    A value on an edge belongs to the bin above it, the very highest edge to the last bin.

    Example:
        >>> [found.count for found in histogram([0, 1.5, 2, 4, 4], 4)]
        [1, 0, 0, 1, 1, 0, 0, 2]
    """
    top = max([maximum, *values]) or 1.0
    width = _round_width(top / _MOST_BINS)
    bins = math.ceil(top / width - 1e-9)
    counts = [0] * bins
    for value in values:
        counts[max(0, min(int(value / width + 1e-9), bins - 1))] += 1
    return [Bin(place * width, (place + 1) * width, count) for place, count in enumerate(counts)]


def tally(lab: Lab, rows: Sequence[Row]) -> list[CheckTally]:
    """Count how each check ended, in the rubric's order; refused submissions were never looked at."""
    looked_at = [row for row in rows if row.verdict in ("graded", "unknown")]
    found = []
    for check in lab.checks:
        marks = [_mark(row, check.name) for row in looked_at]
        ways = ("passed", "partial", "failed", "skipped", "unknown")
        found.append(CheckTally(check, *(marks.count(way) for way in ways)))
    return found


def hardest(tallies: Sequence[CheckTally]) -> CheckTally | None:
    """The check that fewest passed of those who got there, bonus apart; ``None`` where all passed.

    One student in one trial says little, so each check is given one success and one failure
    beforehand (Laplace's rule of succession).
    """
    missed = [one for one in tallies if one.full < one.reached and not one.check.bonus]
    return min(missed, key=lambda one: (one.full + 1) / (one.reached + 2), default=None)


def board(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Rank and row of everyone with a loss: by loss, parameters, seconds; equals share a rank."""
    entered = [row for row in rows if row.verdict == "graded" and _standing(row)[0] < math.inf]
    before, rank = None, 0
    for place, row in enumerate(sorted(entered, key=_standing), 1):
        if _standing(row) != before:
            before, rank = _standing(row), place
        yield rank, row


def _standing(row: Row) -> tuple[float, ...]:
    values = (row.challenge.get(name, math.inf) for name in ("loss", "parameters", "seconds"))
    return tuple(value if math.isfinite(value) else math.inf for value in values)


def _mark(row: Row, check: str) -> str:
    """How a check ended; one that gave some of its points only is ``"partial"``."""
    status = row.checks.get(check, "")
    return "partial" if status == "passed" and row.fractions.get(check, 1.0) < 1.0 else status


def _round_width(least: float) -> float:
    """The smallest of 1, 2 and 5, times a power of ten, that is at least ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
