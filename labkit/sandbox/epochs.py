"""Leaves a line for every epoch of a training, for those who look on while it goes.

``progress.jsonl`` holds, one JSON object a line::

    {"fit": 1, "epoch": 3, "epochs": 60, "seconds": 0.21, "logs": {"loss": 0.4, "val_loss": 0.5},
     "stopping": {"monitor": "val_loss", "best": 0.5, "wait": 0, "patience": 5}}
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras

__all__ = ["EpochLog"]

_MOST_LINES = 2_000
_ALL_OF = 1_000  # lines until which every epoch has one
_THEN = 100  # lines after which half as many epochs have one
_MOST_METRICS = 24
_LONGEST_NAME = 80


class EpochLog:
    """The file, which all calls of `fit` share.

    Of more than 1,000 epochs every 2nd is written, then every 4th, and so on: 2,000 lines are enough
    for 200,000 epochs, whatever number was asked for.

    Args:
        path: Of the file; it is opened for one line at a time, so nothing is open in between.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fits = 0
        self._lines = 0
        self._epochs = 0

    def beside(self, callbacks: Iterable[Any]) -> keras.callbacks.Callback:
        """A callback for one call of `fit`, which has these, too."""
        self._fits += 1
        stopping = (each for each in callbacks if isinstance(each, keras.callbacks.EarlyStopping))
        return _Epochs(self, self._fits, next(stopping, None))

    def take(self, record: Mapping[str, Any], *, last: bool) -> None:
        """Write what is known of an epoch, if it is its turn or the last one of a long `fit`."""
        self._epochs += 1
        if self._lines < _MOST_LINES and (last or self._epochs % self._every() == 0):
            with self._path.open("ab") as stream:
                stream.write(json.dumps(record).encode() + b"\n")
            self._lines += 1

    def _every(self) -> int:
        """Epochs for one line, here and now."""
        return 1 if self._lines < _ALL_OF else 2 << (self._lines - _ALL_OF) // _THEN


class _Epochs(keras.callbacks.Callback):
    """Hands every epoch of one `fit` on; whatever goes wrong with it stays here."""

    def __init__(self, log: EpochLog, number: int, stopping: Any) -> None:
        super().__init__()
        self._log = log
        self._number = number
        self._stopping = stopping
        self._begun = time.perf_counter()

    def on_train_begin(self, logs: Any = None) -> None:
        self._begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        with suppress(Exception):
            epochs = int(self.params["epochs"])
            record = {
                "fit": self._number,
                "epoch": epoch + 1,
                "epochs": epochs,
                "seconds": round(time.perf_counter() - self._begun, 4),
                "logs": _floats(logs or {}),
            }
            if self._stopping is not None:
                record["stopping"] = _state(self._stopping)
            ends = epoch + 1 == epochs or bool(self.model.stop_training)
            self._log.take(record, last=ends and epoch >= _THEN)


def _floats(logs: Mapping[str, Any]) -> dict[str, float]:
    """The metrics that are numbers, the losses first and not too many."""
    names = sorted(logs, key=lambda name: name not in ("loss", "val_loss"))
    found = {}
    for name in names[:_MOST_METRICS]:
        with suppress(TypeError, ValueError):
            found[str(name)[:_LONGEST_NAME]] = float(logs[name])
    return found


def _state(stopping: keras.callbacks.EarlyStopping) -> dict[str, Any]:
    """What early stopping waits for, once it has looked at this epoch."""
    best = stopping.best
    return {
        "monitor": str(stopping.monitor)[:_LONGEST_NAME],
        "best": None if best is None else float(best),
        "wait": int(stopping.wait),
        "patience": int(stopping.patience),
    }
