"""Which rows are trained on, which are asked about, and which answers stay with the trusted side.

A protocol turns a data set and a seed into a `Trial`: files for the worker, files for the replay,
and the truth, which is never written to a file. ``seed=None`` is the public split that students
practise on; a class is graded with a secret one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol as Structural

from labkit import data
from labkit.data.npy import write_array
from labkit.errors import UsageError
from labkit.i18n import texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["HoldOut", "Protocol", "Question", "RepeatedKFold", "Training", "Trial"]

_ = texts(__file__)

PUBLIC_SEED = 0
"""Seed of the folds that students see."""


@dataclass(frozen=True, slots=True)
class Training:
    """Rows one model is fitted on: from ``start`` to ``stop`` of two ``.npy`` files."""

    name: str
    x: Path
    y: Path
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Inputs one exported model is asked about; the answer is ``Trial.truth[key]``."""

    training: str
    name: str
    x: Path
    start: int = 0

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
        questions: What the replay asks the exported models.
        truth: Labels by question, for the trusted side alone.
        calls: Of functions written by hand; see `labkit.sandbox.calls`.
        expected: Function -> what the reference returned, by case; for the trusted side alone.
    """

    trainings: tuple[Training, ...] = ()
    holdout: Training | None = None
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
        """Name of the data set in the catalogue."""

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """Write what the untrusted processes may read into ``folder`` and return the trial.

        Args:
            folder: A folder of this run's own.
            seed: ``None`` for the public split.
            table: A table of the user's own in place of the data set, where the protocol takes one.
        """

    def lighter(self) -> Protocol:
        """The same with less work, good enough to tell a wrong answer from a right one."""


@dataclass(frozen=True, slots=True)
class HoldOut:
    """One training; a public hold-out for `evaluate`; hidden inputs for what counts.

    Args:
        dataset: Name in the catalogue.
        holdout: Rows taken off the training rows for the student's own `evaluate`.
    """

    dataset: str
    holdout: int = 5_000

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own is refused."""
        if table is not None:
            raise UsageError(
                _("{dataset} is graded on its own data set only.", dataset=self.dataset),
                fix=_("Leave out --data."),
            )
        split = data.split(self.dataset, seed=seed, folder=folder)
        labels = data.open_array(split.y)
        cut = len(labels) - self.holdout
        return Trial(
            trainings=(Training("main", split.x, split.y, stop=cut),),
            holdout=Training("holdout", split.x, split.y, start=cut),
            questions=(
                Question("main", "hidden", split.hidden_x),
                Question("main", "holdout", split.x, start=cut),
            ),
            truth={"main:hidden": split.hidden_y, "main:holdout": labels[cut:]},
        )

    def lighter(self) -> HoldOut:
        """Itself: one training is the least there is."""
        return self


@dataclass(frozen=True, slots=True)
class RepeatedKFold:
    """One main training for the plots, and one for each fold for what counts.

    A few dozen rows are too few for a single split: its luck would decide the grade.

    Args:
        dataset: Name in the catalogue.
        folds: Parts the rows are dealt into.
        repeats: How often they are dealt anew.
    """

    dataset: str
    folds: int = 5
    repeats: int = 5

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own replaces the data set's rows."""
        rows = data.load_table(self.dataset, table)
        public = PUBLIC_SEED if seed is None else seed
        *folds, main = data.folds(len(rows.y), self.folds, self.repeats + 1, public)

        def save(name: str, values: np.ndarray) -> Path:
            file = folder / f"{name}.npy"
            write_array(file, [values.tobytes()], values.shape, values.dtype.str)
            return file

        def write(name: str, index: np.ndarray) -> Training:
            return Training(name, save(f"x_{name}", rows.x[index]), save(f"y_{name}", rows.y[index]))

        kept, asked = main
        trainings, holdout = [write("main", kept)], write("holdout", asked)
        questions = [Question("main", "holdout", holdout.x)]
        truth = {"main:holdout": rows.y[asked]}
        for number, (kept, asked) in enumerate(folds[: self.folds * self.repeats], start=1):
            name = f"fold{number:02d}"
            hidden = save(f"x_{name}_hidden", rows.x[asked])
            trainings.append(write(name, kept))
            questions.append(Question(name, "hidden", hidden))
            truth[f"{name}:hidden"] = rows.y[asked]
        return Trial(tuple(trainings), holdout, tuple(questions), truth)

    def lighter(self) -> RepeatedKFold:
        """Each fold once."""
        return replace(self, repeats=1)
