"""Reads tables as people and programs save them: any of three separators, any usual encoding."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import TableError
from labkit.i18n import Text, texts

__all__ = ["Line", "lines_of"]

_ = texts(__file__)

_LARGEST = 20 * 2**20
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """A row and the line of the file it begins in."""

    number: int
    cells: tuple[str, ...]


def lines_of(path: Path) -> Iterator[Line]:
    """The rows that are not empty, the header among them; cells have no spaces around them.

    Commas, semicolons or tabs separate; UTF-8 or UTF-16, else Windows' own letters (cp1252).

    Raises:
        TableError: It cannot be read, or is no table.
    """
    text = _text(path)
    first, _newline, rest = text.partition("\n")
    hint = re.fullmatch(r"sep=(.)", first.strip("\r "), re.IGNORECASE)  # Excel's own
    opening = next((line for line in text.split("\n") if line.strip()), "")
    separator = hint[1] if hint else max(",;\t", key=re.sub('"[^"]*"', "", opening).count)
    reader = csv.reader(io.StringIO(rest if hint else text, newline=""), delimiter=separator)
    begin, skipped = 1, 1 if hint else 0
    try:
        for cells in reader:
            stripped = tuple(" ".join(cell.split()) for cell in cells)
            if any(stripped):
                yield Line(begin + skipped, stripped)
            begin = reader.line_num + 1
    except csv.Error:
        raise _no_table(_("Line {line} cannot be read as a line of a table.", line=begin)) from None


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise _no_table(_("There is no file {file}.", file=path))
        if path.stat().st_size > _LARGEST:
            raise _no_table(_("{file} is too large for a roster.", file=path.name))
        content = path.read_bytes()
    except OSError as error:
        raise _no_table(
            _("{file} cannot be read: {error}.", file=path, error=error.strerror or error)
        ) from error
    if content.startswith(_SPREADSHEETS):
        raise TableError(
            _("{file} is a spreadsheet, not a CSV.", file=path.name),
            fix=_("In your spreadsheet choose “Save as” and then “CSV UTF-8”."),
        )
    text = _decoded(content)
    if text is None or re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise _no_table(_("{file} is not a table.", file=path.name))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str | None:
    """Text in the first encoding that fits; Windows' own letters come last, since nearly all fits."""
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _no_table(happened: Text) -> TableError:
    return TableError(happened, _("A roster as CSV was expected."))
