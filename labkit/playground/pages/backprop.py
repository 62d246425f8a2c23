"""Lab 13: activations there, errors back, and a plane that bends."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit.i18n import texts
from labkit.playground.network import NAMES, REACH, bent, falling, passed, pictured, trained
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.playground.turns import Turns, played, taking_over

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "start"]

_ = texts(__file__)

_CORNERS = {"00": (0.0, 0.0), "01": (0.0, 1.0), "10": (1.0, 0.0), "11": (1.0, 1.0)}
_TASKS = {"AND": "0001", "OR": "0111", "XOR": "0110"}
_ONE = "one"  # the handout's sample
_STARTS = {
    "arrives": (0.0, 2.8, 0.1, 2.9, 0.0, -0.9, -0.7, -0.3, 0.1),
    "stuck": (-0.9, -0.9, -0.7, 2.6, 0.8, 0.1, -0.2, -0.1, 0.4),
    "handout": (2.0, 1.0, -2.0, 1.0, -1.0, -1.0, 2.0, -2.0, 0.0),
}
_PACE, _PICTURES, _PAUSE = 20, 10, 0.12  # epochs from one picture to the next; seconds
_KEY = _(
    "In blue, forward: the activation a. In orange, backward: the error δ of this sample, and ∂, the "
    "derivative of the cost by the number above it, over all samples. Broken: a negative weight."
)
_Course = tuple[list[float], list[float]]
"""The nine numbers, and the cost at the start and after each epoch."""


def start(kind: str, seed: int) -> np.ndarray:
    """Nine numbers to begin with, in the order of `labkit.playground.network.NAMES`.

    Args:
        kind: ``"arrives"``, ``"stuck"`` or ``"handout"``; else they are drawn, with deviation 1.
        seed: Which draw.
    """
    if kind in _STARTS:
        return np.array(_STARTS[kind])
    return np.random.default_rng(seed).normal(size=len(NAMES)).round(2)


def build(model: keras.Model | None) -> None:
    """What to learn and from where, one number to move, the network, the plane and the cost."""
    look = in_this_language(_looked_at)

    def anew(task: str, kind: str, place: int, shown: str, seed: int) -> list[Any]:
        course = _begun(start(kind, seed), task)
        return [course, course[0][place], seed + 1, *look(course, task, shown, place)]

    def set_task(task: str, kind: str, place: int, shown: str, seed: int) -> list[Any]:
        kind = "handout" if task == _ONE else "arrives" if kind == "handout" else kind
        names = _samples(task)
        shown = shown if shown in names else names[0]
        corner = gr.Radio(names, value=shown)
        return [kind, corner, *anew(task, kind, place, shown, seed)]

    def moved(course: _Course, value: float, task: str, shown: str, place: int) -> list[Any]:
        numbers = np.array(course[0])
        numbers[place] = value
        course = _begun(numbers, task)
        return [course, *look(course, task, shown, place)]

    def learn(
        epochs: int, course: _Course, rate: float, task: str, shown: str, place: int
    ) -> tuple[_Course, list[Any]]:
        numbers, costs = trained(np.array(course[0]), *_rows(task), rate, epochs)
        course = (numbers.tolist(), [*course[1], *costs])
        return course, [course, round(course[0][place], 3), *look(course, task, shown, place)]

    def one(course: _Course, *given: Any) -> list[Any]:
        return learn(1, course, *given)[1]

    def many(turns: Turns, course: _Course, *given: Any) -> Iterator[list[Any]]:
        def frames(course: _Course) -> Iterator[list[Any]]:
            for _picture in range(_PICTURES):
                course, outputs = learn(_PACE, course, *given)
                yield outputs

        yield from played(turns, frames(course), _PAUSE)

    def pick(course: _Course, task: str, shown: str, place: int) -> list[Any]:
        return [round(course[0][place], 3), *look(course, task, shown, place)]

    first = _begun(start("arrives", 0), "XOR")
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            task = gr.Radio(_task_names(), value="XOR", label=str(_("Task")), elem_id="task")
            kind = gr.Radio(_start_names(), value="arrives", label=str(_("Start")), elem_id="start")
            shown = gr.Radio(
                _samples("XOR"), value="01", label=str(_("Sample in the drawing")), elem_id="sample"
            )
            place = gr.Radio(
                list(zip(NAMES, range(len(NAMES)))),
                value=0, label=str(_("Weight or bias to move")), elem_id="place",
            )  # fmt: skip
            value = gr.Slider(
                -REACH, REACH, value=first[0][0], step=0.05, label=str(_("Its value")),
                elem_id="value", buttons=[],
            )  # fmt: skip
            rate = gr.Slider(
                0.5, 20, value=8, step=0.5, label=str(_("Learning rate")), elem_id="rate", buttons=[]
            )
            with gr.Row():
                single = gr.Button(
                    str(_("One step down")), variant="primary", elem_id="step", min_width=140
                )
                hundreds = gr.Button(str(_("Two hundred")), elem_id="steps", min_width=140)
                again = gr.Button(str(_("Start anew")), elem_id="anew", min_width=140)
        with gr.Column(scale=3, min_width=420):
            seen = look(first, "XOR", "01", 0)
            words = gr.HTML(seen[0], apply_default_css=False, elem_id="said")
            network = gr.HTML(seen[1], apply_default_css=False, elem_id="network")
            gr.HTML(f'<p class="small">{escape(str(_KEY))}</p>', apply_default_css=False)
            with gr.Row():
                with gr.Column(min_width=260):
                    plane = gr.HTML(seen[2], apply_default_css=False, elem_id="plane")
                with gr.Column(min_width=260):
                    curve = gr.HTML(seen[3], apply_default_css=False, elem_id="curve")
    turns, course, seed = gr.State(Turns()), gr.State(first), gr.State(0)
    pictures = [words, network, plane, curve]
    learnt = [turns, course, rate, task, shown, place], [course, value, *pictures]
    begin, begun = [turns, task, kind, place, shown, seed], [course, value, seed, *pictures]
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    hundreds.click(many, *learnt, **quiet)
    single.click(taking_over(one), *learnt, **quiet)
    task.input(taking_over(set_task), begin, [kind, shown, *begun], **quiet)
    for event in (kind.input, again.click):
        event(taking_over(anew), begin, begun, **quiet)
    for knob in (place, shown):
        knob.input(taking_over(pick), [turns, course, task, shown, place], [value, *pictures], **quiet)
    value.input(
        taking_over(moved), [turns, course, value, task, shown, place], [course, *pictures],
        trigger_mode="always_last", **quiet,
    )  # fmt: skip


def _task_names() -> list[tuple[str, str]]:
    return [*((name, name) for name in _TASKS), (str(_("the handout's sample")), _ONE)]


def _start_names() -> list[tuple[str, str]]:
    return [
        (str(_("one that arrives")), "arrives"),
        (str(_("one that gets stuck")), "stuck"),
        (str(_("the handout's")), "handout"),
        (str(_("drawn")), "drawn"),
    ]


def _samples(task: str) -> list[str]:
    """Names of a task's samples."""
    return ["10"] if task == _ONE else list(_CORNERS)


def _rows(task: str) -> tuple[np.ndarray, np.ndarray]:
    """Samples of a task, and what is wanted of them."""
    if task == _ONE:
        return np.array([_CORNERS["10"]]), np.array([1.0])
    return np.array(list(_CORNERS.values())), np.array(list(_TASKS[task]), float)


def _begun(numbers: np.ndarray, task: str) -> _Course:
    return numbers.tolist(), [passed(numbers, *_rows(task)).cost]


def _looked_at(course: _Course, task: str, shown: str, place: int) -> list[str]:
    """The cost in words, the network, the plane and the cost by epoch."""
    numbers, costs = np.array(course[0]), course[1]
    x, y = _rows(task)
    back = passed(numbers, x, y)
    words = _(
        "Epoch {epoch}: cost {cost:.4f}; {right} of {rows} on the right side of one half.",
        epoch=len(costs) - 1,
        cost=back.cost,
        right=int(np.sum((back.z[:, 2] > 0) == (y > 0.5))),
        rows=len(y),
    )
    sample = _samples(task).index(shown)
    network = pictured(numbers, x, y, sample, place)
    told = _(
        "Sample {sample}: activations {a}; errors δ {delta}. {name} is {value:.2f}, the derivative of "
        "the cost by it {slope:.4f}.",
        sample=shown,
        a=_listed(back.a[sample]),
        delta=_listed(back.delta[sample]),
        name=NAMES[place],
        value=numbers[place],
        slope=back.slopes[place],
    )
    return [
        said(words),
        drawn(network, told),
        drawn(bent(numbers, x, y), words),
        drawn(falling(costs, len(y)), _("The cost by epoch.")),
    ]


def _listed(numbers: np.ndarray) -> str:
    return ", ".join(f"{number:.4f}" for number in numbers)


PAGE = Page(
    _("Errors travel back"),
    _(
        "Blue goes forward through the network, orange comes back: each weight learns which way the "
        "cost falls. Move a weight by hand, then go down, and watch two lines bend into one border. "
        "Which starts never arrive?"
    ),
    build,
)
