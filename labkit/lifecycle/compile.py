"""The second step: the loss, the optimizer and the metrics that fit the problem."""

from __future__ import annotations

from typing import Any

import keras

from labkit.lifecycle.define import Problem

__all__ = ["compile"]

_LOSSES = {
    Problem.REGRESSION: "mean_squared_error",
    Problem.BINARY: "binary_crossentropy",
    Problem.MULTICLASS: "sparse_categorical_crossentropy",
    Problem.MULTILABEL: "binary_crossentropy",
}
_METRICS = {
    Problem.REGRESSION: ["mae"],
    Problem.BINARY: ["accuracy"],
    Problem.MULTICLASS: ["accuracy"],
    Problem.MULTILABEL: ["binary_accuracy"],
}


def compile(model: keras.Model, problem: Problem | str, **arguments: Any) -> keras.Model:
    """Compile a model for a kind of problem.

    Args:
        model: From `define` or of one's own.
        problem: Kind of problem; labels of a multiclass problem are integers.
        **arguments: Those of `keras.Model.compile`, which go before the defaults.

    Example:
        >>> from labkit.lifecycle.define import define
        >>> compile(define("binary", (2,)), "binary", optimizer="sgd").loss
        'binary_crossentropy'
    """
    problem = Problem(problem)
    chosen = {"optimizer": "adam", "loss": _LOSSES[problem], "metrics": _METRICS[problem]}
    model.compile(**(chosen | arguments))
    return model
