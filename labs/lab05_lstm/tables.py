"""Sentences as numbers: what a network of lab 5 is trained on, and what is hidden from it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import numpy as np
from lab05_lstm.readings import ambiguous, vocabulary
from lab05_lstm.sentences import Token, sentence

from labkit.rubric.protocols.generated import Tables

__all__ = ["HOLDOUT", "LENGTH", "PADDING", "TAGS", "UNKNOWN", "ambiguous_ids", "draw", "ids", "make"]
__all__ += ["turned", "words"]

Sentence = tuple[Token, ...]

TAGS = "-NVADPSRCF"
"""Place -> letter of the tag; place 0 is padding."""

PADDING, UNKNOWN = 0, 1
LENGTH = 16
"""Words of the longest sentence."""

TRAINED, HOLDOUT, HIDDEN, TURNED = 4_000, 500, 1_000, 200
_NEW = 40  # words that no training sentence has
_OFTEN = 3  # times that a training sentence has a word, or else it is unknown
_MASKED = 0.03  # share of other words that are made unknown in a training sentence
_SPARE, _HIDDEN_SHARE = 50, 0.2
_OPEN = frozenset("NVA")


@cache
def words() -> tuple[str, ...]:
    """Number -> word, the same for every seed; 0 is padding and 1 any unknown word."""
    return ("", "?", *sorted(vocabulary()))


@cache
def ids() -> dict[str, int]:
    """Word -> number."""
    return {word: number for number, word in enumerate(words()) if number > UNKNOWN}


@cache
def ambiguous_ids() -> tuple[int, ...]:
    """Numbers of the words that belong to more than one class."""
    return tuple(ids()[word] for word in ambiguous())


def make(generator: np.random.Generator) -> Tables:
    """Make training rows and hidden ones.

    The first rows of the hidden ones are sentences of their own, which may have words that no training
    row has; those are unknown. The last are the first short ones again, with the padding in front.
    """
    rng = random.Random(int(generator.integers(2**62)))
    plain = sorted(word for word, tags in vocabulary().items() if len(tags) == 1 and tags <= _OPEN)
    trained, hidden = draw(rng, frozenset(generator.choice(plain, _NEW, replace=False).tolist()))
    (x, y), (hidden_x, hidden_y) = _numbered(trained), _numbered(hidden)
    rare = np.bincount(x.ravel(), minlength=len(words())) < _OFTEN
    masked = np.isin(x, [ids()[word] for word in plain]) & (generator.random(x.shape) < _MASKED)
    x, hidden_x = np.where(rare[x] | masked, UNKNOWN, x), np.where(rare[hidden_x], UNKNOWN, hidden_x)
    known = {row.tobytes() for row in x}
    other = np.array([row.tobytes() not in known for row in hidden_x])
    hidden_x, hidden_y = hidden_x[other][:HIDDEN], hidden_y[other][:HIDDEN]
    short = np.flatnonzero(hidden_x[:, -1] == PADDING)[:TURNED]
    return Tables(
        x,
        y,
        np.concatenate([hidden_x, turned(hidden_x[short], hidden_x[short])]),
        np.concatenate([hidden_y, turned(hidden_y[short], hidden_x[short])]),
    )


def draw(rng: random.Random, new: frozenset[str]) -> tuple[list[Sentence], list[Sentence]]:
    """Different sentences: those to train on, without the new words, and those to be hidden."""
    trained: dict[Sentence, None] = {}
    hidden: dict[Sentence, None] = {}
    while len(trained) < TRAINED + HOLDOUT:
        tokens = tuple(sentence(rng))
        if len(tokens) > LENGTH or tokens in trained or tokens in hidden:
            continue
        if len(hidden) < HIDDEN + _SPARE and rng.random() < _HIDDEN_SHARE:
            hidden[tokens] = None
        elif not new & {word for word, _tag in tokens}:
            trained[tokens] = None
    return list(trained), list(hidden)


def turned(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Rows of ``values`` with what belongs to the padding of ``x`` moved to the front, or back."""
    order = np.argsort(x != PADDING, axis=1, kind="stable")
    return np.take_along_axis(values, order.reshape(order.shape + (1,) * (values.ndim - 2)), axis=1)


def _numbered(sentences: Sequence[Sentence]) -> tuple[np.ndarray, np.ndarray]:
    """Words and tags as numbers, (sentences, LENGTH) each, padded behind."""
    x, y = np.zeros((2, len(sentences), LENGTH), "int32")
    for row, tokens in enumerate(sentences):
        for place, (word, tag) in enumerate(tokens):
            x[row, place], y[row, place] = ids()[word], TAGS.index(tag)
    return x, y
