"""The course as a picture: a column for each chapter, a box for each lab, arrows to what follows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from labkit.i18n import texts
from labkit.report.outline import points
from labkit.report.pages import template
from labkit.rubric.lab import Lab

__all__ = ["chapters", "course_map"]

_ = texts(__file__)

_WIDTH, _HEIGHT = 166, 52  # of a box, in pixels
_ACROSS, _DOWN = 36, 18  # between boxes
_HEAD, _EDGE = 54, 24
_LETTERS = 24  # of a title, in a line
_BEND = 20  # pixels by which an arrow past other boxes swings out


@dataclass(frozen=True, slots=True)
class _Box:
    """A lab on the map: its left upper corner in pixels, and what is written in it."""

    lab: Lab
    column: int
    row: int
    x: int
    y: int
    title: list[str]
    earned: str
    share: float


def chapters(labs: Sequence[Lab]) -> list[tuple[str, list[Lab]]]:
    """The labs by chapter, both in course order.

    Args:
        labs: In course order; the labs of a chapter stand together.
    """
    return [(name, list(group)) for name, group in groupby(labs, key=lambda lab: str(lab.chapter))]


def course_map(labs: Sequence[Lab], best: Mapping[int, float], links: Mapping[int, str]) -> str:
    """Draw the map as SVG, in the current language.

    Args:
        labs: In course order.
        best: Number of a lab -> points of the best run, where there is one.
        links: Number of a lab -> where its box leads to.

    Returns:
        An ``<svg>`` element with its own style, in light colours and in dark ones.
    """
    columns = chapters(labs)
    boxes = {
        lab.number: _box(lab, column, row, best.get(lab.number))
        for column, (_name, group) in enumerate(columns)
        for row, lab in enumerate(group)
    }
    rows = max((len(group) for _name, group in columns), default=0)
    return template("course.svg").render(
        width=2 * _EDGE + len(columns) * (_WIDTH + _ACROSS) - _ACROSS,
        height=2 * _EDGE + _HEAD + rows * (_HEIGHT + _DOWN) - _DOWN,
        size=(_WIDTH, _HEIGHT),
        label=str(_("Map of the course")),
        heads=[
            (_EDGE + column * (_WIDTH + _ACROSS), textwrap.wrap(name, 24)[:3])
            for column, (name, _group) in enumerate(columns)
        ],
        boxes=list(boxes.values()),
        arrows=[
            _arrow(boxes[source], box)
            for box in boxes.values()
            for source in box.lab.builds_on
            if source in boxes
        ],
        links=links,
    )


def _box(lab: Lab, column: int, row: int, earned: float | None) -> _Box:
    return _Box(
        lab=lab,
        column=column,
        row=row,
        x=_EDGE + column * (_WIDTH + _ACROSS),
        y=_EDGE + _HEAD + row * (_HEIGHT + _DOWN),
        title=textwrap.wrap(str(lab.title), _LETTERS, max_lines=2, placeholder=" …"),
        earned="" if earned is None else f"{points(earned)} / {points(lab.maximum)}",
        share=0.0 if earned is None else min(1.0, earned / lab.maximum),
    )


def _arrow(source: _Box, target: _Box) -> str:
    """The path of an arrow, in SVG's language: down to the next box, past others, or to the right."""
    if source.column == target.column and target.row == source.row + 1:
        middle = source.x + _WIDTH // 2
        return f"M{middle} {source.y + _HEIGHT}V{target.y - 4}"
    if source.column == target.column:
        start, end = source.y + _HEIGHT // 2 + 8, target.y + _HEIGHT // 2 - 8
        out = source.x - _BEND
        return f"M{source.x} {start}C{out} {start} {out} {end} {target.x - 4} {end}"
    left, right = (source, target) if source.column < target.column else (target, source)
    start, end = left.y + _HEIGHT // 2, right.y + _HEIGHT // 2
    begin, stop = left.x + _WIDTH, right.x - 4
    return f"M{begin} {start}C{begin + _ACROSS} {start} {stop - _ACROSS} {end} {stop} {end}"
