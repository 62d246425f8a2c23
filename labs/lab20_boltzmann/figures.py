"""The plots of lab 20."""

from __future__ import annotations

import numpy as np
from lab20_boltzmann.cases import BURNT, SIDE

from labkit.i18n import texts
from labkit.report.figures import BLUE, ORANGE, canvas, settle
from labkit.rubric.evidence import Answer, Evidence

__all__ = ["errors", "fantasies", "filters", "free_energies", "fresh", "machine", "pseudo", "trained"]

_ = texts(__file__)

_TOP = 20  # states that are shown
_STRONGEST = 40  # filters
_PARTICLES, _EPOCHS = 12, (1, 2, 4, 8, 16)


def fresh(evidence: Evidence) -> np.ndarray:
    """Digits that the machine never learns from, (m, pixels)."""
    return np.asarray(evidence.answer("pseudo_likelihood", "digits").arguments[3])


def trained(evidence: Evidence) -> tuple[np.ndarray, ...] | None:
    """Couplings and biases that were learnt from digits, where they can be used."""
    answer = evidence.answer("train", "digits")
    found = [_numbers(answer, place) for place in range(3)]
    start = answer.arguments[0]
    if any(mine is None or mine.shape != first.shape for mine, first in zip(found, start)):
        return None
    return tuple(mine for mine in found if mine is not None)


def errors(evidence: Evidence) -> np.ndarray | None:
    """Errors of the reconstructions by epoch, where there is one for each."""
    answer = evidence.answer("train", "digits")
    found = _numbers(answer, 4)
    return found if found is not None and found.shape == (len(answer.arguments[2]),) else None


def free_energy(w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray) -> np.ndarray:
    """F of each row."""
    return -(v @ b) - np.logaddexp(0.0, v @ w + c).sum(axis=1)


def pseudo(w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray) -> float:
    """Mean pseudo-likelihood of rows, every unit being flipped once."""
    lies, total = free_energy(w, b, c, v), 0.0
    for unit, column in enumerate(v.T):
        moved = v @ w + c + np.outer(1 - 2 * column, w[unit])
        flipped = -(v @ b) - (1 - 2 * column) * b[unit] - np.logaddexp(0.0, moved).sum(axis=1)
        total -= float(np.logaddexp(0.0, lies - flipped).mean())
    return total


def machine(evidence: Evidence):
    """Probabilities of the likeliest states, counted and sampled, with the states below."""
    chances = _numbers(evidence.answer("probabilities", "ten_units"), 0)
    answer = evidence.answer("gibbs", "ten_units")
    film = _numbers(answer, 0)
    units = answer.arguments[0].shape[0]
    if chances is None or chances.shape != (2**units,):
        return None
    order = np.argsort(-chances, kind="stable")[:_TOP]
    figure = canvas(7.0, 3.6)
    axes, below = figure.subplots(2, 1, height_ratios=(3, 2))
    places = np.arange(_TOP)
    bars = {"color": BLUE, "alpha": 0.45, "width": 0.7, "label": str(_("counted"))}
    axes.bar(places, 100 * chances[order], **bars)
    if film is not None and film.shape == (len(answer.arguments[3]) + 1, *answer.arguments[2].shape):
        seen = film[BURNT + 1 :].reshape(-1, units) > 0.5
        found = np.bincount(seen @ (2 ** np.arange(units)[::-1]), minlength=2**units)[order] / len(seen)
        axes.plot(places, 100 * found, "D", color=ORANGE, markersize=4.5, label=str(_("sampled")))
    axes.set(xlim=(-0.6, _TOP - 0.4), xticks=[], ylabel=str(_("probability (%)")))
    axes.legend(frameon=False, fontsize=8, reverse=True)
    axes.spines[["top", "right"]].set_visible(False)
    states = (order[:, None] >> np.arange(units)[::-1]) & 1
    below.pcolormesh(
        np.arange(_TOP + 1) - 0.5, np.arange(units + 1) + 0.5, states.T,
        cmap="Greys", vmin=-0.15, vmax=1.2, edgecolors="white", linewidth=1.0,
    )  # fmt: skip
    below.set(xlim=(-0.6, _TOP - 0.4), ylim=(units + 0.5, 0.5), yticks=[1, units])
    below.set(xticks=[0, 4, 9, 14, 19], xticklabels=[1, 5, 10, 15, 20])
    below.set(xlabel=str(_("state, the likeliest first (dark: on)")), ylabel=str(_("unit")))
    below.spines[:].set_visible(False)
    figure.align_ylabels()
    figure.subplots_adjust(left=0.09, right=0.99, bottom=0.14, top=0.98, hspace=0.06)
    return figure


def filters(evidence: Evidence):
    """The strongest filters, by the length of their column."""
    found = trained(evidence)
    if found is None:
        return None
    w = found[0]
    order = np.argsort(-np.linalg.norm(w, axis=0), kind="stable")[:_STRONGEST]
    images = w[:, order].T.reshape(-1, SIDE, SIDE)
    most = max(float(np.quantile(np.abs(images), 0.995)), 1e-6)
    figure = canvas(7.0, 2.75)
    axes = figure.add_axes((0.01, 0.02, 0.88, 0.96))
    image = axes.imshow(_tiled(images, 10), cmap="cividis", vmin=-most, vmax=most)
    axes.set_axis_off()
    scale = figure.add_axes((0.905, 0.15, 0.018, 0.7))
    figure.colorbar(image, cax=scale).set_label(str(_("coupling")), fontsize=9)
    scale.tick_params(labelsize=8)
    return figure


def fantasies(evidence: Evidence):
    """Where the particles began, and where they are after some epochs."""
    answer = evidence.answer("train", "digits")
    found, dreams = trained(evidence), _numbers(answer, 3)
    (_start, x, batches, *_rest) = answer.arguments
    if found is None or dreams is None or dreams.shape != (*batches[:, 0].shape, x.shape[1]):
        return None
    w, b, c = found
    likely = 1 / (1 + np.exp(-np.clip(dreams[-1] @ w + c, -500, 500)))
    likely = 1 / (1 + np.exp(-np.clip(likely @ w.T + b, -500, 500)))
    rows = [(_("digits to begin with"), x[batches[0, 0]])]
    for epoch in _EPOCHS:
        name = _("after {count} epochs", count=epoch) if epoch > 1 else _("after 1 epoch")
        rows.append((name, dreams[epoch - 1]))
    rows.append((_("as probabilities"), likely))
    figure = canvas(7.0, 0.48 * len(rows) + 0.05)
    for axes, (name, images) in zip(figure.subplots(len(rows), 1), rows):
        shown = images[:_PARTICLES].reshape(-1, SIDE, SIDE)
        axes.imshow(_tiled(shown, _PARTICLES), cmap="Greys", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.set_ylabel(str(name), fontsize=8, rotation=0, ha="right", va="center", labelpad=4)
        axes.spines[:].set_visible(False)
    figure.subplots_adjust(left=0.2, right=0.995, bottom=0.01, top=0.99, hspace=0.05)
    return figure


def free_energies(evidence: Evidence):
    """Free energies of digits and of noise, to the machine at the start and to the trained one."""
    found, answer = trained(evidence), evidence.answer("train", "digits")
    if found is None:
        return None
    digits = fresh(evidence)
    rng = np.random.default_rng(0)  # each pixel from another digit
    noise = np.column_stack([rng.permutation(column) for column in digits.T])
    figure = canvas(7.2, 2.7)
    titles = _("before training"), _("after training")
    for axes, title, weights in zip(figure.subplots(1, 2), titles, (answer.arguments[0], found)):
        values = [free_energy(*weights, rows) for rows in (digits, noise)]
        bins = np.linspace(min(map(np.min, values)), max(map(np.max, values)) + 1e-9, 26)
        axes.hist(values[0], bins, color=BLUE, alpha=0.55, label=str(_("digits")))
        style = {"histtype": "step", "color": ORANGE, "linewidth": 1.8, "hatch": "////"}
        axes.hist(values[1], bins, **style, label=str(_("noise")))
        axes.set_title(str(title), fontsize=9)
        axes.set(xlabel=str(_("free energy")), ylabel=str(_("how many of 200")))
        axes.set_ylim(top=1.3 * axes.get_ylim()[1])
        axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper center")
        axes.spines[["top", "right"]].set_visible(False)
    return settle(figure, above=0.25)


def _tiled(images: np.ndarray, columns: int) -> np.ndarray:
    """Images side by side, so many in a row, with a pixel between them."""
    count, height, width = images.shape
    lines = -(-count // columns)
    sheet = np.full((lines * columns, height + 1, width + 1), np.nan)
    sheet[:count, :height, :width] = images
    sheet = sheet.reshape(lines, columns, height + 1, width + 1).swapaxes(1, 2)
    return sheet.reshape(lines * (height + 1), -1)[:-1, :-1]


def _numbers(answer: Answer, place: int) -> np.ndarray | None:
    """One of the arrays that were returned, where it holds numbers that can be drawn."""
    returned = answer.returned
    if returned is None or len(returned) <= place or returned[place].dtype.kind not in "biuf":
        return None
    found = returned[place].astype(float)
    return found if found.size and bool((np.abs(found) < 1e6).all()) else None
