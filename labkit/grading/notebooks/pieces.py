"""Cuts a lab's file into what becomes cells: its beginning, each function or class, a trial."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

__all__ = ["Kind", "Piece", "pieces", "without_marks"]

_MARK = re.compile(r"#\s*(?P<end>end )?cut\b:?\s*")


class Kind(Enum):
    """What a piece is."""

    PLAIN = "plain"
    """Imports, constants, the file's docstring."""
    DEFINITION = "definition"
    TRIAL = "trial"
    """What runs only where the file is not imported."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of a file that belong together.

    Args:
        kind: What they are.
        source: The lines, comments above included.
    """

    kind: Kind
    source: str


def pieces(source: str) -> tuple[Piece, ...]:
    r"""Cut a file along its top level; every line that is not empty is in one piece.

    A comment belongs to what stands below it, an indented one to the function above.

    Raises:
        SyntaxError: It is not Python.

    Example:
        >>> [piece.source for piece in pieces("import os\n\n# Doubles.\ndef f(x):\n    return 2 * x\n")]
        ['import os', '# Doubles.\ndef f(x):\n    return 2 * x']
    """
    lines = source.split("\n")
    begins: list[tuple[int, Kind]] = []
    end = 0
    for node in ast.parse(source).body:
        kind = _kind(node)
        if not begins or kind is not Kind.PLAIN or begins[-1][1] is not Kind.PLAIN:
            begins.append((_begin(node, lines, end) if begins else 0, kind))
        end = node.end_lineno or node.lineno
    ends = [begin for begin, _kind in begins[1:]] + [len(lines)]
    return tuple(
        Piece(kind, "\n".join(lines[begin:end]).strip("\n")) for (begin, kind), end in zip(begins, ends)
    )


def without_marks(solution: str) -> str:
    """A solution without its cut marks: what was a task becomes a comment above the answer."""
    lines = solution.split("\n")
    for number, comment in reversed(list(_comments(solution))):
        mark = _MARK.match(comment)
        if mark is None or lines[number].strip() != comment:
            continue
        if mark["end"]:
            del lines[number]
        else:
            lines[number] = lines[number].replace(mark[0], "# ", 1)
    return "\n".join(lines)


def _kind(node: ast.stmt) -> Kind:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return Kind.DEFINITION
    if isinstance(node, ast.If) and "__name__" in ast.dump(node.test):
        return Kind.TRIAL
    return Kind.PLAIN


def _begin(node: ast.stmt, lines: list[str], end: int) -> int:
    """Index of the first line of a statement, its decorators and the comments above included.

    Args:
        node: The statement.
        lines: Of the whole file.
        end: How many lines the statements before take.
    """
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)]) - 1
    while end < first and (not lines[end].strip() or lines[end][0].isspace()):
        end += 1
    return end


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Index of its line and text of every comment."""
    for token in tokenize.generate_tokens(io.StringIO(source, newline="\n").readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0] - 1, token.string.rstrip()
