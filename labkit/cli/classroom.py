"""What the commands for a class share: its folder, its gradebook, its roster, its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from labkit.grading.exports.cells import save
from labkit.grading.gradebook import settings as class_settings
from labkit.grading.gradebook.records import Standing
from labkit.grading.gradebook.settings import Settings
from labkit.grading.gradebook.standings import standings
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.grading.people import roster as rosters
from labkit.report.class_page import Row, page
from labkit.report.facts import provenance
from labkit.rubric.lab import Lab

__all__ = ["Classroom", "entered", "write_page"]

_TOLD = ("rubric_sha256", "walls", "labkit", "python", "tensorflow", "keras", "numpy")


@dataclass(frozen=True, slots=True)
class Classroom:
    """A class: where its files are, its gradebook, who is in it and its rules."""

    folder: Path
    book: Gradebook
    settings: Settings
    roster: rosters.Roster | None

    def standings(self, lab: Lab, *, records: bool = True) -> list[Standing]:
        """Everybody's standing in a lab."""
        students = self.roster.students if self.roster else ()
        return standings(lab, self.book, students, self.settings.policy(lab.name), records=records)


@contextmanager
def entered(folder: Path, db: str | None = None, roster: Path | None = None) -> Iterator[Classroom]:
    """Open the class in ``folder``; it is made where it is missing.

    Args:
        folder: Settings, attempts and pages are there, and the gradebook where ``db`` is absent.
        db: URL of another database.
        roster: A class list in place of the one that the settings name.
    """
    settings = class_settings.load(folder)
    listed = roster or settings.roster
    students = rosters.read(listed) if listed else None
    book = Gradebook(db or file_url(folder / "gradebook.db"))
    try:
        yield Classroom(folder.absolute(), book, settings, students)
    finally:
        book.close()


def write_page(classroom: Classroom, lab: Lab) -> Path:
    """Write the class page of a lab and return where it is.

    Raises:
        StorageError: It cannot be written.
    """
    standings = classroom.standings(lab)
    rows = [_row(standing) for standing in standings]
    made = datetime.now().astimezone()
    path = classroom.folder / f"{lab.name}.html"
    lines = _rests_on(standings)
    save(path, page(lab, rows, title=classroom.settings.title, made=made, lines=lines))
    return path


def _rests_on(standings: Iterable[Standing]) -> list[tuple[str, str]]:
    """What the newest grade rests on: rubric, walls, versions."""
    attempts = [standing.attempt for standing in standings if standing.attempt]
    newest = max(attempts, key=lambda attempt: attempt.number, default=None)
    known: Mapping[str, Any] = newest.record.get("provenance", {}) if newest else {}
    told = {name: known[name] for name in known if name in _TOLD}
    return [(label, value) for label, value, _is_name in provenance(told)]


def _row(standing: Standing) -> Row:
    """What the page says of one student."""
    attempt = standing.attempt
    record: Mapping[str, Any] = attempt.record if attempt else {}
    checks = record.get("checks", ())
    lost = [check for check in checks if check["status"] in ("failed", "unknown")]
    return Row(
        name=standing.student.shown,
        key=standing.student.key,
        section=standing.student.section,
        points=standing.points,
        earned=standing.earned,
        late_days=standing.late_days,
        penalty=standing.penalty,
        adjustment=sum(adjustment.points for adjustment in standing.adjustments),
        verdict=attempt.verdict if attempt else "missing",
        checks={check["name"]: check["status"] for check in checks},
        fractions={check["name"]: check["fraction"] for check in checks},
        message=f"{lost[0]['title']}: {lost[0]['message']}" if lost else "",
        report=f"{attempt.folder}/report.html" if attempt else "",
        seconds=(attempt.finished - attempt.started).total_seconds() if attempt else 0.0,
        attempts=standing.attempts,
        submitted=attempt.submitted if attempt else None,
        challenge=record.get("challenge") or {},
    )
