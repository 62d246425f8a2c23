"""Small tables: a training for each of many folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from labkit import data
from labkit.rubric.protocol import PUBLIC_SEED, Question, Training, Trial
from labkit.rubric.protocols.files import save

if TYPE_CHECKING:
    import numpy as np

__all__ = ["RepeatedKFold"]


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

        def write(name: str, index: np.ndarray) -> Training:
            x, y = (folder / f"{kind}_{name}.npy" for kind in "xy")
            return Training(name, save(x, rows.x[index]), save(y, rows.y[index]))

        kept, asked = main
        trainings, holdout = [write("main", kept)], write("holdout", asked)
        questions = [Question("main", "holdout", holdout.x)]
        truth = {"main:holdout": rows.y[asked]}
        for number, (kept, asked) in enumerate(folds[: self.folds * self.repeats], start=1):
            name = f"fold{number:02d}"
            hidden = save(folder / f"x_{name}_hidden.npy", rows.x[asked])
            trainings.append(write(name, kept))
            questions.append(Question(name, "hidden", hidden))
            truth[f"{name}:hidden"] = rows.y[asked]
        return Trial(tuple(trainings), holdout, questions=tuple(questions), truth=truth)

    def lighter(self) -> RepeatedKFold:
        """Each fold once."""
        return replace(self, repeats=1)
