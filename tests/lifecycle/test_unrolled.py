"""Answers that come symbol by symbol."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from labkit.lifecycle.predict import unrolled


def _model(columns: int, steps: int) -> keras.Model:
    """At each step it depends on all that was said before, and on nothing that comes later."""
    keras.utils.set_random_seed(3)
    layers = [keras.layers.Embedding(7, 8), keras.layers.GRU(16, return_sequences=True)]
    crop, head = keras.layers.Cropping1D((columns - steps, 0)), keras.layers.Dense(7)
    return keras.Sequential([keras.Input((columns,), dtype="int32"), *layers, crop, head])


def _rows(count: int) -> np.ndarray:
    rows = np.zeros((count, 9), "int32")
    rows[:, :4] = np.random.default_rng(0).integers(2, 7, (count, 4))
    rows[:, 4] = 1
    return rows


def test_each_symbol_is_the_likeliest_after_those_before_it() -> None:
    model, x = _model(9, 5), _rows(11)
    said = unrolled(model, x, steps=5)
    given = x.copy()
    given[:, 5:] = said[:, :-1]
    np.testing.assert_array_equal(said, np.asarray(model(given)).argmax(axis=-1))
    assert len(np.unique(said)) > 1
    np.testing.assert_array_equal(x, _rows(11))


def test_the_answers_do_not_depend_on_the_batch() -> None:
    model, x = _model(9, 5), _rows(11)
    np.testing.assert_array_equal(unrolled(model, x, 5), unrolled(model, x, 5, batch_size=3))


def test_a_model_that_answers_for_other_steps_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Received: \(11, 4, 7\)"):
        unrolled(_model(9, 4), _rows(11), steps=5)
