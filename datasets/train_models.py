"""Trains the kit's own models of MNIST and writes them, with digest and accuracy, into the manifest.

    python datasets/train_models.py [dense] [classifier]

`dense.h5` is the network of lab 2's solution behind its scaling: rows of 784 pixels of 0 to 1 in, ten
probabilities out (so it is no answer to lab 2). `classifier.h5` is a small convolutional network:
images of 0 to 1 in, 64 features and behind them ten probabilities out. Both see the training rows
alone; the accuracy is on the test rows. A model trained anew has other weights, and every threshold
that was set with it has to be looked at again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

from labkit import data
from labkit.lifecycle import h5
from labkit.lifecycle.fit import fit

FOLDER = Path(__file__).parent
SEED = 20


def dense() -> keras.Model:
    """The network of lab 2's solution."""
    return keras.Sequential(
        [
            layers.Input((784,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def classifier() -> tuple[keras.Model, keras.Model]:
    """The network as it is trained, and the same with its features before the probabilities."""
    inputs = layers.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(inputs)
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    features = layers.Dense(64, activation="relu", name="features")(layers.Flatten()(x))
    probabilities = layers.Dense(10, activation="softmax")(layers.Dropout(0.3)(features))
    both = layers.Concatenate()([features, probabilities])
    return keras.Model(inputs, probabilities), keras.Model(inputs, both)


def trained(model: keras.Model, shape: tuple[int, ...]) -> float:
    """Train a model on images of that shape and return its accuracy on the test rows."""
    rows = data.load("mnist")
    stopping = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, x_test = (
        (images / 255).astype("float32").reshape(-1, *shape) for images in (rows.x_train, rows.x_test)
    )
    fit(
        model, x, rows.y_train, epochs=12, batch_size=128, validation_split=0.1,
        callbacks=[stopping], verbose=2,
    )  # fmt: skip
    answers = model.predict(x_test, verbose=0).argmax(axis=1)
    return float(np.mean(answers == rows.y_test))


def make(name: str) -> tuple[keras.Model, float, str]:
    """Train the model of that name; returns it, its accuracy, and what it takes and gives."""
    keras.utils.set_random_seed(SEED)
    if name == "dense":
        plain = dense()
        return plain, trained(plain, (784,)), "rows of 784 pixels of 0 to 1 -> 10 probabilities"
    learner, whole = classifier()
    accuracy = trained(learner, (28, 28))
    return whole, accuracy, "images of 0 to 1 -> 64 features, 10 probabilities"


def main(names: list[str]) -> None:
    """Train those that are named, or both, and write what they are."""
    manifest = FOLDER / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    for name in names or ["dense", "classifier"]:
        model, accuracy, about = make(name)
        file = FOLDER / "mnist" / f"{name}.h5"
        h5.save(keras.Model(model.inputs, model.outputs), file)  # without what it was trained with
        entries["mnist"].setdefault("models", {})[name] = {
            "file": f"mnist/{name}.h5",
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "about": about,
            "accuracy": round(accuracy, 4),
        }
        print(f"{name}: {accuracy:.2%}, {file.stat().st_size / 1e3:.0f} kB")
    manifest.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
