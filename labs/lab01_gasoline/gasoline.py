"""Lab 1: how much petrol does a state burn? Regression with a small dense network.

Each row is one state of the USA: petrol tax (cents per gallon), average income (dollars per head),
paved highways (miles) and the share of people with a driving licence. The network reads these four
and answers with one number, the petrol burnt in a year (millions of gallons, 344 to 968).

Write the five steps in order, and run the lab as often as you like::

    make lab1            or            labkit run lab1

1. define     the layers: scale, think, answer
2. compile    the loss, the optimizer, the metric
3. fit        learn the scale of the data, then train
4. evaluate   measure on rows the network never saw
5. predict    answer for new rows

There are 48 rows and 10 of them are always held back, so the kit repeats steps 1 to 3 on 25
different ways of dealing the rows, each time from the beginning, and grades the average.
"""

import keras
import numpy as np

FEATURES = 4


def define() -> keras.Model:
    """Build the network; nothing is trained yet.

    Returns:
        A Sequential or functional model from inputs of shape (FEATURES,), in their raw units, to
        one number.
    """
    # TODO: Stack an Input of shape (FEATURES,), a Normalization layer, a hidden Dense layer with an
    #   activation, and the output: how many units, which activation? Give the first and the last a
    #   name, you will need them in fit.
    raise NotImplementedError("define")


def compile(model: keras.Model) -> None:
    """Choose the loss, the optimizer and the metrics.

    Args:
        model: What `define` returned.
    """
    # TODO: Call model.compile with an optimizer, a loss for regression and the metric "mae".
    raise NotImplementedError("compile")


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train the model on the training rows.

    Args:
        model: Defined and compiled.
        x: Training rows in their raw units, shape (38, 4), float64, read-only.
        y: Petrol burnt in each, shape (38,), float64, read-only.

    Returns:
        The History that `model.fit` returns.
    """
    # TODO: Let the Normalization layer adapt to x. Start the output's bias at the mean of y. Then
    #   return model.fit(...) with a number of epochs and a batch size of your choice.
    raise NotImplementedError("fit")


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Measure the trained model on rows it never saw.

    Args:
        model: Trained.
        x: Held-out rows, shape (n, 4).
        y: Petrol burnt in each, shape (n,).

    Returns:
        Metrics by name, "mae" (millions of gallons) among them.
    """
    # TODO: Return model.evaluate(...) as a dict: it has an argument for that.
    raise NotImplementedError("evaluate")


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Answer for new rows.

    Args:
        model: Trained.
        x: Rows in their raw units, shape (n, 4).

    Returns:
        One number a row, shape (n,), millions of gallons.
    """
    # TODO: model.predict returns shape (n, 1); return shape (n,).
    raise NotImplementedError("predict")
