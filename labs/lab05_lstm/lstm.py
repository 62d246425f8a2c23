"""Lab 5: a network that names the class of each word in a sentence, by the words around it.

Run it with `make lab5` or `labkit run lab5`. First you write one step of an LSTM by hand, then the five
steps in the life of a Keras model. README.md in this folder has the idea and the mathematics.

A sentence is a row of 16 numbers, one for each word: its place in the vocabulary. Behind the last word
stand zeros, the padding; 1 stands for every word that training hardly ever has.
"""

import keras
import numpy as np
from keras import layers

WORDS = 1073  # numbers of words go from 0 to 1072, padding and the unknown word included
TAGS = ("", "noun", "verb", "adjective", "determiner", "pronoun", "preposition", "adverb")
TAGS += ("conjunction", "mark")  # what the labels 0 to 9 stand for; 0 is padding


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), without an overflow for large numbers. This is given."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def lstm_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent: np.ndarray,
    bias: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what u units of an LSTM make of one word each in m sentences.

    Args:
        x: The words, as vectors, (m, d).
        h: The outputs after the word before, (m, u).
        c: The memories after the word before, (m, u).
        kernel: Weights of x, (d, 4u). Columns come in four blocks of u, in Keras' order: input gate,
            forget gate, candidate, output gate.
        recurrent: Weights of h, (u, 4u), in the same order.
        bias: (4u,), likewise.

    Returns:
        The new outputs, (m, u), the new memories, (m, u), and input gate, forget gate, candidate and
        output gate, behind their sigmoid or tanh, in that order: (4, m, u).
    """
    # TODO: Compute the weighted sums of all four blocks at once and split them with np.split. Which
    #   three are gates, between 0 and 1, and which one is between -1 and 1? Then the new memory,
    #   and from it the new output.
    raise NotImplementedError("lstm_step")


def define() -> keras.Model:
    """Return the network, not yet compiled.

    It takes sentences, rows of integers from 0 to WORDS - 1, and gives ten probabilities for each
    word, one for each tag. Padding must not be read.
    """
    # TODO: Build a Sequential model: an Input of shape (None,) with dtype "int32", an Embedding
    #   that masks zeros, a Bidirectional LSTM that returns its output for every word, and a Dense
    #   layer with one probability for each tag.
    raise NotImplementedError("define")


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # TODO: Call model.compile. The labels are integers, one for each word. A learning rate of 0.003
    #   is a good one for Adam here.
    raise NotImplementedError("compile")


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on sentences x, (4000, 16), and their tags y, (4000, 16); return the history.

    Part of the rows is kept for validation.
    """
    # TODO: Call model.fit with a few epochs, small batches and a validation_split; return what it
    #   returns.
    raise NotImplementedError("fit")


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return loss and accuracy on sentences the model never saw, as a dict; padding does not count."""
    # TODO: Call model.evaluate so that it returns a dict. If the model masks zeros, Keras leaves
    #   the padding out of loss and accuracy by itself.
    raise NotImplementedError("evaluate")


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the tag of each word, 1 to 9, and 0 where there is padding: shape (n, 16)."""
    # TODO: Ask the model for its probabilities, take the most probable tag of each word, and put 0
    #   where x is 0.
    raise NotImplementedError("predict")


if __name__ == "__main__":
    weights = [np.array([[1.0, -1, 2, 0.5]]), np.array([[1.0, 2, -1, 0]]), np.zeros(4)]
    output, memory, gates = lstm_step(
        np.ones((1, 1)), np.full((1, 1), 0.5), np.full((1, 1), 2.0), *weights
    )
    print("input gate, forget gate, candidate, output gate:", gates.ravel().round(3))
    print("memory:", memory.round(3), "output:", output.round(3))
