"""A network of two inputs, two hidden neurons and one output: there, back, and as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.i18n import texts
from labkit.playground.plane import parted
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NAMES", "REACH", "Passed", "bent", "falling", "passed", "pictured", "trained"]

_ = texts(__file__)

NAMES = ("w¹₁₁", "w¹₁₂", "b¹₁", "w¹₂₁", "w¹₂₂", "b¹₂", "w²₁₁", "w²₁₂", "b²₁")
"""Of the nine numbers of a network: layer above; below the neuron, and the one its input is from."""

REACH = 15.0
"""No number leaves −15 to 15."""

_SIZE = 0.17  # radius of a neuron; the layers are 1 apart
_INPUTS, _HIDDEN, _OUTPUT = ((0.0, 0.92), (0.0, 0.0)), ((1.2, 0.92), (1.2, 0.0)), (2.25, 0.46)
_LIT, _FONT = "#ffee99", 10.5


@dataclass(frozen=True, slots=True)
class Passed:
    """What has gone through a network, there and back.

    Args:
        z: Net inputs, (samples, 3): of the hidden neurons, and of the output.
        a: Activations, likewise.
        delta: Errors δ, likewise: derivatives of one sample's cost by net inputs.
        slopes: Derivatives of the mean cost by the nine numbers, (9,).
        cost: Half the squared error, averaged over the samples.
    """

    z: np.ndarray
    a: np.ndarray
    delta: np.ndarray
    slopes: np.ndarray
    cost: float


def passed(numbers: np.ndarray, x: np.ndarray, y: np.ndarray) -> Passed:
    """Send samples through a network, and their errors back.

    Args:
        numbers: Weights and biases in the order of `NAMES`, (9,).
        x: (samples, 2).
        y: (samples,), from 0 to 1.

    Example:
        >>> handout = np.array([2.0, 1, -2, 1, -1, -1, 2, -2, 0])
        >>> back = passed(handout, np.array([[1.0, 0]]), np.array([1.0]))
        >>> back.delta.tolist(), back.cost
        ([[-0.0625, 0.0625, -0.125]], 0.125)
    """
    inputs = np.column_stack([x, np.ones(len(x))])
    hidden = inputs @ numbers[:6].reshape(2, 3).T
    middle = np.column_stack([_sigmoid(hidden), np.ones(len(x))])
    z = np.column_stack([hidden, middle @ numbers[6:]])
    a = _sigmoid(z)
    last = (a[:, 2] - y) * a[:, 2] * (1 - a[:, 2])
    first = np.outer(last, numbers[6:8]) * a[:, :2] * (1 - a[:, :2])
    by_row = np.hstack([np.einsum("ki,kj->kij", first, inputs).reshape(-1, 6), last[:, None] * middle])
    return Passed(
        z=z,
        a=a,
        delta=np.column_stack([first, last]),
        slopes=by_row.mean(axis=0),
        cost=float(np.mean((a[:, 2] - y) ** 2) / 2),
    )


def trained(
    numbers: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, epochs: int
) -> tuple[np.ndarray, list[float]]:
    """The nine numbers after so many steps on all samples, and the cost after each."""
    costs = []
    for _epoch in range(epochs):
        numbers = np.clip(numbers - rate * passed(numbers, x, y).slopes, -REACH, REACH)
        costs.append(passed(numbers, x, y).cost)
    return numbers, costs


def pictured(numbers: np.ndarray, x: np.ndarray, y: np.ndarray, sample: int, chosen: int) -> Figure:
    """Draw the network with what one sample does in it.

    Args:
        numbers: Of the network, (9,).
        x: All samples, (samples, 2).
        y: What is wanted of them.
        sample: Whose activations and errors are drawn.
        chosen: Place of the number that is marked.
    """
    back = passed(numbers, x, y)
    figure = canvas(5.4, 3.05)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.42, 2.88), ylim=(-0.42, 1.444))
    axes.set_aspect("equal")
    axes.axis("off")
    for place, (start, end) in _edges().items():
        _edge(axes, start, end, place == chosen, numbers[place], back.slopes[place])
    for name, corner, value in zip(("$x_1$", "$x_2$"), _INPUTS, x[sample]):
        _node(axes, corner, f"{value:g}", GREY)
        axes.text(corner[0] - 0.24, corner[1], name, ha="right", va="center", fontsize=11)
    for neuron, (across, up) in enumerate((*_HIDDEN, _OUTPUT)):
        place = 3 * neuron + 2
        _node(axes, (across, up), f"{back.a[sample, neuron]:.2f}", BLUE)
        bias = ("b", numbers[place], back.slopes[place])
        _numbers(axes, across, up + _SIZE + 0.14, bias, place == chosen)
        delta = f"δ {_short(back.delta[sample, neuron])}"
        axes.text(across, up - _SIZE - 0.03, delta, color=ORANGE, fontsize=_FONT, ha="center", va="top")
    axes.text(_OUTPUT[0] + 0.24, _OUTPUT[1], f"y = {y[sample]:g}", va="center", fontsize=11)
    return figure


def bent(numbers: np.ndarray, x: np.ndarray, y: np.ndarray) -> Figure:
    """The plane as the network answers to it, with the lines of its hidden neurons.

    Args:
        numbers: Of the network, (9,).
        x: Corners of the unit square, (samples, 2).
        y: What is wanted of them.
    """

    def nets(points: np.ndarray) -> np.ndarray:
        flat = points.reshape(-1, 2)
        return passed(numbers, flat, np.zeros(len(flat))).z.reshape(*points.shape[:-1], 3)

    figure = parted(
        x, y, lambda points: nets(points)[..., 2],
        soft=True,
        labels=("x₁", "x₂"),
        names=(str(_("wanted: 0")), str(_("wanted: 1"))),
        wrong=str(_("wrong")),
        frame=np.array([[0.0, 0.0], [1.0, 1.0]]),
        width=4.0,
    )  # fmt: skip
    axes = figure.axes[0]
    mesh = np.stack(np.meshgrid(*2 * [np.linspace(-0.2, 1.2, 60)]), axis=-1)
    for net, line in zip(np.moveaxis(nets(mesh), -1, 0), ("--", ":")):
        if net.min() < 0 < net.max():
            axes.contour(*np.moveaxis(mesh, -1, 0), net, levels=[0.0], colors="black", linestyles=line)
    return figure


def falling(costs: list[float], rows: int) -> Figure:
    """The cost by epoch; of four rows, also where all answers have come to be right.

    One answer of four that is off by one half costs 1/4 · 1/2 · (1/2)² on its own.
    """
    figure = canvas(4.0, 3.4)
    axes = figure.subplots()
    axes.plot(costs, color=BLUE)
    axes.plot(len(costs) - 1, costs[-1], "o", color=BLUE, clip_on=False)
    if rows == 4:
        axes.axhline(1 / 32, color=GREY, linewidth=1, linestyle=":")
        axes.annotate(
            str(_("below 1/32 all four are right")), (0, 1 / 32), fontsize=9, color=GREY, va="top",
            xycoords=("axes fraction", "data"), xytext=(4, -3), textcoords="offset points",
        )  # fmt: skip
    axes.set(xlim=(0, max(10, len(costs) - 1)), ylim=(0, 1.1 * max(*costs, 0.13)))
    axes.set(xlabel=str(_("epoch")), ylabel=str(_("cost")))
    axes.spines[["top", "right"]].set_visible(False)
    return settle(figure)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray((1 + np.tanh(z / 2)) / 2)


def _edges() -> dict[int, tuple[tuple[float, float], tuple[float, float]]]:
    """Place of a weight -> from where to where it leads."""
    first = {3 * i + j: (_INPUTS[j], _HIDDEN[i]) for i in (0, 1) for j in (0, 1)}
    return {**first, 6: (_HIDDEN[0], _OUTPUT), 7: (_HIDDEN[1], _OUTPUT)}


def _edge(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    lit: bool,
    weight: float,
    slope: float,
) -> None:
    """A line as wide as its weight is long, broken where that is negative, with two numbers on it."""
    line = "-" if weight >= 0 else (0, (3, 1.5))
    if lit:
        axes.plot(*zip(start, end), color=_LIT, linewidth=9, solid_capstyle="butt", zorder=0)
    axes.plot(
        *zip(start, end),
        color="#9a9a9a",
        linestyle=line,
        linewidth=0.6 + min(4.0, abs(weight)),
        zorder=1,
    )
    share = 0.5 if start[1] == end[1] or start[0] > 1 else 0.3
    across, up = (a + share * (b - a) for a, b in zip(start, end))
    _numbers(axes, across, up, ("w", weight, slope), lit)


def _numbers(
    axes: Axes, across: float, up: float, numbers: tuple[str, float, float], lit: bool
) -> None:
    """A weight or a bias, and below it the derivative of the cost by it."""
    name, value, slope = numbers
    box = {"facecolor": _LIT if lit else "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
    style: dict[str, Any] = {"fontsize": _FONT, "ha": "center", "bbox": box, "zorder": 3}
    axes.text(across, up + 0.005, f"{name} {value:.2f}".replace("-", "−"), va="bottom", **style)
    axes.text(across, up - 0.005, f"∂ {_short(slope)}", va="top", color=ORANGE, **style)


def _node(axes: Axes, place: tuple[float, float], words: str, colour: str) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle(place, _SIZE, facecolor="white", edgecolor=colour, linewidth=2, zorder=2))
    axes.text(*place, words, ha="center", va="center", color=colour, fontsize=10.5, zorder=4)


def _short(number: float) -> str:
    """Three digits, of which a small number keeps fewer, and a tiny one a single one.

    Example:
        >>> [_short(number) for number in (-0.0625, 0.00123, 0.00001234, 0.0)]
        ['−0.0625', '0.001', '1e−5', '0']
    """
    if abs(number) >= 0.01 or number == 0:
        words = f"{number:.3g}"
    else:
        words = f"{number:.3f}" if abs(number) >= 0.0005 else f"{number:.0e}".replace("e-0", "e-")
    return words.replace("-", "−")
