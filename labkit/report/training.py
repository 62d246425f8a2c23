"""A training that goes on, on a few lines: epoch, time left, loss by epoch, early stopping."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from statistics import median, median_low

from labkit.i18n import texts
from labkit.report.outline import clean, clip
from labkit.report.spelling import shows, spelled
from labkit.rubric.epochs import Epoch, Stopping

__all__ = ["lines", "seconds_left"]

_ = texts(__file__)

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:|"
_NAME = 14  # columns
_VALUE = 9
_RECENT = 10  # epochs that tell how long the next ones take
_STEEP = 20  # largest through smallest value from which the scale is logarithmic
_MINUTES = 90  # seconds from which minutes say enough


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to a height: 0 for the smallest value, 1 for the largest."""

    low: float
    high: float
    logarithmic: bool

    def height(self, value: float) -> float:
        low, high, value = (self._even(each) for each in (self.low, self.high, value))
        return (value - low) / (high - low) if high > low else 0.5

    def _even(self, value: float) -> float:
        if self.logarithmic:
            return math.log(value)
        return value / (max(abs(self.low), abs(self.high)) or 1)  # so that every difference is a float


def lines(
    epochs: Sequence[Epoch], encoding: str, *, columns: int = 80, rows: int = 2
) -> tuple[str, ...]:
    r"""Render what is known so far; nothing before the first epoch has ended.

    Args:
        epochs: As read from the run, whatever it wrote there.
        encoding: Of the terminal, whose signs alone are used.
        columns: No line is wider.
        rows: Lines for each curve.

    Example:
        >>> run = [Epoch(1, n, 8, n / 2, {"loss": 1 / n}) for n in range(1, 7)]
        >>> print("\n".join(lines(run, "ascii", columns=50)))
        epoch 6 of 8 - about 1 s left
        loss              0.1667 |
        lowest            0.1667 ||:...
    """
    shown = _of_one_training(epochs)
    if not shown:
        return ()
    series = _series(shown)
    scale = _scale(value for values in series.values() for value in values)
    head, foot = _head(shown, scale), _foot(shown[-1].stopping)
    places = [_place(epoch) for epoch in shown]
    width = columns - _NAME - _VALUE - 2
    curves = (
        line
        for name, values in series.items()
        for line in _beside(
            name, values, _drawn(_resampled(places, values, width), scale, encoding, rows), encoding
        )
    )
    found = (*_packed(head, encoding, columns), *curves, *_packed(foot, encoding, columns))
    return tuple(_cut(line, columns).rstrip() for line in found)


def seconds_left(shown: Sequence[Epoch]) -> float | None:
    """Seconds until the last epoch that was asked for, at the pace of the latest ones.

    ``None`` where nothing tells the pace yet, or no epoch is left.

    Example:
        >>> seconds_left([Epoch(1, n, 30, 2.0 * n) for n in range(1, 11)])
        40.0
    """
    recent = shown[-_RECENT - 1 :]
    paces = [
        (after.seconds - before.seconds) / (after.epoch - before.epoch)
        for before, after in pairwise(recent)
        if after.epoch > before.epoch and after.seconds >= before.seconds
    ]
    rest = shown[-1].epochs - shown[-1].epoch if shown else 0
    return rest * median(paces) if paces and rest > 0 else None


def _of_one_training(epochs: Sequence[Epoch]) -> Sequence[Epoch]:
    """The epochs of the last `fit`; of all where a loop calls `fit` for one epoch at a time."""
    if all(epoch.epochs == 1 for epoch in epochs):
        return epochs
    return [epoch for epoch in epochs if epoch.fit == epochs[-1].fit]


def _place(epoch: Epoch) -> int:
    """Where an epoch stands among those that are shown with it."""
    return epoch.fit if epoch.epochs == 1 else epoch.epoch


def _head(shown: Sequence[Epoch], scale: _Scale) -> Iterator[object]:
    """Which epoch of how many, how long it takes yet, and how the curves are to be read."""
    last = shown[-1]
    if last.fit > 1 and last.epochs > 1:
        yield _("training {number}", number=last.fit)
    if last.epochs > 1:
        yield _("epoch {epoch} of {epochs}", epoch=last.epoch, epochs=last.epochs)
    else:
        yield _("epoch {epoch}", epoch=_place(last))
    left = seconds_left(shown)
    if left is not None:
        time = _duration(left)
        stops = last.stopping is not None
        yield _("at most about {time} left", time=time) if stops else _("about {time} left", time=time)
    if scale.logarithmic:
        yield _("logarithmic scale")


def _duration(seconds: float) -> object:
    if seconds < _MINUTES:
        return _("{seconds} s", seconds=max(1, round(seconds)))
    return _("{minutes} min", minutes=round(seconds / 60))


def _foot(stopping: Stopping | None) -> Iterator[object]:
    """What early stopping waits for."""
    if stopping is None:
        return
    monitor = clip(clean(stopping.monitor), 30)
    if stopping.best is None:
        yield _("early stopping: {monitor}, no value yet", monitor=monitor)
        return
    yield _("early stopping: {monitor}, best {best}", monitor=monitor, best=_number(stopping.best))
    yield _(
        "{wait} of {patience} epochs without improvement",
        wait=stopping.wait,
        patience=stopping.patience,
    )


def _series(shown: Sequence[Epoch]) -> dict[str, list[float]]:
    """Loss and validation loss by epoch; the first two values of a training that has no loss."""
    last = shown[-1].logs
    names = [name for name in ("loss", "val_loss") if name in last] or list(last)[:2]
    return {name: [epoch.logs.get(name, math.nan) for epoch in shown] for name in names}


def _beside(name: str, values: Sequence[float], plot: Iterable[str], encoding: str) -> Iterator[str]:
    """A curve with its name, its last value and its lowest one."""
    lowest = min(filter(math.isfinite, values), default=math.nan)
    sides = [(clean(name), _number(values[-1])), (str(_("lowest")), _number(lowest))]
    for (label, value), line in zip(chain(sides, repeat(("", ""))), plot):
        yield f"{_cut(spelled(clip(label, _NAME), encoding), _NAME)} {value:>{_VALUE}} {line}"


def _scale(values: Iterable[float]) -> _Scale:
    """One that all values fit."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    return _Scale(low, high, low > 0 and high / low > _STEEP)


def _resampled(places: Sequence[int], values: Sequence[float], width: int) -> list[float]:
    """A value for each column: the median of the epochs there, one epoch where there is room."""
    first, span = min(places), max(places) - min(places) + 1
    width = max(1, min(width, span))
    columns: list[list[float]] = [[] for _column in range(width)]
    for place, value in zip(places, values):
        if math.isfinite(value):
            columns[(place - first) * width // span].append(value)
    return [median_low(column) if column else math.nan for column in columns]


def _drawn(values: Sequence[float], scale: _Scale, encoding: str, rows: int) -> Iterator[str]:
    """Columns of so many rows, the top one first."""
    signs = _BLOCKS if shows(_BLOCKS, encoding) else _PLAIN
    steps = len(signs) - 1
    levels = [
        1 + round(scale.height(value) * (rows * steps - 1)) if math.isfinite(value) else 0
        for value in values
    ]
    for row in reversed(range(rows)):
        yield "".join(signs[max(0, min(steps, level - row * steps))] for level in levels)


def _number(value: float) -> str:
    """Four digits, or two of a number that would take more than its columns.

    Example:
        >>> _number(0.0123456), _number(12.0), _number(14682.1), _number(-1.5e300)
        ('0.01235', '12', '14682', '-1.5e+300')
    """
    four = f"{value:.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.4g}"
    return four if len(four) <= _VALUE else f"{value:.1e}"


def _packed(parts: Iterable[object], encoding: str, columns: int) -> Iterator[str]:
    """Words side by side as far as they fit, the rest on lines of their own."""
    from rich.cells import cell_len

    dot = spelled(" · ", encoding)
    line = ""
    for part in parts:
        words = spelled(str(part), encoding)
        if line and cell_len(line + dot + words) > columns:
            yield line
            line = words
        else:
            line = line + dot + words if line else words
    if line:
        yield line


def _cut(words: str, columns: int) -> str:
    """Words on exactly so many columns of a terminal."""
    from rich.cells import set_cell_size

    return set_cell_size(words, columns)
