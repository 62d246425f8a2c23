"""Turns a notebook into the Python file it stands for.

The notebook is read as the JSON it is, leniently: cells may come from any version of the format, and
what else is in it (outputs, pictures, notes) is never looked at. jupytext would comment out whole
lines and cells without saying which, and has no need to be here for less than that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from labkit.errors import SubmissionError
from labkit.grading.intake import source
from labkit.grading.intake.kinds import HEAD, kind
from labkit.grading.intake.magics import Gone, plain_python
from labkit.grading.intake.names import shown
from labkit.grading.intake.source import Looked
from labkit.i18n import Text, texts
from labkit.rubric.evidence import Use
from labkit.rubric.whereabouts import whereabouts
from labkit.sandbox.notebook import located

__all__ = ["LARGEST", "Converted", "convert", "listed", "look"]

_ = texts(__file__)

LARGEST = 100 * 2**20
"""Bytes of a notebook; pictures in its outputs are most of it."""
# Every value of JSON costs memory beyond its text; pictures are one value each.
_MOST_VALUES = 3_000_000
_LONGEST_LIST = 12
_MOST_ALONE = 4  # cells that are read by themselves where the whole cannot be read
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
        """How a line is called: by its cell and its line there."""
        cell, line = located(line, self.starts)
        return whereabouts(line, cell)

    def cells(self, lines: Sequence[int]) -> tuple[int, ...]:
        """The cells that lines are in."""
        return tuple(dict.fromkeys(located(line, self.starts)[0] for line in lines))

    def cell(self, number: int) -> str:
        """The code of one cell, counted from 1."""
        first, *following = self.starts[number - 1 :]
        end = following[0] - 2 if following else None  # without the next one's mark
        return "\n".join(self.source.split("\n")[first - 1 : end])


def convert(content: bytes, name: str) -> Converted:
    """The code cells of a notebook as one Python file.

    Args:
        content: The bytes of the ``.ipynb``.
        name: Of the file, for messages.

    Raises:
        SubmissionError: It is no notebook, of another language, without code, or with too much of it.
    """
    notebook = _parse(content, shown(name))
    _refuse_other_languages(notebook, shown(name))
    # Jupyter gives a number to what it runs, and nothing is no code.
    cells = [cell for cell in _sources(notebook) if cell.strip()]
    if not cells:
        raise SubmissionError(
            _("{name} has no cell with code.", name=shown(name)),
            _("A notebook with your functions was expected."),
            _("Perhaps the cells are Markdown or raw; make them code cells."),
        )
    if sum(map(len, cells)) > source.LARGEST:
        raise source.too_much_code(name)
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


def look(converted: Converted, name: str) -> Looked:
    """Look at the code as Python would, without running it; lines are told by their cells.

    What cannot be read Python may come upon in a later cell, where an earlier one breaks off. So the
    cell is looked for that cannot be read by itself: there Jupyter would have stopped.

    Args:
        converted: The code.
        name: Of the notebook, for messages.

    Raises:
        SandboxError: See `labkit.grading.intake.source.look`.
    """
    looked = source.look(converted.source.encode("utf-8"), name, converted.where)
    if looked.line:
        last, _line = located(looked.line, converted.starts)
        for cell in range(last, max(0, last - _MOST_ALONE), -1):
            code = converted.cell(cell).encode("utf-8")
            alone = source.look(code, name, partial(whereabouts, cell=cell))
            if alone.problem is not None:
                return replace(looked, problem=alone.problem)
    return replace(looked, uses=tuple(_in_cell(use, converted.starts) for use in looked.uses))


def _in_cell(use: Use, starts: Sequence[int]) -> Use:
    cell, line = located(use.line, starts)
    return replace(use, line=line, cell=cell)


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
