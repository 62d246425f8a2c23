"""Where a notebook's lines were, once it is run as one file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from labkit.sandbox.notebook import in_cells, located, names

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


IMPORTING = """
from IPython.display import Image, clear_output, display, HTML
from IPython.core.display import display as other
from IPython import get_ipython
import IPython.display as shown, IPython
display(HTML("<b>seen</b>"), 3)
clear_output(wait=True)
get_ipython().run_line_magic("matplotlib", "inline")
shell = IPython.get_ipython()
import matplotlib.figure
matplotlib.figure.Figure()
"""


def test_a_notebook_finds_what_it_imports_of_ipython_where_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("IPython", "IPython.display", "IPython.core", "IPython.core.display"):
        monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    names(notebook=False)
    with pytest.raises(ImportError):
        exec(IMPORTING, {})
    for _again in range(2):
        given = names(notebook=True)
        exec(IMPORTING, given)
    assert "3\n" in capsys.readouterr().out
    assert not given["shell"]  # matplotlib asks
    with pytest.raises(ImportError):
        exec("import IPython.nowhere", {})


def test_ipython_is_left_alone_where_it_is_installed() -> None:
    ipython = pytest.importorskip("IPython")
    names(notebook=True)
    assert sys.modules["IPython"] is ipython
