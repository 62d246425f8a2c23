"""Lab 10: move the line of a perceptron by its weights, or let the rule move it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit.i18n import texts
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.playground.plane import divided

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "correction"]

_ = texts(__file__)

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_TASKS = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
_RATE = 0.5
_REACH = 3.0


def correction(x: np.ndarray, t: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weights w₁, w₂, b after the first row that is answered wrongly; as they were where none is.

    Example:
        >>> correction(_CORNERS, np.array([0, 0, 0, 1]), np.zeros(3)).tolist()
        [0.5, 0.5, 0.5]
    """
    for row, wanted in zip(x, t):
        error = wanted - int(row @ weights[:2] + weights[2] > 0)
        if error:
            return np.clip(weights + _RATE * error * np.array([*row, 1.0]), -_REACH, _REACH)
    return weights


def build(model: keras.Model | None) -> None:
    """Three sliders, the plane with its line, and the perceptron rule."""

    @in_this_language
    def look(task: str, *weights: float) -> tuple[str, str]:
        return _looked_at(task, np.array(weights, float))

    def step(task: str, *weights: float) -> list[float]:
        x, t = _cloud(task)
        return correction(x, t, np.array(weights, float)).round(3).tolist()

    choices = [*((name, name) for name in _TASKS), (str(_("two groups")), "groups")]
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            task = gr.Radio(choices, value="AND", label=str(_("Task")), elem_id="task")
            sliders = [
                gr.Slider(-_REACH, _REACH, value=value, step=0.05, label=name, elem_id=name, buttons=[])
                for name, value in (("w1", 0.5), ("w2", -1.0), ("b", 0.25))
            ]
            rule = gr.Button(str(_("Learn from one mistake")), variant="primary", elem_id="step")
        with gr.Column(scale=3, min_width=420):
            first = look("AND", 0.5, -1.0, 0.25)
            words = gr.HTML(first[0], apply_default_css=False, elem_id="said")
            picture = gr.HTML(first[1], apply_default_css=False, elem_id="plane")
    knobs: list[Any] = [task, *sliders]
    for knob in knobs:
        knob.change(look, knobs, [words, picture], show_progress="hidden", trigger_mode="always_last")
    rule.click(step, knobs, sliders, show_progress="hidden")


def _cloud(task: Any) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a task and their answers."""
    if task in _TASKS:
        return _CORNERS, np.array(_TASKS[task])
    rng = np.random.default_rng(4)
    groups = rng.normal(0, 0.22, (2, 20, 2)) + np.array([[[0.2, 0.3]], [[0.9, 0.8]]])
    return groups.reshape(40, 2), np.repeat([0, 1], 20)


def _looked_at(task: str, weights: np.ndarray) -> tuple[str, str]:
    """How many rows are right, and the plane."""
    x, t = _cloud(task)
    right = int(np.sum((x @ weights[:2] + weights[2] > 0) == (t > 0)))
    words = _(
        "{right} of {rows} are right. The line: {w1:g} x₁ {w2:+g} x₂ {b:+g} = 0",
        right=right, rows=len(t), w1=weights[0], w2=weights[1], b=weights[2],
    )  # fmt: skip
    figure = divided(
        x, t, weights,
        soft=False,
        labels=("x₁", "x₂"),
        names=(str(_("wanted: 0")), str(_("wanted: 1"))),
        wrong=str(_("wrong")),
    )  # fmt: skip
    return said(words), drawn(figure, words)


PAGE = Page(
    _("One neuron draws a line"),
    _(
        "On the orange side the neuron says 1. Part the squares from the circles by hand, then let the "
        "perceptron rule do it, one mistake at a time. What happens with XOR?"
    ),
    build,
)
