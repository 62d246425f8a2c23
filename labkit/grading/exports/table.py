"""The class as one plain table for a spreadsheet: a row a student, a column a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labkit.grading.exports.cells import BOM, as_csv, guarded, number, save
from labkit.grading.gradebook.records import Standing

__all__ = ["write"]

_COLUMNS = (
    "student",
    "name",
    "email",
    "section",
    "lab",
    "points",
    "maximum",
    "percent",
    "earned",
    "late_days",
    "penalty",
    "adjustment",
    "reason",
    "verdict",
    "attempts",
    "submitted",
)


def write(standings: Sequence[Standing], path: Path) -> None:
    """Write one row a student: who, what counts and why, and the points of each check.

    No grade is an empty cell. UTF-8 with a byte-order mark, by which Excel knows the accents; text
    that a spreadsheet would take for a formula gets an apostrophe in front.

    Raises:
        StorageError: The file cannot be written.
    """
    checks = _checks(standings)
    header = [*_COLUMNS, *(f"check {name}" if name in _COLUMNS else name for name in checks)]
    rows = [
        [*_row(standing), *(_points(standing).get(name, "") for name in checks)]
        for standing in standings
    ]
    save(path, BOM + as_csv([[guarded(name) for name in header], *rows]))


def _row(standing: Standing) -> list[str]:
    student, attempt = standing.student, standing.attempt
    adjustments = standing.adjustments
    percent = None
    if standing.points is not None and standing.maximum > 0:
        percent = 100 * standing.points / standing.maximum
    return [
        *map(guarded, (student.key, student.name, student.email, student.section, standing.lab)),
        number(standing.points),
        number(standing.maximum),
        number(percent),
        number(standing.earned),
        number(standing.late_days),
        number(standing.penalty),
        number(sum(entry.points for entry in adjustments)) if adjustments else "",
        guarded("; ".join(entry.reason for entry in adjustments)),
        attempt.verdict if attempt else "",
        str(standing.attempts),
        attempt.submitted.isoformat(timespec="seconds") if attempt and attempt.submitted else "",
    ]


def _results(standing: Standing) -> Sequence[Mapping[str, Any]]:
    return standing.attempt.record.get("checks") or () if standing.attempt else ()


def _checks(standings: Sequence[Standing]) -> list[str]:
    """Names of all checks, in the order of the rubrics that asked them."""
    names = (str(check["name"]) for standing in standings for check in _results(standing))
    return list(dict.fromkeys(names))


def _points(standing: Standing) -> dict[str, str]:
    """Check -> points; empty where nobody could tell, which is not a zero."""
    open_ended = {"unknown"}
    if standing.attempt and standing.attempt.record.get("undecided"):
        open_ended.add("skipped")  # it may wait for the check that could not tell
    return {
        str(check["name"]): "" if check.get("status") in open_ended else number(check.get("points"))
        for check in _results(standing)
    }
