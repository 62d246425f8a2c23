"""Lab 7: damage a letter, and watch it being recalled while the energy falls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit.i18n import Text, texts
from labkit.layers import Hopfield
from labkit.layers.hopfield.recall import visiting_order
from labkit.playground.pad import cells, coded, pad
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import bars, drawn, image, said
from labkit.report.figures import BLUE, ORANGE, canvas, settle

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "visits"]

_ = texts(__file__)

_SIDE = 8
_PAUSE = 0.15  # seconds between two pictures
_MOST = 24  # pictures of one recall
_DRAWN = """
..####..  ########  ##....##  ##....##  ..####..
.##..##.  ########  ##....##  ##....##  .######.
##....##  ##......  ##....##  ##....##  ##....##
##....##  ######..  ##....##  ########  ##....##
########  ######..  ##....##  ########  ##....##
########  ##......  ###..###  ##....##  ##....##
##....##  ########  .######.  ##....##  .######.
##....##  ########  ..####..  ##....##  ..####..
"""
_NAMES = "AEUHO"
_Frame = tuple[str, str, str, str]


def letters() -> dict[str, np.ndarray]:
    """Letter -> its 64 cells of −1 and +1."""
    lines = [line.split() for line in _DRAWN.strip().splitlines()]
    return {
        name: np.array([1.0 if cell == "#" else -1.0 for cell in "".join(rows)])
        for name, rows in zip(_NAMES, zip(*lines))
    }


def visits(memory: Hopfield, probe: np.ndarray, steps: int = 8) -> np.ndarray:
    """Every state of a recall of one neuron at a time, (visits + 1, N), until nothing changes.

    Args:
        memory: Asynchronous, with patterns.
        probe: Where it begins, (N,), of −1 and +1.
        steps: At most so many visits to each neuron.
    """
    sweeps = memory.trajectory(probe[None], steps)[:, 0]
    states = [sweeps[0]]
    for number, after in enumerate(sweeps[1:]):
        if np.array_equal(after, states[-1]):
            break
        for neuron in np.asarray(visiting_order(len(probe), memory.seed, number)):
            states.append(states[-1].copy())
            states[-1][neuron] = after[neuron]
    return np.array(states)


def build(model: keras.Model | None) -> None:
    """Which letters are stored, the pad with the damaged one, and the recall."""
    known = letters()

    @in_this_language
    def recalled(drawing: str, stored: list[str]) -> list[_Frame]:
        return _recalled(_bipolar(drawing), {name: known[name] for name in _NAMES if name in stored})

    def play(drawing: str, stored: list[str]) -> Iterator[list[Any]]:
        frames = recalled(drawing, stored)
        for place, frame in enumerate(frames):
            time.sleep(_PAUSE if place else 0)
            yield [*frame, frames, gr.Slider(maximum=max(1, len(frames) - 1), value=place)]

    def at(frames: list[_Frame], place: float) -> list[str]:
        return list(frames[min(int(place), len(frames) - 1)])

    def damaged(drawing: str, percent: float, seed: int) -> tuple[str, int]:
        turned = np.random.default_rng(seed).random(_SIDE**2) < percent / 100
        return coded(_ink(np.where(turned, -1, 1) * _bipolar(drawing))), seed + 1

    with gr.Row():
        with gr.Column(scale=2, min_width=340):
            stored = gr.CheckboxGroup(
                list(_NAMES), value=list("AEU"), label=str(_("Stored letters")), elem_id="stored"
            )
            field = pad(
                _SIDE,
                _SIDE,
                _("Where recall begins"),
                _("Click a cell to turn it. Keys: arrows move, the space bar turns, Delete clears."),
                soft=False,
                name="pad",
            )
            with gr.Row():
                buttons = [gr.Button(name, min_width=40, elem_id=f"letter{name}") for name in _NAMES]
            share = gr.Slider(0, 50, value=20, step=5, label=str(_("Cells to turn (%)")), buttons=[])
            with gr.Row():
                damage = gr.Button(str(_("Damage")), elem_id="damage")
                recall = gr.Button(str(_("Recall")), variant="primary", elem_id="recall")
        with gr.Column(scale=3, min_width=420):
            start = recalled(coded(_ink(known["A"])), list("AEU"))
            words = gr.HTML(start[0][0], apply_default_css=False, elem_id="said")
            with gr.Row():
                state = gr.HTML(
                    start[0][1], apply_default_css=False, elem_id="state", elem_classes="large"
                )
                alike = gr.HTML(start[0][2], apply_default_css=False, elem_id="alike")
            energy = gr.HTML(start[0][3], apply_default_css=False, elem_id="energy")
            step = gr.Slider(0, 1, value=0, step=1, label=str(_("Picture")), elem_id="step", buttons=[])
    field.value = coded(_ink(known["A"]))
    frames, seed = gr.State(start), gr.State(1)
    outputs = [words, state, alike, energy]
    for name, button in zip(_NAMES, buttons):
        button.click(_put(known[name]), None, [field], show_progress="hidden")
    damage.click(damaged, [field, share, seed], [field, seed], show_progress="hidden")
    recall.click(play, [field, stored], [*outputs, frames, step], show_progress="hidden")
    step.input(at, [frames, step], outputs, show_progress="hidden", trigger_mode="always_last")


def _put(letter: np.ndarray) -> Any:
    """The function that puts a letter on the pad."""
    return lambda: coded(_ink(letter))


def _bipolar(drawing: str) -> np.ndarray:
    return np.where(cells(drawing, _SIDE, _SIDE).ravel() > 127, 1.0, -1.0)


def _ink(state: np.ndarray) -> np.ndarray:
    return np.where(state.reshape(_SIDE, _SIDE) > 0, 255, 0).astype(np.uint8)


def _recalled(probe: np.ndarray, stored: dict[str, np.ndarray]) -> list[_Frame]:
    """What is said and shown while it recalls."""
    if not stored:
        return [(said(_("Store a letter first.")), "", "", "")]
    patterns = np.array(list(stored.values()))
    memory = Hopfield()
    memory.adapt(patterns)
    states = visits(memory, probe)
    energies = np.asarray(memory.energy(states))
    changed = [0, *(np.flatnonzero((states[1:] != states[:-1]).any(axis=1)) + 1)]
    if len(changed) > _MOST:
        changed = [changed[place] for place in np.linspace(0, len(changed) - 1, _MOST).astype(int)]
    return [
        (
            said(_told(number, len(changed), states[visit], energies[visit], stored)),
            image(_ink(states[visit]), _("The state of 64 neurons")),
            bars(
                (1 + patterns @ states[visit] / probe.size) / 2,
                list(stored),
                _("Cells that agree with"),
            ),
            _slope(energies, visit),
        )
        for number, visit in enumerate(changed)
    ]


def _told(
    number: int, count: int, state: np.ndarray, energy: float, stored: dict[str, np.ndarray]
) -> Text:
    """Where it is, and in the end what it has found."""
    if number < count - 1:
        return _("Recalling: the energy is {energy:.1f}.", energy=energy)
    for name, pattern in stored.items():
        if np.array_equal(state, pattern):
            return _("It has recalled {letter}: energy {energy:.1f}.", letter=name, energy=energy)
        if np.array_equal(state, -pattern):
            return _(
                "The inverse of {letter}, as deep a valley: energy {energy:.1f}.",
                letter=name,
                energy=energy,
            )
    return _("A valley that nobody stored: energy {energy:.1f}.", energy=energy)


def _slope(energies: np.ndarray, visit: int) -> str:
    """The energy after every visit to a neuron, and where the recall is."""
    figure = canvas(6.0, 2.5)
    axes = figure.subplots()
    axes.plot(energies, color=BLUE, drawstyle="steps-post")
    axes.plot(visit, energies[visit], "o", color=ORANGE, markersize=8, clip_on=False)
    axes.set(xlabel=str(_("visits to a neuron")), ylabel=str(_("energy")))
    axes.set_xlim(0, max(1, len(energies) - 1))
    axes.spines[["top", "right"]].set_visible(False)
    return drawn(settle(figure), _("The energy after each visit to a neuron; it never rises."))


PAGE = Page(
    _("A memory of letters"),
    _(
        "Damage a letter and let the network recall it, one neuron at a time. How much damage does it "
        "mend? Then store five letters instead of three, and look for valleys that nobody stored."
    ),
    build,
)
