"""Early stopping, and the mistake that makes it never stop."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import keras

__all__ = ["absent", "early_stopping", "never_computed"]


def early_stopping(
    monitor: str = "val_loss", patience: int = 5, **arguments: Any
) -> keras.callbacks.EarlyStopping:
    """Keras' own `EarlyStopping`, with the best weights restored.

    Args:
        monitor: What must improve; ``val_`` names need validation data in `fit`.
        patience: Epochs without improvement before it stops.
        **arguments: Further ones of `keras.callbacks.EarlyStopping`.
    """
    arguments.setdefault("restore_best_weights", True)
    return keras.callbacks.EarlyStopping(monitor=monitor, patience=patience, **arguments)


def never_computed(callbacks: Iterable[Any], *, validates: bool) -> tuple[str, ...]:
    """Name what callbacks monitor and nothing computes.

    `EarlyStopping` and its like only warn when the value they wait for is missing, once an epoch, and
    then never act.

    Args:
        callbacks: As given to `fit`.
        validates: Whether `fit` has validation data.

    Example:
        >>> never_computed([keras.callbacks.EarlyStopping(monitor="val_loss")], validates=False)
        ('val_loss',)
    """
    return tuple(name for name in _monitored(callbacks) if name.startswith("val_") and not validates)


def absent(callbacks: Iterable[Any], computed: Container[str]) -> tuple[str, ...]:
    """Name what callbacks monitored in a `fit` that computed something else.

    Args:
        callbacks: As given to `fit`.
        computed: Names in its history.

    Example:
        >>> stopping = keras.callbacks.EarlyStopping(monitor="val_acc", mode="max")
        >>> absent([stopping], {"loss": [0.1], "val_loss": [0.2]})
        ('val_acc',)
    """
    return tuple(name for name in _monitored(callbacks) if name not in computed)


def _monitored(callbacks: Iterable[Any]) -> list[str]:
    names = (getattr(callback, "monitor", None) for callback in callbacks)
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))
