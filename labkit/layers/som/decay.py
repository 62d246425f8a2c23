"""How a learning rate or a radius falls while a self-organizing map learns.

With v the first value, e the last, and t from 0 to 1 the share of the training already done:

    constant      v
    linear        v + (e - v) t
    exponential   v (e / v)^t
    inverse       v / (1 + (v / e - 1) t)

Source: T. Kohonen, Self-Organizing Maps, 3rd edition, Springer 2001, section 3.3. ``inverse`` with
e = v / 3 is the default of MiniSom, there called asymptotic decay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np

__all__ = ["Decay"]

Kind = Literal["constant", "linear", "exponential", "inverse"]


@dataclass(frozen=True, slots=True)
class Decay:
    """A value that falls from `start` to `end`.

    Example:
        >>> Decay(8.0, 2.0, "linear").at([0.0, 0.5, 1.0]).tolist()
        [8.0, 5.0, 2.0]
        >>> Decay.asymptotic(3.0).at([0.0, 1.0]).tolist()
        [3.0, 1.0]
    """

    start: float
    end: float
    kind: Kind = "exponential"

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"`kind` must be one of {get_args(Kind)}. Received: kind={self.kind!r}")
        lowest = 0 if self.kind in ("constant", "linear") else np.finfo(float).tiny
        if not (0 <= self.start < np.inf and lowest <= self.end < np.inf):
            raise ValueError(
                "A decay runs between finite values of at least 0, and never reaches 0 unless it is "
                f"linear. Received: start={self.start}, end={self.end}, kind={self.kind!r}"
            )

    @classmethod
    def asymptotic(cls, start: float) -> Decay:
        """To a third of the start, quickly at first: MiniSom's default."""
        return cls(start, start / 3, "inverse")

    @classmethod
    def of(cls, value: float | Decay | Mapping[str, Any], end: float) -> Decay:
        """What a user gave, as a decay: a number falls exponentially to `end`, or stays if below it."""
        if isinstance(value, Decay):
            return value
        if isinstance(value, Mapping):
            return cls(**value)
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"A number or a `Decay` is expected. Received: {value!r}")
        return cls(float(value), min(end, float(value)), "exponential")

    def at(self, share: Any) -> np.ndarray:
        """The value when a share (0 to 1) of the training is done."""
        t = np.asarray(share, dtype=float)
        if self.kind == "constant":
            return np.full_like(t, self.start)
        if self.kind == "linear":
            return self.start + (self.end - self.start) * t
        if self.start == 0:
            return np.zeros_like(t)
        if self.kind == "exponential":
            return self.start * (self.end / self.start) ** t
        return self.start / (1 + (self.start / self.end - 1) * t)

    def config(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)
