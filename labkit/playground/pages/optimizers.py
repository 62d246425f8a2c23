"""Lab 14: several ways down one cost, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit.i18n import Text, texts
from labkit.playground.descents import SURFACES, WAYS, Knobs, Surface, surface, walked
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import drawn, said
from labkit.playground.turns import Turns, played, taking_over
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

__all__ = ["PAGE"]

_ = texts(__file__)

_STEPS, _PACE, _PAUSE = 120, 6, 0.12  # in all, from one picture to the next; seconds
_SHOWN = 3.2  # weights from −3.2 to 3.2
_LEAST, _MOST = 1e-6, 1e3  # of the cost above the lowest that is drawn
_COSTS = (
    _("a long valley across the axes"),
    _("the valley along the axes"),
    _("a round bowl"),
    _("two neurons in a row"),
)
_NAMES = {
    "descent": _("descent"),
    "few_rows": _("few rows a step"),
    "momentum": _("momentum"),
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adam_uncorrected": _("Adam, uncorrected"),
}
_STYLES = {
    "descent": (BLUE, (), 1.2, "o"),
    "few_rows": (GREY, (0.8, 2), 1.2, "v"),
    "momentum": (ORANGE, (5, 2), 1.2, "s"),
    "rmsprop": ("black", (2, 1.5), 1.2, "^"),
    "adam": ("#009e73", (), 2.4, "D"),
    "adam_uncorrected": ("#a6508a", (6, 1.5, 1, 1.5), 1.2, "P"),
}
"""Colour, dashes, width and mark of each way, which can be told apart without colours."""


def build(model: keras.Model | None) -> None:
    """What to go down, by which ways and with which knobs; the map and the costs, step by step."""
    look = in_this_language(_looked_at)

    def at(step: float, *given: Any) -> list[Any]:
        return [int(step), *look(int(step), *given)]

    def further(step: float, *given: Any) -> list[Any]:
        return at(min(step + 1, _STEPS), *given)

    def back(_step: float, *given: Any) -> list[Any]:
        return at(0, *given)

    def run(turns: Turns, step: float, *given: Any) -> Iterator[list[Any]]:
        first = int(step) if step < _STEPS else 0
        places = [*range(first + _PACE, _STEPS, _PACE), _STEPS]
        yield from played(turns, (at(place, *given) for place in places), _PAUSE)

    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            knobs = _knobs()
        with gr.Column(scale=3, min_width=420):
            seen = look(0, *(knob.value for knob in knobs))
            words = gr.HTML(seen[0], apply_default_css=False, elem_id="said")
            with gr.Row():
                with gr.Column(min_width=260):
                    map_ = gr.HTML(seen[1], apply_default_css=False, elem_id="map")
                with gr.Column(min_width=260):
                    curves = gr.HTML(seen[2], apply_default_css=False, elem_id="curves")
            step = gr.Slider(
                0, _STEPS, value=0, step=1, label=str(_("Step")), elem_id="step", buttons=[]
            )
            with gr.Row():
                single = gr.Button(
                    str(_("One step down")), variant="primary", elem_id="one", min_width=140
                )
                all_of_them = gr.Button(str(_("Run")), elem_id="run", min_width=140)
                again = gr.Button(str(_("Back to the start")), elem_id="back", min_width=140)
            table = gr.HTML(seen[3], apply_default_css=False, elem_id="ways")
    given, outputs = [gr.State(Turns()), step, *knobs], [step, words, map_, curves, table]
    all_of_them.click(run, given, outputs, show_progress="hidden")
    for button, act in ((single, further), (again, back)):
        button.click(taking_over(act), given, outputs, show_progress="hidden")
    for knob in (*knobs, step):
        act = taking_over(look)
        knob.input(act, given, outputs[1:], show_progress="hidden", trigger_mode="always_last")


def _knobs() -> list[Any]:
    """What `_looked_at` is given after the step, in its order."""

    def slider(name: str, label: Text, *numbers: float) -> gr.Slider:
        low, high, by, value = numbers
        return gr.Slider(
            low, high, value=value, step=by, label=str(label), elem_id=name, buttons=[], min_width=140
        )

    costs = [(str(text), name) for text, name in zip(_COSTS, SURFACES)]
    ground = gr.Radio(costs, value="across", label=str(_("Cost")), elem_id="cost")
    ways = gr.CheckboxGroup(
        [(str(text), name) for name, text in _NAMES.items()],
        value=["descent", "momentum", "rmsprop", "adam"], label=str(_("Ways down")), elem_id="which",
    )  # fmt: skip
    rate = slider("rate", _("η of descent and momentum (% of the greatest)"), 1, 120, 1, 50)
    scaled = slider("scaled", _("η of RMSprop and Adam"), 0.01, 1, 0.01, 0.1)
    beta = slider("beta", _("β of momentum and Adam"), 0, 0.99, 0.01, 0.9)
    rho = slider("rho", _("ρ of RMSprop"), 0, 0.99, 0.01, 0.9)
    rows = slider("rows", _("How many of 20 rows are few"), 1, 20, 1, 5)
    with gr.Row():
        first = slider("w1", _("Start: w₁"), -3, 3, 0.1, -2)
        second = slider("w2", _("Start: w₂"), -3, 3, 0.1, 0.3)
    return [ground, ways, rate, scaled, beta, rho, rows, first, second]


def _looked_at(
    step: float, name: str, chosen: list[str], rate: float, scaled: float, beta: float, rho: float,
    rows: float, first: float, second: float,
) -> list[str]:  # fmt: skip
    """Who is lowest, the map, the costs so far, and the table of the ways."""
    ground = surface(name)
    knobs = Knobs(rate / 100 * ground.limit, scaled, beta, rho, int(rows))
    places = walked(ground, np.array([first, second]), knobs, _STEPS)[: int(step) + 1]
    above = np.maximum(ground.above(places), 0)
    ways = [place for place, way in enumerate(WAYS) if way in chosen]
    words = _told(above[-1], ways, int(step))
    return [
        said(words),
        drawn(_map(ground, places, ways), _("Lines of equal cost, and the ways down so far.")),
        drawn(_curves(above, ways), words),
        _table(above[-1], ways, ground.limit),
    ]


def _told(above: np.ndarray, ways: list[int], step: int) -> Text:
    if not ways:
        return _("Choose a way down first.")
    if not step:
        return _("Step 0: all stand {above:.1f} above the bottom.", above=above[0])
    best = min(ways, key=lambda way: float(above[way]))
    name = _NAMES[WAYS[best]]
    return _(
        "Step {step}: lowest is {way}, {above} above the bottom.",
        step=step,
        way=name,
        above=_brief(above[best]),
    )


def _brief(cost: float) -> str:
    """A cost above the lowest, without powers of ten as long as that can be read.

    Example:
        >>> [_brief(cost) for cost in (0.0, 0.000042, 0.0353, 20.36, 1234.5, 2.4e7)]
        ['< 0.000001', '0.000042', '0.0353', '20.4', '1234', '2.4e+07']
    """
    if cost < _LEAST:
        return f"< {_LEAST:f}"
    if cost >= 100:
        return f"{cost:.0f}" if cost < 1e6 else f"{cost:.1e}"
    return f"{cost:.3g}" if cost >= 1e-4 else f"{cost:.6f}"


def _map(ground: Surface, places: np.ndarray, ways: list[int]) -> Figure:
    """Lines of equal cost, crosses at the bottoms, and the paths up to now."""
    figure = canvas(4.0, 3.9)
    axes = figure.subplots()
    mesh = np.stack(np.meshgrid(*2 * [np.linspace(-_SHOWN, _SHOWN, 80)]), axis=-1)
    levels = [0.05, 0.25, 1, 3, 7, 14, 26, 45, 75, 120, 200, 320]
    axes.contour(
        *np.moveaxis(mesh, -1, 0), ground.above(mesh), levels=levels, colors="#b5b5b5", linewidths=0.7
    )
    axes.plot(*ground.bottoms.T, "x", color="black", markersize=9, markeredgewidth=2, zorder=5)
    for way in ways:
        colour, dashes, width, mark = _STYLES[WAYS[way]]
        path = places[:, way]
        style: dict[str, Any] = {"color": colour, "marker": mark, "markeredgecolor": "white"}
        axes.plot(*path.T, linewidth=width, dashes=dashes, markersize=3.5, markeredgewidth=0.3, **style)
        axes.plot(*path[-1], markersize=8, **style)
    axes.set(xlim=(-_SHOWN, _SHOWN), ylim=(-_SHOWN, _SHOWN), xticks=range(-3, 4), yticks=range(-3, 4))
    axes.set(xlabel=str(_("weight $w_1$")), ylabel=str(_("weight $w_2$")))
    axes.set_aspect("equal")
    return settle(figure)


def _curves(above: np.ndarray, ways: list[int]) -> Figure:
    """The cost above the lowest by step."""
    figure = canvas(4.0, 3.9)
    axes = figure.subplots()
    for way in ways:
        colour, dashes, width, mark = _STYLES[WAYS[way]]
        costs = np.clip(above[:, way], _LEAST, _MOST)
        axes.plot(costs, color=colour, dashes=dashes, linewidth=width)
        axes.plot(len(costs) - 1, costs[-1], mark, color=colour, markeredgecolor="white", clip_on=False)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:f}".rstrip("0").rstrip("."))
    axes.set(xlim=(0, _STEPS), ylim=(_LEAST, _MOST))
    axes.set(xlabel=str(_("step")), ylabel=str(_("cost above the lowest")))
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _table(above: np.ndarray, ways: list[int], limit: float) -> str:
    """How each way is drawn, and how high it is."""
    lines = "".join(
        f'<tr><th scope="row">{_line(WAYS[way])} {escape(str(_NAMES[WAYS[way]]))}</th>'
        f"<td>{escape(_brief(above[way]))}</td></tr>"
        for way in ways
    )
    note = _("The greatest rate of descent here is 2 / λ = {limit:.2g}.", limit=limit)
    caption = escape(str(_("cost above the lowest")))
    return (
        f'<table class="ways"><caption>{caption}</caption>{lines}</table>'
        f'<p class="small">{escape(str(note))}</p>'
    )


def _line(way: str) -> str:
    """A piece of the line of a way, for the table."""
    colour, dashes, width, _mark = _STYLES[way]
    dashed = f' stroke-dasharray="{" ".join(str(2 * dash) for dash in dashes)}"' if dashes else ""
    return (
        '<svg width="40" height="8" aria-hidden="true"><line x1="0" y1="4" x2="40" y2="4" '
        f'stroke="{colour}" stroke-width="{2 * width}"{dashed}/></svg>'
    )


PAGE = Page(
    _("Ways down"),
    _(
        "Several ways go down the same cost, step by step. Raise the rate until descent flies off, and "
        "turn β down to 0. In which valley is one rate for each weight worth having, and who gets past "
        "the saddle between two neurons in a row?"
    ),
    build,
)
