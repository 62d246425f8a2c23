"""Points of two classes in a plane, and the line that a neuron draws between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labkit.report.figures import BLUE, GREY, ORANGE, canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["divided"]

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
    figure = canvas(5.4, 4.6)
    axes = figure.add_axes((0.11, 0.11, 0.86, 0.8))
    low, high = x.min(axis=0), x.max(axis=0)
    room = 0.18 * (high - low)
    low, high = low - room, high + room
    _sides(axes, low, high, weights, soft)
    missed = (_net(x, weights) > 0) != (t > 0)
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


def _net(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return x @ weights[:2] + weights[2]


def _sides(axes: Axes, low: np.ndarray, high: np.ndarray, weights: np.ndarray, soft: bool) -> None:
    """Shade the two sides, and draw the line between them."""
    from matplotlib.colors import LinearSegmentedColormap

    across, up = (np.linspace(low[i], high[i], 80) for i in (0, 1))
    net = _net(np.stack(np.meshgrid(across, up), axis=-1), weights)
    sides = LinearSegmentedColormap.from_list("sides", [_BLUISH, "white", _ORANGISH])
    if soft:
        extent = (low[0], high[0], low[1], high[1])
        shade = 1 / (1 + np.exp(-np.clip(net, -50, 50)))
        axes.imshow(shade, sides, extent=extent, origin="lower", aspect="auto", vmin=0, vmax=1)
    else:
        axes.contourf(across, up, net, levels=[-1e9, 0, 1e9], colors=[_BLUISH, _ORANGISH])
    if net.min() < 0 < net.max():
        axes.contour(across, up, net, levels=[0.0], colors=[GREY], linewidths=1.5)
