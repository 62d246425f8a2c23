"""What a typed text is to the network of lab 5."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.playground.vocabulary import Vocabulary, vocabulary


@pytest.fixture(scope="module")
def small() -> Vocabulary:
    ids = {word: number for number, word in enumerate([".", ",", "el", "gato", "zorro"], start=2)}
    return Vocabulary(ids, frozenset({2, 3, 4, 5}), frozenset(), length=6, unknown=1)


def test_a_sentence_is_read_in_small_letters_and_padded(small: Vocabulary) -> None:
    read = small.read("El GATO.")
    assert read.words == ("el", "gato", ".")
    np.testing.assert_array_equal(read.numbers, [4, 5, 2, 0, 0, 0])


def test_a_full_stop_is_set_where_there_is_none(small: Vocabulary) -> None:
    assert small.read("el gato").words == small.read("el gato.").words


def test_words_that_training_has_not_are_the_unknown_word(small: Vocabulary) -> None:
    read = small.read("el zorro, el perro")
    np.testing.assert_array_equal(read.numbers, [4, 1, 3, 4, 1, 2])
    assert read.unknown == ("zorro", "perro")


def test_what_is_too_long_is_left_out_and_still_ends_in_its_mark(small: Vocabulary) -> None:
    read = small.read("el gato, el gato y el perro.")
    assert read.words == ("el", "gato", ",", "el", "gato", ".")
    assert read.left_out == ("y", "el", "perro")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    vocabulary = Vocabulary({".": 2}, frozenset({2}), frozenset(), length=6, unknown=1)
    read = vocabulary.read(text)
    assert len(read.words) == np.count_nonzero(read.numbers) <= 6


def test_a_drawn_sentence_is_read_as_a_whole() -> None:
    words = vocabulary()
    drawn = [words.read(words.drawn(seed)) for seed in range(30)]
    assert not any(read.left_out for read in drawn)
    assert len({read.words for read in drawn}) > 20
    assert words.drawn(3) == words.drawn(3)
