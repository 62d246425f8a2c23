"""What layers are given, checked: sizes, rates, choices, precision and tables of numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["choice", "gathered", "positive", "precise", "rows", "whole"]

_MOST = 2**31 - 1  # what an int32 holds


def whole(name: str, value: Any, least: int = 1) -> int:
    """A whole number from `least` on.

    Example:
        >>> whole("units", 0)
        Traceback (most recent call last):
        ValueError: `units` must be a whole number from 1. Received: units=0
    """
    integral = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not integral or not least <= value <= _MOST:
        raise ValueError(f"`{name}` must be a whole number from {least}. Received: {name}={value!r}")
    return int(value)


def positive(name: str, value: Any) -> float:
    """A finite number above 0."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not 0 < value < np.inf:
        raise ValueError(f"`{name}` must be a positive number. Received: {name}={value!r}")
    return float(value)


def precise(layer: Any) -> None:
    """Refuse a layer whose weights are neither float32 nor float64."""
    if layer.variable_dtype not in ("float32", "float64"):
        raise ValueError(
            f"A {type(layer).__name__} layer computes in float32 or float64, in no less; "
            "'mixed_float16' gives outputs of half precision. "
            f"Received: dtype={layer.dtype_policy.name!r}"
        )


def choice(name: str, value: Any, known: Collection[str]) -> None:
    """Refuse what is not one of the known names."""
    if value not in tuple(known):
        raise ValueError(f"`{name}` must be one of {', '.join(known)}. Received: {name}={value!r}")


def gathered(name: str, data: Any) -> Any:
    """All batches of a `tf.data.Dataset` as one array; anything else as it is.

    Raises:
        ValueError: The dataset has no end, or its elements are no batches of samples alone.
    """
    if not isinstance(data, tf.data.Dataset):
        return data
    spec = data.element_spec
    if not isinstance(spec, tf.TensorSpec) or spec.shape.rank in (0, 1):
        raise ValueError(
            f"`{name}` must be a dataset of batches of samples, without targets: `dataset.batch(32)` "
            f"makes batches. Received: element_spec={spec}"
        )
    if data.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError(f"`{name}` must have an end. Received: a dataset that repeats for ever")
    batches = list(data.as_numpy_iterator())
    if len({batch.shape[1:] for batch in batches}) > 1:
        raise ValueError(f"`{name}` must be rows of equal length. Received: {type(data)}")
    return np.concatenate(batches) if batches else np.zeros((0, 0))


def rows(name: str, data: Any, columns: int | None = None) -> np.ndarray:
    """A table of finite numbers, as an array.

    Args:
        name: What the argument is called.
        data: Rows of numbers, or a `tf.data.Dataset` of batches of them.
        columns: How many numbers a row has, if that is known.

    Raises:
        ValueError: They are no such rows, there is none, or one holds NaN or an infinite number.
    """
    data = gathered(name, data)
    try:
        table = np.asarray(data)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"`{name}` must be rows of equal length. Received: {type(data)}") from error
    if table.dtype.kind not in "biuf" and table.dtype.name != "bfloat16":
        raise ValueError(f"`{name}` must be rows of numbers. Received: dtype={table.dtype}")
    if table.ndim != 2 or 0 in table.shape or columns not in (None, table.shape[1]):
        wanted = "numbers" if columns is None else f"{columns} numbers"
        raise ValueError(
            f"`{name}` must be rows of {wanted}, at least one. Received: shape={table.shape}"
        )
    wrong = np.count_nonzero(~np.isfinite(table))
    if wrong:
        raise ValueError(f"`{name}` must be finite. Received: {wrong} values of NaN or infinity")
    return table
