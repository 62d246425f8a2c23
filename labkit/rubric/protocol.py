"""Which rows are trained on, which are asked about, and which answers stay with the trusted side.

A protocol turns a data set and a seed into a `Trial`: files for the worker, files for the replay,
and the truth, which is never written to a file. ``seed=None`` is the public split that students
practise on; a class is graded with a secret one. The protocols themselves are in
`labkit.rubric.protocols`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol as Structural

if TYPE_CHECKING:
    import numpy as np

__all__ = ["PUBLIC_SEED", "Protocol", "Question", "Training", "Trial", "Unrolled"]

PUBLIC_SEED = 0
"""Seed of everything that is drawn where students practise."""


@dataclass(frozen=True, slots=True)
class Training:
    """Rows one model is fitted on: from ``start`` to ``stop`` of two ``.npy`` files."""

    name: str
    x: Path
    y: Path
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Unrolled:
    """How an answer is asked for symbol by symbol, each time with what the model has said so far.

    Behind its inputs the model is given ``steps`` columns more: the start symbol, the symbols of its
    answer so far, zeros. It gives probabilities ``(rows, steps, symbols)``; the most likely symbol of
    each step is the next of the answer. What counts is the answer, ``(rows, steps)``.

    Args:
        steps: Symbols of an answer.
        start: The symbol before the first one.
    """

    steps: int
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """Inputs that one model is asked about; the right answer is ``Trial.truth[key]``.

    Args:
        training: Whose exported model is asked, or a name of `Trial.models`.
        name: Of the inputs.
        x: Their file; ``None`` where they are what another question brought.
        start: First row of the file.
        stop: Behind the last one.
        after: Key of the question whose answers are the inputs.
        unrolled: How the answer is asked for where it comes symbol by symbol.
    """

    training: str
    name: str
    x: Path | None = None
    start: int = 0
    stop: int | None = None
    after: str = ""
    unrolled: Unrolled | None = None

    @property
    def key(self) -> str:
        """Name under which predictions and truth are kept: ``"main:hidden"``."""
        return f"{self.training}:{self.name}"


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything one run needs.

    Args:
        trainings: What the worker fits; the first is the main one, whose five steps all run.
        holdout: Inputs and labels that the student's own `evaluate` and `predict` are given.
        asked: File of inputs that the student's own `predict` is given, where they are not those of
            the hold-out.
        watched: File of inputs that the model answers after every epoch, for figures.
        part: Attribute of the student's model that is exported; the model itself where it is empty.
        models: Name -> a model of the kit's own, which is asked beside the student's.
        questions: What the replay asks the exported models, and those.
        truth: Labels by question, for the trusted side alone.
        calls: Of functions written by hand; see `labkit.sandbox.calls`.
        expected: Function -> what the reference returned, by case; for the trusted side alone.
    """

    trainings: tuple[Training, ...] = ()
    holdout: Training | None = None
    asked: Path | None = None
    watched: Path | None = None
    part: str = ""
    models: Mapping[str, Path] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    truth: Mapping[str, np.ndarray] = field(default_factory=dict)
    calls: Path | None = None
    expected: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the student's processes: one a training, and one where nothing is trained."""
        return tuple(training.name for training in self.trainings) or ("main",)


class Protocol(Structural):
    """How a lab's data are used."""

    @property
    def dataset(self) -> str:
        """Name of the data set in the catalogue; empty where the data are made."""

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """Write what the untrusted processes may read into ``folder`` and return the trial.

        Args:
            folder: A folder of this run's own.
            seed: ``None`` for the public split.
            table: A table of the user's own in place of the data set, where the protocol takes one.
        """

    def lighter(self) -> Protocol:
        """The same with less work, good enough to tell a wrong answer from a right one."""
