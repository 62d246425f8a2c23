"""Models that name what 28 × 28 pixels show, and digits as their data set has them."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np

from labkit.errors import ModelFileError
from labkit.i18n import texts
from labkit.lifecycle.predict import predict

__all__ = ["SIDE", "as_shares", "centred", "classifier"]

_ = texts(__file__)

SIDE, _BOX = 28, 20

Classifier = Callable[[np.ndarray], np.ndarray]


def classifier(model: keras.Model | None) -> Classifier:
    """The function from images, ``(n, 28, 28)`` uint8, to ten shares a row that sum to one.

    Raises:
        ModelFileError: The model takes or gives something else.
    """
    if model is None:
        raise ModelFileError(_("This page needs a model."))
    given, answered = model.input_shape, model.output_shape
    shapes = {(SIDE, SIDE), (SIDE, SIDE, 1), (SIDE * SIDE,)}
    fits = isinstance(given, tuple) and isinstance(answered, tuple)
    if not fits or given[1:] not in shapes or answered[1:] != (10,):
        raise ModelFileError(
            _("The model takes {given} and gives {answered}.", given=given, answered=answered),
            _("This page needs images of 28 × 28 pixels from 0 to 255, and ten probabilities."),
            _("Open a model that the lab exported, or name one with --model."),
        )

    def shares(images: np.ndarray) -> np.ndarray:
        rows = images.reshape(len(images), *given[1:])
        if len(rows) > 1:
            answers = predict(model, rows)
        else:
            answers = np.asarray(model(rows.astype("float32"), training=False))
        return as_shares(answers)

    return shares


def as_shares(answers: np.ndarray) -> np.ndarray:
    """Answers, ``(rows, classes)``, as shares that sum to one; a softmax is taken of logits.

    Example:
        >>> as_shares(np.array([[3.0, 3.0]])).tolist()
        [[0.5, 0.5]]
    """
    answers = np.nan_to_num(answers.astype("float64"))
    if (answers < 0).any() or np.abs(answers.sum(axis=1) - 1).max() > 0.01:
        answers = np.exp(answers - answers.max(axis=1, keepdims=True))
    return answers / answers.sum(axis=1, keepdims=True)


def centred(drawing: np.ndarray) -> np.ndarray:
    """A drawing as MNIST has its digits: 20 pixels long, its centre of mass in the middle.

    Args:
        drawing: ``(28, 28)`` uint8, 0 paper, 255 ink.

    Example:
        >>> corner = np.zeros((28, 28), np.uint8)
        >>> corner[2:12, 3:7] = 255
        >>> rows, columns = np.nonzero(centred(corner))
        >>> int(rows.min() + rows.max()), int(columns.min() + columns.max())
        (27, 27)
    """
    from PIL import Image

    rows, columns = np.nonzero(drawing > 20)
    if not rows.size:
        return np.zeros_like(drawing)
    part = drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = (max(1, round(n * _BOX / max(part.shape))) for n in part.shape)
    resized = np.asarray(Image.fromarray(part).resize((width, height), Image.Resampling.BILINEAR))
    weights = resized / max(1, resized.sum())
    top = round((SIDE - 1) / 2 - float(weights.sum(axis=1) @ np.arange(height)))
    left = round((SIDE - 1) / 2 - float(weights.sum(axis=0) @ np.arange(width)))
    top, left = min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)
    placed = np.zeros_like(drawing)
    placed[top : top + height, left : left + width] = resized
    return placed
