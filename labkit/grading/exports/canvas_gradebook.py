"""A gradebook that Canvas exported: which line and column is what, and what Canvas would drop."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import TableError
from labkit.grading.exports.cells import Line, Sheet, parsed, read_sheet
from labkit.grading.exports.matching import name_key, plain_key
from labkit.i18n import texts

__all__ = ["IDENTITY", "Gradebook", "column_of", "open_gradebook", "points_possible", "refuse_dropped"]

_ = texts(__file__)

IDENTITY = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
"""The columns that say who somebody is, in Canvas' order."""

_WHO = (*IDENTITY, "LastName", "FirstName", "Integration ID", "Root Account")
_POINTS_POSSIBLE = "Points Possible"
_HIDDEN = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"(?P<title>.*)\s\((?P<id>\d+)\)", re.DOTALL)
# Canvas looks for these words anywhere in a title.
_DROPPED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_TEST_STUDENTS = frozenset(
    map(name_key, ("Student, Test", "Estudiante de prueba", "Estudiante, Prueba", "Alumno de prueba"))
)


@dataclass(frozen=True, slots=True)
class Gradebook:
    """An exported gradebook: which columns say who somebody is, and who is in which line.

    Args:
        sheet: The file.
        identity: How many columns say who somebody is; they come first.
        students: Places in ``sheet.lines`` of real students.
        possible: The line with the points possible.
    """

    sheet: Sheet
    identity: int
    students: tuple[int, ...]
    possible: Line | None

    def identity_of(self, row: int) -> list[str]:
        """Who a line is about, cell for cell."""
        line = self.sheet.lines[row]
        return [self.sheet.cell(line, place) for place in range(self.identity)]

    def said(self, name: str) -> tuple[str, ...]:
        """What the students' lines say in the column of that name; empty where there is none."""
        header = self.sheet.header
        place = header.index(name) if name in header[: self.identity] else -1
        return tuple(self.sheet.cell(self.sheet.lines[row], place).strip() for row in self.students)

    def names(self) -> tuple[str, ...]:
        """The students' names."""
        if "Student" in self.sheet.header:
            return self.said("Student")
        last, first = self.said("LastName"), self.said("FirstName")
        return tuple(f"{one}, {other}" for one, other in zip(last, first))


def open_gradebook(file: Path) -> Gradebook:
    """Read an exported gradebook and find out which line is what.

    Raises:
        TableError: It is no such file.
    """
    sheet = read_sheet(file)
    header = sheet.header
    named = header[:2] == ("Student", "ID") or header[:3] == ("LastName", "FirstName", "ID")
    if not named or "Section" not in header:
        raise _not_canvas(file, header)
    identity = header.index("Section") + 1
    if strange := [name for name in header[:identity] if name not in _WHO]:
        raise TableError(
            _("{file} has a column {name} before Section.", file=file.name, name=strange[0]),
            _("Canvas expects the columns {names} there.", names=", ".join(IDENTITY)),
            _("Export the gradebook from Canvas again and leave its columns as they are."),
        )
    students: list[int] = []
    possible = None
    for row, line in enumerate(sheet.lines[1:], 1):
        if _POINTS_POSSIBLE in sheet.cell(line, 0):
            possible = line
            continue
        hidden = all(_HIDDEN.fullmatch(cell) for cell in line.cells)
        tester = name_key(" ".join(line.cells[: header.index("ID")])) in _TEST_STUDENTS
        if not hidden and not tester:
            students.append(row)
    return Gradebook(sheet, identity, tuple(students), possible)


def _not_canvas(file: Path, header: tuple[str, ...]) -> TableError:
    first = {name.casefold() for name in header[:1]}
    if first & {"identifier", "identificador"}:
        happened = _("{file} looks like a grading worksheet of Moodle.", file=file.name)
        fix = _("Use `labkit gradebook export moodle` for it.")
    else:
        happened = _("{file} is not a gradebook exported from Canvas.", file=file.name)
        fix = _("In Canvas open Grades and choose Export, then give that file.")
    return TableError(
        happened, _("Its first columns should be {names}.", names=", ".join(IDENTITY)), fix
    )


def column_of(book: Gradebook, assignment: str) -> int:
    """Find the one assignment that is meant, by its number, whole header or title.

    Raises:
        TableError: There is none, more than one, or Canvas would not take it.
    """
    wanted = plain_key(assignment)
    known: dict[int, tuple[str, ...]] = {}
    for place, name in list(enumerate(book.sheet.header))[book.identity :]:
        if match := _ASSIGNMENT.fullmatch(name):
            known[place] = (match["id"], plain_key(name), plain_key(match["title"]))
    # A number or a whole header says more than a title, which two assignments may share.
    found = [place for place, (id, name, _title) in known.items() if wanted in (id, name)]
    found = found or [place for place, (*_ids, title) in known.items() if wanted == title]
    if len(found) != 1:
        raise _no_column(book, assignment, len(found))
    name = book.sheet.header[found[0]]
    refuse_dropped(name)
    return found[0]


def _no_column(book: Gradebook, assignment: str, found: int) -> TableError:
    names = [name for name in book.sheet.header[book.identity :] if _ASSIGNMENT.fullmatch(name)]
    if found:
        happened = _("More than one assignment is called {name}.", name=assignment)
    else:
        happened = _("The file has no assignment {name}.", name=assignment)
    near = difflib.get_close_matches(assignment, names, n=3, cutoff=0.3) or names[:5]
    return TableError(
        happened,
        _("It has: {names}.", names=", ".join(near)) if near else _("It has no assignment at all."),
        _("Name one by its number in Canvas, which stands in parentheses; publish it first."),
    )


def refuse_dropped(title: str) -> None:
    """Refuse a title that makes Canvas pass over the whole column without a word.

    Raises:
        TableError: It is such a title.
    """
    if _DROPPED.search(title):
        raise TableError(
            _("Canvas does not import the column {name}.", name=title),
            _("It skips titles with words such as Final Score or Current Grade."),
            _("Give the assignment another title in Canvas and export the gradebook again."),
        )


def points_possible(book: Gradebook, column: int) -> float | None:
    """Points possible of a column; ``None`` where the file does not say.

    Raises:
        TableError: Canvas computes the column itself.
    """
    cell = book.sheet.cell(book.possible, column).strip() if book.possible else ""
    if cell and parsed(cell) is None:
        raise TableError(
            _("Canvas computes the column {name} itself.", name=book.sheet.header[column]),
            _("In its row {row} it says {cell}.", row=_POINTS_POSSIBLE, cell=cell),
            _("Name the column of an assignment that is graded by points."),
        )
    return parsed(cell)
