"""The plots of lab 6."""

from __future__ import annotations

import numpy as np
from lab06_gan import measures

from labkit.i18n import texts
from labkit.report import animation
from labkit.report.figures import BLUE, GREY, ORANGE, canvas, settle
from labkit.rubric.evidence import Evidence

__all__ = ["copies", "digits", "film", "game", "strip", "walk"]

_ = texts(__file__)

_SIDE = 28
_GAP = 3  # pixels between images
_PIXELS = 60  # of a picture to the inch
_HIGHEST = 1e6  # of a loss that can be drawn
_SQUARE = 5  # rows and columns of the film
_ACROSS = 10  # images in a row of the strip
_EACH = 5  # images of each class, real and generated
_STEPS = 8  # of the walk from one noise to the next


def film(evidence: Evidence) -> str | None:
    """Twenty-five images of fixed noise, before training and after every epoch: an SVG that moves."""
    watched = _watched(evidence)
    if watched is None or len(watched[0]) < _SQUARE**2:
        return None
    frames = [_ink(_tiles(images[: _SQUARE**2], _SQUARE)) for images in watched]
    titles = [_epoch(number) for number in range(len(frames))]
    return animation.film(np.array(frames), titles, seconds=0.7)


def strip(evidence: Evidence):
    """Ten of them after some of the epochs, a row each."""
    watched = _watched(evidence)
    if watched is None:
        return None
    last = len(watched) - 1
    steps = np.geomspace(1, max(1, last), 7).round().astype(int)
    epochs = sorted({0, *steps.tolist()} & set(range(last + 1)))
    picture = _tiles(np.concatenate([watched[epoch, :_ACROSS] for epoch in epochs]), _ACROSS)
    return _sheet(picture, [_epoch(epoch) for epoch in epochs])


def game(evidence: Evidence):
    """Both losses by epoch, and where they stand when the discriminator knows nothing."""
    history = evidence.main.history
    players = (
        ("discriminator_loss", _("discriminator"), BLUE, "o", 2 * np.log(2), "2 ln 2"),
        ("generator_loss", _("generator"), ORANGE, "s", np.log(2), "ln 2"),
    )
    if not all(history.get(name) for name, *_rest in players):
        return None
    figure = canvas(6.4, 3.2)
    axes = figure.subplots()
    for name, label, colour, marker, toss, formula in players:
        values = [value if abs(value) < _HIGHEST else np.nan for value in history[name]]
        epochs = range(1, len(values) + 1)
        small = {"marker": marker, "markersize": 4} if len(values) < 60 else {}
        axes.plot(epochs, values, color=colour, label=str(label), **small)
        axes.axhline(toss, color=colour, linewidth=0.9, linestyle=":")
        axes.annotate(
            formula, (1, toss), xycoords=("axes fraction", "data"), fontsize=8, color=GREY,
            xytext=(0, 2), textcoords="offset points", ha="right",
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set(xlabel=str(_("epoch")), ylabel=str(_("loss")))
    axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    return settle(figure)


def walk(evidence: Evidence):
    """Images on straight lines between places in latent space."""
    images = _images(evidence.predictions.get("main:walk"))
    if images is None or len(images) % _STEPS:
        return None
    return _sheet(_tiles(images, _STEPS))


def digits(evidence: Evidence):
    """For every class a few real images and a few generated ones, and how often each occurs."""
    made = _images(evidence.predictions.get("main:generated"))
    answers = [evidence.predictions.get(f"classifier:{key}") for key in ("generated", "hidden")]
    real = evidence.inputs.get("classifier:hidden")
    if made is None or real is None or any(found is None for found in answers):
        return None
    said = [measures.probabilities(found).argmax(axis=1) for found in answers]
    halves = [
        _tiles(np.concatenate([_of(images, classes == digit) for digit in range(10)]), _EACH)
        for images, classes in ((real, said[1]), (made, said[0]))
    ]
    between = np.zeros((len(halves[0]), 8))
    figure = _sheet(
        np.hstack([halves[0], between, halves[1]]),
        [str(digit) for digit in range(10)],
        [str(_("real")), str(_("generated"))],
        beside=2.6,
    )
    return _bars(figure, *(np.bincount(classes, minlength=10) for classes in said))


def copies(evidence: Evidence):
    """Generated images over the training images that are nearest to them."""
    made = _images(evidence.predictions.get("main:generated"))
    if made is None or "main" not in evidence.rows:
        return None
    training, _labels = evidence.rows["main"]
    _far, which = measures.nearest(made[:_ACROSS], training)
    pictures = np.concatenate([made[:_ACROSS], training[which] / 255])
    return _sheet(_tiles(pictures, _ACROSS), [str(_("generated")), str(_("nearest"))])


def _epoch(number: int) -> str:
    return str(_("epoch {number}", number=number)) if number else str(_("untrained"))


def _watched(evidence: Evidence):
    """Images of the watched noise by epoch, before the first one too: (epochs, noise, 28, 28)."""
    watched = evidence.main.watched
    if watched is None or watched.ndim != 4 or watched.shape[2:] != (_SIDE, _SIDE):
        return None
    return watched if watched.dtype.kind == "f" and np.isfinite(watched).all() else None


def _images(answers):
    """Answers of the generator, where they are images."""
    if answers is None or answers.shape[1:] != (_SIDE, _SIDE) or not np.isfinite(answers).all():
        return None
    return answers


def _of(images, chosen):
    """The first few images of those chosen; blank where there are fewer."""
    found = np.asarray(images[np.flatnonzero(chosen)[:_EACH]], dtype=float)
    return np.pad(found, ((0, _EACH - len(found)), (0, 0), (0, 0)))


def _tiles(images, columns):
    """Images in rows of so many, with gaps around them, as one picture: 0 for paper, 1 for ink."""
    rows = -(-len(images) // columns)
    cell = _SIDE + _GAP
    picture = np.zeros((rows * cell + _GAP, columns * cell + _GAP))
    for place, image in enumerate(images):
        top, left = (_GAP + cell * number for number in divmod(place, columns))
        picture[top : top + _SIDE, left : left + _SIDE] = image
    return picture


def _ink(picture):
    """A picture of 0 to 1 as whole numbers of 0 to 255."""
    return (255 * np.clip(picture, 0, 1)).round().astype(np.uint8)


def _sheet(picture, names=(), heads=(), beside=0.0):
    """A picture of tiles with a name before each row and heads over equal parts of it.

    Args:
        picture: Of `_tiles`.
        names: One for each row, or none.
        heads: Over the picture, from left to right.
        beside: Inches that are left empty on its right.
    """
    left = 0.12 + 0.075 * max((len(name) for name in names), default=0) if len(names) else 0.06
    above = 0.24 if heads else 0.06
    high, wide = (size / _PIXELS for size in picture.shape)
    width, height = left + wide + 0.06 + beside, above + high + 0.06
    figure = canvas(width, height)
    axes = figure.add_axes((left / width, 0.06 / height, wide / width, high / height))
    axes.imshow(picture, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    cell = _SIDE + _GAP
    for row, name in enumerate(names):
        middle = _GAP + _SIDE / 2 + row * cell
        axes.text(-3, middle, name, ha="right", va="center", fontsize=8)
    for place, head in enumerate(heads):
        middle = (place + 0.5) * picture.shape[1] / len(heads)
        axes.text(middle, -4, head, ha="center", va="bottom", fontsize=9)
    return figure


def _bars(figure, generated, real):
    """Two bars for every row of tiles, on the right of a sheet: how many images of each class."""
    width, _height = figure.get_size_inches()
    sheet = figure.axes[0].get_position()
    left = sheet.x1 + 0.35 / width
    axes = figure.add_axes((left, sheet.y0, 1 - left - 0.06 / width, sheet.height))
    looks = ({"color": GREY}, {"color": ORANGE, "hatch": "///", "edgecolor": "white", "linewidth": 0})
    most = 0.0
    for place, (counts, look) in enumerate(zip((real, generated), looks)):
        shares = 100 * counts / max(1, counts.sum())
        most = max(most, *shares)
        rows = np.arange(10) + 0.4 * place - 0.2
        bars = axes.barh(rows, shares, 0.36, **look)
        axes.bar_label(bars, [f"{share:.1f}" for share in shares], fontsize=6.5, padding=2)
    axes.set(ylim=(9.5, -0.5), xlim=(0, 1.25 * most), xticks=[], yticks=[])
    axes.set_title(str(_("% of the images (hatched: generated)")), fontsize=8, pad=4, loc="right")
    axes.spines[["top", "bottom", "right"]].set_visible(False)
    return figure
