"""Reads who is in a class from a CSV, Canvas' and Moodle's own exports among them."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from labkit.errors import TableError
from labkit.grading.gradebook.records import Student
from labkit.grading.people.columns import PARTICIPANT, Columns, arrange, fold, plain
from labkit.grading.people.delimited import Line, lines_of
from labkit.i18n import texts

__all__ = ["Roster", "read"]

_ = texts(__file__)

_DAYS = re.compile(r"\d+([.,]\d+)?", re.ASCII)
_TEST_STUDENTS = ("student test", "test student", "estudiante de prueba", "prueba estudiante")
_IDENTITIES = ("key", "email", "login", "canvas_id", "sis_id", "moodle_id")


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a class, in the order of the file."""

    students: tuple[Student, ...]
    _known: dict[tuple[str, str], list[Student]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note what each student can be found by."""
        known: dict[tuple[str, str], list[Student]] = defaultdict(list)
        for student in self.students:
            for kind in _IDENTITIES:
                if value := getattr(student, kind):
                    known[kind, fold(value)].append(student)
            for spelling in _spellings(student.name):
                known["name", spelling].append(student)
        object.__setattr__(self, "_known", dict(known))

    def find(self, text: str) -> Student | None:
        """The one student whom ``text`` names, by key, email, login, number or whole name.

        Example:
            >>> roster = Roster((Student("u1", "García Pérez, José"),))
            >>> [roster.find(name) == roster.students[0] for name in ("U1", "jose garcia perez")]
            [True, True]
        """
        for kind in _IDENTITIES:
            if found := self.by(kind, text):
                return found
        return self.named(text)

    def by(self, kind: str, text: str) -> Student | None:
        """The one student whose ``key``, ``email``, ``canvas_id`` (or other field) is that text."""
        return _only(self._known.get((kind, fold(text)), ()))

    def named(self, name: str) -> Student | None:
        """The one student of that name, whatever its accents, case, order and spaces."""
        words = plain(name).split()
        for spelling in (" ".join(sorted(words)), "".join(words)):
            if spelling and (found := _only(self._known.get(("name", spelling), ()))):
                return found
        return None


def read(path: Path) -> Roster:
    """Read a roster.

    Commas, semicolons or tabs separate; UTF-8, UTF-16 or Windows' own letters. Columns are known by
    their English or Spanish names, in any order: student (or key, id, usuario …), name, email,
    section, canvas_id, sis_id, login, moodle_id, ``extension`` and ``extension_lab2`` in days.
    Canvas' export of its gradebook and Moodle's grading worksheet are taken as they are.

    Raises:
        TableError: It is no such table, has no column that tells students apart, or a key that is
            empty or there twice; lines are named.
    """
    lines = list(lines_of(path))
    if not lines:
        raise TableError(_("{file} is empty.", file=path.name), _("A roster as CSV was expected."))
    header, rows = lines[0].cells, [line for line in lines[1:] if any(line.cells)]
    columns, canvas = arrange(header, [row.cells for row in rows])
    if canvas:
        rows = [row for row in rows if _is_student(row, columns)]
    column = _key_column(path, header, columns, rows)
    _check_keys(header, rows, column)
    return Roster(tuple(_student(row, columns, column) for row in rows))


def _spellings(name: str) -> set[str]:
    """How a name may be written: its words sorted, or run together as Canvas does, from any word on."""
    words = plain(name).split()
    joined = {"".join(words[start:] + words[:start]) for start in range(len(words))}
    return {" ".join(sorted(words)), *joined} - {""}


def _only(found: Sequence[Student]) -> Student | None:
    return found[0] if len(found) == 1 else None


def _is_student(row: Line, columns: Columns) -> bool:
    """Whether a row of Canvas' is a student: points possible and posting rules have no ID."""
    return bool(_cell(row, columns, "canvas_id")) and plain(_name(row, columns)) not in _TEST_STUDENTS


def _key_column(path: Path, header: Sequence[str], columns: Columns, rows: Iterable[Line]) -> int:
    """The column of the key, or the first other one that tells all students apart."""
    if "key" in columns:
        return columns["key"]
    wanted = ["login", "sis_id", "email", "canvas_id"]
    if "moodle_id" in columns:  # a worksheet; its numbers are others in the next assignment
        wanted += ["name", "moodle_id"]
    usable = [columns[kind] for kind in wanted if kind in columns]
    if not usable:
        raise TableError(
            _("{file} has no column with a key for each student.", file=path.name),
            _("It has: {found}.", found=", ".join(filter(None, header))[:300] or "-"),
            _("Name one of its columns student, key, id or login in the first line."),
        )
    for column in usable:
        keys = [fold(_at(row, column)) for row in rows]
        if all(keys) and len(set(keys)) == len(keys):
            return column
    return usable[0]


def _check_keys(header: Sequence[str], rows: Iterable[Line], column: int) -> None:
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        lines[fold(_at(row, column))].append(row)
    if empty := lines.pop("", None):
        raise TableError(
            _("Line {line}, column {name} is empty.", line=empty[0].number, name=header[column]),
            _("Every student needs a key there."),
            _("Fill it in, or delete the line."),
        )
    doubled = [found for found in lines.values() if len(found) > 1]
    if doubled:
        key = _at(doubled[0][0], column)
        numbers = ", ".join(str(row.number) for row in doubled[0])
        raise TableError(
            _("The key {key} is in lines {lines}.", key=key, lines=numbers),
            _("Each student was expected once; capital letters make no difference."),
            _("{count} keys are doubled; mend them all.", count=len(doubled))
            if len(doubled) > 1
            else _("Correct the key, or delete a line."),
        )


def _student(row: Line, columns: Columns, key: int) -> Student:
    number = PARTICIPANT.fullmatch(_cell(row, columns, "moodle_id"))
    return Student(
        key=_at(row, key),
        name=_name(row, columns),
        moodle_id=number[1] if number else "",
        extension=MappingProxyType(_extensions(row, columns)),
        **{kind: _cell(row, columns, kind) for kind in ("email", "section", "sis_id", "login")},
        canvas_id=_cell(row, columns, "canvas_id"),
    )


def _name(row: Line, columns: Columns) -> str:
    """The name in one; a column ``nombre`` beside one of surnames holds the given names only."""
    whole, last = _cell(row, columns, "name"), _cell(row, columns, "last")
    first = _cell(row, columns, "first") or (whole if last else "")
    return " ".join(filter(None, (first, last))) if last else whole or first


def _extensions(row: Line, columns: Columns) -> dict[str, float]:
    days = {}
    for title in columns:
        cell = _cell(row, columns, title) if title.startswith("extension:") else ""
        if not cell:
            continue
        value = float(cell.replace(",", ".")) if _DAYS.fullmatch(cell) else math.inf
        if not math.isfinite(value):
            raise TableError(
                _("Line {line}: the extension is “{cell}”.", line=row.number, cell=cell[:40]),
                _("A number of days was expected, such as 2 or 0.5."),
            )
        days[title.removeprefix("extension:")] = value
    return days


def _cell(row: Line, columns: Columns, name: str) -> str:
    return _at(row, columns[name]) if name in columns else ""


def _at(row: Line, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""
