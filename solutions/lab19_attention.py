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
    # cut: Put a column of `start` before y without its last column. The last symbol of a short answer
    # is then still there, one place too far: what does y have in that place?
    before = np.full((len(y), 1), start, dtype=y.dtype)
    return np.where(y == 0, 0, np.concatenate([before, y[:, :-1]], axis=1))
    # end cut


def scores(queries: np.ndarray, keys: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return how well each query fits each key: v · tanh(query + key).

    Args:
        queries: (m, T, u).
        keys: (m, S, u).
        v: (u,).

    Returns:
        (m, T, S).
    """
    # cut: Give both arrays an axis more, so that their sum has the shape (m, T, S, u). The last axis
    # goes away in the product with v.
    return np.tanh(queries[:, :, None] + keys[:, None]) @ v
    # end cut


def weights(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the softmax of scores over the last axis, among the places that are not padding.

    Args:
        scores: (m, T, S), of any size: also thousands.
        mask: (m, S) bool, False where there is padding; each row has a place that is not.

    Returns:
        (m, T, S): 0 at padding; the others of each row sum to 1.
    """
    # cut: Put -inf where there is padding, subtract the largest score of each row, take exp, and divide
    # by the sum. The mask is the same for all T.
    scores = np.where(mask[:, None], scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    # end cut


def context(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the mean of the values under each row of weights.

    Args:
        weights: (m, T, S).
        values: (m, S, d).

    Returns:
        (m, T, d).
    """
    # cut: One product of matrices for each of the m.
    return weights @ values
    # end cut


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
    # cut: Queries and keys are products; then the three functions above, one after another.
    found = weights(scores(states @ w_q, values @ w_k, v), mask)
    return context(found, values), found
    # end cut


def attend_with_keras(
    states: np.ndarray,
    values: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    v: np.ndarray,
    mask: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same as `attend`, from `layers.AdditiveAttention`."""
    # cut: Call the layer with the list [queries, values, keys], return_attention_scores=True and
    # mask=[None, mask]. Build it first, by a call or by layer.build with the three shapes, then give it
    # its only weight: layer.set_weights([v]).
    queries, keys = states @ w_q, values @ w_k
    layer = layers.AdditiveAttention(dtype="float64")
    layer.build([queries.shape, values.shape, keys.shape])
    layer.set_weights([v])
    found, places = layer([queries, values, keys], mask=[None, mask], return_attention_scores=True)
    return np.asarray(found), np.asarray(places)
    # end cut


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
    # cut: Begin with zeros. Fill in place after place: the most likely symbol after the last one. Stop
    # once that was `end`.
    said, last = np.zeros(steps, dtype=int), start
    for step in range(steps):
        last = said[step] = table[last].argmax()
        if last == end:
            break
    return said
    # end cut


def finished(said: np.ndarray, end: int) -> np.ndarray:
    """Return answers with 0 in every place behind their first `end`.

    Args:
        said: (m, T) integers.
        end: The symbol that ends an answer; one that never comes ends nothing.

    Returns:
        (m, T) integers.
    """
    # cut: Count with np.cumsum how often `end` has come up to each place. Which places stay: those
    # before the first `end`, and the first `end` itself?
    ended = np.cumsum(said == end, axis=1) - (said == end)
    return np.where(ended > 0, 0, said)
    # end cut


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
    # cut: The encoder: an Embedding of the question that masks zeros, and a GRU that returns its output
    # for every letter, perhaps in both directions. The decoder: an Embedding of the answer so far and a
    # GRU, from left to right. Make each a keras.Sequential of its own and call it: of masks that pass
    # between the layers of a functional model Keras can save a .h5, and cannot load it. A Dense layer
    # without bias makes queries of the decoder's states, another makes keys of the encoder's values;
    # AdditiveAttention takes [queries, values, keys]. Concatenate the states with what it finds; then
    # come a Dense layer with tanh, and one with softmax.
    encoder = keras.Sequential(
        [
            layers.Embedding(SYMBOLS, 32, mask_zero=True),
            layers.Bidirectional(layers.GRU(32, return_sequences=True)),
        ]
    )
    decoder = keras.Sequential(
        [layers.Embedding(ANSWER, 32, mask_zero=True), layers.GRU(64, return_sequences=True)]
    )
    row, question, so_far = inputs()
    values, states = encoder(question), decoder(so_far)
    queries = layers.Dense(64, use_bias=False)(states)
    keys = layers.Dense(64, use_bias=False)(values)
    found = layers.AdditiveAttention()([queries, values, keys])
    both = layers.Dense(64, activation="tanh")(layers.Concatenate()([states, found]))
    return keras.Model(row, layers.Dense(ANSWER, activation="softmax")(both))
    # end cut


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # cut: Call model.compile. The answers are integers, one for each step. A learning rate of 0.008 is
    # a good one for Adam here, if it falls towards the end: see keras.optimizers.schedules.CosineDecay.
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.008, 700)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # end cut


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on questions x, (m, SOURCE), and their answers y, (m, STEPS); return the history.

    The network is given the right answer so far at every step: teacher forcing.
    """
    # cut: Put the questions and the shifted answers side by side, and call model.fit with a few epochs
    # and batches of 128; return what it returns.
    rows = np.concatenate([x, shifted(y, START)], axis=1)
    return model.fit(rows, y, epochs=7, batch_size=128, verbose=2)
    # end cut


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return {"exact": …}: the share of the questions that `predict` answers without a mistake."""
    # cut: An answer is right where all its symbols are.
    return {"exact": float((predict(model, x) == y).all(axis=1).mean())}
    # end cut


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the answers to questions x, (m, SOURCE), symbol by symbol: (m, STEPS), 0 behind END."""
    # cut: Begin with rows of zeros and START in front. At each step ask the model about x and the
    # answer so far, and take the most likely symbol of that step. Where does it go? Two arrays help:
    # what was said, and, one place further, what the model is given.
    said, so_far = np.zeros((2, len(x), STEPS), dtype="int32")
    so_far[:, 0] = START
    for step in range(STEPS):
        rows = np.concatenate([x, so_far], axis=1)
        said[:, step] = model.predict(rows, batch_size=512, verbose=0)[:, step].argmax(axis=-1)
        so_far[:, step + 1 : step + 2] = said[:, step : step + 1]
    return finished(said, END)
    # end cut


if __name__ == "__main__":
    key = np.array([[[0.0], [1.0], [2.0]]])
    found, places = attend(
        np.array([[[1.0]]]),
        key,
        *(np.array([[1.0]]), np.array([[-1.0]]), np.array([2.0])),
        np.array([[True, True, False]]),
    )
    print("weights:", places.round(3), "context:", found.round(3))
