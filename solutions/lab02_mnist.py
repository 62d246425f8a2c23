"""Lab 2: a network that reads handwritten digits.

Run it with `make lab2` or `labkit run lab2`. You write the five steps in the life of a Keras model:
define, compile, fit, evaluate, predict. README.md in this folder has the idea and the mathematics.
"""

import keras
import numpy as np
from keras import layers


def define() -> keras.Model:
    """Return the network, not yet compiled.

    It takes images as they are stored, (28, 28) with integers from 0 to 255, and gives ten
    probabilities, one for each digit.
    """
    # cut: Build a Sequential model: an Input of shape (28, 28), a Rescaling that brings the pixels to
    # 0..1, a Flatten, a hidden Dense layer with ReLU, and a last Dense layer that gives one
    # probability per digit.
    return keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    # end cut


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # cut: Call model.compile. The labels are integers from 0 to 9, not vectors: which
    # cross-entropy takes them as they are?
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # end cut


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on x, (55000, 28, 28) uint8, and y, (55000,) uint8; return the history.

    Part of the rows is kept for validation, and training stops early with the best weights.
    """
    # cut: Make a keras.callbacks.EarlyStopping that watches the validation loss and restores the best
    # weights. Call model.fit with it and with a validation_split; return what it returns.
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    return model.fit(
        x,
        y,
        epochs=10,
        batch_size=64,
        validation_split=0.1,
        callbacks=[stopping],
        verbose=2,
    )
    # end cut


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return loss and accuracy on digits the model never saw, as a dict."""
    # cut: Call model.evaluate so that it returns a dict instead of a list.
    return model.evaluate(x, y, verbose=0, return_dict=True)
    # end cut


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the digit, 0 to 9, that each image shows: shape (n,)."""
    # cut: Ask the model for its ten probabilities per image and return the most probable digit.
    return model.predict(x, verbose=0).argmax(axis=1)
    # end cut
