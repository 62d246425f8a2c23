"""Metrics in NumPy, recomputed from predictions and labels; both sides of the kit use them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = [
    "ClassScores",
    "accuracy",
    "class_scores",
    "confusion_matrix",
    "cross_entropy",
    "mean_absolute_error",
    "r2",
    "root_mean_squared_error",
]

_SMALLEST = 1e-7  # Keras' epsilon: probabilities are clipped to it and to 1 minus it


def accuracy(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Share of rows whose most probable class is the label.

    Args:
        probabilities: ``(rows, classes)``.
        y: Labels, ``(rows,)``.

    Example:
        >>> accuracy(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([0, 1]))
        0.5
    """
    _expect_classes(probabilities, y)
    return float((probabilities.argmax(axis=1) == y).mean())


def cross_entropy(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Mean of −log p of the label: Keras' sparse categorical cross-entropy.

    Rows are divided by their sum and clipped to [1e-7, 1 − 1e-7], as Keras does.

    Args:
        probabilities: ``(rows, classes)``, not negative.
        y: Labels, ``(rows,)``.

    Example:
        >>> round(cross_entropy(np.array([[0.5, 0.5]]), np.array([1])), 4)
        0.6931
    """
    _expect_classes(probabilities, y)
    p = np.asarray(probabilities, dtype="float64")
    p = p / p.sum(axis=1, keepdims=True)
    chosen = p[np.arange(len(y)), y.astype("int64")]
    return float(-np.log(np.clip(chosen, _SMALLEST, 1 - _SMALLEST)).mean())


def mean_absolute_error(predictions: np.ndarray, y: np.ndarray) -> float:
    """Mean of ``|ŷ − y|``, in the target's unit; ``(rows,)`` or ``(rows, 1)`` against ``(rows,)``."""
    return float(np.abs(_residuals(predictions, y)).mean())


def root_mean_squared_error(predictions: np.ndarray, y: np.ndarray) -> float:
    """Root of the mean of ``(ŷ − y)²``, in the target's unit."""
    return float(np.sqrt((_residuals(predictions, y) ** 2).mean()))


def r2(predictions: np.ndarray, y: np.ndarray) -> float:
    """Coefficient of determination: 1 − Σ(ŷ − y)² / Σ(y − ȳ)²; not a number for constant ``y``."""
    spread = ((y - y.mean()) ** 2).sum()
    return float(1 - (_residuals(predictions, y) ** 2).sum() / spread) if spread else float("nan")


def confusion_matrix(predicted: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """Count of rows by true class (row) and predicted class (column), ``(classes, classes)``.

    Example:
        >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
        array([[1, 1],
               [0, 1]])
    """
    flat = y.astype("int64") * classes + predicted.astype("int64")
    return np.bincount(flat, minlength=classes * classes).reshape(classes, classes)


class ClassScores(NamedTuple):
    """Precision, recall and F1 of each class, ``(classes,)`` each; 0 where nothing was counted."""

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def class_scores(matrix: np.ndarray) -> ClassScores:
    """Precision, recall and F1 by class from a confusion matrix, rows true, columns predicted."""
    right = np.diag(matrix).astype("float64")
    predicted, true = matrix.sum(axis=0), matrix.sum(axis=1)
    precision = np.divide(right, predicted, out=np.zeros_like(right), where=predicted > 0)
    recall = np.divide(right, true, out=np.zeros_like(right), where=true > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(right), where=both > 0)
    return ClassScores(precision, recall, f1)


def _residuals(predictions: np.ndarray, y: np.ndarray) -> np.ndarray:
    if predictions.size != y.size:
        raise ValueError(f"one prediction a row is needed. Received: {predictions.shape} for {y.shape}")
    return np.asarray(predictions, dtype="float64").reshape(-1) - y.reshape(-1)


def _expect_classes(probabilities: np.ndarray, y: np.ndarray) -> None:
    shape = probabilities.shape
    if len(shape) != 2 or len(y) != shape[0] or (len(y) and int(y.max()) >= shape[1]):
        raise ValueError(
            "probabilities must have a row a label and a column a class. "
            f"Received: {shape} for {len(y)} labels up to {int(y.max()) if len(y) else '-'}"
        )
