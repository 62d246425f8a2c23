"""Where a notebook's lines were, once it is run as one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.sandbox.notebook import in_cells, located

CELLS = (2, 7, 9)  # first lines; each has a mark above it


@pytest.mark.parametrize(
    ("line", "place"), [(2, (1, 1)), (5, (1, 4)), (7, (2, 1)), (9, (3, 1)), (40, (3, 32)), (1, (1, 1))]
)
def test_a_line_is_in_the_last_cell_that_begins_before_it(line: int, place: tuple[int, int]) -> None:
    assert located(line, CELLS) == place


def test_a_traceback_names_cells_and_leaves_other_files_alone() -> None:
    source = Path("in") / "a+b.py"
    text = f'  File "{source}", line 10, in fit\n  File "{source}x", line 7\n  File "aab.py", line 7\n'
    told = in_cells(text, source, CELLS)
    assert told.splitlines()[0] == "  Cell 3, line 2, in fit"
    assert told.splitlines()[1:] == text.splitlines()[1:]
