"""Few rows that a lab makes itself: a training for each of many draws of those held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.rubric.protocol import PUBLIC_SEED, Question, Training, Trial
from labkit.rubric.protocols.files import no_table, save

if TYPE_CHECKING:
    import numpy as np

    from labkit.rubric.protocols.generated import Tables

__all__ = ["RepeatedHoldOut"]


@dataclass(frozen=True, slots=True)
class RepeatedHoldOut:
    """One main training for the five steps, and one for each of several draws for what counts.

    Where only a few rows can be spared, what becomes of them in a single training is luck.

    Args:
        make: From a generator and the number of a training to its rows; equal generators must give
            equal rows. The main training is number 0, and its hidden rows are those that the student's
            own `evaluate` and `predict` are given; the draws count from 1.
        repeats: How many draws.
        lightly: How many where a wrong answer has only to be told from a right one.
        dataset: What is read from the catalogue to make them, if anything.
    """

    make: Callable[[np.random.Generator, int], Tables]
    repeats: int
    lightly: int
    dataset: str = field(default="")

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own is refused."""
        import numpy as np

        no_table(table, self.dataset or self.make.__module__.partition(".")[0])
        public = PUBLIC_SEED if seed is None else seed

        def write(kind: str, training: str, values: np.ndarray) -> Path:
            return save(folder / f"{kind}_{training}.npy", np.ascontiguousarray(values))

        trainings, questions, truth = [], [], {}
        for number in range(self.repeats + 1):
            name, asked = (f"draw{number:02d}", "hidden") if number else ("main", "holdout")
            rows = self.make(np.random.default_rng([public, number]), number)
            trainings.append(Training(name, write("x", name, rows.x), write("y", name, rows.y)))
            questions.append(Question(name, asked, write("x_hidden", name, rows.hidden_x)))
            truth[f"{name}:{asked}"] = rows.hidden_y
        given = write("y_hidden", "main", truth["main:holdout"])
        holdout = Training("holdout", folder / "x_hidden_main.npy", given)
        return Trial(tuple(trainings), holdout, questions=tuple(questions), truth=truth)

    def lighter(self) -> RepeatedHoldOut:
        """Fewer draws."""
        return replace(self, repeats=self.lightly)
