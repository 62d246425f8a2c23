"""Reads what a training says of its epochs while it goes: ``progress.jsonl`` of its evidence.

It comes from a process that runs foreign code. So only so much of it is read, a line that is not as
it should be is left out, and nobody grades by it.
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Epoch", "Follower", "Stopping", "parsed"]

_MOST_BYTES = 4 * 2**20
_MOST_EPOCHS = 4_000
_LARGEST = 10**9
_FLAGS = ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY")  # of which a system has some


@dataclass(frozen=True, slots=True)
class Stopping:
    """What early stopping waits for.

    Args:
        monitor: The metric that must improve.
        best: Its best value so far, ``None`` before there is one.
        wait: Epochs without improvement.
        patience: Such epochs after which training stops.
    """

    monitor: str
    best: float | None
    wait: int
    patience: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """What is known when an epoch has ended.

    Args:
        fit: Which call of `fit`, from 1.
        epoch: Which epoch, from 1.
        epochs: How many were asked for.
        seconds: Since that `fit` began.
        logs: Metric -> value, which need not be finite.
        stopping: Of the early stopping that `fit` has, if it has one.
    """

    fit: int
    epoch: int
    epochs: int
    seconds: float
    logs: Mapping[str, float] = field(default_factory=dict)
    stopping: Stopping | None = None


class Follower:
    """Reads a file that grows, each byte once.

    Args:
        path: Of ``progress.jsonl``, which need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._epochs: tuple[Epoch, ...] = ()

    def epochs(self) -> tuple[Epoch, ...]:
        """Every epoch so far; the same tuple while there is no new one."""
        lines = _whole_lines(_new_bytes(self._path, self._read))
        self._read += len(lines)
        if lines:
            self._epochs = (*self._epochs, *parsed(lines))[:_MOST_EPOCHS]
        return self._epochs


def parsed(lines: bytes) -> Iterable[Epoch]:
    r"""The epochs that lines of JSON tell of, without what is malformed.

    Example:
        >>> [epoch] = parsed(b'{"fit": 1, "epoch": 2, "epochs": 9, "seconds": 0.5}\nnonsense\n')
        >>> epoch.epoch, epoch.epochs
        (2, 9)
    """
    for line in lines.split(b"\n"):
        try:
            yield _epoch(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _epoch(entry: Any) -> Epoch:
    """One epoch; raises where the entry is not as `parsed` expects."""
    stopping = entry.get("stopping")
    found = Epoch(
        fit=_count(entry["fit"], 1),
        epoch=_count(entry["epoch"], 1),
        epochs=_count(entry["epochs"], 1),
        seconds=_number(entry["seconds"]),
        logs={str(name): _number(value) for name, value in entry.get("logs", {}).items()},
        stopping=None if stopping is None else _stopping(stopping),
    )
    if not 0 <= found.seconds < _LARGEST:
        raise ValueError(found.seconds)
    return found


def _stopping(entry: Any) -> Stopping:
    best = entry["best"]
    return Stopping(
        monitor=str(entry["monitor"]),
        best=None if best is None or not math.isfinite(_number(best)) else _number(best),
        wait=_count(entry["wait"], 0),
        patience=_count(entry["patience"], 0),
    )


def _count(value: Any, least: int) -> int:
    if not isinstance(value, int) or not least <= value < _LARGEST:
        raise ValueError(value)
    return int(value)


def _number(value: Any) -> float:
    """A float of it: JSON's whole numbers may be of any length."""
    if not isinstance(value, float) and not (isinstance(value, int) and abs(value) < 2**1000):
        raise ValueError(value)
    return float(value)


def _whole_lines(content: bytes) -> bytes:
    return content[: content.rfind(b"\n") + 1]


def _new_bytes(path: Path, start: int) -> bytes:
    """What a plain file holds from ``start`` on, up to the most that is read of it."""
    try:
        if path.is_symlink():
            return b""
        flags = sum(getattr(os, flag, 0) for flag in _FLAGS)
        with os.fdopen(os.open(path, os.O_RDONLY | flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return b""  # a pipe would wait for somebody to write
            stream.seek(start)
            return stream.read(max(0, _MOST_BYTES - start))
    except OSError:
        return b""
