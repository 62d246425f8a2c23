"""Lab 1: four sliders, and what the network answers among 48 states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit import data
from labkit.errors import ModelFileError
from labkit.i18n import Text, texts
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.report.figures import BLUE, GREY, ORANGE, canvas

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE"]

_ = texts(__file__)

_POINTS = 60  # along each curve
_FEATURES: tuple[tuple[Text, Text, float], ...] = (
    (_("petrol tax (cents per gallon)"), _("tax (cents/gallon)"), 0.1),
    (_("average income (dollars per head)"), _("income (dollars)"), 10),
    (_("paved highways (miles)"), _("highways (miles)"), 10),
    (_("share of people with a driving licence"), _("licences (share)"), 0.005),
)


def build(model: keras.Model | None) -> None:
    """Four sliders, the answer, and the data around it."""
    network = _checked(model)
    table = data.load_table("gasoline")
    least, most = table.x.min(axis=0), table.x.max(axis=0)
    start = np.median(table.x, axis=0)

    @in_this_language
    def answer(*values: float) -> tuple[str, str]:
        return _answered(np.array(values, float), table, network)

    @in_this_language
    def state(number: int) -> list[object]:
        row = int(np.argsort(-table.y)[number % len(table.y)])
        words = _("A state that burns {measured:.0f}.", measured=table.y[row])
        return [*map(float, table.x[row]), number + 1, said(words)]

    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            sliders = [
                gr.Slider(
                    float(low), float(high), value=float(value), step=step, label=str(label),
                    elem_id=f"feature{place}", buttons=[],
                )
                for place, ((label, _axis, step), low, high, value) in enumerate(
                    zip(_FEATURES, least, most, start)
                )
            ]  # fmt: skip
            next_state = gr.Button(str(_("A state, from the thirstiest on")), elem_id="state")
            note = gr.HTML(apply_default_css=False, elem_id="note")
        with gr.Column(scale=3, min_width=420):
            first = answer(*start)
            words = gr.HTML(first[0], apply_default_css=False, elem_id="said")
            cloud = gr.HTML(first[1], apply_default_css=False, elem_id="cloud")
    number = gr.State(0)
    for slider in sliders:
        slider.change(
            answer, sliders, [words, cloud], show_progress="hidden", trigger_mode="always_last"
        )
    next_state.click(state, [number], [*sliders, number, note], show_progress="hidden")


def _checked(model: keras.Model | None) -> keras.Model:
    """A model from four numbers to one.

    Raises:
        ModelFileError: It is none.
    """
    given: Any = None if model is None else model.input_shape
    answered: Any = None if model is None else model.output_shape
    fits = isinstance(given, tuple) and isinstance(answered, tuple)
    if model is None or not fits or given[1:] != (len(_FEATURES),) or answered[1:] not in ((1,), ()):
        raise ModelFileError(
            _("The model takes {given} and gives {answered}.", given=given, answered=answered),
            _("This page needs one from four numbers to one."),
            _("Open a model that the lab exported, or name one with --model."),
        )
    return model


def _answered(values: np.ndarray, table: data.Table, network: keras.Model) -> tuple[str, str]:
    """The answer for one row, and how it would change along each feature."""
    grids = np.linspace(table.x.min(axis=0), table.x.max(axis=0), _POINTS)
    rows = np.tile(values, (1 + _POINTS * len(_FEATURES), 1))
    for place in range(len(_FEATURES)):
        rows[1 + place * _POINTS : 1 + (place + 1) * _POINTS, place] = grids[:, place]
    answers = np.asarray(network(rows.astype("float32"), training=False), float).reshape(-1)
    curves = answers[1:].reshape(len(_FEATURES), _POINTS)
    near = np.argmin(np.sum(((table.x - values) / table.x.std(axis=0)) ** 2, axis=1))
    words = _(
        "The network answers {answer:.0f} million gallons a year. The state most like this one burns "
        "{measured:.0f}.",
        answer=answers[0],
        measured=table.y[near],
    )
    return said(words), _cloud(values, answers[0], grids, curves, table, words)


def _cloud(
    values: np.ndarray,
    answer: float,
    grids: np.ndarray,
    curves: np.ndarray,
    table: data.Table,
    words: Text,
) -> str:
    """A panel for each feature: the states, the network's curve, and where the sliders stand."""
    figure = canvas(7.0, 5.4)
    low, high = table.y.min(), table.y.max()
    room = 0.08 * (high - low)
    for place, axes in enumerate(figure.subplots(2, 2, sharey=True).flat):
        axes.plot(
            table.x[:, place],
            table.y,
            "o",
            color=GREY,
            markersize=4,
            alpha=0.55,
            label=str(_("states")),
        )
        axes.plot(grids[:, place], curves[place], color=BLUE, label=str(_("the network")))
        axes.plot(
            values[place], answer, "D", color=ORANGE, markersize=9, label=str(_("here")), clip_on=False
        )
        axes.set(xlabel=str(_FEATURES[place][1]), ylim=(low - room, high + room))
        axes.spines[["top", "right"]].set_visible(False)
    for axes in figure.axes[::2]:
        axes.set_ylabel(str(_("petrol (million gallons)")))
    figure.axes[0].legend(frameon=False, fontsize=8, loc="upper right")
    figure.subplots_adjust(left=0.1, right=0.985, bottom=0.09, top=0.985, hspace=0.27, wspace=0.08)
    return drawn(figure, words)


PAGE = Page(
    _("Petrol in 48 states"),
    _(
        "Move a slider: the orange mark is the network's answer, and each blue curve says how it would "
        "change along one feature, the other three as they are. Where are there no states at all?"
    ),
    build,
)
