"""Reads tables: the kit's own, and those of users, who are told by row and column what is wrong."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.data.catalogue import DatasetInfo, describe, table_of
from labkit.data.cells import Cells, Row, read_cells
from labkit.errors import TableError, UsageError
from labkit.i18n import Text, texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Table", "load_table", "read"]

_ = texts(__file__)

_FEWEST_ROWS = 20
# float() would take more than a table should hold: 1_000, infinity, nan, digits of other scripts.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COMMA_FOR_POINT = str.maketrans(",.", ".,")
_EMPTY = ("", "nan", "na", "n/a", "null", "none")


@dataclass(frozen=True, slots=True)
class Table:
    """Inputs and target of a regression.

    Args:
        x: ``(rows, features)`` float64.
        y: ``(rows,)`` float64.
        features: Names of the columns of ``x``.
        target: Name of ``y``.
        notes: What a reader should know of how the file was read.
    """

    x: np.ndarray
    y: np.ndarray
    features: tuple[str, ...]
    target: str
    notes: tuple[Text, ...] = ()


def load_table(name: str, file: Path | None = None) -> Table:
    """Open a data set that is a table.

    Args:
        name: ``"gasoline"``.
        file: A table of the user's own with the same columns, in place of the kit's.

    Raises:
        UsageError: There is no table of that name.
        DataError: The kit's own table is missing or was changed.
        TableError: The table cannot be used as it is.

    Example:
        >>> load_table("gasoline").x.shape
        (48, 4)
    """
    own, info = table_of(name), describe(name)
    if not info.features:
        raise UsageError(
            _("{name} is a table of words, not of numbers.", name=name),
            fix=_("Open it with labkit.data.load_verbs."),
        )
    return read(file or own, info)


def read(file: Path, info: DatasetInfo, fewest_rows: int = _FEWEST_ROWS) -> Table:
    """Read a CSV with the columns of ``info``, in any order; other columns are left out.

    Commas, semicolons or tabs separate; where it is not commas, decimals may have a comma, as
    Spanish spreadsheets write them. UTF-8, with or without a byte-order mark.

    Raises:
        TableError: It names the row and column that cannot be used.
    """
    import numpy as np

    cells = read_cells(file)
    wanted = (*info.features, info.target)
    if missing := [name for name in wanted if name not in cells.header]:
        raise _missing_columns(missing, cells)
    comma = _has_decimal_comma(cells, wanted)
    numbers = {name: _numbers(cells, name, comma) for name in wanted}
    if len(cells.rows) < fewest_rows:
        raise TableError(
            _("The table has {rows} rows below the header.", rows=len(cells.rows)),
            _("At least {fewest} were expected: fewer say too little.", fewest=fewest_rows),
        )
    x = np.array([numbers[name] for name in info.features]).T.copy()
    return Table(x, np.array(numbers[info.target]), info.features, info.target, _notes(cells, wanted))


def _notes(cells: Cells, wanted: tuple[str, ...]) -> tuple[Text, ...]:
    if others := [name for name in cells.header if name and name not in wanted]:
        return (_("Columns that are not used were left out: {names}.", names=", ".join(others)),)
    return ()


def _missing_columns(missing: list[str], cells: Cells) -> TableError:
    found = {name.casefold(): name for name in cells.header if name}
    near = difflib.get_close_matches(missing[0].casefold(), found, n=1)
    fix: Text | str = ""
    if near:
        fix = _("Is {near} meant to be {name}?", near=found[near[0]], name=missing[0])
    elif any(_NUMBER.fullmatch(name) for name in cells.header):
        fix = _("Write the names of the columns into the first row.")
    elif len(found) == 1:
        fix = _("Separate the columns with commas or semicolons.")
    return TableError(
        _("Row 1 has no column {names}.", names=", ".join(missing)),
        _("It names: {found}.", found=", ".join(found.values())),
        fix,
    )


def _has_decimal_comma(cells: Cells, wanted: tuple[str, ...]) -> bool:
    """Whether the table writes 0,5 for a half; then a point would mean thousands."""
    columns = [cells.header.index(name) for name in wanted]
    return cells.separator != "," and any(
        "," in row.cells[column] for row in cells.rows for column in columns
    )


def _numbers(cells: Cells, name: str, comma: bool) -> list[float]:
    """A column of text as finite numbers."""
    column = cells.header.index(name)
    values = [_number(row.cells[column], comma) for row in cells.rows]
    bad = [row for row, value in zip(cells.rows, values) if not math.isfinite(value)]
    if bad:
        raise _not_a_number(bad[0], name, bad[0].cells[column], comma, others=len(bad) - 1)
    return values


def _number(cell: str, comma: bool) -> float:
    plain = cell.translate(_COMMA_FOR_POINT) if comma else cell
    return float(plain) if _NUMBER.fullmatch(plain) else math.nan


def _not_a_number(row: Row, name: str, cell: str, comma: bool, others: int) -> TableError:
    fix = _("Correct it there.")
    if cell.casefold() in _EMPTY:
        happened = _("Row {row}, column {name} is empty.", row=row.number, name=name)
        fix = _("Fill in the value, or delete the row.")
    else:
        happened = _(
            "Row {row}, column {name} holds “{cell}”.", row=row.number, name=name, cell=cell[:40]
        )
    if comma and math.isfinite(_number(cell, comma=False)):
        fix = _("Other cells have a decimal comma: write this one alike, without points.")
    elif not comma and math.isfinite(_number(cell, comma=True)):
        fix = _("Write its decimals with a point, and thousands with nothing.")
    expected = _("A finite number was expected there.")
    if others:
        expected = _(
            "A finite number was expected there, and in {others} more cells of the column.",
            others=others,
        )
    return TableError(happened, expected, fix)
