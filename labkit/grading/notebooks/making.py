"""Makes the notebook of a lab: how to begin, the handout, a cell for each function, the check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.errors import StorageError, UsageError
from labkit.grading.notebooks.pieces import Kind, pieces, without_marks
from labkit.grading.students_copy.untouched import untouched
from labkit.i18n import Text, current_language, localized, texts
from labkit.rubric import find
from labkit.rubric.lab import Lab

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["notebook", "write"]

_ = texts(__file__)

_GOES_ON = {"tags": ["raises-exception"]}
"""Metadata of a cell after whose exception the others still run."""


def notebook(lab: Lab, *, solution: bool = False) -> NotebookNode:
    """The notebook of a lab, in the current language.

    Args:
        lab: The lab.
        solution: Whether to show the reference solution in place of the starter.

    Raises:
        UsageError: This copy of the kit has nothing to make it from, or nbformat is not installed.
    """
    try:
        from nbformat import v4
    except ImportError as error:
        raise UsageError(
            _("Notebooks are written with nbformat, which is not installed."),
            fix=_('Install what notebooks need: python -m pip install -e ".[notebook]"'),
        ) from error
    source = _solution(lab) if solution else untouched(lab)
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}
    cells = [
        make[kind](text, metadata=metadata, id=f"{lab.name}-{number}")
        for number, (kind, text, metadata) in enumerate(_cells(lab, source))
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: NotebookNode = v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    return made


def write(made: NotebookNode, path: Path) -> None:
    """Write a notebook into a new file.

    Raises:
        UsageError: The name is none of a notebook, or there is such a file already.
        StorageError: It cannot be written.
    """
    import nbformat

    if path.suffix != ".ipynb":
        raise UsageError(
            _("{name} is no name of a notebook.", name=path.name),
            fix=_("Let the name end in .ipynb."),
        )
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            nbformat.write(made, stream)
    except FileExistsError as error:
        raise UsageError(
            _("There is a file {path} already; your work may be in it.", path=path),
            fix=_("Give another name, as in `labkit notebook lab2 another.ipynb`."),
        ) from error
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}", path=path, error=error),
            fix=_("Make room, or name a file in another folder."),
        ) from error


def _cells(lab: Lab, source: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind, text and metadata of every cell."""
    yield "code", _setup(lab), {}
    for section in _sections(_handout(lab)):
        yield "markdown", section, {}
    yield "markdown", _titled(_("Your code"), _HOW), {}
    found = pieces(source)
    for piece in found:
        if piece.kind is not Kind.TRIAL:
            yield "code", piece.source, {}
    if trials := [piece.source for piece in found if piece.kind is Kind.TRIAL]:
        yield "markdown", _titled(_("A trial"), _TRIAL), {}
        yield "code", "\n\n".join(trials), _GOES_ON
    yield "markdown", _titled(_("Your grade"), _GRADE), {}
    yield "code", "%labkit check", {}


_HOW = _(
    "Each function has a cell of its own. Write what its TODO asks for and run the cell with "
    "Shift+Enter. You can add cells to try things out; what they do is done again when this notebook "
    "is graded, so keep them short, or take them out. Where the handout speaks of a file or of a "
    "command to run, this notebook takes their place."
)
_TRIAL = _("Look at what you wrote. This cell runs here, and not when the notebook is graded.")
_GRADE = _(
    "The next cell grades what you have run, in a process of its own. `%labkit run` shows the whole "
    "report with its figures, `%labkit hint` a pointer where you are stuck. Save this notebook and "
    "hand it in as it is."
)


def _titled(title: Text, paragraph: Text) -> str:
    """A section of the notebook's own, between those of the handout and the code."""
    return f"## {title}\n\n{paragraph}"


def _setup(lab: Lab) -> str:
    """The first cell: where the kit comes from, and that this notebook is for that lab."""
    comments = [
        _("Run this cell first. It brings the kit, labkit, which grades what you write here."),
        _("If Python finds no labkit (in Colab, say): upload the kit's folder or clone it,"),
        _("put its path into the next two lines, take away their #, and run the cell again."),
    ]
    path = _("path/of/the/kit")
    lines = [f"# {comment}" for comment in comments]
    lines += [f"# %cd {path}", "# %pip install -e ."]
    return "\n".join(
        [*lines, "%load_ext labkit", f"%labkit use {lab.name} --lang {current_language()}"]
    )


def _handout(lab: Lab) -> str:
    """The handout in the current language, in English where there is none, or the title alone."""
    for name in (localized("README.md", current_language()), "README.md"):
        path = find.folder(lab) / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return f"# {lab.title}\n"


def _sections(handout: str) -> Iterator[str]:
    """A handout's sections, so that each can be folded away; a # in code begins none."""
    section: list[str] = []
    fenced = False
    for line in handout.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if line.startswith("## ") and not fenced:
            yield "\n".join(section).strip()
            section = []
        section.append(line)
    yield "\n".join(section).strip()


def _solution(lab: Lab) -> str:
    path = find.solution(lab)
    if not path.is_file():
        raise UsageError(
            _("The solutions are not in this copy of the kit."),
            fix=_("Leave --solution out."),
        )
    return without_marks(path.read_text(encoding="utf-8"))
