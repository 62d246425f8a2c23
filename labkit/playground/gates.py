"""What the gates of an LSTM do while it reads, from the weights of a trained network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, tree

__all__ = ["Gates", "Reader", "readers"]


@dataclass(frozen=True, slots=True)
class Gates:
    """Every unit at every word, each (words, units); not a number where a mask hides the word.

    Args:
        input: Between 0 and 1.
        forget: Likewise.
        output: Likewise.
        candidate: What may come to the memory, between -1 and 1.
        memory: The cell, after the word.
        shown: The output of the layer.
    """

    input: np.ndarray
    forget: np.ndarray
    output: np.ndarray
    candidate: np.ndarray
    memory: np.ndarray
    shown: np.ndarray


Reader = Callable[[np.ndarray], Gates]
"""From the numbers of the words of one sentence, (words,)."""


def readers(model: keras.Model) -> tuple[Reader, ...]:
    """Those of the first LSTM layer: one, or two where it reads from both ends; else none.

    Args:
        model: From rows of numbers of words.
    """
    for layer in model.layers:
        both = isinstance(layer, layers.Bidirectional)
        cells = (layer.forward_layer, layer.backward_layer) if both else (layer,)
        if all(isinstance(cell, layers.LSTM) for cell in cells):
            given = _given(model, layer)
            return () if given is None else tuple(_reader(given, cell) for cell in cells)
    return ()


def _given(model: keras.Model, layer: layers.Layer) -> keras.Model | None:
    """The model up to what a layer is given: vectors, and where there is one, a mask.

    ``None`` where the layer is used twice, or begins in a state that another layer made.
    """
    try:
        given = tree.flatten(layer.input)
    except (AttributeError, ValueError):
        return None
    vectors = [part for part in given if part.dtype != "bool"]
    return keras.Model(model.inputs, given) if len(vectors) == 1 else None


def _reader(given: keras.Model, layer: layers.LSTM) -> Reader:
    """The function that reads as one LSTM does, from left to right or from right to left."""

    def read(sentence: np.ndarray) -> Gates:
        parts = [np.asarray(part)[0] for part in tree.flatten(given([sentence[None]]))]
        x = next(part for part in parts if part.dtype != bool)
        mask = next((part for part in parts if part.dtype == bool), np.ones(len(x), bool))
        return _read(layer, x, mask)

    return read


def _read(layer: layers.LSTM, x: np.ndarray, mask: np.ndarray) -> Gates:
    """Step through a sentence, (words, d); a word that the mask hides changes nothing."""
    kernel, recurrent, *bias = layer.get_weights()
    squash, bend = layer.recurrent_activation, layer.activation
    found = np.full((6, len(x), layer.units), np.nan)
    h = c = np.zeros(layer.units, "float32")
    order = np.flatnonzero(mask)
    for word in order[::-1] if layer.go_backwards else order:
        sums = np.split(x[word] @ kernel + h @ recurrent + sum(bias), 4)
        i, f, o = (np.asarray(squash(sums[place])) for place in (0, 1, 3))
        g = np.asarray(bend(sums[2]))
        c = f * c + i * g
        h = o * np.asarray(bend(c))
        found[:, word] = i, f, o, g, c, h
    return Gates(*found)
