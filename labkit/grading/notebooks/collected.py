"""What a notebook holds while it is open: the cells that were run, and the file as it was last saved.

A front end tells a kernel little. Jupyter and VS Code say where the notebook lies; then its saved cells
are the base, and those that were run since stand in their place. Colab does not; then the cells that
were run are all there is. Which cell one belongs to is known by its id where the front end sends the
file's own (JupyterLab), else by the functions it defines.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from labkit.grading.intake.magics import plain_python

__all__ = ["Collected", "Executed", "Saved", "as_notebook", "collected", "saved"]

_OWN = ("%labkit", "%load_ext labkit", "%reload_ext labkit")


@dataclass(frozen=True, slots=True)
class Executed:
    """A cell as it was run.

    Args:
        source: Its text.
        at: When, in seconds of the system's clock.
        cell: What the front end calls the cell; empty where it does not say.
        failed: Whether it ended in an exception.
    """

    source: str
    at: float = 0.0
    cell: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """Code cells of a notebook's file, each id and text, and when it was written."""

    cells: tuple[tuple[str, str], ...]
    at: float


@dataclass(frozen=True, slots=True)
class Collected:
    """What a submission of the notebook would hold.

    Args:
        cells: Text of every code cell, in order.
        unsaved: How many of them the file does not have as they were run.
    """

    cells: tuple[str, ...]
    unsaved: int = 0

    @property
    def functions(self) -> frozenset[str]:
        """Names of the functions and classes in it."""
        return frozenset().union(*map(_defined, self.cells))


def collected(executed: Iterable[Executed], file: Saved | None = None) -> Collected:
    """Put together what was run, and what was saved.

    Args:
        executed: Every cell that was run, in order, each as often as it was.
        file: The notebook's file; ``None`` where the front end does not say where it is.
    """
    last = _last_versions(executed)
    if file is None:
        return Collected(tuple(_quiet(run.source) for run in last))
    ids = {cell for cell, _source in file.cells}
    if any(run.cell in ids for run in last):  # the front end's ids are the file's
        last = [run for run in last if run.cell in ids or run.at > file.at]
    sources = [source for _cell, source in file.cells]
    unsaved, added = set(), []
    for run in last:
        place = _place(run, file)
        if place is not None:
            if sources[place].strip() != run.source.strip():
                unsaved.add(place)
            sources[place] = run.source
        elif run.at > file.at:  # a new cell; an older one that the file lacks was taken out
            added.append(run.source)
    return Collected(tuple(map(_quiet, (*sources, *added))), len(unsaved) + len(added))


def saved(path: Path) -> Saved | None:
    """The code cells of a notebook's file; ``None`` where it cannot be read."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        found = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        cells = tuple((str(cell.get("id", "")), "".join(cell["source"])) for cell in found)
        return Saved(cells, path.stat().st_mtime)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def as_notebook(cells: Sequence[str]) -> str:
    """The text of a notebook file with these code cells."""
    entries: list[dict[str, Any]] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
        for cell in cells
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": entries, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def _last_versions(executed: Iterable[Executed]) -> list[Executed]:
    """Of every cell the version that was run last, where its first one stood."""
    last: list[Executed] = []
    for run in executed:
        older = [place for place, other in enumerate(last) if _replaces(run, other)]
        if older:
            last[older[0]] = run
            last = [other for place, other in enumerate(last) if place not in older[1:]]
        else:
            last.append(run)
    return [run for run in last if run.cell or not run.failed or _defined(run.source)]


def _replaces(run: Executed, other: Executed) -> bool:
    """Whether ``run`` is a later version of the cell that ``other`` was.

    Without ids it is where it defines all that the other did. A trial has nothing to be known by:
    one that failed counts as mended, see `_last_versions`.
    """
    if run.cell and other.cell:
        return run.cell == other.cell
    names = _defined(other.source)
    same = run.source.strip() == other.source.strip()
    return same or (bool(names) and names <= _defined(run.source))


def _place(run: Executed, file: Saved) -> int | None:
    """Which of the file's cells was run; ``None`` where it has none like it."""
    names, cells = _defined(run.source), list(enumerate(file.cells))
    by_id = [place for place, (cell, _source) in cells if cell and cell == run.cell]
    alike = [place for place, (_cell, source) in cells if source.strip() == run.source.strip()]
    shared = [place for place, (_cell, source) in cells if names & _defined(source)]
    return next(iter((*by_id, *alike, *shared)), None)


@cache
def _defined(source: str) -> frozenset[str]:
    """Functions and classes that a cell defines; none where it is not Python."""
    try:
        body = ast.parse(plain_python(source)[0]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in body if isinstance(node, kinds))


def _quiet(source: str) -> str:
    """A cell with the kit's own magics as comments: nobody needs to be told that they were left out."""
    lines = source.split("\n")
    return "\n".join(f"# {line}" if line.startswith(_OWN) else line for line in lines)
