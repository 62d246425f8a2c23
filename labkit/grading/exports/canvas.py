"""Canvas' gradebook: fills the CSV exported from it, or writes one from the roster's identifiers.

How Canvas reads the file is decided in
https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb, and how it writes its
own in ``gradebook_exporter.rb`` beside it:

- The title of an assignment ends in its number, ``Lab 2 (12345)``; without it Canvas may make a new
  assignment.
- Columns whose title holds ``Current Score``, ``Final Grade`` and the like are dropped without a word,
  and so is one that says ``(read only)`` in the row ``Points Possible``.
- An empty cell takes away the grade that Canvas has. So a row without a grade of ours keeps its cell.
- A person is found by ``ID``, then ``SIS User ID``, ``SIS Login ID``, and last by the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from labkit.errors import UsageError
from labkit.grading.exports.canvas_gradebook import (
    IDENTITY,
    Gradebook,
    column_of,
    open_gradebook,
    points_possible,
    refuse_dropped,
)
from labkit.grading.exports.cells import as_csv, guarded, number, parsed, save
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
from labkit.grading.gradebook.records import Standing, Student
from labkit.i18n import Text, texts

__all__ = ["fill", "write"]

_ = texts(__file__)


def fill(gradebook_csv: Path, standings: Sequence[Standing], assignment: str, out: Path) -> Report:
    """Put grades into a gradebook exported from Canvas; write who is who and that one column.

    Everybody else's cell stays as Canvas had it, and so do excused (``EX``) and unassigned (``N/A``)
    ones. Bonus points above the points possible are kept. Where Canvas gives the assignment another
    number of points than the lab has, grades are scaled, and the report says so.

    Args:
        gradebook_csv: As *Grades > Export* gives it, with commas or semicolons.
        standings: Of one lab.
        assignment: Number, title or whole header of the assignment's column.
        out: File to import in Canvas.

    Raises:
        TableError: It is no such file, or the column is not there or cannot be imported.
        UsageError: The standings are of several labs.
        StorageError: The file cannot be written.
    """
    single_lab(standings)
    book = open_gradebook(gradebook_csv)
    column = column_of(book, assignment)
    possible = points_possible(book, column)
    pairs = _pairs(book, standings)
    mark = "," if any("," in cell for cell in _numbers(book, column)) else "."
    cells = {row: book.sheet.cell(line, column) for row, line in enumerate(book.sheet.lines)}
    filled, left = [], []
    for place, standing in pairs.items():
        row = book.students[place]
        if why := _reason_to_leave(standing, cells[row]):
            left.append(Left(standing.student, why))
            continue
        cells[row] = number(_scaled(standing, possible), mark)
        filled.append(standing.student)
    written = ([*book.identity_of(row), cells[row]] for row in cells)
    records = (book.sheet.record(line) for line in written if any(cell.strip() for cell in line))
    save(out, book.sheet.text(records))
    found = {standing.student.key for standing in pairs.values()}
    return Report(
        tuple(filled),
        tuple(left),
        tuple(entry.student for entry in standings if entry.student.key not in found),
        tuple(name for place, name in enumerate(book.names()) if place not in pairs),
        _notes(standings, possible),
    )


def write(standings: Sequence[Standing], title: str, assignment_id: str | int, out: Path) -> Report:
    """Write a file that Canvas imports, from the roster's own identifiers.

    Students without a grade or without an identifier are left out: an empty cell would take away a
    grade that Canvas has, and a name alone may be somebody else's.

    Raises:
        UsageError: Title or number are not such that Canvas finds the assignment by them.
        TableError: Canvas would drop a column of that title.
        StorageError: The file cannot be written.
    """
    single_lab(standings)
    header = f"{' '.join(title.split())} ({assignment_id})"
    _check_title(title, str(assignment_id))
    filled, left, unknown, rows = [], [], [], []
    for standing in standings:
        student = standing.student
        if not (student.canvas_id or student.sis_id or student.login):
            unknown.append(student)
        elif why := _reason_to_leave(standing, ""):
            left.append(Left(student, why))
        else:
            who = (_last_first(student), student.canvas_id, student.sis_id, student.login)
            rows.append([*map(guarded, (*who, student.section)), number(standing.points)])
            filled.append(student)
    maximum = number(standings[0].maximum) if standings else ""
    head = [[*IDENTITY, header], ["    Points Possible", "", "", "", "", maximum]]
    save(out, as_csv([*head, *rows]))
    return Report(tuple(filled), tuple(left), tuple(unknown))


def _numbers(book: Gradebook, column: int) -> list[str]:
    """The cells of the column that hold numbers."""
    return [cell for cell in book.sheet.column(column) if parsed(cell) is not None]


def _pairs(book: Gradebook, standings: Sequence[Standing]) -> dict[int, Standing]:
    """Place among the file's students -> standing."""
    ids = [plain_key(cell) for cell in book.said("ID")]
    sis = [plain_key(cell) for cell in book.said("SIS User ID")]
    logins = [plain_key(cell) for cell in book.said("SIS Login ID")]
    names = [name_key(cell) for cell in book.names()]

    def doubt(row: int, student: Student) -> bool:
        canvas_id = plain_key(student.canvas_id)
        if canvas_id and ids[row]:
            return canvas_id != ids[row]
        return differ(plain_key(student.sis_id), sis[row])

    clues = (
        Clue(ids, lambda student: plain_key(student.canvas_id)),
        Clue(logins, lambda student: plain_key(student.login)),
        Clue(sis, lambda student: plain_key(student.sis_id)),
        Clue(logins, lambda student: plain_key(student.email)),
        Clue(logins, lambda student: plain_key(student.key)),
        Clue(sis, lambda student: plain_key(student.key)),
        Clue(names, lambda student: name_key(student.name)),
    )
    return pair(clues, standings, doubt)


def _reason_to_leave(standing: Standing, cell: str) -> Text | None:
    """Why a student's cell must stay as it is; ``None`` where the grade goes in."""
    if not number(standing.points):
        return _("no grade yet")
    if cell.strip().upper() == "EX":
        return _("excused in Canvas")
    if cell.strip().upper() == "N/A":
        return _("not assigned to them in Canvas")
    return None


def _scaled(standing: Standing, possible: float | None) -> float:
    points = standing.points or 0.0
    if not possible or not standing.maximum:
        return points
    return points * possible / standing.maximum


def _notes(standings: Sequence[Standing], possible: float | None) -> tuple[Text, ...]:
    maximum = standings[0].maximum if standings else 0.0
    if not possible or not maximum or possible == maximum:
        return ()
    return (
        _(
            "The lab has {ours} points and the assignment in Canvas {theirs}: grades were scaled.",
            ours=number(maximum),
            theirs=number(possible),
        ),
    )


def _check_title(title: str, assignment_id: str) -> None:
    if not assignment_id.isascii() or not assignment_id.isdigit():
        raise UsageError(
            _("{id} is not the number of an assignment in Canvas.", id=assignment_id),
            _("It is the number at the end of the assignment's address, digits only."),
        )
    if not title.strip():
        raise UsageError(_("The assignment needs a title."), fix=_("Give the one it has in Canvas."))
    refuse_dropped(title)


def _last_first(student: Student) -> str:
    """A name as Canvas sorts it: the last word first."""
    if "," in student.shown or " " not in student.shown.strip():
        return student.shown
    first, _space, last = student.shown.strip().rpartition(" ")
    return f"{last}, {first}"
