"""Lab 19: a network that conjugates Spanish verbs, letter by letter, and shows where it looks.

Run it with `make lab19` or `labkit run lab19`. First you write attention by hand, then the five steps
in the life of a Keras model. README.md in this folder has the idea and the mathematics.

A question is a row of 12 numbers: tense, person, and the letters of an infinitive. An answer is a row
of 15: the letters of the form, and END. Zeros fill up what is left of either, the padding.
"""

import keras
import numpy as np
from keras import layers

START, END = 1, 2
LETTERS = "abcdefghijlmnopqrstuvxyzáéíñóúü"  # LETTERS[0] is number 3, and so on
ANSWER = 34  # numbers of an answer go from 0 to 33
SYMBOLS = 44  # those of a question to 43: 34 to 37 are the tenses, 38 to 43 the persons
SOURCE, STEPS = 12, 15  # lengths of a question and of an answer


def shifted(y: np.ndarray, start: int) -> np.ndarray:
    """Return what a decoder is given in training while it is to say y: the symbols before each.

    Args:
        y: Answers, (m, T) integers, 0 behind the last symbol of each.
        start: What comes before the first symbol.

    Returns:
        (m, T) integers: `start`, then the symbols of y without the last one, and 0 wherever y is 0.
    """
    # TODO: Put a column of `start` before y without its last column. The last symbol of a short
    #   answer is then still there, one place too far: what does y have in that place?
    raise NotImplementedError("shifted")


def scores(queries: np.ndarray, keys: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return how well each query fits each key: v · tanh(query + key).

    Args:
        queries: (m, T, u).
        keys: (m, S, u).
        v: (u,).

    Returns:
        (m, T, S).
    """
    # TODO: Give both arrays an axis more, so that their sum has the shape (m, T, S, u). The last
    #   axis goes away in the product with v.
    raise NotImplementedError("scores")


def weights(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the softmax of scores over the last axis, among the places that are not padding.

    Args:
        scores: (m, T, S), of any size: also thousands.
        mask: (m, S) bool, False where there is padding; each row has a place that is not.

    Returns:
        (m, T, S): 0 at padding; the others of each row sum to 1.
    """
    # TODO: Put -inf where there is padding, subtract the largest score of each row, take exp, and
    #   divide by the sum. The mask is the same for all T.
    raise NotImplementedError("weights")


def context(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the mean of the values under each row of weights.

    Args:
        weights: (m, T, S).
        values: (m, S, d).

    Returns:
        (m, T, d).
    """
    # TODO: One product of matrices for each of the m.
    raise NotImplementedError("context")


def attend(
    states: np.ndarray,
    values: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    v: np.ndarray,
    mask: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the states of a decoder find among the values of an encoder, and where they look.

    Args:
        states: (m, T, a).
        values: (m, S, b).
        w_q: Makes a query of a state, (a, u).
        w_k: Makes a key of a value, (b, u).
        v: (u,).
        mask: (m, S) bool, False where there is padding.

    Returns:
        The contexts, (m, T, b), and the weights, (m, T, S).
    """
    # TODO: Queries and keys are products; then the three functions above, one after another.
    raise NotImplementedError("attend")


def attend_with_keras(
    states: np.ndarray,
    values: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    v: np.ndarray,
    mask: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same as `attend`, from `layers.AdditiveAttention`."""
    # TODO: Call the layer with the list [queries, values, keys], return_attention_scores=True and
    #   mask=[None, mask]. Build it first, by a call or by layer.build with the three shapes, then
    #   give it its only weight: layer.set_weights([v]).
    raise NotImplementedError("attend_with_keras")


def greedy(table: np.ndarray, start: int, end: int, steps: int) -> np.ndarray:
    """Say a word by the most likely symbol at each step.

    Args:
        table: Row i has the probabilities of the symbol that follows symbol i, (n, n).
        start: The symbol before the first.
        end: The symbol after which nothing more is said.
        steps: Symbols at most, `end` counted.

    Returns:
        (steps,) integers: the symbols said, without `start` and with `end` where it was said; 0 behind.
    """
    # TODO: Begin with zeros. Fill in place after place: the most likely symbol after the last one.
    #   Stop once that was `end`.
    raise NotImplementedError("greedy")


def finished(said: np.ndarray, end: int) -> np.ndarray:
    """Return answers with 0 in every place behind their first `end`.

    Args:
        said: (m, T) integers.
        end: The symbol that ends an answer; one that never comes ends nothing.

    Returns:
        (m, T) integers.
    """
    # TODO: Count with np.cumsum how often `end` has come up to each place. Which places stay: those
    #   before the first `end`, and the first `end` itself?
    raise NotImplementedError("finished")


def inputs() -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Return the input of the network, and its two parts. This is given.

    Returns:
        The input: rows of SOURCE + STEPS integers. The question, (SOURCE,), and the answer so far,
        (STEPS,): START, then the symbols said, then zeros.
    """
    row = layers.Input((SOURCE + STEPS,), dtype="int32")
    column = layers.Reshape((SOURCE + STEPS, 1))(row)
    question = layers.Reshape((SOURCE,))(layers.Cropping1D((0, STEPS))(column))
    so_far = layers.Reshape((STEPS,))(layers.Cropping1D((SOURCE, 0))(column))
    return row, question, so_far


def define() -> keras.Model:
    """Return the network, not yet compiled.

    It takes rows of `inputs` and gives ANSWER probabilities for each of the STEPS symbols of an answer.
    At each step it may know the question, and of the answer no more than what was said before.
    """
    # TODO: The encoder: an Embedding of the question that masks zeros, and a GRU that returns its
    #   output for every letter, perhaps in both directions. The decoder: an Embedding of the answer
    #   so far and a GRU, from left to right. Make each a keras.Sequential of its own and call it:
    #   of masks that pass between the layers of a functional model Keras can save a .h5, and cannot
    #   load it. A Dense layer without bias makes queries of the decoder's states, another makes
    #   keys of the encoder's values; AdditiveAttention takes [queries, values, keys]. Concatenate
    #   the states with what it finds; then come a Dense layer with tanh, and one with softmax.
    raise NotImplementedError("define")


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # TODO: Call model.compile. The answers are integers, one for each step. A learning rate of
    #   0.008 is a good one for Adam here, if it falls towards the end: see
    #   keras.optimizers.schedules.CosineDecay.
    raise NotImplementedError("compile")


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on questions x, (m, SOURCE), and their answers y, (m, STEPS); return the history.

    The network is given the right answer so far at every step: teacher forcing.
    """
    # TODO: Put the questions and the shifted answers side by side, and call model.fit with a few
    #   epochs and batches of 128; return what it returns.
    raise NotImplementedError("fit")


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return {"exact": …}: the share of the questions that `predict` answers without a mistake."""
    # TODO: An answer is right where all its symbols are.
    raise NotImplementedError("evaluate")


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the answers to questions x, (m, SOURCE), symbol by symbol: (m, STEPS), 0 behind END."""
    # TODO: Begin with rows of zeros and START in front. At each step ask the model about x and the
    #   answer so far, and take the most likely symbol of that step. Where does it go? Two arrays
    #   help: what was said, and, one place further, what the model is given.
    raise NotImplementedError("predict")


if __name__ == "__main__":
    key = np.array([[[0.0], [1.0], [2.0]]])
    found, places = attend(
        np.array([[[1.0]]]),
        key,
        *(np.array([[1.0]]), np.array([[-1.0]]), np.array([2.0])),
        np.array([[True, True, False]]),
    )
    print("weights:", places.round(3), "context:", found.round(3))
