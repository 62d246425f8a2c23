"""Moodle's offline grading worksheet, filled.

How Moodle writes and reads it is decided in
https://github.com/moodle/moodle/tree/main/mod/assign/feedback/offline (and ``gradingtable.php`` above
it). It finds the columns by their titles in the teacher's language and the person by the number in
``Identifier``; it passes without a word over grades above the maximum, and over rows graded in Moodle
after the download. The number belongs to the assignment, not to the person: a roster made from
another assignment has other numbers, so an address and a name that both differ speak against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from labkit.grading.exports.cells import number, parsed, save
from labkit.grading.exports.matching import (
    Clue,
    Left,
    Report,
    differ,
    name_key,
    pair,
    plain_key,
    single_lab,
)
from labkit.grading.exports.moodle_feedback import OURS, feedback
from labkit.grading.exports.moodle_worksheet import Worksheet, open_worksheet
from labkit.grading.gradebook.records import Standing, Student
from labkit.i18n import Text, texts

__all__ = ["fill"]

_ = texts(__file__)

_PARTICIPANT = re.compile(r"\D*(\d+)\s*")
_LOCKED = frozenset(("no", "non", "nein", "não"))


def fill(worksheet: Path, standings: Sequence[Standing], out: Path, *, comments: bool = True) -> Report:
    """Put grades and short feedback into a grading worksheet downloaded from Moodle.

    Grades are scaled to the worksheet's maximum grade where it is not the lab's, and are never above
    it, since Moodle would pass over them. Locked rows, people without a grade and feedback that
    somebody wrote are left alone; a row that is not changed stays as it was byte for byte.

    Args:
        worksheet: As *Download grading worksheet* gives it, in English or Spanish.
        standings: Of one lab.
        out: File to upload in Moodle.
        comments: Whether to fill the feedback comments too.

    Raises:
        TableError: It is no such file, or the assignment is graded by a scale.
        UsageError: The standings are of several labs.
        StorageError: The file cannot be written.
    """
    single_lab(standings)
    book = open_worksheet(worksheet)
    pairs = _pairs(book, standings)
    mark = _decimal_mark(book)
    sources = [line.source for line in book.sheet.lines]
    filled, left, notes = [], [], _Notes()
    for row, standing in sorted(pairs.items()):
        if why := _reason_to_leave(book, row, standing):
            left.append(Left(standing.student, why))
            continue
        sources[row + 1] = _filled(book, row, standing, mark, comments, notes)
        filled.append(standing.student)
    save(out, book.sheet.text(sources))
    found = {standing.student.key for standing in pairs.values()}
    people = book.said("name") if book.places["name"] >= 0 else book.said("identifier")
    return Report(
        tuple(filled),
        tuple(left),
        tuple(entry.student for entry in standings if entry.student.key not in found),
        tuple(name for row, name in enumerate(people) if name and row not in pairs),
        notes.texts(),
    )


class _Notes:
    """Counts of what the instructor should know of."""

    def __init__(self) -> None:
        self.capped = 0
        self.kept = 0
        self.scaled: tuple[float, float] | None = None

    def texts(self) -> tuple[Text, ...]:
        """The counts as sentences."""
        notes = []
        if self.scaled:
            ours, theirs = map(number, self.scaled)
            notes.append(
                _(
                    "The lab has {ours} points and Moodle's worksheet {theirs}: grades were scaled.",
                    ours=ours,
                    theirs=theirs,
                )
            )
        if self.capped:
            notes.append(
                _(
                    "Grades above the maximum were cut to it, since Moodle takes none above: {count}.",
                    count=self.capped,
                )
            )
        if self.kept:
            notes.append(_("Feedback that somebody wrote was left as it is: {count}.", count=self.kept))
        return tuple(notes)


def _filled(
    book: Worksheet, row: int, standing: Standing, mark: str, comments: bool, notes: _Notes
) -> str:
    """One row with its grade and feedback."""
    cells = list(book.sheet.lines[row + 1].cells)
    cells += [""] * (len(book.sheet.header) - len(cells))
    cells[book.places["grade"]] = number(_grade(book, row, standing, notes), mark)
    place = book.places["comments"]
    if comments and place >= 0:
        if cells[place].strip() and not cells[place].lstrip().startswith(OURS):
            notes.kept += 1
        else:
            cells[place] = feedback(standing)
    return book.sheet.record(cells)


def _grade(book: Worksheet, row: int, standing: Standing, notes: _Notes) -> float:
    points = standing.points or 0.0
    maximum = parsed(book.cell(row, "maximum"))
    if not maximum:
        return points
    if standing.maximum and maximum != standing.maximum:
        notes.scaled = (standing.maximum, maximum)
        points *= maximum / standing.maximum
    if round(points, 2) > maximum:
        notes.capped += 1
    return min(points, maximum)


def _decimal_mark(book: Worksheet) -> str:
    cells = (*book.said("maximum"), *book.said("grade"))
    return "," if any("," in cell and parsed(cell) is not None for cell in cells) else "."


def _pairs(book: Worksheet, standings: Sequence[Standing]) -> dict[int, Standing]:
    """Row below the header -> standing."""
    numbers = [_participant(cell) for cell in book.said("identifier")]
    emails = [plain_key(cell) for cell in book.said("email")]
    names = [name_key(cell) for cell in book.said("name")]

    def doubt(row: int, student: Student) -> bool:
        return differ(plain_key(student.email), emails[row]) and (
            not student.name or not names[row] or name_key(student.name) != names[row]
        )

    clues = (
        Clue(numbers, lambda student: _participant(student.moodle_id)),
        Clue(emails, lambda student: plain_key(student.email)),
        Clue(emails, lambda student: plain_key(student.key)),
        Clue(names, lambda student: name_key(student.name)),
    )
    return pair(clues, standings, doubt)


def _participant(cell: str) -> str:
    match = _PARTICIPANT.fullmatch(cell)
    return match[1].lstrip("0") if match else ""


def _reason_to_leave(book: Worksheet, row: int, standing: Standing) -> Text | None:
    if not number(standing.points):
        return _("no grade yet")
    if plain_key(book.cell(row, "changeable")) in _LOCKED:
        return _("locked in Moodle")
    return None
