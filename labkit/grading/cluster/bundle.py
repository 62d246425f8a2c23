"""What all submissions are run with, as bytes: rows, questions, models; without any truth."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.grading.cluster.packing import boxed, unbox
from labkit.grading.running import training_seed
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Training, Trial

__all__ = ["Bundle"]

_DATA, _MODELS = Path("data"), Path("models")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A trial without its truth, and its files.

    Args:
        lab: ``"lab2"``.
        training_seed: Of the students' trainings; says nothing about the split.
        trial: Without its truth; its files have the paths that they have in the box.
        files: A box of them.
        digest: SHA-256 of both.
    """

    lab: str
    training_seed: int
    trial: Trial
    files: bytes
    digest: str

    @classmethod
    def of(cls, lab: Lab, trial: Trial, data: Path, seed: int | None) -> Bundle:
        """Bundle a trial.

        Args:
            lab: The lab.
            trial: As it was prepared.
            data: The folder that it was prepared in; no truth is ever written there.
            seed: Secret seed of the split, which stays behind.
        """
        files = {path: _DATA / path.relative_to(data) for path in data.rglob("*") if path.is_file()}
        bare = replace(trial, truth={}, expected={})
        moved = _moved(bare, lambda path: files.setdefault(path, _MODELS / path.name))
        content = boxed(files)
        digest = hashlib.sha256(content + pickle.dumps(moved)).hexdigest()
        return cls(lab.name, training_seed(seed), moved, content, digest)

    def open(self, folder: Path) -> Trial:
        """The trial, its files in ``folder``."""
        unbox(self.files, folder)
        return _moved(self.trial, lambda path: folder / path)


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
