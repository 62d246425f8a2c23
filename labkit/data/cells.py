"""Reads the cells of a CSV file as text, and says precisely where a file is none.

Rows are counted as a spreadsheet counts them: the header is row 1, and a cell may hold line ends.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import TableError
from labkit.i18n import Text, texts

__all__ = ["Cells", "Row", "read_cells"]

_ = texts(__file__)

_LARGEST = 50 * 2**20
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header, with as many cells as the header.

    Args:
        number: As a spreadsheet shows it.
        cells: Without spaces around them; empty where the row is too short.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of text.

    Args:
        header: Names of the columns.
        rows: The rows below it, without the empty ones at the end.
        separator: What stood between two cells.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str


def read_cells(file: Path) -> Cells:
    """Read a CSV in UTF-8, separated by commas, semicolons or tabs.

    Raises:
        TableError: It is not such a file; row and column are named where there are any.
    """
    text = _text(file)
    separator = _separator(text)
    records = [row for row in _records(text, separator) if row.cells]
    while records and not any(records[-1].cells):
        records.pop()
    if not records:
        raise TableError(_("{file} is empty.", file=file.name), _("A CSV file was expected."))
    header = _header(records[0])
    return Cells(header, tuple(_fit(row, header) for row in records[1:]), separator)


def _separator(text: str) -> str:
    return max(_SEPARATORS, key=_first_line(text).count)


def _first_line(text: str) -> str:
    return text.lstrip("\n").split("\n", 1)[0]


def _records(text: str, separator: str) -> Iterator[Row]:
    """The rows as they are, none left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, lines_read = 0, 0
    while True:
        number, lines_read = number + 1, reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a quote that is never closed would swallow the rows behind it
            line = text.split("\n")[lines_read]
            raise TableError(
                _(
                    "Row {row}, column {column}: a quote is not closed where the cell ends.",
                    row=number,
                    column=_column(text, line.rpartition('"')[0], separator),
                ),
                fix=_("Close it or remove it."),
            ) from None
        yield Row(number, tuple(cell.strip() for cell in cells))


def _column(text: str, line: str, separator: str) -> str:
    """Name of the column, or its number, in which the beginning of a line ends."""
    number = sum(part.count(separator) for part in line.split('"')[::2])
    names = _first_line(text).split(separator)
    name = names[number].strip(' "') if number < len(names) else ""
    return name or str(number + 1)


def _header(row: Row) -> tuple[str, ...]:
    named = [name for name in row.cells if name]
    if doubled := next((name for name in named if named.count(name) > 1), None):
        raise TableError(
            _(
                "Row {row}: the column {name} is there more than once.",
                row=row.number,
                name=doubled,
            ),
            fix=_("Give every column a name of its own."),
        )
    return row.cells


def _fit(row: Row, header: tuple[str, ...]) -> Row:
    """Fill a row that is too short; more cells than the header has names for are a mistake."""
    if any(row.cells[len(header) :]):
        raise TableError(
            _("Row {row} has {found} cells.", row=row.number, found=len(row.cells)),
            _("The header has {expected}.", expected=len(header)),
            _("Where decimals have a comma, separate the cells with semicolons."),
        )
    cells = row.cells[: len(header)]
    return Row(row.number, cells + ("",) * (len(header) - len(cells)))


def _text(file: Path) -> str:
    """The file's text, with plain line ends."""
    content = _content(file)
    if content.startswith(_SPREADSHEETS):
        raise _not_a_csv(_("{file} is a spreadsheet, not a CSV.", file=file.name))
    if content.startswith(_UTF16):
        raise _not_a_csv(_("{file} is UTF-16, not UTF-8.", file=file.name))
    if b"\0" in content:
        raise _not_a_csv(_("{file} is not text.", file=file.name))
    try:
        return _plain(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = _plain(content[: error.start].decode("utf-8-sig"))
        line = before.rsplit("\n", 1)[-1]
        raise _not_a_csv(
            _(
                "Row {row}, column {column} is not UTF-8.",
                row=before.count("\n") + 1,
                column=_column(before, line, _separator(before)),
            )
        ) from None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _content(file: Path) -> bytes:
    try:
        if file.is_dir():
            raise TableError(_("{file} is a folder.", file=file), _("A CSV file was expected."))
        if not file.is_file():
            raise TableError(_("There is no file {file}.", file=file), _("A CSV file was expected."))
        if (size := file.stat().st_size) > _LARGEST:
            raise TableError(
                _("{file} has {size:.0f} MB.", file=file.name, size=size / 2**20),
                _("A table of at most {most} MB was expected.", most=_LARGEST // 2**20),
            )
        return file.read_bytes()
    except OSError as error:
        raise TableError(
            _("{file} cannot be read: {error}.", file=file, error=error.strerror or error),
            _("A CSV file was expected."),
        ) from error


def _not_a_csv(happened: Text) -> TableError:
    return TableError(
        happened,
        _("A CSV file in UTF-8 was expected."),
        _("In your spreadsheet choose “Save as” and then “CSV UTF-8”."),
    )
