"""Digits moved off their place, and how well they are still read there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from labkit.i18n import texts
from labkit.metrics import accuracy
from labkit.rubric import rules
from labkit.rubric.evidence import Evidence
from labkit.rubric.verdict import Verdict

__all__ = ["PIXELS", "VARIANTS", "ahead_when_shifted", "asked", "shifted"]

_ = texts(__file__)

PIXELS = (0, 1, 2, 3, 4)
"""By how much digits are moved."""

_WAYS = ((0, 1), (1, 0), (0, -1), (-1, 0))  # right, down, left, up


def asked(model: str, pixels: int) -> str:
    """Key of the question about digits that are moved by so many pixels."""
    return f"{model}:shift_{pixels}"


def shifted(images: np.ndarray, pixels: int) -> np.ndarray:
    """Move images, (n, rows, columns): the first to the right, the next down, left, up, and so on."""
    moved = np.zeros_like(images)
    rows, columns = images.shape[1:]
    wide = np.pad(images, ((0, 0), (pixels, pixels), (pixels, pixels)))
    for turn, (down, right) in enumerate(_WAYS):
        top, left = pixels - down * pixels, pixels - right * pixels
        moved[turn::4] = wide[turn::4, top : top + rows, left : left + columns]
    return moved


VARIANTS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    f"shift_{pixels}": partial(shifted, pixels=pixels) for pixels in PIXELS
}


def ahead_when_shifted(pixels: int, at_least: float) -> rules.Rule:
    """The student's network reads moved digits better than the kit's dense one.

    Args:
        pixels: By how much they are moved.
        at_least: Difference in accuracy that earns all points; a tie earns none.
    """

    def rule(evidence: Evidence) -> Verdict:
        key = asked("dense", pixels)
        if key not in evidence.predictions:
            return Verdict.unknown(_("The dense network gave no answers. Run it again."))
        dense = accuracy(evidence.predictions[key], evidence.truth[key])
        name = _(
            "Accuracy on digits moved by {pixels} pixels, ahead of the dense network's {dense:.1%}",
            pixels=pixels,
            dense=dense,
        )
        return rules.metric(
            name,
            lambda answers, y: accuracy(answers, y) - dense,
            {0.0: 0.0, at_least: 1.0},
            "+.1%",
            asked("main", pixels),
        )(evidence)

    return rule
