"""Reads tables: the kit's own, and those of users, who are told by row and column what is wrong.

Rows are counted as a spreadsheet counts them: the header is row 1.
"""

from __future__ import annotations

import difflib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.data.catalogue import DatasetInfo, datasets_folder, describe
from labkit.errors import DataMissing, TableError
from labkit.i18n import Text, texts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Table", "load_table", "read"]

_ = texts(__file__)

_LARGEST = 50 * 2**20
_FEWEST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """Inputs and target of a regression.

    Args:
        x: ``(rows, features)`` float64.
        y: ``(rows,)`` float64.
        features: Names of the columns of ``x``.
        target: Name of ``y``.
    """

    x: np.ndarray
    y: np.ndarray
    features: tuple[str, ...]
    target: str


def load_table(name: str, file: Path | None = None) -> Table:
    """Open a data set that is a table.

    Args:
        name: ``"gasoline"``.
        file: A table of the user's own with the same columns, in place of the kit's.

    Raises:
        DataMissing: The kit's own table is not there.
        TableError: The table cannot be used as it is.
    """
    info = describe(name)
    if file is not None:
        return read(file, info)
    own = datasets_folder() / info.file
    if not own.is_file():
        raise DataMissing(
            _("datasets/{file} is missing.", file=info.file),
            fix=_("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
        )
    return read(own, info)


def read(file: Path, info: DatasetInfo, fewest_rows: int = _FEWEST_ROWS) -> Table:
    """Read a CSV with the columns of ``info``, in any order; other columns are left out.

    Commas and semicolons separate; with semicolons a decimal comma is read as one, as Spanish
    spreadsheets write it. UTF-8, with or without a mark.

    Raises:
        TableError: It names the row and column that cannot be used.
    """
    frame = _frame(file)
    wanted = (*info.features, info.target)
    if missing := [name for name in wanted if name not in frame.columns]:
        raise _missing_columns(missing, list(frame.columns))
    numbers = {name: _numbers(frame[name], name) for name in wanted}
    if len(frame) < fewest_rows:
        raise TableError(
            _("The table has {rows} rows of data.", rows=len(frame)),
            _("At least {fewest} were expected, for folds to mean anything.", fewest=fewest_rows),
        )
    import numpy as np

    x = np.column_stack([numbers[name] for name in info.features])
    return Table(x, numbers[info.target], info.features, info.target)


def _frame(file: Path) -> pd.DataFrame:
    """The cells as text."""
    import pandas as pd

    text = _text(file)
    header = text.split("\n", 1)[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip().strip('"') for name in header.strip().split(separator)]
    if doubled := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise TableError(
            _("The column {name} stands more than once in the header.", name=doubled[0]),
            fix=_("Give every column a name of its own."),
        )
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TableError(
            _("The table cannot be read: {error}", error=str(error).strip()),
            _("Every row must have as many cells as the header, and every quote must be closed."),
        ) from error
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    if separator == ";":
        frame = frame.apply(lambda column: column.str.replace(",", ".", regex=False))
    return frame


def _text(file: Path) -> str:
    """The file's text, checked for being one."""
    if not file.is_file():
        raise TableError(
            _("There is no file {file}.", file=file),
            fix=_("Check the name given to --data."),
        )
    if file.stat().st_size > _LARGEST:
        raise TableError(
            _("{file} is {size:.0f} MB large.", file=file.name, size=file.stat().st_size / 1e6),
            _("A table of at most {most} MB was expected.", most=_LARGEST // 2**20),
        )
    content = file.read_bytes()
    if content[:2] in (b"PK", b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        raise TableError(
            _("{file} is not a CSV in UTF-8: it looks like a spreadsheet or UTF-16.", file=file.name),
            fix=_("Export it as “CSV UTF-8” from your spreadsheet."),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise TableError(
            _("Row {row} of {file} is not UTF-8.", row=row, file=file.name),
            fix=_("Export it as “CSV UTF-8” from your spreadsheet."),
        ) from error
    if not text.strip():
        raise TableError(_("{file} is empty.", file=file.name))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _missing_columns(missing: list[str], found: list[str]) -> TableError:
    near = difflib.get_close_matches(missing[0], found, n=1)
    fix: Text | str = _("Did you mean {near} to be {name}?", near=near[0], name=missing[0]) if near else ""
    return TableError(
        _("The table has no column {names}.", names=", ".join(missing)),
        _("Its header names: {found}.", found=", ".join(found)),
        fix,
    )


def _numbers(cells: pd.Series, name: str) -> np.ndarray:
    """A column of text as finite numbers."""
    import numpy as np
    import pandas as pd

    stripped = cells.str.strip()
    values = pd.to_numeric(stripped, errors="coerce").to_numpy(dtype="float64")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        row, cell = int(bad[0]) + 2, str(stripped.iloc[int(bad[0])])
        found = (
            _("Row {row}, column {name} is empty.", row=row, name=name)
            if cell.lower() in ("", "nan", "na", "null", "none")
            else _("Row {row}, column {name} holds “{cell}”.", row=row, name=name, cell=cell[:40])
        )
        others = _("{count} more cells are like it.", count=bad.size - 1) if bad.size > 1 else ""
        raise TableError(found, _("A finite number was expected."), others)
    return values
