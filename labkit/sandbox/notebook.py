"""What a notebook's code expects around it, where there is no notebook, and where its lines were.

A notebook is run as the one file that its cells make. Lines of that file are nothing to its student,
who sees cells, each with lines of its own. As Jupyter counts them when all are run from the top, a
cell without code has no number, and neither has one of Markdown.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

__all__ = ["in_cells", "located", "names"]

_VERSION = (9, 0, 0)  # of IPython; matplotlib reaches into the older ones
_IPYTHON = ("IPython", "IPython.display", "IPython.core", "IPython.core.display")


class _Shell:
    """Answers whatever is asked of IPython with nothing, and is none to those who ask for one."""

    def __bool__(self) -> bool:
        return False  # or matplotlib would plug itself in

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return _nothing


_OF_IPYTHON = {"display": print, "get_ipython": _Shell}


def names(*, notebook: bool) -> dict[str, Any]:
    """Names that a file finds without importing them: `input` answers with an empty text.

    Args:
        notebook: Whether it was a notebook: then `display` prints, and `get_ipython` gives a shell that
            does nothing; from now on they are found in IPython as well, where that is not installed.
    """
    given: dict[str, Any] = {"input": _input}
    if not notebook:
        return given
    if importlib.util.find_spec("IPython") is None:
        _stand_in_for_ipython()
    return {**given, **_OF_IPYTHON}


def _stand_in_for_ipython() -> None:
    """Make what notebooks import of IPython importable; whatever else it has does nothing."""

    def missing(name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)  # which Python asks modules for
        return _nothing

    for name in _IPYTHON:
        module = importlib.util.module_from_spec(ModuleSpec(name, None, is_package=True))
        vars(module).update(_OF_IPYTHON, __getattr__=missing, version_info=_VERSION)
        sys.modules[name] = module
    for name in _IPYTHON[1:]:
        parent, _dot, short = name.rpartition(".")
        setattr(sys.modules[parent], short, sys.modules[name])


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


def _nothing(*_arguments: object, **_options: object) -> None:
    """Stands for everything that a notebook shows and a file does not."""


def _input(prompt: object = "") -> str:
    print(prompt)
    return ""
