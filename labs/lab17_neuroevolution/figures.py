"""The plots of lab 17."""

from __future__ import annotations

import numpy as np
from lab17_neuroevolution import judging, pole
from lab17_neuroevolution.cases import ANGLE_ONLY

from labkit.i18n import texts
from labkit.report import animation
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["fitness", "film", "plane", "trace"]

_ = texts(__file__)

_SHAPE = (56, 212)  # pixels of a frame
_METRE = 40  # pixels
_TRACK = 48  # row of a frame
_EVERY, _FRAMES = 5, 40  # steps from one frame to the next, and how many there are


def fitness(evidence: Evidence):
    """Best and mean by generation: XOR on the left, the game on the right."""
    from matplotlib.ticker import MaxNLocator

    figure = canvas(7.0, 3.0)
    panels = (
        ("solve_xor", _("fitness (1 is perfect)")),
        ("balance", _("fitness (steps)")),
    )
    for axes, (function, label) in zip(figure.subplots(1, 2), panels):
        courses = [_course(answer) for answer in evidence.answers(function)]
        courses = [course for course in courses if course is not None]
        if not courses:
            return None
        for place, course in enumerate(courses):
            names = (str(_("best")), str(_("mean"))) if place == 0 else (None, None)
            axes.plot(course[:, 0], color=BLUE, linewidth=1.3, label=names[0])
            axes.plot(course[:, 1], "--", color=ORANGE, linewidth=1.3, label=names[1])
        axes.set(xlabel=str(_("generation")), ylabel=str(label))
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.legend(frameon=False, fontsize=8, loc="best")
    return settle(figure)


def plane(evidence: Evidence):
    """Answers of the champion of the first population over both inputs."""
    genes = judging.champion(evidence.answer("solve_xor", "population_1"))
    if genes is None:
        return None
    ticks = np.linspace(-0.4, 1.4, 91)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    net = pole.network(genes[None], grid.reshape(-1, 2))[0].reshape(grid.shape[:2])
    figure = canvas(5.6, 3.9)
    axes = figure.subplots()
    said = 1 / (1 + np.exp(-np.clip(net, -50, 50)))
    image = axes.pcolormesh(ticks, ticks, said, cmap="cividis", vmin=0, vmax=1, rasterized=True)
    if net.min() < 0 < net.max():
        axes.contour(ticks, ticks, net, [0], colors="white", linewidths=2)
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        one = corner[0] != corner[1]
        axes.plot(*corner, "o" if one else "s", color="white" if one else "black", markersize=13)
        axes.plot(*corner, "o" if one else "s", color="black", markersize=13, fillstyle="none")
        axes.text(*corner, "1" if one else "0", color="black" if one else "white", ha="center",
                  va="center_baseline", fontsize=8)  # fmt: skip
    axes.set(xlabel=str(_("first input")), ylabel=str(_("second input")), xticks=[0, 1], yticks=[0, 1])
    axes.set_aspect("equal")
    figure.subplots_adjust(left=0.1, right=0.92, bottom=0.14, top=0.97)
    figure.colorbar(image, ax=axes, label=str(_("what the network says, 0 to 1")))
    return figure


def trace(evidence: Evidence):
    """Position and angle over time: the champion, and a network that knows only the angle."""
    found = _champion(evidence)
    if found is None:
        return None
    genes, start = found
    figure = canvas(7.0, 4.2)
    above, below = figure.subplots(2, 1, sharex=True)
    players = (
        (genes, _("champion"), BLUE, "-"),
        (np.array(ANGLE_ONLY), _("angle alone"), ORANGE, "--"),
    )
    for weights, name, colour, line in players:
        states = pole.course(weights, start)
        times = pole.STEP * np.arange(len(states))
        above.plot(times, states[:, 0], line, color=colour, linewidth=1.2, label=str(name))
        below.plot(times, np.degrees(states[:, 2]), line, color=colour, linewidth=1.2)
    for axes, limit, label in (
        (above, 2.4, _("cart's position (m)")),
        (below, 12, _("pole's angle (°)")),
    ):
        for side in (-limit, limit):
            axes.axhline(side, color=GREY, linewidth=1, linestyle=":")
        axes.set(ylabel=str(label), ylim=(-1.25 * limit, 1.25 * limit))
        axes.spines[["top", "right"]].set_visible(False)
    above.legend(frameon=False, fontsize=8, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 0.98))
    below.set(xlabel=str(_("time (s)")), xlim=(0, pole.STEP * pole.STEPS))
    figure.subplots_adjust(left=0.1, right=0.98, bottom=0.12, top=0.92, hspace=0.12)
    figure.align_ylabels([above, below])
    return figure


def film(evidence: Evidence) -> str | None:
    """The champion's cart and pole: an SVG that moves."""
    found = _champion(evidence)
    if found is None:
        return None
    states = pole.course(*found, _EVERY * (_FRAMES - 1))[::_EVERY]
    titles = [str(_("{time:.1f} s", time=pole.STEP * _EVERY * frame)) for frame in range(len(states))]
    frames = np.array([_frame(x, angle) for x, angle in states[:, ::2]])
    return animation.film(frames, titles, seconds=pole.STEP * _EVERY, hold=1.5)


def _course(answer):
    """Best and mean by generation, where they are such."""
    if judging.champion(answer) is None or len(answer.returned) != 2:
        return None
    course = answer.returned[1]
    return course if course.ndim == 2 and course.shape[1] == 2 and (abs(course) < 1e6).all() else None


def _champion(evidence: Evidence):
    """The champion that lasts longest, and of its hidden starts the one that leans most."""
    found = []
    for answer in evidence.answers("balance"):
        genes = judging.champion(answer)
        if genes is not None:
            starts = judging.hidden_starts(answer)
            lasts = pole.lengths(genes[None], starts).mean()
            found.append((lasts, genes, starts[np.abs(starts[:, 2]).argmax()]))
    return max(found, key=lambda one: one[0])[1:] if found else None


def _frame(x: float, angle: float) -> np.ndarray:
    """Track, cart and pole as ink."""
    across, down = np.meshgrid(np.arange(_SHAPE[1]) + 0.5, np.arange(_SHAPE[0]) + 0.5)
    middle, axle = _SHAPE[1] / 2 + _METRE * x, _TRACK - 7.0
    tip = (middle + _METRE * np.sin(angle), axle - _METRE * np.cos(angle))
    ink = np.where(np.abs(down - _TRACK) < 1, 90.0, 0.0)
    for end in (-2.4, 2.4):
        near = np.abs(across - _SHAPE[1] / 2 - _METRE * end) < 1
        ink = np.where(near & (np.abs(down - _TRACK) < 6), 160.0, ink)
    cart = (np.abs(across - middle) < 10) & (np.abs(down - axle - 3.5) < 3.5)
    ink = np.where(cart, 150.0, ink)
    along = ((across - middle) * (tip[0] - middle) + (down - axle) * (tip[1] - axle)) / _METRE**2
    along = np.clip(along, 0, 1)
    far = np.hypot(across - middle - along * (tip[0] - middle), down - axle - along * (tip[1] - axle))
    return np.maximum(ink, 255 * np.clip(2.2 - far, 0, 1)).astype(np.uint8)
