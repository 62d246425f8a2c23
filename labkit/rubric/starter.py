"""Makes a lab's starter from its solution, by the solution's cut marks.

A solution keeps what is given and what is to be written in one file. Cut marks are comments on
lines of their own, around lines of a function::

    # cut: Return a Sequential model with an Input of shape (28, 28).
    return keras.Sequential([keras.Input((28, 28)), ...])
    # end cut

The starter has in their place what to do, and an error that says the function is still to be
written::

    # TODO: Return a Sequential model with an Input of shape (28, 28).
    raise NotImplementedError("define")

A task goes on in the comment lines that follow its first; an empty line ends it.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from labkit.errors import ContentError
from labkit.i18n import texts

__all__ = ["starter"]

_ = texts(__file__)

_WIDTH = 100
_BEGIN = re.compile(r"# cut:\s*(?P<task>.*)")
_END = re.compile(r"# end cut")
_ALIKE = re.compile(r"#\s*(cut\s*:|end\s*cut\b).*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines to be cut; ``begin`` and ``end`` are the lines of the marks, counted from 1."""

    begin: int
    end: int
    indent: str
    task: str


def starter(source: str) -> str:
    """Return the starter of a solution.

    Args:
        source: The solution, with cut marks.

    Raises:
        ContentError: The solution or its starter is not Python, or a mark is unbalanced, nested,
            misspelt, without a task, around nothing, outside a function or beside code; the line
            is named. Or there is no mark at all, and the starter would be the solution.

    Example:
        >>> print(starter('''def define():
        ...     # cut: Return the answer.
        ...     return 42
        ...     # end cut
        ... '''), end="")
        def define():
            # TODO: Return the answer.
            raise NotImplementedError("define")
    """
    tree = _parse(source)
    lines = source.split("\n")
    cuts = list(_cuts(source, lines))
    if not cuts:
        raise _fault(1, _("nothing is cut, so the starter would be the solution"))
    for cut in reversed(cuts):
        task = textwrap.wrap(
            cut.task,
            _WIDTH,
            initial_indent=f"{cut.indent}# TODO: ",
            subsequent_indent=f"{cut.indent}#   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        todo = f'{cut.indent}raise NotImplementedError("{_enclosing(tree, cut.begin)}")'
        lines[cut.begin - 1 : cut.end] = [*task, todo]
    made = "\n".join(lines)
    _parse(made)
    return made


def _cuts(source: str, lines: list[str]) -> Iterator[_Cut]:
    """Pair the marks up, in order."""
    comments = dict(_comments(source))
    begin = 0
    for number, comment in comments.items():
        begins = _BEGIN.fullmatch(comment)
        if not _ALIKE.fullmatch(comment):
            continue
        if not begins and not _END.fullmatch(comment):
            raise _fault(number, _("a cut mark is misspelt"))
        if lines[number - 1].strip() != comment:
            raise _fault(number, _("a cut mark shares its line with code"))
        if begins and begin:
            raise _fault(number, _("a cut begins inside the one of line {line}", line=begin))
        if begins:
            begin = number
        elif not begin:
            raise _fault(number, _("a cut ends that never began"))
        else:
            yield _cut(begin, number, lines, comments)
            begin = 0
    if begin:
        raise _fault(begin, _("a cut begins that never ends"))


def _cut(begin: int, end: int, lines: list[str], comments: dict[int, str]) -> _Cut:
    """Read the task of one cut and see that there is something to cut."""
    first = lines[begin - 1]
    match = _BEGIN.fullmatch(comments[begin])
    task = [match["task"]] if match else []
    number = begin + 1
    while number < end and lines[number - 1].lstrip().startswith("#"):
        task.append(comments[number].lstrip("#").strip())
        number += 1
    words = " ".join(task).strip()
    if not words:
        raise _fault(begin, _("a cut does not say what to write"))
    body = (line.strip() for line in lines[begin : end - 1])
    if all(not line or line.startswith("#") for line in body):
        raise _fault(begin, _("a cut has nothing in it"))
    return _Cut(begin, end, first[: len(first) - len(first.lstrip())], words)


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Line number and text of every comment; what looks like one in a string is none."""
    for token in tokenize.generate_tokens(io.StringIO(source, newline="\n").readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.rstrip()


def _enclosing(tree: ast.Module, line: int) -> str:
    """Name of the innermost function around a line."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno < line <= (node.end_lineno or node.lineno)
    ]
    if not around:
        raise _fault(line, _("a cut lies outside every function"))
    return max(around, key=lambda node: node.lineno).name


def _parse(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise _fault(line, _("not valid Python: {error}", error=error)) from error


def _fault(line: int, what: object) -> ContentError:
    return ContentError(
        _("Line {line}: {what}.", line=line, what=what),
        _("Each `# cut: …` has lines to cut and then one `# end cut`, inside a function."),
        _("Mend the marks of the solution."),
    )
