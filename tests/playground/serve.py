"""Serves every page from one process: prints ``{page: address}``, then waits until its input ends.

python serve.py FOLDER [LANGUAGE]
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from labkit import data
from labkit.cli.play import PAGES
from labkit.lifecycle import h5
from labkit.playground.pages.tagger import SENTENCES
from labkit.playground.server import open_page
from labkit.playground.vocabulary import vocabulary

_LETTERS = "-NVADPSRCF"  # of the tags of lab 5
_TAGGED = ("DNVRAF", "DNVRRF", "VDNRF", "SDNVDNF", "DANVSDNF")


def digits() -> keras.Model:
    """The kit's dense network behind a layer that scales, as in lab 2."""
    dense = h5.load(data.model("mnist", "dense"), compile=False)
    learnt = [layer for layer in dense.layers if not isinstance(layer, keras.layers.InputLayer)]
    scaled = [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    return keras.Sequential([*scaled, *learnt])


def fashion() -> keras.Model:
    """The nearest mean garment, as one layer: wrong often enough to be looked at."""
    arrays = data.load("fashion_mnist")
    x, y = arrays.x_train[:2_000].reshape(2_000, -1) / 255.0, arrays.y_train[:2_000]
    means = np.array([x[y == garment].mean(axis=0) for garment in range(10)])
    last = keras.layers.Dense(10, activation="softmax")
    scaled = [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    model = keras.Sequential([*scaled, last])
    last.set_weights([means.T / 10, -0.05 * (means**2).sum(axis=1)])
    return model


def gasoline() -> keras.Model:
    """Least squares."""
    table = data.load_table("gasoline")
    rows = np.column_stack([table.x, np.ones(len(table.y))])
    *slopes, offset = np.linalg.lstsq(rows, table.y, rcond=None)[0]
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((4,)), last])
    last.set_weights([np.array(slopes)[:, None], np.array([offset])])
    return model


def latent() -> keras.Model:
    """Digits by their sixteen principal components, in place of a game of two networks."""
    x = data.load("mnist").x_train[:1_000].reshape(1_000, -1) / 255.0
    mean = x.mean(axis=0)
    _scores, spread, components = np.linalg.svd(x - mean, full_matrices=False)
    last = keras.layers.Dense(784, activation="sigmoid")
    model = keras.Sequential([keras.Input((16,)), last, keras.layers.Reshape((28, 28))])
    last.set_weights([8 * spread[:16, None] / len(x) ** 0.5 * components[:16], 8 * mean - 4])
    return model


def tagger(cell: type[keras.layers.Layer] = keras.layers.LSTM) -> keras.Model:
    """Untrained but for its last layer, which knows the sentences of the page by least squares."""
    words = vocabulary()
    keras.utils.set_random_seed(1)
    table = keras.layers.Embedding(
        1 + max(words.ids.values()), 16, embeddings_initializer="random_normal", mask_zero=True
    )
    both = keras.layers.Bidirectional(cell(24, return_sequences=True))
    last = keras.layers.Dense(len(_LETTERS), activation="softmax")
    layers = [keras.Input((None,), dtype="int32"), table, both]
    read = keras.Sequential(layers)
    table.set_weights([20 * table.get_weights()[0]])
    x = np.stack([words.read(sentence).numbers for sentence in SENTENCES])
    heard = np.asarray(read(x))[x > 0]
    rows = np.column_stack([heard, np.ones(len(heard))])
    wanted = np.eye(len(_LETTERS))[[_LETTERS.index(letter) for letter in "".join(_TAGGED)]]
    solved = np.linalg.lstsq(rows, 8 * wanted, rcond=None)[0]
    model = keras.Sequential([*layers, last])
    last.set_weights([solved[:-1], solved[-1]])
    return model


def main(folder: Path, language: str = "en") -> None:
    addresses = {}
    models = {"digits": digits, "fashion": fashion, "gasoline": gasoline}
    models |= {"latent": latent, "tagger": tagger}
    for name in dict.fromkeys(PAGES.values()):
        model = None
        if name in models:
            h5.save(models[name](), folder / f"{name}.h5")
            model = h5.load(folder / f"{name}.h5", compile=False)
        page = import_module(f"labkit.playground.pages.{name}").PAGE
        addresses[name] = open_page(page, model, language)
    spanish = import_module("labkit.playground.pages.neuron").PAGE
    addresses["neuron.es"] = open_page(spanish, None, "es")
    without_gates = import_module("labkit.playground.pages.tagger").PAGE
    addresses["tagger.gru"] = open_page(without_gates, tagger(keras.layers.GRU), language)
    print(json.dumps(addresses), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
