"""Calls of a student's functions and what they return, as files.

The trusted side writes ``calls.json``, one row a call: function, case and arguments, in which an array
is named by its number in ``arguments.npz``. A worker writes ``returned.<function>.npz``, in which
``<case>:0``, ``<case>:1``… are the arrays that the function returned for a case. Nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Call", "arrays_of", "read", "returned_file", "write"]

_KINDS = "biufU"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function.

    Args:
        function: Its name.
        case: Name of the case, unique for this function.
        arguments: What it is given, by position: arrays, numbers, texts, and lists of them.
    """

    function: str
    case: str
    arguments: tuple[Any, ...]


def write(folder: Path, calls: Iterable[Call]) -> Path:
    """Write calls into a folder and return the path of ``calls.json``."""
    arrays: list[np.ndarray] = []

    def spelled(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            arrays.append(np.asarray(value))
            return {"array": len(arrays) - 1}
        if isinstance(value, (list, tuple)):
            return [spelled(part) for part in value]
        return value

    rows = [[call.function, call.case, spelled(call.arguments)] for call in calls]
    path = folder / "calls.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    named: dict[str, Any] = {str(number): array for number, array in enumerate(arrays)}
    np.savez(folder / "arguments.npz", **named)
    return path


def read(path: Path) -> list[Call]:
    """Read back what `write` wrote; every array is a copy of its caller's own."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    with np.load(path.with_name("arguments.npz"), allow_pickle=False) as file:
        arrays = dict(file)

    def value(spelled: Any) -> Any:
        if isinstance(spelled, dict):
            return arrays[str(spelled["array"])].copy()
        return [value(part) for part in spelled] if isinstance(spelled, list) else spelled

    return [Call(function, case, tuple(map(value, given))) for function, case, given in rows]


def returned_file(function: str) -> str:
    """Name of the file with what a function returned."""
    return f"returned.{function}.npz"


def arrays_of(value: Any) -> list[np.ndarray]:
    """What a function returned, as arrays in order.

    A number, a text, an array, a tensor and a list of them that has a shape are one array each; a
    tuple, a mapping (by its sorted keys) and any other list are taken apart.

    Raises:
        TypeError: There is something else in it.

    Example:
        >>> arrays_of(([1.0, 2.0], 3))
        [array([1., 2.]), array(3)]
    """
    if isinstance(value, Mapping):
        value = tuple(value[key] for key in sorted(value))
    if isinstance(value, tuple):
        return [array for part in value for array in arrays_of(part)]
    try:
        array = np.asarray(value)
    except ValueError:  # a list whose parts have different shapes
        array = None
    if array is not None and array.dtype.kind in _KINDS:
        return [array]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [array for part in value for array in arrays_of(part)]
    raise TypeError(f"it must return numbers or arrays. It returned: {type(value).__name__}")
