"""Points of two classes in a plane, and what a neuron or a network draws between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from labkit.report.figures import BLUE, GREY, ORANGE, canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["divided", "parted"]

_BLUISH, _ORANGISH = "#c3dcec", "#f8d5b8"


def divided(
    x: np.ndarray,
    t: np.ndarray,
    weights: np.ndarray,
    *,
    soft: bool,
    labels: tuple[str, str],
    names: tuple[str, str],
    wrong: str,
) -> Figure:
    """Draw the points, the side of each, and the line where the net input is 0.

    Args:
        x: (points, 2).
        t: (points,), 0 or 1.
        weights: w₁, w₂ and the bias b.
        soft: Whether the sides fade into each other, as a probability does.
        labels: Of the axes.
        names: Of the zeros and of the ones.
        wrong: Name of the points on the wrong side.
    """

    def net(points: np.ndarray) -> np.ndarray:
        return points @ weights[:2] + weights[2]

    return parted(x, t, net, soft=soft, labels=labels, names=names, wrong=wrong)


def parted(
    x: np.ndarray,
    t: np.ndarray,
    net: Callable[[np.ndarray], np.ndarray],
    *,
    soft: bool,
    labels: tuple[str, str],
    names: tuple[str, str],
    wrong: str,
    frame: np.ndarray | None = None,
    width: float = 5.4,
) -> Figure:
    """The same for any net input: from points, (..., 2), to numbers, (...).

    The other arguments are those of `divided`; the border need not be a line. ``frame`` are points
    that the plane holds, where they are not those that are drawn; ``width`` is in inches.
    """
    height = 0.85 * width
    figure = canvas(width, height)
    axes = figure.add_axes((0.7 / width, 0.5 / height, 1 - 0.8 / width, 1 - 0.92 / height))
    held = x if frame is None else frame
    low, high = held.min(axis=0), held.max(axis=0)
    room = 0.18 * (high - low)
    low, high = low - room, high + room
    _sides(axes, low, high, net, soft)
    missed = (net(x) > 0) != (t > 0)
    for value, marker, colour, name in ((0, "o", BLUE, names[0]), (1, "s", ORANGE, names[1])):
        points = x[t == value]
        axes.plot(*points.T, marker, color=colour, markeredgecolor="white", markersize=8, label=name)
    if missed.any():
        axes.plot(*x[missed].T, "o", color="black", markersize=14, markerfacecolor="none", label=wrong)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel=labels[0], ylabel=labels[1])
    axes.legend(
        frameon=False,
        ncols=3,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        fontsize=9,
        columnspacing=1.2,
    )
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _sides(
    axes: Axes,
    low: np.ndarray,
    high: np.ndarray,
    net_of: Callable[[np.ndarray], np.ndarray],
    soft: bool,
) -> None:
    """Shade the two sides, and draw the border between them."""
    from matplotlib.colors import LinearSegmentedColormap

    across, up = (np.linspace(low[i], high[i], 80) for i in (0, 1))
    net = net_of(np.stack(np.meshgrid(across, up), axis=-1))
    sides = LinearSegmentedColormap.from_list("sides", [_BLUISH, "white", _ORANGISH])
    if soft:
        extent = (low[0], high[0], low[1], high[1])
        shade = 1 / (1 + np.exp(-np.clip(net, -50, 50)))
        axes.imshow(shade, sides, extent=extent, origin="lower", aspect="auto", vmin=0, vmax=1)
    else:
        axes.contourf(across, up, net, levels=[-1e9, 0, 1e9], colors=[_BLUISH, _ORANGISH])
    if net.min() < 0 < net.max():
        axes.contour(across, up, net, levels=[0.0], colors=[GREY], linewidths=1.5)
