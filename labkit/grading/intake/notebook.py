"""Turns a notebook into the Python file it stands for.

The notebook is read as the JSON it is, leniently: cells may come from any version of the format, and
what else is in it (outputs, pictures, notes) is never looked at. jupytext would comment out whole
lines and cells without saying which, and has no need to be here for less than that.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.errors import SubmissionError
from labkit.grading.intake.kinds import HEAD, kind
from labkit.grading.intake.magics import Gone, plain_python
from labkit.grading.intake.names import shown
from labkit.i18n import Text, texts

__all__ = ["LARGEST", "Converted", "convert"]

_ = texts(__file__)

LARGEST = 100 * 2**20
"""Bytes of a notebook; pictures in its outputs are most of it."""
# Every value of JSON costs memory beyond its text; pictures are one value each.
_MOST_VALUES = 3_000_000
_LONGEST_LIST = 12
_FOREIGN_KERNELS = ("ir", "julia", "octave", "matlab", "bash", "javascript", "deno", "sagemath")
_NOTES = {
    Gone.CELL: _("Cells that begin with %% were left out as a whole (cells: {cells})."),
    Gone.MAGIC: _(
        "Lines that begin with % were left out, because they are not Python (cells: {cells})."
    ),
    Gone.SHELL: _(
        "Commands for the shell (!) were left out, so nothing is installed (cells: {cells})."
    ),
    Gone.HELP: _("Questions to the help (?) were left out (cells: {cells})."),
}


@dataclass(frozen=True, slots=True)
class Converted:
    """The code of a notebook.

    Args:
        source: As a Python file.
        notes: What was taken out.
        starts: Line of each code cell's first line, counted from 1.
    """

    source: str
    notes: tuple[Text, ...]
    starts: tuple[int, ...]

    def where(self, line: int) -> Text:
        """How a line is called: by its cell, among the cells with code, and its line there."""
        cell = max(1, bisect_right(self.starts, line))
        return _("cell {cell}, line {line}", cell=cell, line=max(1, line - self.starts[cell - 1] + 1))

    def cells(self, lines: Sequence[int]) -> tuple[int, ...]:
        """The cells that lines are in."""
        return tuple(dict.fromkeys(max(1, bisect_right(self.starts, line)) for line in lines))


def convert(content: bytes, name: str) -> Converted:
    """The code cells of a notebook as one Python file.

    Args:
        content: The bytes of the ``.ipynb``.
        name: Of the file, for messages.

    Raises:
        SubmissionError: It is no notebook, of another language, or without code.
    """
    notebook = _parse(content, shown(name))
    _refuse_other_languages(notebook, shown(name))
    cells = list(_sources(notebook))
    if not any(cell.strip() for cell in cells):
        raise SubmissionError(
            _("{name} has no cell with code.", name=shown(name)),
            _("A notebook with your functions was expected."),
            _("Perhaps the cells are Markdown or raw; make them code cells."),
        )
    lines: list[str] = []
    starts: list[int] = []
    gone: dict[Gone, list[int]] = {}
    for number, cell in enumerate(cells, 1):
        code, kinds = plain_python(cell)
        for one in kinds:
            gone.setdefault(one, []).append(number)
        lines.append(f"# %% cell {number}")
        starts.append(len(lines) + 1)
        lines += [*code.rstrip().split("\n"), ""]
    notes = tuple(
        Text(text.msgid, {"cells": listed(gone[one])}) for one, text in _NOTES.items() if one in gone
    )
    return Converted("\n".join(lines), notes, tuple(starts))


def listed(numbers: Sequence[int]) -> str:
    """Numbers with commas between, and an end where they are many."""
    text = ", ".join(map(str, numbers[:_LONGEST_LIST]))
    return f"{text}…" if len(numbers) > _LONGEST_LIST else text


def _parse(content: bytes, name: str) -> dict[str, Any]:
    if not content.strip():
        raise SubmissionError(
            _("{name} is empty.", name=name),
            fix=_("Save it in your editor, look into it, and hand it in again."),
        )
    if sum(map(content.count, (b"[", b"{", b","))) > _MOST_VALUES:
        raise SubmissionError(
            _("{name} holds too much besides code.", name=name),
            fix=_("Clear its outputs, save it, and hand it in again."),
        )
    try:
        notebook = json.loads(content)
    except RecursionError as error:
        raise _no_notebook(name, content) from error
    except ValueError as error:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            raise SubmissionError(
                _(
                    "{name} ends in the middle, or is damaged: it looks like half a download.",
                    name=name,
                ),
                fix=_("Open it in Jupyter, save it, and hand it in again."),
            ) from error
        raise _no_notebook(name, content) from error
    if not isinstance(notebook, dict) or not {"cells", "worksheets"} & set(notebook):
        raise _no_notebook(name, content)
    return notebook


def _no_notebook(name: str, content: bytes) -> SubmissionError:
    really = kind(content[:HEAD])
    return SubmissionError(
        _("{name} is no notebook: it is {kind}, whatever its name says.", name=name, kind=really)
        if really is not None and not content.lstrip().startswith(b"{")
        else _("{name} is no notebook, whatever its name says.", name=name),
        fix=_("Open it in Jupyter, save it, and hand it in again."),
    )


def _refuse_other_languages(notebook: dict[str, Any], name: str) -> None:
    metadata = _mapping(notebook.get("metadata"))
    kernel, info = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    language = str(info.get("name") or kernel.get("language") or "python").lower()
    kernel_name = str(kernel.get("name") or "").lower()
    foreign = kernel_name.split("-")[0].rstrip("0123456789.") in _FOREIGN_KERNELS
    if foreign or not language.startswith(("python", "ipython")):
        known = language if not language.startswith("python") else kernel_name
        raise SubmissionError(
            _(
                "{name} is a notebook in another language ({language}).",
                name=name,
                language=shown(known),
            ),
            _("A notebook in Python was expected."),
        )


def _sources(notebook: dict[str, Any]) -> Iterator[str]:
    """The text of every code cell, of format 4 and of format 3 with its worksheets."""
    cells = _list(notebook.get("cells"))
    for sheet in _list(notebook.get("worksheets")):
        cells = [*cells, *_list(_mapping(sheet).get("cells"))]
    for cell in map(_mapping, cells):
        if cell.get("cell_type") == "code":
            yield _text(cell.get("source", cell.get("input")))


def _text(source: Any) -> str:
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str))
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
