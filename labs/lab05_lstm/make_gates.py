"""Trains a tiny LSTM; writes ``gates.json``: weights, and states before each word of a sentence.

They are what `lstm_step` is given for the sentence, one row a word, so that its gates can be drawn.
Make the file again with ``PYTHONPATH=.:labs python -m lab05_lstm.make_gates``, and look which unit is
worth showing (`cases.UNIT`).
"""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
from keras import layers
from lab05_lstm.tables import LENGTH, TAGS, ids, make, words

FILE = Path(__file__).with_name("gates.json")
SENTENCE = "la joven que vive cerca de la plaza trae un traje nuevo para el viejo cura ."
UNITS = 6
SEED = 5


def main() -> None:
    """Train, round the weights, and walk through the sentence with them."""
    keras.utils.set_random_seed(SEED)
    rows = make(np.random.default_rng(SEED))
    embedding = layers.Embedding(len(words()), UNITS, mask_zero=True)
    lstm = layers.LSTM(UNITS, return_sequences=True)
    model = keras.Sequential(
        [layers.Input((LENGTH,), dtype="int32"), embedding, lstm, layers.Dense(len(TAGS), "softmax")]
    )
    model.compile(keras.optimizers.Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(rows.x, rows.y, epochs=12, batch_size=32, verbose=2)
    kernel, recurrent, bias = (np.round(weight, 3).astype(float) for weight in lstm.get_weights())
    numbers = [ids()[word] for word in SENTENCE.split()]
    x = np.round(embedding.get_weights()[0][numbers], 3).astype(float)
    h, c = _states(x, kernel, recurrent, bias)
    record = {"words": SENTENCE.split()} | {
        name: np.round(values, 6).tolist()
        for name, values in (("x", x), ("h", h), ("c", c), ("kernel", kernel), ("recurrent", recurrent))
    }
    FILE.write_text(json.dumps(record | {"bias": bias.tolist()}, ensure_ascii=False) + "\n", "utf-8")


def _states(*arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The states before each word, from Keras' own cell."""
    x, *weights = arrays
    cell = layers.LSTMCell(UNITS, dtype="float64")
    cell.build((None, x.shape[1]))
    cell.set_weights(weights)
    states = [(np.zeros((1, UNITS)), np.zeros((1, UNITS)))]
    for row in x[:-1]:
        states.append(tuple(map(np.asarray, cell(row[None], states[-1])[1])))
    h, c = (np.concatenate(part) for part in zip(*states))
    return h, c


if __name__ == "__main__":
    main()
