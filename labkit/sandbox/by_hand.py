"""Functions that students write by hand, called with the arrays that the rubric made."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from labkit.sandbox import calls
from labkit.sandbox.calls import Call
from labkit.sandbox.diary import Diary, Stop, call
from labkit.sandbox.job import Job

__all__ = ["run", "withhold"]

_MOST_BYTES = 64 * 2**20  # that a function returns for one case


def run(diary: Diary, module: types.ModuleType, job: Job) -> None:
    """Call each function with all of its cases; one that goes wrong does not stop the others."""
    steps = job.task["steps"]
    todo = sorted(calls.read(Path(job.task["calls"])), key=lambda one: steps.index(one.function))
    for function, cases in groupby(todo, key=lambda one: one.function):
        returned: dict[str, Any] = {}
        with suppress(Stop):
            _answer(diary, module, list(cases), returned)
        path = job.folder / calls.returned_file(function)
        np.savez(path, **returned)
        diary.seal.file(path)


def _answer(
    diary: Diary, module: types.ModuleType, cases: Sequence[Call], returned: dict[str, Any]
) -> None:
    """Call one function and keep what it returned, up to the first case that fails."""
    for number, one in enumerate(cases, start=1):

        def answer(*arguments: Any, function: str = one.function) -> list[np.ndarray]:
            return _expect_arrays(function, call(module, function, *arguments))

        arrays = diary.run(one.function, answer, *one.arguments, ends=number == len(cases))
        returned.update((f"{one.case}:{place}", array) for place, array in enumerate(arrays))


def _expect_arrays(function: str, value: Any) -> list[np.ndarray]:
    try:
        arrays = calls.arrays_of(value)
    except TypeError as error:
        raise TypeError(f"{function}(): {error}") from None
    size = sum(array.nbytes for array in arrays)
    if size > _MOST_BYTES:
        raise ValueError(f"{function}() must return at most {_MOST_BYTES:,} bytes. Received: {size:,}")
    return arrays


class _Withheld:
    """Finds the withheld modules first, to say why they are not there."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        if any(name == own or name.startswith(f"{own}.") for own in self._names):
            raise ImportError(f"{name} is what you write by hand in this lab.", name=name)
        return None


def withhold(names: Sequence[str]) -> None:
    """Refuse to import these modules and what is in them, in this process."""
    if not names:
        return
    finder = _Withheld(names)
    for loaded in list(sys.modules):
        if any(loaded == own or loaded.startswith(f"{own}.") for own in names):
            del sys.modules[loaded]
    sys.meta_path.insert(0, finder)
