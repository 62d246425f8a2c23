"""The gates of an LSTM as the playground shows them, against what Keras' layer itself gives."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("gradio")

import keras
from keras import layers

from labkit.errors import ModelFileError
from labkit.playground.gates import readers
from labkit.playground.pages.tagger import PAGE, tagger
from labkit.playground.vocabulary import vocabulary

SENTENCE = np.array([4, 7, 7, 2, 0, 0], "int32")
READ = 4  # words, without the padding


def network(*recurrent: layers.Layer, masks: bool = True, length: int | None = None) -> keras.Model:
    """An embedding and what comes behind it."""
    keras.utils.set_random_seed(3)
    table = layers.Embedding(9, 5, embeddings_initializer="random_normal", mask_zero=masks)
    return keras.Sequential([keras.Input((length,), dtype="int32"), table, *recurrent])


@pytest.mark.parametrize("length", [None, 6])
@pytest.mark.parametrize("bias", [True, False])
def test_the_outputs_are_those_of_the_layer(length: int | None, bias: bool) -> None:
    model = network(layers.LSTM(4, return_sequences=True, use_bias=bias), length=length)
    (read,) = readers(model)
    shown = np.asarray(model(SENTENCE[None]))[0, :READ]
    np.testing.assert_allclose(read(SENTENCE).shown[:READ], shown, atol=1e-6)


def test_a_network_that_reads_from_both_ends_has_two_readers() -> None:
    model = network(layers.Bidirectional(layers.LSTM(4, return_sequences=True)))
    shown = np.asarray(model(SENTENCE[None]))[0, :READ]
    halves = [read(SENTENCE).shown[:READ] for read in readers(model)]
    np.testing.assert_allclose(np.hstack(halves), shown, atol=1e-6)


def test_padding_is_read_where_no_mask_hides_it() -> None:
    model = network(layers.Bidirectional(layers.LSTM(4, return_sequences=True)), masks=False)
    shown = np.asarray(model(SENTENCE[None]))[0]
    halves = [read(SENTENCE).shown for read in readers(model)]
    np.testing.assert_allclose(np.hstack(halves), shown, atol=1e-6)


def test_a_word_that_the_mask_hides_has_no_gates() -> None:
    (read,) = readers(network(layers.LSTM(4, return_sequences=True)))
    gates = read(SENTENCE)
    assert np.isnan(gates.forget[READ:]).all() and np.isfinite(gates.forget[:READ]).all()


def test_the_memory_is_what_the_gates_make_of_it() -> None:
    (read,) = readers(network(layers.LSTM(4, return_sequences=True)))
    gates = read(SENTENCE)
    before = np.vstack([np.zeros(4), gates.memory[: READ - 1]])
    made = gates.forget * np.pad(before, ((0, 2), (0, 0))) + gates.input * gates.candidate
    np.testing.assert_allclose(gates.memory[:READ], made[:READ], atol=1e-6)


@pytest.mark.parametrize(
    "recurrent",
    [layers.GRU(4, return_sequences=True), layers.Bidirectional(layers.GRU(4)), layers.Dense(3)],
)
def test_where_there_is_no_lstm_there_are_no_readers(recurrent: layers.Layer) -> None:
    assert readers(network(recurrent)) == ()


def test_a_network_that_gives_no_ten_tags_is_refused() -> None:
    with pytest.raises(ModelFileError, match=r"gives \(None, None, 4\)") as refused:
        PAGE.build(network(layers.LSTM(4, return_sequences=True)))
    assert "ten probabilities a word" in str(refused.value.expected)


def test_a_network_that_does_not_know_all_words_is_refused() -> None:
    model = network(layers.Dense(10, activation="softmax"))
    with pytest.raises(ModelFileError, match="word 1072"):
        tagger(model, vocabulary())
