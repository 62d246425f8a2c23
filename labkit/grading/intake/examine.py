"""Looks at Python source without running it, in a process of its own.

A file may be made so that Python's own parser runs out of memory, out of stack or never ends: a
sum of two million terms ends Python 3.10 altogether. So this is a program, with the standard library
alone and limits on itself; it reads source from its input and writes JSON::

    functions   names of the functions at the top level
    inputs      lines that call input()
    uses        what the file names of other modules: full name, line, function or class it is in; and
                what it names of its own functions and classes, as ``.name``
    problem     null, or what Python found: kind ("encoding", "syntax", "deep"), line, text, message
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

__all__ = ["TOO_MUCH", "examine"]

TOO_MUCH = 3
"""Exit status where the file needs more memory than the limit."""

_MEMORY = 2**29
_CPU_SECONDS = 10
_LONGEST_LINE = 160
_MOST = 1_000
_MOST_USES = 20_000


def examine(content: bytes) -> dict[str, Any]:
    """What there is to say about one file."""
    found: dict[str, Any] = {"functions": _roughly(content), "inputs": [], "uses": []}
    found["problem"] = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found["problem"] = _encoding(content)
            if found["problem"] is None:
                tree = ast.parse(content, "submission.py")
                found["functions"] = _functions(tree)
                found["inputs"] = _inputs(tree)
                found["uses"] = list(islice(_uses(tree), _MOST_USES))
                compile(tree, "submission.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        found["problem"] = _syntax(error, content)
    except (RecursionError, MemoryError, OverflowError):
        found["problem"] = {"kind": "deep"}
    except ValueError as error:
        found["problem"] = {"kind": "syntax", "line": 0, "text": "", "message": str(error)}
    return found


def _encoding(content: bytes) -> dict[str, Any] | None:
    """Where the bytes are not in the encoding they should be in: UTF-8 or the one they declare."""
    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(content).readline)
        if encoding in ("utf-8", "utf-8-sig"):
            content.decode("utf-8")
    except SyntaxError as error:
        # It says "invalid or missing encoding declaration" of a line that is merely not UTF-8.
        message = str(error.msg)
        if "unknown encoding" in message or "problem" in message:
            return {"kind": "syntax", "line": 0, "text": "", "message": message}
        with suppress(UnicodeDecodeError):
            content.decode("utf-8")
            return {"kind": "syntax", "line": 0, "text": "", "message": message}
        return _first_foreign(content)
    except UnicodeDecodeError:
        return _first_foreign(content)
    return None


def _first_foreign(content: bytes) -> dict[str, Any]:
    """The first line that is not UTF-8, read as Windows would have written it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        text = content[start : start + _LONGEST_LINE].split(b"\n", 1)[0].decode("cp1252", "replace")
        line = content.count(b"\n", 0, error.start) + 1
        return {"kind": "encoding", "line": line, "text": text.strip(), "message": ""}
    raise AssertionError("only called where UTF-8 fails")


def _syntax(error: SyntaxError, content: bytes) -> dict[str, Any]:
    line = error.lineno or 0
    text = error.text
    if not text and line > 0:
        lines = content.decode("utf-8", "replace").splitlines()
        text = lines[line - 1] if line <= len(lines) else ""
    shown = (text or "").strip()[:_LONGEST_LINE]
    return {"kind": "syntax", "line": line, "text": shown, "message": str(error.msg)[:_LONGEST_LINE]}


def _functions(tree: ast.Module) -> list[str]:
    nodes = (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return [node.name for node in nodes][:_MOST]


def _roughly(content: bytes) -> list[str]:
    """The functions of a file that Python cannot read."""
    text = content.decode("utf-8", "replace")
    return re.findall(r"^(?:async[ \t]+)?def[ \t]+(\w{1,80})", text, re.M)[:_MOST]


def _inputs(tree: ast.Module) -> list[int]:
    found = {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"
    }
    return sorted(found)[:_MOST]


def _uses(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Every name of another module, ``numpy.linalg.inv``, once for each function it is used in.

    ``from numpy import *`` is a use of ``numpy.*``; functions and classes of the file are ``.name``.
    """
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    known = {node.name: f".{node.name}" for node in tree.body if isinstance(node, kinds)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.asname, alias.name) for alias in node.names]
            known |= {
                mine or name.partition(".")[0]: name if mine else name.partition(".")[0]
                for mine, name in names
            }
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    seen = set()
    for statement in tree.body:
        place = getattr(statement, "name", "")
        for node in ast.walk(statement):
            name = _full(node, known)
            if name and (name, place) not in seen:
                seen.add((name, place))
                yield name[:_LONGEST_LINE], getattr(node, "lineno", 0), place


def _full(node: ast.AST, known: dict[str, str]) -> str:
    """The full name a node stands for, empty where it is none of another module."""
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and not node.level:
        return _of_keras(f"{node.module}.*")
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return ""
    return _of_keras(".".join([known[node.id], *reversed(parts)]))


def _of_keras(name: str) -> str:
    """One name for what Keras has, wherever it was taken from."""
    return name.replace("tensorflow.keras", "keras")


def _limit() -> None:
    """Limit this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    _limit()
    try:
        json.dump(examine(sys.stdin.buffer.read()), sys.stdout)
    except MemoryError:
        sys.exit(TOO_MUCH)
