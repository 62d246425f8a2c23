"""The fourth step: how good the model is on data it never saw."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from labkit import metrics
from labkit.lifecycle.predict import labels, predict

__all__ = ["ClassificationReport", "classification_report", "evaluate"]


@dataclass(frozen=True, slots=True)
class ClassificationReport:
    """What a classifier confuses.

    Args:
        matrix: Counts, true class by row, predicted class by column, ``(classes, classes)``.
        scores: Precision, recall and F1 by class.
    """

    matrix: np.ndarray
    scores: metrics.ClassScores


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Keras' own loss and metrics as a dict, and what else one wants to know.

    A classifier (labels are integers) adds ``precision``, ``recall`` and ``f1``, means over the
    classes; a regression adds ``mae``, ``rmse`` and ``r2``.

    Args:
        model: Compiled, with one output.
        x: Inputs, ``(rows, …)``.
        y: Labels ``(rows,)``, or targets ``(rows,)`` or ``(rows, 1)``.
    """
    results = {k: float(v) for k, v in model.evaluate(x, y, return_dict=True, verbose=0).items()}
    if y.dtype.kind in "iub":
        scores = classification_report(model, x, y).scores
        return results | {
            "precision": float(scores.precision.mean()),
            "recall": float(scores.recall.mean()),
            "f1": float(scores.f1.mean()),
        }
    answers = predict(model, x)
    return results | {
        "mae": metrics.mean_absolute_error(answers, y),
        "rmse": metrics.root_mean_squared_error(answers, y),
        "r2": metrics.r2(answers, y),
    }


def classification_report(model: keras.Model, x: np.ndarray, y: np.ndarray) -> ClassificationReport:
    """Confusion matrix, precision, recall and F1 by class.

    Args:
        model: A softmax over classes or one sigmoid unit.
        x: Inputs, ``(rows, …)``.
        y: Labels, ``(rows,)``.
    """
    answers = predict(model, x)
    classes = max(2, answers.shape[-1])
    matrix = metrics.confusion_matrix(labels(answers), y.reshape(-1), classes)
    return ClassificationReport(matrix, metrics.class_scores(matrix))
