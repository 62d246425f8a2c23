"""A grading worksheet that Moodle wrote: its columns, found by their titles or by their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import TableError
from labkit.grading.exports.cells import Sheet, read_sheet
from labkit.grading.exports.matching import plain_key
from labkit.i18n import texts

__all__ = ["Worksheet", "open_worksheet"]

_ = texts(__file__)

_TITLES: Mapping[str, tuple[str, ...]] = {
    "identifier": ("identifier", "identificador"),
    "name": ("full name", "nombre completo", "nombre"),
    "email": (
        "email address",
        "email",
        "dirección de correo",
        "dirección de correo electrónico",
        "dirección email",
        "correo electrónico",
    ),
    "grade": ("grade", "calificación", "nota"),
    "maximum": ("maximum grade", "calificación máxima", "puntuación máxima", "nota máxima"),
    "scale": ("scale", "escala"),
    "changeable": (
        "grade can be changed",
        "la calificación puede ser cambiada",
        "la calificación puede cambiarse",
    ),
    "comments": (
        "feedback comments",
        "comentarios de retroalimentación",
        "comentarios de la retroalimentación",
        "retroalimentación por comentarios",
        "comentarios de realimentación",
    ),
}


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet and the places of its columns, -1 for those it does not have."""

    sheet: Sheet
    places: Mapping[str, int]

    def cell(self, row: int, title: str) -> str:
        """What one row below the header says in a column."""
        return self.sheet.cell(self.sheet.lines[row + 1], self.places[title]).strip()

    def said(self, title: str) -> tuple[str, ...]:
        """What each row says in a column."""
        return self.sheet.column(self.places[title])


def open_worksheet(file: Path) -> Worksheet:
    """Read a worksheet and find its columns.

    Raises:
        TableError: It is no such file, or the assignment is graded by a scale.
    """
    sheet = read_sheet(file)
    names = [plain_key(name) for name in sheet.header]
    places = {
        title: next((names.index(one) for one in known if one in names), -1)
        for title, known in _TITLES.items()
    }
    if places["scale"] >= 0 and places["maximum"] < 0:
        raise TableError(
            _("The assignment of {file} is graded by a scale of words.", file=file.name),
            _("A maximum grade in points was expected."),
            _("Choose the grade type Point in the assignment's settings and download it again."),
        )
    places = _by_position(sheet, places)
    if min(places["identifier"], places["grade"], places["maximum"]) < 0:
        raise _not_moodle(file, sheet.header)
    return Worksheet(sheet, places)


def _by_position(sheet: Sheet, places: Mapping[str, int]) -> dict[str, int]:
    """Find by place what has a title of another language: Moodle's order is always the same."""
    found = dict(places)
    if found["identifier"] < 0 and _all(sheet, 0, r"\D+\d+"):
        found["identifier"] = 0
    if found["maximum"] >= 0 > found["grade"]:
        found["grade"] = found["maximum"] - 1
    if found["grade"] >= 0 > found["maximum"] and _all(sheet, found["grade"] + 1, r"[\d.,]+"):
        found["maximum"] = found["grade"] + 1
    return found


def _all(sheet: Sheet, place: int, pattern: str) -> bool:
    cells = [cell for cell in sheet.column(place) if cell]
    return bool(cells) and all(re.fullmatch(pattern, cell) for cell in cells)


def _not_moodle(file: Path, header: tuple[str, ...]) -> TableError:
    if {"Student", "Section"} <= set(header):
        happened = _("{file} looks like a gradebook of Canvas.", file=file.name)
        fix = _("Use `labkit gradebook export canvas` for it.")
    else:
        happened = _("{file} is not a grading worksheet of Moodle.", file=file.name)
        fix = _(
            "In Moodle open the assignment's submissions and choose Download grading worksheet; "
            "the worksheet may be in English or Spanish."
        )
    return TableError(
        happened,
        _("It should have the columns {names}.", names="Identifier, Grade, Maximum Grade"),
        fix,
    )
