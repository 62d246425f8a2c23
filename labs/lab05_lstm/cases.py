"""What `lstm_step` of lab 5 is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["SENTENCE", "UNIT", "cases", "sentence_words"]

SENTENCE = "sentence"
"""Case with a row for each word of a sentence, and the states of a tiny trained network before it."""

UNIT = 2
"""Of that network: it forgets at an article, and is positive until a verb or a preposition comes."""

_FILE = Path(__file__).with_name("gates.json")


def cases(rng: np.random.Generator) -> Iterator[Call]:
    one = np.ones((1, 1))
    worked = (np.array([[1.0, -1.0, 2.0, 0.5]]), np.array([[1.0, 2.0, -1.0, 0.0]]), np.zeros(4))
    yield Call("lstm_step", "worked_example", (one, 0.5 * one, 2 * one, *worked))
    yield Call(
        "lstm_step", "nothing", (np.zeros((3, 2)), *np.zeros((2, 3, 4)), *_weights(np.zeros, 2, 4))
    )
    states = rng.normal(size=(2, 5, 4))
    yield Call("lstm_step", "hidden", (rng.normal(size=(5, 7)), *states, *_weights(_normal(rng), 7, 4)))
    record = json.loads(_FILE.read_text(encoding="utf-8"))
    names = ("x", "h", "c", "kernel", "recurrent", "bias")
    yield Call("lstm_step", SENTENCE, tuple(np.array(record[name]) for name in names))


def sentence_words() -> list[str]:
    """The words of that sentence."""
    words: list[str] = json.loads(_FILE.read_text(encoding="utf-8"))["words"]
    return words


def _weights(make, inputs: int, units: int) -> tuple[np.ndarray, ...]:
    return make((inputs, 4 * units)), make((units, 4 * units)), make((4 * units,))


def _normal(rng: np.random.Generator):
    return lambda shape: rng.normal(size=shape)
