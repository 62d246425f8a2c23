"""Plots that labs share, drawn with Matplotlib's object interface and written as SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from labkit import data, metrics
from labkit.i18n import texts
from labkit.rubric.evidence import Evidence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BLUE", "GREY", "ORANGE", "canvas", "confusion", "learning_curves", "most_wrong"]
__all__ += ["samples", "svg"]

_ = texts(__file__)

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#595959"  # Okabe and Ito: safe for colour-blind readers
_QUESTION = "main:hidden"


def canvas(width: float = 7.0, height: float = 3.2) -> Figure:
    """An empty figure of so many inches, with the kit's style."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def svg(figure: Figure) -> str:
    """A figure as SVG text that needs no font and is the same for the same data."""
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "labkit", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
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
    watched = history.get("val_loss") or history.get("loss") or []
    best = int(np.nanargmin(watched)) + 1 if np.isfinite(watched).any() else None
    for axes, name in zip(np.ravel(figure.subplots(1, len(names))), names):
        epochs = range(1, len(history[name]) + 1)
        style = {"marker": "o", "markersize": 3} if len(epochs) < 30 else {}
        axes.plot(epochs, history[name], color=BLUE, label=str(_("training")), **style)
        if f"val_{name}" in history:
            later = history[f"val_{name}"]
            axes.plot(
                range(1, len(later) + 1),
                later,
                "--",
                color=ORANGE,
                label=str(_("validation")),
                **style,
            )
        if best and "val_loss" in history:
            axes.axvline(best, color=GREY, linewidth=0.8, linestyle=":")
            axes.annotate(
                str(_("best")), (best, 1), xycoords=("data", "axes fraction"), fontsize=7,
                xytext=(2, -9), textcoords="offset points", color=GREY,
            )  # fmt: skip
        _whole_epochs(axes)
        axes.set_xlabel(str(_("epoch")))
        axes.set_ylabel(name.replace("_", " "))
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def samples(evidence: Evidence, dataset: str, count: int = 20) -> Figure | None:
    """The first training images with their labels."""
    if "main" not in evidence.rows:
        return None
    x, y = evidence.rows["main"]
    names = data.describe(dataset).class_names
    return _grid(x[:count], [names[label] for label in y[:count]])


def confusion(evidence: Evidence, dataset: str) -> Figure | None:
    """Confusion matrix of the exported model on hidden inputs, in percent of the true class."""
    answers = _answers(evidence, dataset)
    if answers is None:
        return None
    names = data.describe(dataset).class_names
    truth = evidence.truth[_QUESTION]
    counts = metrics.confusion_matrix(answers.argmax(axis=1), truth, len(names))
    shares = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = canvas(5.6, 4.8)
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.05:
            colour = "white" if share > 50 else "black"
            text = f"{share:.0f}" if share >= 9.5 else f"{share:.1f}"
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=0 if len(names[1]) < 3 else 60, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel(str(_("the model says")))
    axes.set_ylabel(str(_("it is")))
    figure.colorbar(image, ax=axes, shrink=0.8, label=str(_("% of the true class")))
    return figure


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
    return _grid(evidence.inputs[_QUESTION][order], titles)


def _answers(evidence: Evidence, dataset: str) -> np.ndarray | None:
    """The model's probabilities on hidden inputs, where they are such."""
    answers = evidence.predictions.get(_QUESTION)
    classes = len(data.describe(dataset).class_names)
    return answers if answers is not None and answers.shape[1:] == (classes,) else None


def _grid(images: np.ndarray, titles: list[str], columns: int = 10) -> Figure:
    """Grey images in rows of ten, a title over each."""
    rows = -(-len(images) // columns)
    lines = max(title.count("\n") + 1 for title in titles)
    figure = canvas(8.0, rows * (0.85 + 0.16 * lines))
    places = np.ravel(figure.subplots(rows, columns))
    for axes in places:
        axes.axis("off")
    for axes, image, title in zip(places, images, titles):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(title, fontsize=7, pad=2)
    return figure


def _whole_epochs(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
