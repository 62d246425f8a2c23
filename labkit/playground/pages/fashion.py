"""Lab 3: pick garments of the test set, and see which ones are taken for which."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from labkit import data, metrics
from labkit.i18n import texts
from labkit.playground.images import classifier
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import bars, image, percent, said

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE"]

_ = texts(__file__)

_GARMENTS = 2_000  # of the test set: enough to count on, and quick to ask
_SHOWN = 24
_PICK = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-pick]");
  if (button) trigger("pick", { picked: button.dataset.pick });
});
"""


def build(model: keras.Model | None) -> None:
    """The confusions, the garments of one of them, and what the network says of one garment."""
    shares = classifier(model)
    arrays = data.load("fashion_mnist")
    x, y = arrays.x_test.view(np.ndarray)[:_GARMENTS], arrays.y_test.view(np.ndarray)[:_GARMENTS]
    names = data.describe("fashion_mnist").class_names
    answers = shares(x)
    says = answers.argmax(axis=1)

    def confused(true: int, said_to_be: int) -> tuple[str, str]:
        rows = np.flatnonzero((y == true) & (says == said_to_be))
        fields = {"count": len(rows), "of": int((y == true).sum()), "true": names[true]}
        words = (
            _("{count} of {of}: {true}, and seen as such", **fields)
            if true == said_to_be
            else _("{count} of {of}: {true}, taken for {said}", said=names[said_to_be], **fields)
        )
        return said(words), _sheet(x, rows[:_SHOWN], names[true])

    @in_this_language
    def list_them(event: gr.EventData) -> tuple[str, str]:
        row, column = map(int, str(event.picked).split(","))
        return confused(row % len(names), column % len(names))

    @in_this_language
    def ask(event: gr.EventData) -> tuple[str, str]:
        row = int(event.picked) % len(x)
        return _asked(x[row], answers[row], names, int(y[row]))

    right = float(np.mean(says == y))
    caption = _(
        "{count} garments it never saw, {right} right. A row is what they are, a column what the "
        "network says. Pick a number.",
        count=len(x),
        right=percent(right),
    )
    counts = metrics.confusion_matrix(says, y, len(names))
    first = _most_confused(counts)
    words, sheet = confused(*first)
    row = int(np.flatnonzero((y == first[0]) & (says == first[1]))[0])
    about = _asked(x[row], answers[row], names, int(y[row]))
    with gr.Row():
        with gr.Column(scale=5, min_width=420):
            matrix = _picked(_matrix(counts, names, caption), "matrix")
        with gr.Column(scale=4, min_width=340):
            heading = gr.HTML(words, apply_default_css=False, elem_id="heading")
            garments = _picked(sheet, "garments")
            sentence = gr.HTML(about[0], apply_default_css=False, elem_id="said")
            shown = gr.HTML(about[1], apply_default_css=False, elem_id="bars")
    matrix.pick(list_them, None, [heading, garments], show_progress="hidden")
    garments.pick(ask, None, [sentence, shown], show_progress="hidden")


def _picked(value: str, name: str) -> gr.HTML:
    """HTML whose buttons with ``data-pick`` raise the event `pick`."""
    return gr.HTML(value, js_on_load=_PICK, apply_default_css=False, elem_id=name)


def _most_confused(counts: np.ndarray) -> tuple[int, int]:
    """True class and answer of the commonest mistake; where there is none, of the commonest answer."""
    mistakes = counts * (1 - np.eye(len(counts), dtype=int))
    row, column = np.unravel_index(int((mistakes if mistakes.any() else counts).argmax()), counts.shape)
    return int(row), int(column)


def _matrix(counts: np.ndarray, names: list[str], caption: object) -> str:
    """Counts as buttons, the darker the more of the row they are."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = []
    for true, row in enumerate(counts):
        cells = "".join(_cell(true, place, row, names) for place in range(len(names)))
        rows.append(f'<tr><th scope="row">{escape(names[true])}</th>{cells}</tr>')
    label = _("Confusions")
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(str(label))}">'
        f'<table class="matrix"><caption>{escape(str(caption))}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(true: int, place: int, row: np.ndarray, names: list[str]) -> str:
    share = row[place] / max(1, row.sum())
    light = round(97 - 62 * share**0.5)
    label = _(
        "{count} × {true}, said: {said}", count=int(row[place]), true=names[true], said=names[place]
    )
    idle = "" if row[place] else " disabled"
    return (
        f'<td><button type="button" data-pick="{true},{place}" aria-label="{escape(str(label))}"{idle} '
        f'style="background:hsl(202 100% {light}%);color:{"white" if light < 60 else "black"}">'
        f"{int(row[place]) or ''}</button></td>"
    )


def _sheet(x: np.ndarray, rows: np.ndarray, name: str) -> str:
    """Garments as buttons."""
    buttons = "".join(
        f'<button type="button" data-pick="{row}">{image(x[row], f"{name} {place}")}</button>'
        for place, row in enumerate(rows, start=1)
    )
    return f'<div class="sheet">{buttons}</div>'


def _asked(garment: np.ndarray, answer: np.ndarray, names: list[str], truth: int) -> tuple[str, str]:
    """What the network says of one garment, its picture, and ten bars."""
    best = int(answer.argmax())
    fields = {"said": names[best], "share": percent(answer[best]), "true": names[truth]}
    words = (
        _("{said}, says the network, with {share}. It is right.", **fields)
        if best == truth
        else _("{said}, says the network, with {share}. It is: {true}.", **fields)
    )
    shares = bars(answer, names, _("Probability of each garment"))
    return said(words), f'<div class="beside">{image(garment, names[truth])}{shares}</div>'


PAGE = Page(
    _("Which garment is it?"),
    _(
        "Pick a number of the table to see the garments behind it, and a garment to see how sure the "
        "network is. Would you have known better?"
    ),
    build,
)
