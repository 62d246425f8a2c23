"""The record a worker keeps of each function it calls: how far it came, its time, its error."""

from __future__ import annotations

import linecache
import sys
import time
import traceback
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras

from labkit.sandbox import integrity, notebook
from labkit.sandbox.seal import Seal

__all__ = ["Diary", "Missing", "Stop", "call", "kind_of"]

_LONGEST_MESSAGE = 2_000
_WATCHED_STEPS = ("import", "define", "compile", "fit")


class Stop(Exception):
    """A step did not end well; later steps wait."""


class Diary:
    """Keeps ``steps.json`` true at every moment, so that a process that dies tells where.

    Args:
        folder: The evidence folder.
        names: All steps, in order.
        source: The student's file, whose lines an error shows.
        seal: Writes and announces.
        cells: Where it was a notebook, the first line of each cell: an error names the cell.
    """

    def __init__(
        self, folder: Path, names: list[str], source: Path, seal: Seal, cells: Sequence[int] = ()
    ) -> None:
        self.path = folder / "steps.json"
        self.source = source
        self.cells = cells
        self.seal = seal
        self.steps: dict[str, dict[str, Any]] = {
            name: {"name": name, "state": "waiting", "seconds": 0.0} for name in names
        }
        self._write()

    def run(self, name: str, action: Callable[..., Any], *arguments: Any, ends: bool = True) -> Any:
        """Run one step, with its time and whatever it raises on record.

        Args:
            name: Of the step.
            action: What to call.
            arguments: What it is given.
            ends: Whether the step is done with it, or goes on with another call.

        Raises:
            Stop: It did not end well.
        """
        self._note(name, state="running")
        begun = time.perf_counter()
        try:
            result = action(*arguments)
            if name in _WATCHED_STEPS:
                integrity.expect_unchanged()
        except Missing as error:
            self._note(name, state="missing", error={"type": "", "message": str(error)})
            raise Stop from None
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            state = "todo" if self._is_starters(error) else "error"
            self._note(name, state=state, error=self._describe(error, arguments))
            if state == "error":
                print(self._in_cells(traceback.format_exc()), end="", file=sys.stderr)
            raise Stop from None
        seconds = self.steps[name]["seconds"] + time.perf_counter() - begun
        self._note(name, state="done" if ends else "running", seconds=round(seconds, 6))
        return result

    def _is_starters(self, error: BaseException) -> bool:
        """Whether it was raised where the starter leaves something to write, not deep in a library."""
        frames = traceback.extract_tb(error.__traceback__)
        return isinstance(error, NotImplementedError) and frames[-1].filename == str(self.source)

    def _describe(self, error: BaseException, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """An exception in the student's terms: their own lines, and the shapes they were given."""
        return {
            "type": type(error).__name__,
            "message": self._in_cells(str(error))[:_LONGEST_MESSAGE],
            "lines": [
                {**self._place(line), "code": code} for line, code in _own_lines(error, self.source)
            ],
            "arguments": [_given(argument) for argument in arguments],
        }

    def _place(self, line: int) -> dict[str, int]:
        if not self.cells:
            return {"line": line}
        return dict(zip(("cell", "line"), notebook.located(line, self.cells)))

    def _in_cells(self, text: str) -> str:
        return notebook.in_cells(text, self.source, self.cells) if self.cells else text

    def _note(self, name: str, **fields: Any) -> None:
        self.steps[name].update(fields)
        self._write()

    def _write(self) -> None:
        self.seal.json(self.path, list(self.steps.values()))


class Missing(Exception):
    """The file has no function of that name."""


def call(module: types.ModuleType, name: str, *arguments: Any) -> Any:
    """Call the student's function of that name."""
    function = getattr(module, name, None)
    if not callable(function):
        raise Missing(name)
    return function(*arguments)


def _own_lines(error: BaseException, source: Path) -> list[tuple[int, str]]:
    """Line and code of the frames of ``error`` in the student's file, outermost first."""
    if isinstance(error, SyntaxError) and error.filename == str(source):
        return [(error.lineno or 0, (error.text or "").strip())]
    frames = traceback.extract_tb(error.__traceback__)
    return [
        (frame.lineno or 0, linecache.getline(frame.filename, frame.lineno or 0).strip())
        for frame in frames
        if frame.filename == str(source)
    ]


def _given(argument: Any) -> str:
    return repr(argument) if isinstance(argument, (bool, int, float)) else kind_of(argument)


def kind_of(value: Any) -> str:
    """A value in a few words: its type, and its shape and dtype where it has them."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__} {tuple(value.shape)} {value.dtype}"
    if isinstance(value, keras.Model):
        return f"{type(value).__name__} {value.name!r}"
    return type(value).__name__
