"""What a notebook's cell may hold that Python does not know: found and commented out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

__all__ = ["Gone", "plain_python"]

_CELL = re.compile(r"%%\s*(\w*)")
_KEPT = ("time", "timeit", "capture")
_TIME = re.compile(r"%time[ \t]+(?=[^-!%\s])")
_OWN = re.compile(r"%(?:labkit|(?:re)?load_ext\s+labkit)\b")  # of the kit's: nothing is lost with them
_ASSIGNED = re.compile(r"[A-Za-z_][\w.,\s\[\]*()]*=\s*([!%])(?!=)")
_ASKED = re.compile(r"\?{1,2}\s*[\w.*%]+|%{0,2}[\w.*\[\]]+\?{1,2}")
_TOKEN = re.compile(r"#|'''|\"\"\"|'|\"|[(\[{]|[)\]}]")


class Gone(Enum):
    """A kind of thing that is taken out of a cell."""

    CELL = "cell"
    MAGIC = "magic"
    SHELL = "shell"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class _Open:
    """What is still open at the end of a line: a string's quotes, brackets, a backslash."""

    quotes: str = ""
    depth: int = 0
    joined: bool = False

    def __bool__(self) -> bool:
        return bool(self.quotes) or self.depth > 0 or self.joined


def plain_python(cell: str) -> tuple[str, frozenset[Gone]]:
    r"""A cell's code with everything that is IPython's commented out.

    A line in a string or in brackets is the student's own, whatever it begins with.

    Returns:
        The code, with as many lines as before, and what was taken out.

    Example:
        >>> plain_python("!pip install x\ny = 5 % 3")
        ('# !pip install x\ny = 5 % 3', frozenset({<Gone.SHELL: 'shell'>}))
    """
    lines = cell.split("\n")
    gone: set[Gone] = set()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if (magic := _CELL.match(lines[first].lstrip())) is not None:
        gone.add(Gone.MAGIC if magic[1] in _KEPT else Gone.CELL)
        if magic[1] not in _KEPT:
            return "\n".join(f"# {line}".rstrip() for line in lines), frozenset(gone)
    return "\n".join(_neutral(lines, gone)), frozenset(gone)


def _neutral(lines: list[str], gone: set[Gone]) -> list[str]:
    neutral = []
    state, cut = _Open(), False
    for line in lines:
        kind = None if state else _kind(line.strip())
        if cut:  # the line before was cut and ends in a backslash
            neutral.append(f"# {line}")
            cut = line.rstrip().endswith("\\")
        elif kind is None:
            neutral.append(line)
            state = _follow(line, state)
        else:
            if not _OWN.match(line.strip()):
                gone.add(kind)
            neutral.append(_without(line))
            timed = _TIME.match(line.strip())
            state = _follow(neutral[-1], state) if timed else state
            cut = not timed and line.rstrip().endswith("\\")
    return neutral


def _kind(line: str) -> Gone | None:
    """What a line is that begins a statement; ``None``: Python."""
    if line.startswith("%") and not line.endswith("?"):
        return Gone.MAGIC
    if line.startswith("!"):
        return Gone.SHELL
    if _ASKED.fullmatch(line.rstrip(";")):
        return Gone.HELP
    assigned = _ASSIGNED.match(line)
    if assigned is None:
        return None
    return Gone.SHELL if assigned[1] == "!" else Gone.MAGIC


def _without(line: str) -> str:
    """The line commented out; what ``%time`` measures stays, and so does a block's only line."""
    code = line.lstrip()
    indent = line[: len(line) - len(code)]
    if (timed := _TIME.match(code)) is not None:
        return indent + code[timed.end() :]
    return f"{indent}pass  # {code}" if indent else f"# {code}"


def _follow(line: str, state: _Open) -> _Open:
    """What is open after ``line``, given what was before it."""
    quotes, depth, place = state.quotes, state.depth, 0
    while True:
        if quotes:
            place = _end(line, quotes, place)
            if not place:
                break
            quotes = ""
        token = _TOKEN.search(line, place)
        if token is None or token[0] == "#":
            return _Open("", depth, token is None and line.endswith("\\"))
        place = token.end()
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth = max(0, depth - 1)
        else:
            quotes = token[0]
    # A string in single quotes ends with its line, unless a backslash goes on.
    goes_on = len(quotes) == 3 or line.endswith("\\")
    return _Open(quotes if goes_on else "", depth, False)


def _end(line: str, quotes: str, place: int) -> int:
    """Where a string ends that is open at ``place``; 0: not on this line."""
    for token in re.compile(rf"\\.|{quotes}").finditer(line, place):
        if token[0] == quotes:
            return token.end()
    return 0
