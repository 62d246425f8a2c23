"""Reads back the figures that a run left, to be shown on a page of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.report.files import figure_file, figures_of
from labkit.rubric.lab import Figure, Lab

__all__ = ["LARGEST", "Left", "read"]

LARGEST = 2**20
"""Bytes of a figure that is shown elsewhere than in its run's own report."""


@dataclass(frozen=True, slots=True)
class Left:
    """The figures of a run.

    Args:
        figures: Those that fit, each with its SVG, in the report's order.
        left_out: How many did not fit.
    """

    figures: tuple[tuple[Figure, bytes], ...] = ()
    left_out: int = 0

    @property
    def size(self) -> int:
        """Bytes of all that fit."""
        return sum(len(svg) for _figure, svg in self.figures)


def read(folder: Path, lab: Lab, room: int) -> Left:
    """Read the figures of a run; what is missing or damaged is passed over.

    Args:
        folder: The run's folder.
        lab: The lab.
        room: Bytes that they may have together.
    """
    found: list[tuple[Figure, bytes]] = []
    left_out = 0
    for figure, svg in _whole(folder, lab):
        if len(svg) > min(LARGEST, room):
            left_out += 1
        else:
            found.append((figure, svg))
            room -= len(svg)
    return Left(tuple(found), left_out)


def _whole(folder: Path, lab: Lab) -> Iterator[tuple[Figure, bytes]]:
    """Every figure that is there from its first tag to its last; of a large one the beginning."""
    for figure in figures_of(lab):
        path = figure_file(folder, figure)
        try:
            if not path.is_file() or path.is_symlink():
                continue
            with path.open("rb") as stream:
                svg = stream.read(LARGEST + 1)
        except OSError:
            continue
        whole = len(svg) > LARGEST or svg.rstrip().endswith((b"</svg>", b"/>"))
        if whole and b"<svg" in svg[:2_000]:
            yield figure, svg
