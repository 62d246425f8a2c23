"""Cells of the CSV files that other systems write and read, and files written whole or not at all."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.data.cells import read_cells
from labkit.errors import StorageError
from labkit.i18n import texts

__all__ = ["Line", "Sheet", "as_csv", "guarded", "number", "parsed", "read_sheet", "save"]

_ = texts(__file__)

BOM = "\ufeff"
# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a CSV: its cells exactly as they are, and the text they were read from."""

    cells: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV that another system wrote, nothing of it lost.

    Args:
        header: Names of the columns, without spaces around them.
        lines: Every record in its order, the header first; cells keep their spaces.
        separator: What stands between two cells.
        newline: What ends a line.
        bom: Whether it begins with a byte-order mark.
    """

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    separator: str
    newline: str
    bom: bool

    def column(self, index: int) -> tuple[str, ...]:
        """The cells of one column below the header, without spaces around them."""
        return tuple(self.cell(line, index).strip() for line in self.lines[1:])

    @staticmethod
    def cell(line: Line, index: int) -> str:
        """One cell, empty where the line is too short."""
        return line.cells[index] if 0 <= index < len(line.cells) else ""

    def text(self, sources: Iterable[str]) -> str:
        """Put records back together as the file had them."""
        return (BOM if self.bom else "") + "".join(sources)

    def record(self, cells: Sequence[str]) -> str:
        """Write one record as this file writes its own."""
        return as_csv([cells], self.separator, self.newline)


def read_sheet(file: Path) -> Sheet:
    """Read a CSV in UTF-8, separated by commas, semicolons or tabs, without changing a cell.

    Raises:
        TableError: It is not such a file; row and column are named where there are any.
    """
    checked = read_cells(file)
    text = file.read_bytes().decode("utf-8")
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    sources = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(sources), delimiter=checked.separator)
    lines, read = [], 0
    for cells in reader:
        lines.append(Line(tuple(cells), "".join(sources[read : reader.line_num])))
        read = reader.line_num
    while lines and not any(cell.strip() for cell in lines[0].cells):
        lines.pop(0)
    ending = lines[0].source.removeprefix(lines[0].source.rstrip("\r\n"))
    return Sheet(checked.header, tuple(lines), checked.separator, ending or "\r\n", bom)


def as_csv(rows: Iterable[Sequence[str]], separator: str = ",", newline: str = "\r\n") -> str:
    """Records as text; a cell is quoted where it has to be."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=newline).writerows(rows)
    return stream.getvalue()


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers are left as they are.

    Example:
        >>> guarded("=1+1"), guarded("-2.5"), guarded("Ana")
        ("'=1+1", '-2.5', 'Ana')
    """
    if _NUMBER.fullmatch(text) or not text.startswith(_FORMULA):
        return text
    return "'" + text


def number(value: float | None, mark: str = ".") -> str:
    """A number with at most two decimals; empty where there is none.

    Example:
        >>> number(8.5), number(8.5, ","), number(10.0), number(-0.001), number(None)
        ('8.5', '8,5', '10', '0', '')
    """
    if value is None or not math.isfinite(value):
        return ""
    plain = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if plain == "-0" else plain).replace(".", mark)


def parsed(text: str) -> float | None:
    """The number a cell holds, with decimal point or comma; ``None`` where it holds none.

    Example:
        >>> parsed(" 10,50 "), parsed("N/A")
        (10.5, None)
    """
    plain = text.strip()
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def save(file: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, in UTF-8.

    Raises:
        StorageError: It cannot be written; what was there before still is.
    """
    plain = content.encode("utf-8") if isinstance(content, str) else content
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as stream:
                stream.write(plain)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            _("{file} cannot be written: {error}.", file=file, error=error.strerror or error),
            fix=_("Choose another file with -o, or close the program that has it open."),
        ) from error
