"""Images of the catalogue: one training, a public hold-out, and hidden images for what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labkit import data
from labkit.rubric.protocol import Question, Training, Trial
from labkit.rubric.protocols.files import no_table, save

if TYPE_CHECKING:
    import numpy as np

__all__ = ["HoldOut"]


@dataclass(frozen=True, slots=True)
class HoldOut:
    """One training; a public hold-out for `evaluate`; hidden inputs for what counts.

    Args:
        dataset: Name in the catalogue.
        holdout: Rows taken off the training rows for the student's own `evaluate`.
        beside: Models of the data set that are asked about ``variants`` as well. They are given rows of
            pixels from 0 to 1.
        variants: Name -> what is done to hidden images before the models are asked once more.
        variant_rows: How many hidden images that is done to.
    """

    dataset: str
    holdout: int = 5_000
    beside: tuple[str, ...] = ()
    variants: Mapping[str, Callable[[np.ndarray], np.ndarray]] = field(default_factory=dict)
    variant_rows: int = 2_000

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own is refused."""
        no_table(table, self.dataset)
        split = data.split(self.dataset, seed=seed, folder=folder)
        labels = data.open_array(split.y)
        cut = len(labels) - self.holdout
        questions = [
            Question("main", "hidden", split.hidden_x),
            Question("main", "holdout", split.x, start=cut),
        ]
        truth = {"main:hidden": split.hidden_y, "main:holdout": labels[cut:]}
        images = data.open_array(split.hidden_x)[: self.variant_rows]
        labels_of_variants = split.hidden_y[: self.variant_rows]
        for name, change in self.variants.items():
            changed = change(images)
            rows = changed.reshape(len(changed), -1).astype("float32") / 255
            own, others = save(folder / f"x_{name}.npy", changed), folder / f"rows_{name}.npy"
            questions.append(Question("main", name, own))
            questions += [Question(model, name, save(others, rows)) for model in self.beside]
            truth |= {f"{model}:{name}": labels_of_variants for model in ("main", *self.beside)}
        return Trial(
            trainings=(Training("main", split.x, split.y, stop=cut),),
            holdout=Training("holdout", split.x, split.y, start=cut),
            models={name: data.model(self.dataset, name) for name in self.beside},
            questions=tuple(questions),
            truth=truth,
        )

    def lighter(self) -> HoldOut:
        """Itself: one training is the least there is."""
        return self
