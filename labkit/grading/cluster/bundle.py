"""What all submissions are run with, as bytes: rows, questions, models; without any truth."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile

from labkit.grading.cluster.packing import box, unbox
from labkit.grading.pipeline import training_seed
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Training, Trial

__all__ = ["Bundle"]

_TRIAL = "trial.pickle"
_MODELS = "models"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A trial without its truth, and its files.

    Args:
        lab: ``"lab2"``.
        training_seed: Of the students' trainings; says nothing about the split.
        content: A zip of the files.
    """

    lab: str
    training_seed: int
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the files."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def of(cls, lab: Lab, trial: Trial, data: Path, seed: int | None) -> Bundle:
        """Bundle a trial.

        Args:
            lab: The lab.
            trial: As it was prepared.
            data: The folder that it was prepared in; no truth is ever written there.
            seed: Secret seed of the split, which stays behind.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)

            def move(path: Path) -> Path:
                if path.is_relative_to(data):
                    place = Path("data") / path.relative_to(data)
                else:
                    place = Path(_MODELS) / path.name
                    (folder / _MODELS).mkdir(exist_ok=True)
                    copyfile(path, folder / place)
                return place

            for path in data.rglob("*"):
                if path.is_file():
                    place = folder / "data" / path.relative_to(data)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    copyfile(path, place)
            moved = _moved(replace(trial, truth={}, expected={}), move)
            (folder / _TRIAL).write_bytes(pickle.dumps(moved))
            return cls(lab.name, training_seed(seed), box(folder))

    def open(self, folder: Path) -> Trial:
        """The trial, its files in ``folder``."""
        unbox(self.content, folder)
        trial: Trial = pickle.loads((folder / _TRIAL).read_bytes())  # noqa: S301  the coordinator's own
        return _moved(trial, lambda path: folder / path)


def _moved(trial: Trial, move: Callable[[Path], Path]) -> Trial:
    """A trial whose files lie elsewhere."""

    def rows(training: Training) -> Training:
        return replace(training, x=move(training.x), y=move(training.y))

    def maybe(path: Path | None) -> Path | None:
        return None if path is None else move(path)

    return replace(
        trial,
        trainings=tuple(rows(training) for training in trial.trainings),
        holdout=rows(trial.holdout) if trial.holdout else None,
        asked=maybe(trial.asked),
        watched=maybe(trial.watched),
        models={name: move(path) for name, path in trial.models.items()},
        questions=tuple(replace(question, x=maybe(question.x)) for question in trial.questions),
        calls=maybe(trial.calls),
    )
