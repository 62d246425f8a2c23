"""Data that a lab makes itself from a seed, such as sentences from a grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labkit.rubric.protocol import PUBLIC_SEED, Question, Training, Trial, Unrolled
from labkit.rubric.protocols.files import no_table, save

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Generated", "Tables"]


class Tables(NamedTuple):
    """Rows to train on and rows that are hidden."""

    x: np.ndarray
    y: np.ndarray
    hidden_x: np.ndarray
    hidden_y: np.ndarray


@dataclass(frozen=True, slots=True)
class Generated:
    """One training on rows that are made for the run; no hidden row is among those trained on.

    Args:
        make: From a generator to the rows; equal generators must give equal rows.
        holdout: Rows taken off the training rows for the student's own `evaluate`.
        dataset: What is read from the catalogue to make them, if anything.
        unrolled: How answers are asked for where they come symbol by symbol.
    """

    make: Callable[[np.random.Generator], Tables]
    holdout: int
    dataset: str = field(default="")
    unrolled: Unrolled | None = None

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own is refused."""
        import numpy as np

        no_table(table, self.dataset or self.make.__module__.partition(".")[0])
        tables = self.make(np.random.default_rng(PUBLIC_SEED if seed is None else seed))
        x, y, hidden = (
            save(folder / f"{name}.npy", values)
            for name, values in (("x", tables.x), ("y", tables.y), ("x_hidden", tables.hidden_x))
        )
        cut = len(tables.y) - self.holdout
        return Trial(
            trainings=(Training("main", x, y, stop=cut),),
            holdout=Training("holdout", x, y, start=cut),
            questions=(
                Question("main", "hidden", hidden, unrolled=self.unrolled),
                Question("main", "holdout", x, start=cut, unrolled=self.unrolled),
            ),
            truth={"main:hidden": tables.hidden_y, "main:holdout": tables.y[cut:]},
        )

    def lighter(self) -> Generated:
        """Itself: one training is the least there is."""
        return self
