"""Lab 3: the Fashion-MNIST challenge: a validation loss of 0.3 or less.

Run it with `make lab3` or `labkit run lab3`. The garments are as small as the digits of lab 2, and
harder. README.md in this folder has the idea, the rules of the challenge and the mathematics.
"""

import keras
import numpy as np
from keras import layers

EPOCHS = 9
BATCH_SIZE = 128


def define() -> keras.Model:
    """Return the network, not yet compiled, with at most 300,000 parameters.

    It takes images as they are stored, (28, 28) with integers from 0 to 255, and gives ten
    probabilities, one for each kind of garment.
    """
    # TODO: Begin with what worked in lab 2. Then make it better: more or wider layers, Dropout
    #   against overfitting, or convolutions (a Reshape to (28, 28, 1) comes first).
    raise NotImplementedError("define")


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # TODO: Call model.compile as in lab 2. A learning rate that falls while training goes on
    #   (keras.optimizers.schedules) often gains the last hundredths.
    raise NotImplementedError("compile")


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on x, (55000, 28, 28) uint8, and y, (55000,) uint8; return the history.

    Part of the rows is kept for validation, and training stops early with the best weights.
    """
    # TODO: Call model.fit with a validation_split and with an EarlyStopping that restores the best
    #   weights. Watch both losses: where do they part?
    raise NotImplementedError("fit")


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return loss and accuracy on garments the model never saw, as a dict."""
    # TODO: Call model.evaluate so that it returns a dict instead of a list.
    raise NotImplementedError("evaluate")


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the kind of garment, 0 to 9, that each image shows: shape (n,)."""
    # TODO: Ask the model for its ten probabilities per image and return the most probable class.
    raise NotImplementedError("predict")
