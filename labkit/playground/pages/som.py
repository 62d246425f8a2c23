"""Lab 8: a map unfolds over colours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from labkit.i18n import texts
from labkit.layers import SelfOrganizingMap
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, image, said
from labkit.report.figures import GREY, canvas

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "unfolding"]

_ = texts(__file__)

_SAMPLES, _EPOCHS, _PAUSE = 600, 24, 0.12
_Frame = tuple[str, str, str]


def colours(kind: str) -> np.ndarray:
    """Colours to be ordered, (600, 3), red, green and blue from 0 to 1.

    Args:
        kind: ``"all"``, the whole cube; ``"rainbow"``, pure hues; ``"three"``, three groups.
    """
    rng = np.random.default_rng(0)
    if kind == "rainbow":
        hue = rng.random(_SAMPLES)[:, None] * 6
        return np.clip(2 - np.abs((hue - np.array([[0, 2, 4]]) + 3) % 6 - 3), 0, 1)
    if kind == "three":
        centres = np.array([[0.85, 0.2, 0.2], [0.2, 0.7, 0.3], [0.2, 0.3, 0.85]])
        return np.clip(np.repeat(centres, _SAMPLES // 3, 0) + rng.normal(0, 0.08, (_SAMPLES, 3)), 0, 1)
    return rng.random((_SAMPLES, 3))


def unfolding(x: np.ndarray, side: int, radius: float) -> Iterator[SelfOrganizingMap]:
    """The map at its random start and after each epoch, while the radius falls to 0.6.

    Args:
        x: Colours, (samples, 3).
        side: Units of each side.
        radius: At the start, steps.
    """
    radii = radius * (0.6 / radius) ** (np.arange(_EPOCHS) / (_EPOCHS - 1))
    som = SelfOrganizingMap(side, side, start="random", seed=1)
    som.build((None, 3))
    weights = np.random.default_rng(1).random((side, side, 3)) * 0.2 + 0.4
    som.codebook.assign(weights.astype("float32"))
    yield som
    for now in radii:
        after = SelfOrganizingMap(side, side, start="random", seed=1, radius={"start": now, "end": now})
        after.build((None, 3))
        after.codebook.assign(som.codebook)
        after.adapt(x, epochs=1, resume=True)
        som = after
        yield som


def build(model: keras.Model | None) -> None:
    """What to order, how large a map, and the map as it unfolds."""
    shown = in_this_language(_shown)

    def play(kind: str, side: float, radius: float) -> Iterator[list[object]]:
        x, found, due = colours(kind), [], time.monotonic()
        for epoch, som in enumerate(unfolding(x, int(side), radius)):
            found.append(shown(som, x, epoch))
            due = max(time.monotonic(), due + _PAUSE)
            time.sleep(max(0.0, due - time.monotonic()))
            yield [*found[-1], found, epoch]

    def at(found: list[_Frame], place: float) -> list[str]:
        return list(found[min(int(place), len(found) - 1)])

    kinds = [
        (str(_("all colours")), "all"),
        (str(_("the rainbow")), "rainbow"),
        (str(_("three groups")), "three"),
    ]
    with gr.Row():
        with gr.Column(scale=1, min_width=280):
            kind = gr.Radio(kinds, value="all", label=str(_("Colours")), elem_id="kind")
            side = gr.Slider(
                4, 20, value=12, step=1, label=str(_("Units of a side")), elem_id="side", buttons=[]
            )
            radius = gr.Slider(
                0.6,
                10,
                value=6,
                step=0.2,
                label=str(_("Radius at the start (steps)")),
                elem_id="radius",
                buttons=[],
            )
            unfold = gr.Button(str(_("Unfold")), variant="primary", elem_id="unfold")
        with gr.Column(scale=3, min_width=480):
            start = [_shown(next(unfolding(colours("all"), 12, 6)), colours("all"), 0)]
            words = gr.HTML(start[0][0], apply_default_css=False, elem_id="said")
            with gr.Row():
                sheet = gr.HTML(
                    start[0][1], apply_default_css=False, elem_id="sheet", elem_classes="large"
                )
                net = gr.HTML(start[0][2], apply_default_css=False, elem_id="net")
            epoch = gr.Slider(
                0, _EPOCHS, value=0, step=1, label=str(_("Epoch")), elem_id="epoch", buttons=[]
            )
    found = gr.State(start)
    outputs = [words, sheet, net]
    unfold.click(play, [kind, side, radius], [*outputs, found, epoch], show_progress="hidden")
    epoch.input(at, [found, epoch], outputs, show_progress="hidden", trigger_mode="always_last")


def _shown(som: SelfOrganizingMap, x: np.ndarray, epoch: int) -> _Frame:
    """The two measures, the map in its colours, and the net among the samples."""
    words = _(
        "Epoch {epoch}: a colour is {quantization:.3f} from its unit on average; {topographic:.0%} of "
        "the colours lie on a fold.",
        epoch=epoch,
        quantization=som.quantization_error(x),
        topographic=som.topographic_error(x),
    )
    weights = np.asarray(som.codebook)
    pixels = np.round(255 * np.clip(weights, 0, 1)).astype(np.uint8)
    return said(words), image(pixels, _("The colour of each unit"), ink=False), _net(weights, x)


def _net(weights: np.ndarray, x: np.ndarray) -> str:
    """Red against blue: the samples as dots, the units as a net."""
    figure = canvas(3.6, 3.4)
    axes = figure.add_axes((0.15, 0.14, 0.83, 0.83))
    axes.scatter(x[:, 0], x[:, 2], s=8, c=x, linewidths=0, rasterized=True)
    for lines in (weights, weights.swapaxes(0, 1)):
        axes.plot(lines[..., 0].T, lines[..., 2].T, color=GREY, linewidth=0.8)
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel=str(_("red")), ylabel=str(_("blue")))
    axes.spines[["top", "right"]].set_visible(False)
    return drawn(figure, _("The map as a net among the colours, seen from the side of green."))


PAGE = Page(
    _("A map unfolds over colours"),
    _(
        "Each unit of the map has a colour. They begin as a grey crumple and end in an order that "
        "nobody told them. Start with a small radius: where does the map fold?"
    ),
    build,
)
