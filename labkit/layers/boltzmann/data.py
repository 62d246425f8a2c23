"""What a Boltzmann machine may be made of, learn from and be asked about."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from labkit.layers.arguments import gathered

__all__ = ["checked", "checked_count", "checked_rate", "checked_width"]


def checked(data: Any, units: int | None, *, binary: bool, name: str = "data") -> np.ndarray:
    """The data as an array of samples in rows; where they are binary, of one byte a value.

    Args:
        data: Samples in rows.
        units: How many values a row must have; ``None`` if any number will do.
        binary: Whether only 0 and 1 are allowed.
        name: What the argument is called.

    Raises:
        ValueError: They are no samples in rows, there are none, or one is not finite or not binary.
    """
    x = np.asarray(gathered(name, data))
    if x.dtype.kind not in "biuf":
        raise ValueError(f"`{name}` must be an array of numbers. Received: dtype={x.dtype}")
    if x.ndim != 2 or (units is not None and x.shape[1] != units):
        wanted = "units" if units is None else units
        raise ValueError(f"`{name}` must have the shape (samples, {wanted}). Received: shape={x.shape}")
    if not x.size:
        raise ValueError(f"`{name}` must hold at least one sample. Received: shape={x.shape}")
    low, high = x.min(), x.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"`{name}` must be finite. Received: a value that is NaN or infinite")
    if not binary:
        return x
    ones = x == 1
    if np.count_nonzero(x) != np.count_nonzero(ones):
        other = x[~ones & (x != 0)][0]
        raise ValueError(
            f"Units that are on or off learn from 0 and 1 only; `{name}` > 0.5 makes such values of "
            f"shades between 0 and 1. Received: {other}"
        )
    return ones.view(np.uint8)


def checked_count(name: str, value: Any, lowest: int = 1) -> int:
    """A whole number that is at least `lowest`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
        raise ValueError(f"`{name}` must be a whole number from {lowest}. Received: {name}={value!r}")
    return int(value)


def checked_rate(name: str, value: Any, end: float = math.inf, *, zero: bool = True) -> float:
    """A number from 0, which may itself be refused, to less than `end`."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or not 0 <= value < end or (value == 0 and not zero):
        least = "at least 0" if zero else "above 0"
        below = f" and below {end:g}" if end < math.inf else ""
        raise ValueError(f"`{name}` must be a number {least}{below}. Received: {name}={value!r}")
    return float(value)


def checked_width(input_shape: tuple[int | None, ...]) -> int:
    """How many visible units inputs of this shape have."""
    if len(input_shape) != 2 or input_shape[-1] is None:
        raise ValueError(
            "A Boltzmann machine needs inputs of the shape (batch, visible), with a known number of "
            f"visible units. Received: input_shape={input_shape}"
        )
    return input_shape[-1]
