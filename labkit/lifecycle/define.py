"""The first step: the architecture, with the last layer that fits the problem."""

from __future__ import annotations

from enum import Enum

import keras

__all__ = ["Problem", "define", "head"]


class Problem(str, Enum):
    """What is asked of the model; it decides the last layer, the loss and the metrics."""

    REGRESSION = "regression"
    """A number for each output: linear units."""
    BINARY = "binary"
    """Yes or no: one sigmoid unit, the probability of yes."""
    MULTICLASS = "multiclass"
    """One of several classes: a softmax, whose units sum to 1."""
    MULTILABEL = "multilabel"
    """Any number of several labels: a sigmoid for each."""


_ACTIVATIONS = {
    Problem.REGRESSION: "linear",
    Problem.BINARY: "sigmoid",
    Problem.MULTICLASS: "softmax",
    Problem.MULTILABEL: "sigmoid",
}


def head(problem: Problem | str, units: int = 1) -> keras.layers.Dense:
    """The last layer for a kind of problem.

    Args:
        problem: Kind of problem.
        units: Outputs, classes or labels.

    Raises:
        ValueError: The units do not fit the problem.

    Example:
        >>> head("multiclass", 10).get_config()["activation"]
        'softmax'
    """
    problem = Problem(problem)
    if problem is Problem.BINARY and units != 1:
        raise ValueError(f"a binary problem has one unit. Received: units={units}")
    if problem is Problem.MULTICLASS and units < 2:
        raise ValueError(f"a softmax over one unit is always 1. Received: units={units}")
    return keras.layers.Dense(units, activation=_ACTIVATIONS[problem], name="head")


def define(
    problem: Problem | str,
    input_shape: tuple[int, ...],
    units: int = 1,
    hidden: tuple[int, ...] = (64,),
    dropout: float = 0.0,
) -> keras.Model:
    """A dense network for a kind of problem, not yet compiled.

    Args:
        problem: Kind of problem.
        input_shape: Of one input, without the batch; more than one axis is flattened.
        units: Outputs, classes or labels.
        hidden: Units of each hidden layer, with ReLU.
        dropout: Share of hidden units dropped while training.

    Example:
        >>> define("regression", (4,), hidden=(8,)).count_params()
        49
    """
    layers: list[keras.layers.Layer] = [keras.layers.Input(input_shape)]
    if len(input_shape) > 1:
        layers.append(keras.layers.Flatten())
    for width in hidden:
        layers.append(keras.layers.Dense(width, activation="relu"))
        if dropout:
            layers.append(keras.layers.Dropout(dropout))
    return keras.Sequential([*layers, head(problem, units)])
