"""What a notebook's code expects around it, where there is no notebook, and where its lines were.

A notebook is run as the one file that its cells make. Lines of that file are nothing to its student,
who sees cells, each with lines of its own. As Jupyter counts them when all are run from the top, a
cell without code has no number, and neither has one of Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["in_cells", "located", "names"]


class _Shell:
    """Answers whatever is asked of IPython with nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments, **_options: None


def names(*, notebook: bool) -> dict[str, Any]:
    """Names that a file finds without importing them: `input` answers with an empty text.

    Args:
        notebook: Whether it was a notebook: then `display` prints, and `get_ipython` gives a shell that
            does nothing.
    """
    given: dict[str, Any] = {"input": _input}
    return {**given, "display": print, "get_ipython": _Shell} if notebook else given


def located(line: int, cells: Sequence[int]) -> tuple[int, int]:
    """Where a line of the file is in the notebook: number of the cell and line in it, from 1.

    Args:
        line: In the file, from 1.
        cells: The first line of each cell in the file.

    Example:
        >>> located(8, (2, 7))
        (2, 2)
    """
    cell = max(1, bisect_right(cells, line))
    return cell, max(1, line - cells[cell - 1] + 1)


def in_cells(text: str, source: Path, cells: Sequence[int]) -> str:
    """Text of Python's, a traceback say, with cells in place of a file that the student never saw.

    Args:
        text: The text.
        source: The file.
        cells: The first line of each cell in it.
    """

    def named(found: re.Match[str]) -> str:
        cell, line = located(int(found[1]), cells)
        return f"Cell {cell}, line {line}"

    return re.sub(rf'File "{re.escape(str(source))}", line (\d{{1,9}})', named, text)


def _input(prompt: object = "") -> str:
    print(prompt)
    return ""
