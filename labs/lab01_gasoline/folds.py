"""Lab 1's folds in NumPy: what the network answered, and what simpler predictors would have."""

from __future__ import annotations

import numpy as np

from labkit.metrics import mean_absolute_error
from labkit.rubric.evidence import Evidence

__all__ = ["answered", "errors", "least_squares", "names"]


def names(evidence: Evidence) -> list[str]:
    """The trainings that were asked about hidden rows, in order: ``fold01`` to ``fold25``."""
    return [name for name in evidence.trainings if f"{name}:hidden" in evidence.truth]


def answered(evidence: Evidence, name: str) -> bool:
    """Whether a fold's model gave one finite number for each hidden row."""
    answers = evidence.predictions.get(f"{name}:hidden")
    rows = len(evidence.truth[f"{name}:hidden"])
    return answers is not None and answers.size == rows and bool(np.isfinite(answers).all())


def least_squares(x: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Answers of the plane with an intercept that minimizes the squared error.

    Args:
        x: Rows to fit, ``(n, features)``.
        y: Their targets, ``(n,)``.
        asked: Rows to answer for, ``(m, features)``.

    Returns:
        ``(m,)``

    Example:
        >>> least_squares(np.array([[0.0], [2.0]]), np.array([1.0, 5.0]), np.array([[3.0]]))
        array([7.])
    """
    plane, *_rest = np.linalg.lstsq(_with_ones(x), y, rcond=None)
    return _with_ones(asked) @ plane


def errors(evidence: Evidence) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean absolute error by fold, in the target's unit.

    Returns:
        Of the network, of least squares on the same rows, and of always answering their mean.
    """
    rows = []
    for name in names(evidence):
        key = f"{name}:hidden"
        (x, y), truth = evidence.rows[name], evidence.truth[key]
        candidates = (
            evidence.predictions[key],
            least_squares(x, y, evidence.inputs[key]),
            np.full(len(truth), y.mean()),
        )
        rows.append([mean_absolute_error(answers, truth) for answers in candidates])
    network, plane, constant = np.array(rows).T
    return network, plane, constant


def _with_ones(x: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])
