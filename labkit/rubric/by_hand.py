"""Functions that students write by hand, and the hidden inputs they are called with.

The answers they are compared with come from ``reference.py`` beside the rubric: functions of the same
names, made of the kit's layers, Keras or SciPy, run in a process of their own that sees no student's
code. What they answer is the truth of the trial, and no student's process ever holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.errors import ContentError
from labkit.sandbox import calls
from labkit.sandbox.calls import Call

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ByHand", "Call"]

PUBLIC_SEED = 0
"""Seed of the inputs that students practise on."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a student writes by hand.

    Args:
        functions: Names of the functions, in the order they are written and called.
        cases: From a generator to the calls, each function's in any order; equal generators must give
            equal calls.
    """

    functions: tuple[str, ...]
    cases: Callable[[np.random.Generator], Iterable[Call]]

    def prepare(self, folder: Path, seed: int | None) -> Path:
        """Write the calls of a seed into ``folder``, ``None`` being the public one; see `calls.write`.

        Raises:
            ContentError: A function is never called, is unknown, or has two cases of one name.
        """
        import numpy as np

        made = list(self.cases(np.random.default_rng(PUBLIC_SEED if seed is None else seed)))
        places = [(call.function, call.case) for call in made]
        if len(set(places)) < len(places):
            raise ContentError("Two cases of one function have the same name.")
        if odd := {function for function, _case in places} ^ set(self.functions):
            raise ContentError(f"Called and listed functions differ: {', '.join(sorted(odd))}.")
        return calls.write(folder, made)
