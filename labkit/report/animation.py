"""Pictures in time: an SVG whose frames follow one another without a script.

The frames stand below one another, and the picture is a window that shows one at a time; a style sheet
moves them. Where nothing moves, on paper or for readers who asked for less motion, it shows the last.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np

__all__ = ["film"]

_TITLE = 20  # pixels over a frame
_MOST = 40  # frames
_STYLE = """\
.film{{transform:translateY({last}px);animation:film {seconds:g}s step-end infinite}}
@keyframes film{{{steps}}}
@media (prefers-reduced-motion:reduce){{.film{{animation:none}}}}
@media print{{.film{{animation:none}}}}"""


def film(
    frames: np.ndarray,
    titles: Sequence[str],
    *,
    scale: int = 2,
    seconds: float = 0.6,
    hold: float = 2.4,
) -> str:
    """The text of an SVG that shows frames one after the other, over and over.

    Args:
        frames: (n, rows, columns) uint8, 0 for paper to 255 for ink. Of more than forty, forty are
            shown, the first and the last among them.
        titles: What stands over each frame.
        scale: Pixels of the picture to one of a frame.
        seconds: How long a frame is shown.
        hold: How much longer the last one is.

    Returns:
        SVG of about the size of its frames as PNG.
    """
    shown = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), _MOST)).round().astype(int))
    height, width = (scale * size for size in frames.shape[1:])
    band = height + _TITLE
    total = seconds * len(shown) + hold
    steps = "".join(
        f"{100 * place * seconds / total:.3f}%{{transform:translateY({-place * band}px)}}"
        for place in range(len(shown))
    )
    parts = [
        f'<text x="{width / 2:g}" y="{place * band + 14}">{escape(titles[number])}</text>'
        f'<image y="{place * band + _TITLE}" width="{width}" height="{height}" '
        f'href="{_png(frames[number])}"/>'
        for place, number in enumerate(shown)
    ]
    style = _STYLE.format(last=-(len(shown) - 1) * band, seconds=total, steps=steps)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{band}" '
        f'viewBox="0 0 {width} {band}"><style>{style}\n'
        "text{font:13px sans-serif;text-anchor:middle}image{image-rendering:pixelated}</style>"
        f'<g class="film">{"".join(parts)}</g></svg>\n'
    )


def _png(ink: np.ndarray) -> str:
    """A grey image as a ``data:`` address."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(255 - ink).save(buffer, format="png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
