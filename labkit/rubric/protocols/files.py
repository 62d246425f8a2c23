"""What protocols write, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labkit.data.npy import write_array
from labkit.errors import UsageError
from labkit.i18n import texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["no_table", "save"]

_ = texts(__file__)


def save(file: Path, values: np.ndarray) -> Path:
    """Write an array and return its file."""
    write_array(file, [values.tobytes()], values.shape, values.dtype.str)
    return file


def no_table(table: Path | None, dataset: str) -> None:
    """Refuse a table of the user's own.

    Raises:
        UsageError: There is one.
    """
    if table is not None:
        raise UsageError(
            _("{dataset} is graded on its own data set only.", dataset=dataset),
            fix=_("Leave out --data."),
        )
