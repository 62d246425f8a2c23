"""What pages are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

pytest.importorskip("gradio")

from labkit.i18n import current_language, speaking
from labkit.layers import Hopfield
from labkit.playground.images import centred
from labkit.playground.pad import cells, coded
from labkit.playground.page import in_this_language
from labkit.playground.pages.hopfield import visits
from labkit.playground.pages.logistic import cost, descended
from labkit.playground.pages.neuron import correction

drawings = arrays(np.uint8, (28, 28))


@given(drawings)
def test_a_pad_holds_what_was_put_into_it(drawing: np.ndarray) -> None:
    np.testing.assert_array_equal(cells(coded(drawing), 28, 28), drawing)


@given(st.text())
def test_what_is_no_drawing_is_an_empty_one(text: str) -> None:
    assert cells(text, 28, 28).shape == (28, 28)


@given(drawings)
def test_a_centred_drawing_is_twenty_pixels_long(drawing: np.ndarray) -> None:
    rows, columns = np.nonzero(centred(drawing))
    longest = max(np.ptp(rows), np.ptp(columns)) + 1 if rows.size else 0
    assert longest <= 20


@given(st.integers(0, 6), st.integers(0, 6))
def test_a_drawing_is_centred_alike_wherever_it_was(down: int, across: int) -> None:
    drawing = np.zeros((28, 28), np.uint8)
    drawing[2:20, 4:8], drawing[2:6, 4:16] = 255, 255
    moved = np.roll(drawing, (down, across), (0, 1))
    np.testing.assert_array_equal(centred(moved), centred(drawing))


@given(arrays(float, 3, elements=st.floats(-3, 3, width=16)))
def test_the_gradient_leads_down(weights: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 2)), rng.integers(0, 2, 30)
    assert cost(x, y, descended(x, y, weights, 0.1, 5)) <= cost(x, y, weights) + 1e-12


def test_the_perceptron_rule_ends_for_what_a_line_can_part() -> None:
    corners, wanted = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    weights = np.array([0.5, -1.0, 0.25])
    for _correction in range(40):
        weights = correction(corners, wanted, weights)
    np.testing.assert_array_equal(corners @ weights[:2] + weights[2] > 0, wanted > 0)


@settings(deadline=None, max_examples=20)  # the first one waits for TensorFlow
@given(arrays(float, 16, elements=st.sampled_from([-1.0, 1.0])))
def test_no_visit_raises_the_energy_nor_turns_two_neurons(probe: np.ndarray) -> None:
    memory = Hopfield()
    memory.adapt(np.where(np.random.default_rng(1).random((2, 16)) < 0.5, -1.0, 1.0))
    states = visits(memory, probe)
    assert np.diff(np.asarray(memory.energy(states))).max(initial=0.0) <= 1e-6
    assert (states[1:] != states[:-1]).sum(axis=1).max(initial=0) <= 1
    np.testing.assert_array_equal(states[-1], np.asarray(memory.recall(probe[None]).states)[0])


def test_an_answer_speaks_the_language_it_was_made_in() -> None:
    with speaking("es"):
        answer = in_this_language(current_language)
    assert (answer(), current_language()) == ("es", "en")
