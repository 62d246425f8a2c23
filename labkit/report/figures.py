"""Plots that labs share, drawn with Matplotlib's object interface and written as SVG.

Matplotlib's own layouts learn how much room words take by drawing everything once more, which a class
of hundreds waits for. Here the few words that need room are measured, and what is known is set.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from labkit import data, metrics
from labkit.i18n import texts
from labkit.report.outline import clean, clip
from labkit.rubric.evidence import Answer, Evidence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = ["BLUE", "GREY", "ORANGE", "canvas", "confusion", "drawable", "learning_curves"]
__all__ += ["most_wrong", "samples", "settle", "svg"]

_ = texts(__file__)

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#595959"  # Okabe and Ito: safe for colour-blind readers
_QUESTION = "main:hidden"
_POINTS = 72  # to the inch

_EDGE, _LINE, _TICK = 0.06, 0.17, 0.1
"""Inches: around a figure, a line of an axis' label, a tick with the space to its number."""

_CELL, _SIDE = 57.6, 4.0
"""Of a sheet of images, points from one to the next; of a confusion matrix, inches."""

_LARGEST = 1e100  # limits of axes have to be multiplied and subtracted
_DPI = 120  # a pixel of an image of 28 × 28 on a sheet is then three by three whole ones


def canvas(width: float = 7.0, height: float = 3.2) -> Figure:
    """An empty figure of so many inches; `settle` it when it is drawn."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height))


def drawable(
    answer: Answer, count: int | None = None, *, like: bool = False, largest: float = 1e6
) -> tuple[np.ndarray, ...] | None:
    """What a function written by hand returned, as floats, where a plot can hold it.

    Args:
        answer: What came of a call.
        count: How many arrays there must be; any number where it is ``None``.
        like: Whether they must be as many as the reference returned, and of the same shapes.
        largest: Numbers further from 0 cannot be drawn.
    """
    found, wanted = answer.returned or (), answer.expected or ()
    if like and [array.shape for array in found] != [array.shape for array in wanted]:
        return None
    if not found or count not in (None, len(found)):
        return None
    if any(a.dtype.kind not in "biuf" or not (np.abs(a) <= largest).all() for a in found):
        return None
    return tuple(array.astype(float) for array in found)


def settle(figure: Figure, *, above: float = _EDGE) -> Figure:
    """Give axes that stand in a row one size, and the room that their numbers and labels take.

    Args:
        figure: Drawn, with its limits and labels.
        above: Room for what stands above the axes, inches.
    """
    width, height = figure.get_size_inches()
    bottom = _EDGE + 2 * _LINE + _TICK
    offsets, tall, wide, half = [], 0, 0.0, 0.0
    figure.subplots_adjust(bottom=bottom / height, top=1 - above / height)
    for axes in figure.axes:
        axes.apply_aspect()  # may widen the limits, and so the numbers
        wide = max(wide, _widest(_numbers(axes.yaxis)))
        half = max(half, _widest(_numbers(axes.xaxis)) / 2)
        tall = max(tall, 1 + axes.get_ylabel().count("\n"))
        offsets.append(axes.yaxis.get_major_formatter().get_offset())
    left, right = 2 * _EDGE + tall * _LINE + _TICK + wide, max(_EDGE, half)
    each = width / len(figure.axes) - left - right
    figure.subplots_adjust(
        left=left / width,
        right=1 - right / width,
        wspace=(left + right) / each,
        top=1 - max(above, _LINE if any(offsets) else 0) / height,
    )
    return figure


def svg(figure: Figure) -> str:
    """A figure as SVG text that needs no font and is the same for the same data."""
    import matplotlib as mpl

    buffer = io.StringIO()
    with (
        mpl.rc_context({"svg.hashsalt": "labkit", "svg.fonttype": "path"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # names are students' own
        figure.savefig(buffer, format="svg", dpi=_DPI, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def learning_curves(history: Mapping[str, list[float]]) -> Figure | None:
    """Loss and metrics by epoch; the epoch with the lowest validation loss is marked.

    Args:
        history: Metric -> value by epoch, as Keras' `History` keeps it.
    """
    names = [name for name in history if not name.startswith("val_") and name != "learning_rate"]
    if not names:
        return None
    names = sorted(names, key=lambda name: name != "loss")[:3]
    figure = canvas(3.4 * max(2, len(names)), 2.9)
    watched = history.get("val_loss") or []
    best = int(np.nanargmin(watched)) + 1 if np.isfinite(watched).any() else None
    for axes, name in zip(np.ravel(figure.subplots(1, len(names))), names):
        _curve(axes, history[name], BLUE, "-", str(_("training")))
        if f"val_{name}" in history:
            _curve(axes, history[f"val_{name}"], ORANGE, "--", str(_("validation")))
        if best:
            axes.axvline(best, color=GREY, linewidth=0.8, linestyle=":")
            axes.annotate(
                str(_("best")), (best, 1), xycoords=("data", "axes fraction"), fontsize=7,
                xytext=(0, 2), textcoords="offset points", color=GREY, ha="center",
            )  # fmt: skip
        _whole_epochs(axes)
        axes.set_xlabel(str(_("epoch")))
        axes.set_ylabel(clip(clean(name.replace("_", " ")), 30), parse_math=False)
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure, above=0.2 if best else _EDGE)


def samples(evidence: Evidence, dataset: str, count: int = 20) -> Figure | None:
    """The first training images with their labels."""
    if "main" not in evidence.rows:
        return None
    x, y = evidence.rows["main"]
    names = data.describe(dataset).class_names
    return _sheet(x[:count], [names[label] for label in y[:count]])


def confusion(evidence: Evidence, dataset: str) -> Figure | None:
    """Confusion matrix of the exported model on hidden inputs, in percent of the true class."""
    answers = _answers(evidence, dataset)
    if answers is None:
        return None
    names = data.describe(dataset).class_names
    truth = evidence.truth[_QUESTION]
    counts = metrics.confusion_matrix(answers.argmax(axis=1), truth, len(names))
    shares = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    return _matrix(shares, names)


def most_wrong(evidence: Evidence, dataset: str, count: int = 20) -> Figure | None:
    """Hidden images that the model was surest about, and wrong."""
    answers = _answers(evidence, dataset)
    if answers is None:
        return None
    names = data.describe(dataset).class_names
    truth = evidence.truth[_QUESTION]
    said = answers.argmax(axis=1)
    wrong = np.flatnonzero(said != truth)
    if not wrong.size:
        return None
    order = wrong[np.argsort(-answers[wrong, said[wrong]], kind="stable")][:count]
    titles = [
        f"{names[said[row]]} {answers[row, said[row]]:.0%}\n({names[truth[row]]})" for row in order
    ]
    return _sheet(evidence.inputs[_QUESTION][order], titles)


def _answers(evidence: Evidence, dataset: str) -> np.ndarray | None:
    """The model's probabilities on hidden inputs, where they are such."""
    answers = evidence.predictions.get(_QUESTION)
    classes = len(data.describe(dataset).class_names)
    return answers if answers is not None and answers.shape[1:] == (classes,) else None


def _curve(axes: Axes, values: list[float], colour: str, line: str, label: str) -> None:
    """A value by epoch, with a dot an epoch where there are few."""
    marker = "o" if len(values) < 30 else None
    epochs = range(1, len(values) + 1)
    shown = [value if abs(value) < _LARGEST else np.nan for value in values]
    axes.plot(epochs, shown, line, color=colour, label=label, marker=marker, markersize=3)


def _matrix(shares: np.ndarray, names: list[str]) -> Figure:
    """A square matrix of percentages with a scale; around it, the room that its names take."""
    upright, longest = len(names[1]) < 3, _widest(names, 8)
    left = 2 * _EDGE + _LINE + _TICK + longest
    bottom = 2 * _EDGE + _LINE + _TICK + (0.1 if upright else 0.03 + 0.87 * longest)
    width, height = left + _SIDE + 0.95, bottom + _SIDE + _EDGE
    figure = canvas(width, height)
    axes = figure.add_axes((left / width, bottom / height, _SIDE / width, _SIDE / height))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.05:
            colour = "white" if share > 50 else "black"
            text = f"{share:.0f}" if share >= 9.5 else f"{share:.1f}"
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    ends, turned = len(names) - 0.36, {"rotation": 60, "rotation_mode": "anchor", "ha": "right"}
    for place, name in enumerate(names):
        axes.text(-0.64, place, name, fontsize=8, ha="right", va="center_baseline")
        axes.text(place, ends, name, fontsize=8, va="top", **({"ha": "center"} if upright else turned))
    axes.set(xticks=[], yticks=[])
    axes.set_xlabel(str(_("the model says")), labelpad=_POINTS * (bottom - _EDGE - _LINE))
    axes.set_ylabel(str(_("it is")), labelpad=_POINTS * (left - _EDGE - _LINE))
    beside = ((left + _SIDE + 0.2) / width, (bottom + 0.1 * _SIDE) / height)
    scale = figure.add_axes((*beside, 0.16 / width, 0.8 * _SIDE / height))
    figure.colorbar(image, cax=scale, label=str(_("% of the true class")))
    return figure


def _sheet(images: np.ndarray, titles: list[str], columns: int = 10) -> Figure:
    """Grey images in rows of ten, a title over each: one picture, laid out in its pixels."""
    count, height, width = images.shape
    rows, lines = -(-count // columns), max(title.count("\n") + 1 for title in titles)
    point = (width + width // 7) / _CELL  # pixels to a point
    head = round((4 + 9 * lines) * point)
    across, down = width + width // 7, head + height + width // 7
    picture = np.full((rows * down, columns * across, 4), 255, np.uint8)
    figure = canvas(picture.shape[1] / point / _POINTS, picture.shape[0] / point / _POINTS)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    words = [line for title in titles for line in title.splitlines()]
    size = min(7.0, 7 * (_CELL - 3) / _POINTS / _widest(words, 7))
    for place, (image, title) in enumerate(zip(images, titles)):
        x, y = place % columns * across + (across - width) // 2, place // columns * down + head
        picture[y : y + height, x : x + width, :3] = 255 - image[..., None]
        axes.text(x + width / 2, y - 2 * point, title, fontsize=size, ha="center", va="bottom")
    extent = (0, picture.shape[1], picture.shape[0], 0)
    axes.imshow(picture, extent=extent, interpolation="nearest")
    return figure


def _numbers(axis: Axis) -> list[str]:
    return axis.get_major_formatter().format_ticks([float(tick) for tick in axis.get_ticklocs()])


def _widest(words: Iterable[str], size: float = 10) -> float:
    """Inches that the widest of some words takes at a font size in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    measure = text_to_path.get_text_width_height_descent
    sizes = (measure(word, font, ismath="$" in word) for word in words)
    return max((width for width, _height, _descent in sizes), default=0.0) / _POINTS


def _whole_epochs(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
