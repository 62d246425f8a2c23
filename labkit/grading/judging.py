"""From what a submission left to what the gradebook keeps: judged, reported, and put into a record."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from labkit.grading.attempted import Carried, settled
from labkit.grading.gradebook.records import Verdict
from labkit.grading.pipeline import Graded
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial

__all__ = ["Judge", "Judged", "Report"]

Report = Callable[[Graded, Path], Mapping[str, Any]]
"""Writes a grade's report into the folder of its attempt, and returns its record."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a submission earned.

    Args:
        verdict: Whether it could be graded.
        points: Earned, bonus included.
        maximum: To be had, bonus not included.
        record: What ``grade.json`` holds.
        started: When it was begun with; ``None`` where nothing was run.
    """

    verdict: Verdict
    points: float
    maximum: float
    record: Mapping[str, Any]
    started: datetime | None


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows the truth, which submissions never meet.

    Args:
        lab: The lab.
        trial: What they were run with, and the truth.
        report: Writes the report.
    """

    lab: Lab
    trial: Trial
    report: Report

    def __call__(self, carried: Carried, folder: Path) -> Judged:
        """Judge what a submission left in ``folder``, and write its report there.

        Raises:
            OSError: There is no room left.
        """
        graded, verdict = settled(carried, folder, self.lab, self.trial)
        record = self.report(graded, folder)
        _leave_alone_what_is_loaded()
        started = carried.ran.started if carried.ran else None
        return Judged(verdict, graded.grade.points, graded.grade.maximum, record, started)


@cache
def _leave_alone_what_is_loaded() -> None:
    """Keep the garbage collector out of Matplotlib and the rubric, once the first report is drawn.

    Figures are full of cycles, and every collection would walk through all of it: a fifth of the time
    that a report takes.
    """
    gc.collect()
    gc.freeze()
