"""The plots of lab 8: colours before and after, the digits a map has learnt, and how it is read."""

from __future__ import annotations

import numpy as np

from labkit.i18n import texts
from labkit.report.figures import canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["class_hits", "colours", "prototypes", "sheet"]

_ = texts(__file__)

_LARGEST = 1e6


def colours(evidence: Evidence):
    """The map of colours: each unit in the colour of its weights, before training and after."""
    answer = evidence.answer("train_online", "colours")
    start = answer.arguments[0]
    learnt = _shaped(answer.returned, 0, start.shape)
    if learnt is None:
        return None
    figure = canvas(7.0, 2.9)
    for axes, weights, title in zip(
        figure.subplots(1, 2), (start, learnt), (_("before training"), _("after training"))
    ):
        axes.imshow(np.clip(weights, 0, 1), interpolation="nearest")
        axes.set_title(str(title), fontsize=9)
        _name_sides(axes)
    return settle(figure, above=0.25)


def prototypes(evidence: Evidence):
    """The weights of every unit as an image, where the unit lies."""
    weights = _of_digits(evidence, 0)
    if weights is None:
        return None
    rows, columns = weights.shape[:2]
    tiles = np.pad(weights.reshape(rows, columns, 14, 14), ((0, 0), (0, 0), (1, 1), (1, 1)))
    figure = canvas(5.6, 4.8)
    axes = figure.subplots()
    errors = _of_digits(evidence, 3)
    if errors is not None:
        (gap, fold), (gap_after, fold_after) = errors
        quality = _(
            "quantization error {before:.2f} → {after:.2f}, "
            "topographic error {fold:.2f} → {fold_after:.2f}",
            before=gap,
            after=gap_after,
            fold=fold,
            fold_after=fold_after,
        )
        axes.set_title(str(quality), fontsize=9)
    axes.imshow(
        tiles.transpose(0, 2, 1, 3).reshape(16 * rows, 16 * columns),
        cmap="gray_r",
        vmin=0,
        vmax=1,
        extent=_extent(rows, columns),
        interpolation="nearest",
    )
    _name_sides(axes)
    return settle(figure, above=0.25)


def sheet(evidence: Evidence):
    """The U-matrix, with the digit that most samples on a unit show."""
    matrix, counts = _of_digits(evidence, 1), _of_digits(evidence, 2)
    if matrix is None:
        return None
    counts = np.zeros((10, *matrix.shape)) if counts is None else counts
    figure = canvas(6.2, 4.4)
    axes = figure.subplots()
    image = axes.imshow(matrix, cmap="cividis")
    middle = (matrix.min() + matrix.max()) / 2
    for row, column in np.argwhere(counts.sum(axis=0) > 0):
        colour = "black" if matrix[row, column] > middle else "white"
        digit = str(counts[:, row, column].argmax())
        axes.text(column, row, digit, color=colour, ha="center", va="center", fontsize=10)
    _name_sides(axes)
    settle(figure)
    figure.subplots_adjust(right=0.82)
    scale = figure.add_axes((0.85, 0.2, 0.025, 0.7))
    figure.colorbar(image, cax=scale, label=str(_("mean distance to the neighbours\n(0 paper, 1 ink)")))
    return figure


def class_hits(evidence: Evidence):
    """For each digit, how many of its images fall on each unit."""
    counts = _of_digits(evidence, 2)
    if counts is None:
        return None
    figure = canvas(7.4, 3.0)
    figure.subplots_adjust(left=0.02, right=0.89, bottom=0.04, top=0.92, wspace=0.08, hspace=0.2)
    for digit, axes in enumerate(figure.subplots(2, 5).flat):
        image = axes.imshow(counts[digit], cmap="Blues", vmin=0, vmax=max(1, counts.max()))
        axes.set_title(str(digit), fontsize=9, pad=3)
        axes.set(xticks=[], yticks=[])
    scale = figure.add_axes((0.91, 0.12, 0.018, 0.72))
    figure.colorbar(image, cax=scale, label=str(_("images on the unit")))
    return figure


def _of_digits(evidence: Evidence, place: int) -> np.ndarray | None:
    """One of the arrays that digit_map() returned."""
    answer = evidence.answer("digit_map", "digits")
    rows, columns, features = answer.arguments[0].shape
    shapes = (rows, columns, features), (rows, columns), (10, rows, columns), (2, 2)
    return _shaped(answer.returned, place, shapes[place])


def _shaped(returned, place: int, shape: tuple[int, ...]) -> np.ndarray | None:
    """An array of what was returned, where it has this shape and numbers that can be drawn."""
    if returned is None or len(returned) <= place or returned[place].shape != shape:
        return None
    array = returned[place]
    if array.dtype.kind not in "biuf" or not (np.abs(array) < _LARGEST).all():
        return None
    return array.astype(float)


def _extent(rows: int, columns: int) -> tuple[float, float, float, float]:
    """As for an image with one pixel a unit: left, right, bottom, top."""
    return -0.5, columns - 0.5, rows - 0.5, -0.5


def _name_sides(axes) -> None:
    rows, columns = round(axes.get_ylim()[0] + 0.5), round(axes.get_xlim()[1] + 0.5)
    axes.set(xlabel=str(_("column")), ylabel=str(_("row")))
    axes.set(xticks=range(0, columns, 2), yticks=range(0, rows, 2))
    axes.tick_params(length=2)
