"""Lab 9: turn the current up, and see spikes, gates and the phase plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from labkit.i18n import Text, texts
from labkit.layers import HodgkinHuxley
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.report.figures import BLUE, GREY, ORANGE, canvas

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "Course", "stimulated"]

_ = texts(__file__)

_DT, _STEPS, _ONSET = 0.05, 2_000, 10.0  # ms; in all 100 ms
_WORDS: tuple[Text, ...] = (_("potential (mV)"), _("current (µA/cm²)"), _("time (ms)"))

Course = dict[str, np.ndarray]
"""Time, current, potential and the gates m, h and n, each of one value for each step."""


def stimulated(neuron: HodgkinHuxley, current: float, duration: float) -> Course:
    """What a neuron does with a constant current.

    Args:
        neuron: It returns its gates.
        current: From 10 ms on, µA/cm².
        duration: Of the current, ms.
    """
    time = np.arange(_STEPS) * _DT
    given = np.where((time >= _ONSET) & (time < _ONSET + duration), current, 0.0)
    voltage, *gates = (np.asarray(each)[0] for each in neuron(given[None].astype("float32")))
    return {"time": time, "current": given, "V": voltage, **dict(zip("mhn", gates))}


def build(model: keras.Model | None) -> None:
    """Two knobs, the sentence, and three pictures in one."""
    neuron = HodgkinHuxley(dt=_DT, return_gates=True, jit_compile=False)

    @in_this_language
    def look(current: float, duration: float) -> tuple[str, str]:
        course = stimulated(neuron, current, duration)
        words = _told(len(np.asarray(neuron.spike_times(course["V"][None])[0])), current, duration)
        return said(words), _pictures(course, words)

    with gr.Row():
        with gr.Column(scale=1, min_width=260):
            current = gr.Slider(
                -10,
                60,
                value=10,
                step=0.5,
                label=str(_("Current (µA/cm²)")),
                elem_id="current",
                buttons=[],
            )
            duration = gr.Slider(
                1, 90, value=90, step=1, label=str(_("It lasts (ms)")), elem_id="duration", buttons=[]
            )
        with gr.Column(scale=3, min_width=480):
            first = look(10.0, 90.0)
            words = gr.HTML(first[0], apply_default_css=False, elem_id="said")
            picture = gr.HTML(first[1], apply_default_css=False, elem_id="course")
    for knob in (current, duration):
        knob.change(
            look, [current, duration], [words, picture],
            show_progress="hidden", trigger_mode="always_last",
        )  # fmt: skip


def _told(spikes: int, current: float, duration: float) -> Text:
    fields = {"current": current, "duration": duration, "spikes": spikes}
    if not spikes:
        return _("{current:g} µA/cm² for {duration:g} ms: no spike.", **fields)
    if spikes == 1:
        return _("{current:g} µA/cm² for {duration:g} ms: one spike.", **fields)
    return _("{current:g} µA/cm² for {duration:g} ms: {spikes} spikes.", **fields)


def _pictures(course: Course, words: Text) -> str:
    """Potential over current, the gates, and potential against gate n."""
    figure = canvas(8.0, 6.0)
    grid = figure.add_gridspec(
        3, 2, width_ratios=(1.75, 1), height_ratios=(2, 0.55, 1.5),
        left=0.08, right=0.985, top=0.985, bottom=0.08, hspace=0.16, wspace=0.24,
    )  # fmt: skip
    above, middle, below = (figure.add_subplot(grid[row, 0]) for row in range(3))
    phase = figure.add_subplot(grid[:, 1])
    time = course["time"]
    above.plot(time, course["V"], color=BLUE)
    above.set(ylabel=str(_WORDS[0]), ylim=(-90, 60))
    middle.plot(time, course["current"], color=GREY)
    middle.set(ylabel=str(_WORDS[1]).replace(" (", "\n("), ylim=(-13, 65), yticks=(0, 50))
    for name, line, colour in (("m", "-", ORANGE), ("h", "--", BLUE), ("n", ":", "black")):
        below.plot(time, course[name], line, color=colour, label=name)
    below.set(ylabel=str(_("gates")), ylim=(0, 1.3), yticks=(0, 0.5, 1), xlabel=str(_WORDS[2]))
    below.legend(frameon=False, ncols=3, loc="upper right", fontsize=8)
    for axes in (above, middle, below):
        axes.set_xlim(0, time[-1])
        axes.label_outer()
    phase.plot(course["V"], course["n"], color=BLUE, linewidth=1)
    phase.plot(course["V"][0], course["n"][0], "o", color=ORANGE, label=str(_("rest")))
    phase.set(xlabel=str(_WORDS[0]), ylabel=str(_("gate n")), xlim=(-90, 60), ylim=(0.2, 0.85))
    phase.legend(frameon=False, fontsize=8)
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    return drawn(figure, words)


PAGE = Page(
    _("Current in, spikes out"),
    _(
        "From which current on does the neuron fire once, from which without end, and from which no "
        "more? On the right each spike is one turn round the phase plane. Switch a negative current "
        "off, and look what follows."
    ),
    build,
)
