"""Notebooks: what belongs to Jupyter and is no Python, and what is no notebook."""

from __future__ import annotations

import json
from typing import Any

from tests.submissions.base import BEFORE, HONEST, HONEST_POINTS, Hostile, Make, source, written

__all__ = ["CASES"]


def _cell(text: str, kind: str = "code") -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell


def _notebook(*cells: dict[str, Any], language: str = "python", **fields: Any) -> Make:
    kernel = {"display_name": language, "language": language, "name": language}
    content = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {"kernelspec": kernel, "language_info": {"name": language}},
        "cells": list(cells),
        **fields,
    }
    return written(json.dumps(content), "mnist.ipynb")


def _runs(name: str, why: str, *cells: str, least: float = HONEST_POINTS, leaves: str = "") -> Hostile:
    """An honest answer after these cells: it keeps its points."""
    make = _notebook(_cell("# Lab 2\n", "markdown"), *(_cell(text) for text in cells), _cell(HONEST))
    return Hostile(name, make, "graded", HONEST_POINTS, least=least, why=why, leaves=leaves)


def _refused(name: str, says: str, why: str, make: Make) -> Hostile:
    return Hostile(name, make, "refused", 0.0, (says,), why=why)


def _broken(name: str, says: str, why: str, content: str | bytes) -> Hostile:
    return _refused(name, says, why, written(content, "mnist.ipynb"))


_JUPYTER = (
    _runs("notebook_plain", "an honest answer in one cell"),
    Hostile("notebook_cell_by_cell",
            _notebook(*(_cell(part.strip("\n")) for part in HONEST.split("\n\n\n"))),
            "graded", HONEST_POINTS, least=HONEST_POINTS, why="an honest answer, a function a cell"),
    _runs("notebook_magics", "magics of a line, also behind an equals sign",
          "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n", "kept = %who_ls\n%time x = 1\n"),
    _runs("notebook_cell_magic", "a cell that is no Python at all",
          "%%bash\ntouch /tmp/labkit_canary_cell\necho hello\n",
          "%%html\n<script>alert(1)</script>\n", "%%writefile way_out.py\nimport os\n",
          leaves="labkit_canary_cell"),
    _runs("notebook_shell", "lines for the shell",
          "!pip install keras\n!touch /tmp/labkit_canary_line\nfiles = !ls\n",
          leaves="labkit_canary_line"),
    _runs("notebook_shell_in_a_block", "a line for the shell that is all there is in a block",
          "import sys\nif 'google.colab' in sys.modules:\n    !pip install tensorflow\n"),
    _runs("notebook_help", "questions about names", "?print\nprint?\nkeras_help = 1\nkeras_help??\n"),
    _runs("notebook_input", "asks whoever sits before it",
          "name = input('Your name? ')\nprint('Hello', name)\n"),
    _runs("notebook_get_ipython", "talks to Jupyter",
          "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')\n",
          least=0.0),
    _runs("notebook_display", "shows things", "import numpy as np\ndisplay(np.zeros(3))\n", least=0.0),
    _runs("notebook_colab", "mounts a drive that is not there",
          "from google.colab import drive\ndrive.mount('/content/drive')\n", least=0.0),
    Hostile("notebook_await", _notebook(_cell("import asyncio\nawait asyncio.sleep(0)\n"),
            _cell(HONEST)),
            "refused", 0.0, ("await",), why="waits at the top, as only Jupyter may"),
    _runs("notebook_percent_in_text", "texts that only look like magics",
          's = """\n%matplotlib inline\n!ls\n"""\nassert s.count("%") == 1 and "!ls" in s\n',
          "x = 7\nx %= 4\n"),
    _runs("notebook_trains_outside", "tries its functions out below them, without data at hand",
          "def show(history):\n    print(history)\n"),
    _runs("notebook_unusual_cells", "empty cells, and ends of lines of all kinds", "", "\n\n",
          "# nothing\r\nx = 1\r\n"),
)  # fmt: skip

_FAILS = (
    Hostile("notebook_failing_cell", _notebook(_cell("1 / 0\n"), _cell(HONEST)), "graded",
            HONEST_POINTS,
            ("ZeroDivisionError",), why="a cell that raises before the answer"),
    Hostile("notebook_failing_fit", _notebook(_cell(source(fit='raise ValueError("no data")'))),
            "graded",
            BEFORE["fit"], ("fit raised ValueError",), why="an answer that raises"),
    Hostile("notebook_of_results", _notebook(_cell("x = 1"), metadata={}), "graded", 0.0,
            ("no function",),
            why="cells without an answer"),
    _refused("notebook_syntax_error", "cannot read", "a cell that is no Python",
             _notebook(_cell("def define(:\n"), _cell(HONEST))),
    _refused("notebook_of_r", "another language", "another language", _notebook(_cell("x <- c(1, 2)"),
             language="R")),
    _refused("notebook_without_code", "no cell with code", "text only", _notebook(_cell("# My lab\n",
             "markdown"))),
    _refused("notebook_without_cells", "no cell with code", "no cells at all", _notebook()),
    _refused("notebook_of_odd_cells", "no cell with code", "cells that are numbers", _notebook(cells=[1,
             None, "x", []])),
    _refused("notebook_of_odd_sources", "no cell with code", "sources that are dicts and numbers",
             _notebook({**_cell(""), "source": {"a": 1}}, {**_cell(""), "source": [1, [2]]})),
    Hostile("notebook_of_the_future", _notebook(_cell(HONEST), nbformat=99), "graded", HONEST_POINTS,
            why="a format nobody knows"),
    _broken("notebook_broken", "ends in the middle", "a notebook that ends too early",
            '{"nbformat": 4, "cells": [{"cell_type": "co'),
    _broken("notebook_is_python", "no notebook", "a Python file with another ending", HONEST),
    _broken("notebook_is_a_list", "no notebook", "JSON that is no notebook", "[1, 2, 3]"),
    _broken("notebook_is_empty", "empty", "a file without a byte", ""),
    _broken("notebook_nested", "no notebook", "brackets, a hundred thousand deep",
            "[" * 100_000 + "]" * 100_000),
    _broken("notebook_of_noise", "no notebook", "bytes that are no text", bytes(range(256)) * 20),
    Hostile("notebook_with_huge_outputs",
            _notebook({**_cell(HONEST), "outputs": [{"output_type": "stream", "name": "stdout",
                                                     "text": ["x" * 99 + "\n"] * 40_000}]}),
            "graded", HONEST_POINTS, why="an honest answer with four megabytes of what it printed"),
)  # fmt: skip

CASES = _JUPYTER + _FAILS
