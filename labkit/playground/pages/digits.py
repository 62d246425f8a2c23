"""Labs 2 and 4: draw a digit, and ten bars move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from labkit import data
from labkit.i18n import texts
from labkit.playground.images import SIDE, Classifier, centred, classifier
from labkit.playground.pad import cells, coded, pad
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import bars, image, percent, said

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE"]

_ = texts(__file__)

_NAMES = [str(digit) for digit in range(10)]


def build(model: keras.Model | None) -> None:
    """The pad, and beside it what the network makes of it."""
    shares = classifier(model)
    x, y = (part.view(np.ndarray) for part in (data.load("mnist").x_test, data.load("mnist").y_test))
    order = np.random.default_rng(0).permutation(len(x))

    @in_this_language
    def look(drawing: str, centre: bool) -> tuple[str, str, str]:
        return _looked_at(cells(drawing, SIDE, SIDE), centre, shares)

    @in_this_language
    def another(number: int) -> tuple[str, int, str]:
        row = order[number % len(order)]
        note = _("From the test set, where it is called a {digit}.", digit=int(y[row]))
        return coded(x[row]), number + 1, said(note)

    with gr.Row():
        with gr.Column(scale=2, min_width=340):
            field = pad(
                SIDE,
                SIDE,
                _("Draw a digit"),
                _("Keys: arrows move, the space bar sets the pen down or lifts it, Delete clears."),
                soft=True,
                name="pad",
            )
            with gr.Row():
                clear = gr.Button(str(_("Clear")), elem_id="clear")
                draw = gr.Button(str(_("A digit of the test set")), elem_id="another")
            note = gr.HTML(apply_default_css=False, elem_id="note")
            centre = gr.Checkbox(True, label=str(_("Scale and centre it first, as the data set does")))
        with gr.Column(scale=3, min_width=340):
            empty = look("", True)
            words = gr.HTML(empty[0], apply_default_css=False, elem_id="said")
            shown = gr.HTML(empty[1], apply_default_css=False, elem_id="bars")
            seen = gr.HTML(empty[2], apply_default_css=False, elem_id="seen")
    number = gr.State(0)
    for event in (field.input, field.change, centre.change):
        event(
            look,
            [field, centre],
            [words, shown, seen],
            show_progress="hidden",
            trigger_mode="always_last",
        )
    clear.click(
        lambda: (coded(np.zeros((SIDE, SIDE))), ""), None, [field, note], show_progress="hidden"
    )
    draw.click(another, [number], [field, number, note], show_progress="hidden")


def _looked_at(drawing: np.ndarray, centre: bool, shares: Classifier) -> tuple[str, str, str]:
    """What the network says, its ten bars, and the pixels it was given."""
    given = centred(drawing) if centre else drawing
    caption = _("What the network is given")
    picture = f'<p class="small">{caption}</p>{image(given, caption)}'
    heading = _("Probability of each digit")
    if not given.any():
        return said(_("Nothing is drawn yet.")), bars(np.zeros(10), _NAMES, heading), picture
    answer = shares(given[None])[0]
    best = int(answer.argmax())
    words = _("The network says {digit}, with {share}.", digit=best, share=percent(answer[best]))
    return said(words), bars(answer, _NAMES, heading), picture


PAGE = Page(
    _("Draw a digit"),
    _(
        "Draw, and watch the ten probabilities move. Where does it become unsure? Draw the same digit "
        "in a corner with the scaling off: which network still knows it, that of lab 2 or of lab 4?"
    ),
    build,
)
