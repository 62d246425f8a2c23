"""Lab 11: a line with two soft sides, and the slope of its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from labkit import data
from labkit.i18n import texts
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.playground.plane import divided

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "cost", "descended"]

_ = texts(__file__)

_REACH = 6.0
_START = (-1.0, 1.0, 0.5)


def cost(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """The cross-entropy of the weights w₁, w₂, b: no unit, ln 2 for a neuron that knows nothing.

    Example:
        >>> round(cost(np.ones((2, 2)), np.array([0, 1]), np.zeros(3)), 3)
        0.693
    """
    z = x @ weights[:2] + weights[2]
    return float(np.mean(np.logaddexp(0, np.where(y > 0, -z, z))))


def descended(x: np.ndarray, y: np.ndarray, weights: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """The weights after so many steps down the gradient of the cost."""
    rows = np.column_stack([x, np.ones(len(x))])
    for _step in range(steps):
        said_to_be = 1 / (1 + np.exp(-rows @ weights))
        weights = weights - rate * rows.T @ (said_to_be - y) / len(y)
    return np.clip(weights, -_REACH, _REACH)


def build(model: keras.Model | None) -> None:
    """Three sliders, the plane with its probabilities, and gradient descent."""
    x, y = _applicants()

    @in_this_language
    def look(*weights: float) -> tuple[str, str]:
        return _looked_at(x, y, np.array(weights, float))

    def down(steps: int, rate: float, *weights: float) -> list[float]:
        return descended(x, y, np.array(weights, float), rate, steps).round(3).tolist()

    def one(*given: float) -> list[float]:
        return down(1, *given)

    def fifty(*given: float) -> list[float]:
        return down(50, *given)

    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            sliders = [
                gr.Slider(-_REACH, _REACH, value=value, step=0.05, label=name, elem_id=name, buttons=[])
                for name, value in zip(("w1", "w2", "b"), _START)
            ]
            rate = gr.Slider(
                0.1, 5, value=1, step=0.1, label=str(_("Learning rate")), elem_id="rate", buttons=[]
            )
            with gr.Row():
                single = gr.Button(
                    str(_("One step down")), variant="primary", elem_id="step", min_width=120
                )
                many = gr.Button(str(_("Fifty")), elem_id="steps", min_width=120)
        with gr.Column(scale=3, min_width=420):
            first = look(*_START)
            words = gr.HTML(first[0], apply_default_css=False, elem_id="said")
            picture = gr.HTML(first[1], apply_default_css=False, elem_id="plane")
    for slider in sliders:
        slider.change(
            look, sliders, [words, picture], show_progress="hidden", trigger_mode="always_last"
        )
    for button, move in ((single, one), (many, fifty)):
        button.click(move, [rate, *sliders], sliders, show_progress="hidden")


def _applicants() -> tuple[np.ndarray, np.ndarray]:
    """The lab's hundred: scores in two exams, scaled to mean 0 and variance 1; 1 where admitted."""
    table = data.load_table("applicants")
    return (table.x - table.x.mean(axis=0)) / table.x.std(axis=0), table.y


def _looked_at(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[str, str]:
    """The cost, how many are on their side, and the plane."""
    right = int(np.sum((x @ weights[:2] + weights[2] > 0) == (y > 0)))
    words = _(
        "Cost {cost:.3f}; {right} of {rows} on the right side. (Always 0.5 would cost 0.693.)",
        cost=cost(x, y, weights),
        right=right,
        rows=len(y),
    )
    figure = divided(
        x, y, weights,
        soft=True,
        labels=(str(_("first exam (scaled)")), str(_("second exam (scaled)"))),
        names=(str(_("not admitted")), str(_("admitted"))),
        wrong=str(_("on the other side")),
    )  # fmt: skip
    return said(words), drawn(figure, words)


PAGE = Page(
    _("One neuron as a probability"),
    _(
        "The darker the orange, the more probable the neuron finds an admission; on the line it is one "
        "half. Find weights with a low cost by hand, then go down the gradient. Do longer weights move "
        "the line, or only harden it?"
    ),
    build,
)
