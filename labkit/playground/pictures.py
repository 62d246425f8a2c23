"""Pictures and bars as HTML, with their words for those who cannot see them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from labkit.report.figures import svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["bars", "drawn", "image", "percent", "said", "tiles"]

_GAP, _BETWEEN, _FRAME = (
    2,
    225,
    (213, 94, 0),
)  # pixels between tiles, their grey, and the frame's orange


def drawn(figure: Figure, words: object) -> str:
    """A figure as SVG in the page, named by ``words``."""
    picture = svg(figure)
    return (
        f'<div class="figure" role="img" aria-label="{escape(str(words))}">'
        f"{picture[picture.index('<svg') :]}</div>"
    )


def image(pixels: np.ndarray, words: object, *, ink: bool = True) -> str:
    """Grey pixels, ``(rows, columns)`` uint8, or coloured ones, ``(rows, columns, 3)``, unsmoothed.

    Args:
        pixels: What to show.
        words: What a screen reader says.
        ink: Whether 255 is black, as in the data sets.
    """
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(255 - pixels if ink else pixels).save(stream, "png")
    coded = base64.b64encode(stream.getvalue()).decode()
    return f'<img class="pixels" alt="{escape(str(words))}" src="data:image/png;base64,{coded}">'


def tiles(images: np.ndarray, columns: int, framed: int | None = None) -> np.ndarray:
    """Images in rows of so many, one of them in a frame, as pixels for `image`.

    Args:
        images: (n, rows, columns) of 0, paper, to 1, ink.
        columns: Images in a row.
        framed: Which one.

    Example:
        >>> tiles(np.zeros((3, 5, 5)), columns=2).shape
        (16, 16, 3)
    """
    _count, high, wide = images.shape
    rows = -(-len(images) // columns)
    size = (rows * (high + _GAP) + _GAP, columns * (wide + _GAP) + _GAP, 3)
    picture = np.full(size, _BETWEEN, np.uint8)
    for number, pixels in enumerate(images):
        top, left = number // columns * (high + _GAP) + _GAP, number % columns * (wide + _GAP) + _GAP
        if number == framed:
            picture[top - _GAP : top + high + _GAP, left - _GAP : left + wide + _GAP] = _FRAME
        picture[top : top + high, left : left + wide] = np.round(255 * (1 - pixels))[..., None]
    return picture


def bars(shares: np.ndarray, names: Sequence[str], heading: object) -> str:
    """A bar for each class, the longest one marked by colour and weight."""
    best = int(np.argmax(shares))
    rows = "".join(
        f'<tr class="{"best" if place == best else ""}"><th scope="row">{escape(name)}</th>'
        f'<td class="track"><div style="width:{100 * share:.2f}%"></div></td>'
        f"<td>{percent(share)}</td></tr>"
        for place, (name, share) in enumerate(zip(names, shares))
    )
    return f'<table class="bars"><caption>{escape(str(heading))}</caption>{rows}</table>'


def percent(share: float) -> str:
    """A share in percent, with a place more where it would be 0 or 100.

    Example:
        >>> percent(0.5), percent(0.003), percent(0.998), percent(1.0)
        ('50 %', '0.3 %', '99.8 %', '100 %')
    """
    near = 0.0005 <= share < 0.0095 or 0.9905 < share <= 0.9995
    return f"{100 * share:.{1 if near else 0}f} %"


def said(words: object) -> str:
    """A sentence that a screen reader reads out when it changes."""
    return f'<p class="said" role="status" aria-live="polite">{escape(str(words))}</p>'
