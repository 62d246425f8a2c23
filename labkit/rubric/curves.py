"""From a metric to a share of the points: piecewise linear curves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

__all__ = ["share"]


def share(curve: Mapping[float, float], value: float) -> float:
    """Read the share of points for ``value`` off a piecewise linear ``curve``.

    Left and right of the curve its end values hold; a value that is not a number earns nothing.

    Args:
        curve: Metric value -> share of the points, 0 to 1; rising for a score, falling for a loss.
        value: The metric as measured.

    Raises:
        ValueError: Fewer than two knots, or a share outside 0 to 1.

    Example:
        >>> share({0.90: 0, 0.97: 1}, 0.935)
        0.5
        >>> share({0.45: 0, 0.30: 1}, 0.28)
        1.0
    """
    if len(curve) < 2 or not all(0.0 <= part <= 1.0 for part in curve.values()):
        raise ValueError(f"a curve needs two or more knots with shares from 0 to 1. Received: {curve}")
    if math.isnan(value):
        return 0.0
    knots = sorted(curve.items())
    if value <= knots[0][0]:
        return float(knots[0][1])
    for (left, low), (right, high) in pairwise(knots):
        if value <= right:
            return round(low + (high - low) * (value - left) / (right - left), 6)
    return float(knots[-1][1])
