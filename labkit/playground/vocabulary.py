"""Sentences as lab 5 has them: typed or drawn from its grammar, and turned into numbers."""

from __future__ import annotations

import importlib
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.rubric import find
from labkit.rubric.protocol import PUBLIC_SEED

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Sentence", "Vocabulary", "vocabulary"]

_WORD = re.compile(r"\w+|[,.]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is read of a text.

    Args:
        words: In small letters; the last one is the mark at the end.
        numbers: Of the words, padded behind as in the lab: (length,).
        unknown: Which of them are given as the unknown word.
        left_out: Words behind the longest sentence that the lab has.
    """

    words: tuple[str, ...]
    numbers: np.ndarray
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of lab 5.

    Args:
        ids: Word -> number.
        trained: Numbers that the training sentences of the public split have.
        ambiguous: Words of several classes.
        length: Words of the longest sentence.
        unknown: Number of any other word.
    """

    ids: dict[str, int]
    trained: frozenset[int]
    ambiguous: frozenset[str]
    length: int
    unknown: int

    def read(self, text: str) -> Sentence:
        """Words and marks of a text; a full stop is set at its end where it has none.

        As in the lab, a word is unknown that hardly a training sentence has.
        """
        found = _WORD.findall(text.lower())
        if found and found[-1] != ".":
            found.append(".")
        if len(found) > self.length:
            words, left_out = [*found[: self.length - 1], "."], found[self.length - 1 : -1]
        else:
            words, left_out = found, []
        numbers = np.zeros(self.length, "int32")
        for place, word in enumerate(words):
            number = self.ids.get(word, self.unknown)
            numbers[place] = number if number in self.trained else self.unknown
        strangers = [word for word, number in zip(words, numbers) if number == self.unknown]
        return Sentence(tuple(words), numbers, tuple(dict.fromkeys(strangers)), tuple(left_out))

    def drawn(self, seed: int) -> str:
        """A sentence of the lab's grammar, as one writes it."""
        sentences, rng = _module("sentences"), random.Random(seed)
        while len(tokens := sentences.sentence(rng)) > self.length:
            pass
        return str(sentences.spelled([word for word, _tag in tokens]))


def vocabulary() -> Vocabulary:
    """That of lab 5, whose training sentences are made once for it."""
    tables = _module("tables")
    ids: dict[str, int] = tables.ids()
    made = tables.make(np.random.default_rng(PUBLIC_SEED))
    numbers = set(tables.ambiguous_ids())
    return Vocabulary(
        ids,
        frozenset(np.unique(made.x).tolist()),
        frozenset(word for word, number in ids.items() if number in numbers),
        tables.LENGTH,
        tables.UNKNOWN,
    )


def _module(name: str) -> ModuleType:
    """A module beside the lab's rubric; none that a student writes."""
    return importlib.import_module(f"{find.lab('lab5').folder}.{name}")
