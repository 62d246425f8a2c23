"""Ctrl-C while training: what it keeps, and when it takes effect."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

__all__ = ["BestWeights", "between_epochs"]


class BestWeights(keras.callbacks.Callback):
    """Keeps a copy of the best weights, for the case that training is interrupted.

    Best is lowest validation loss, or lowest loss without validation; before the first epoch has
    ended, the weights that training began with.

    Args:
        others: The callbacks beside it; `EarlyStopping` that keeps the best weights has its say.
    """

    def __init__(self, others: list[Any]) -> None:
        super().__init__()
        self._others = others
        self.interrupted = False
        self._best = math.inf
        self._weights: list[Any] | None = None

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Keep what training begins with."""
        if self.model.built:
            self._weights = self.model.get_weights()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keep the weights where they are the best so far; stop where Ctrl-C was pressed."""
        value = (logs or {}).get("val_loss", (logs or {}).get("loss", math.inf))
        if value < self._best or self._weights is None:
            self._best, self._weights = value, self.model.get_weights()
        if self.interrupted:
            raise KeyboardInterrupt

    def restore(self) -> None:
        """Put the best weights back."""
        weights = self._weights
        for callback in self._others:
            if getattr(callback, "restore_best_weights", False) and callback.best_weights:
                weights = callback.best_weights
        if weights is not None:
            self.model.set_weights(weights)


@contextmanager
def between_epochs(keeper: BestWeights) -> Iterator[None]:
    """Let the first Ctrl-C take effect when the epoch ends; the second one at once.

    A `KeyboardInterrupt` raised at any moment may be raised inside a finalizer, where Python drops
    it; and a graph call does not end early anyway.
    """
    own_thread = threading.current_thread() is threading.main_thread()
    if not own_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def later(_signal: int, _frame: Any) -> None:
        keeper.interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
