"""Students' files for tests: a good one that trains in a moment, and changes to it."""

from __future__ import annotations

GOOD = """\
import keras
import numpy as np


def define():
    return keras.Sequential([keras.layers.Input((28, 28)), keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])


def compile(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def fit(model, x, y):
    return model.fit(x[:2000], y[:2000], epochs=1, verbose=2)


def evaluate(model, x, y):
    return model.evaluate(x, y, verbose=0, return_dict=True)


def predict(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)
"""


def changed(old: str, new: str) -> str:
    """The good file with one part replaced."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)
