"""Verbs as numbers: what a network of lab 19 is trained on, and what is hidden from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from labkit.data import Verb, load_verbs
from labkit.rubric.protocols.generated import Tables

__all__ = ["ANSWER", "END", "HOLDOUT", "LETTERS", "PADDING", "SHOWN", "SOURCE", "START", "STEPS"]
__all__ += ["SYMBOLS", "Asked", "answer", "asked", "make", "regularized", "source", "verbs", "written"]

PADDING, START, END = 0, 1, 2
LETTERS = "abcdefghijlmnopqrstuvxyzáéíñóúü"
"""Letter -> its number, less 3."""

ANSWER = 3 + len(LETTERS)
"""Symbols of an answer; behind them come the four tenses, and the six persons."""

SYMBOLS = ANSWER + 4 + 6
LONGEST = 10
"""Letters of the longest infinitive in the lab."""

SOURCE, STEPS = LONGEST + 2, LONGEST + 5
"""Symbols of a question: tense, person, letters; and of an answer, with its end."""

SHOWN = (
    ("buscar", 6),
    ("conocer", 0),
    ("leer", 8),
    ("cantar", 21),
    ("saber", 0),
    ("poder", 2),
    ("poner", 6),
    ("sentir", 8),
)
"""Infinitive and form whose attention is drawn; no form of these verbs is trained on."""

HOLDOUT, HIDDEN, IRREGULAR = 300, 1_500, 400
_HIDDEN_SHARE = 8  # one verb of so many is kept from training, of each ending
_FORMS = {"ar": 4, "er": 14, "ir": 14}  # of a verb that are trained on: few verbs end in -er and -ir

Asked = tuple[str, int]
"""An infinitive, and the place of the form among its 24."""


@cache
def verbs() -> dict[str, Verb]:
    """Infinitive -> verb, of those that are short enough."""
    return {verb.infinitive: verb for verb in load_verbs() if len(verb.infinitive) <= LONGEST}


@cache
def regularized(infinitive: str) -> tuple[str, ...]:
    """The 24 forms that a verb would have if it went like hablar, comer or vivir, letter by letter."""
    ending = infinitive[-2:].replace("í", "i")
    pattern = verbs()[{"ar": "hablar", "er": "comer", "ir": "vivir"}[ending]]
    stem = len(pattern.infinitive) - 2
    return tuple(infinitive[:-2] + form[stem:] for form in pattern.forms)


def make(generator: np.random.Generator) -> Tables:
    """Make training rows and hidden ones.

    Trained on are some forms of regular verbs, among them all that change their spelling. Hidden are,
    in this order: the forms that are shown, forms of regular verbs that no training row has, and forms
    of verbs that are not regular.
    """
    always = {infinitive for infinitive, _form in SHOWN}
    trained, hidden = [], []
    for ending in _FORMS:
        group = [v.infinitive for v in verbs().values() if v.regular and v.infinitive.endswith(ending)]
        group = [group[place] for place in generator.permutation(len(group))]
        kept = set(group[: len(group) // _HIDDEN_SHARE]) | always
        hidden += [(verb, form) for verb in group if verb in kept for form in range(24)]
        for verb in group:
            if verb not in kept:
                drawn = set(generator.choice(24, _FORMS[ending], replace=False).tolist())
                trained += [(verb, form) for form in sorted(drawn | _respelled(verb))]
    others = [(v.infinitive, form) for v in verbs().values() if not v.regular for form in range(24)]
    x, y = _numbered(_drawn(generator, trained, len(trained)))
    asking = [*SHOWN, *_drawn(generator, hidden, HIDDEN), *_drawn(generator, others, IRREGULAR)]
    return Tables(x, y, *_numbered(asking))


def source(infinitive: str, form: int) -> list[int]:
    """A question as numbers: tense, person, and the letters of the infinitive."""
    return [ANSWER + form // 6, ANSWER + 4 + form % 6, *_letters(infinitive)]


def answer(form: str) -> list[int]:
    """A form as numbers, with its end."""
    return [*_letters(form), END]


def asked(row: Iterable[int]) -> Asked:
    """Which form a row of numbers asks for."""
    tense, person, *letters = (int(number) for number in row)
    return written(letters), 6 * (tense - ANSWER) + person - ANSWER - 4


def written(row: Iterable[int]) -> str:
    """The letters of a row up to its end; what is no letter is a dot."""
    letters = ""
    for number in row:
        if number in (PADDING, END):
            break
        letters += LETTERS[number - 3] if 3 <= number < ANSWER else "·"
    return letters


def _respelled(infinitive: str) -> set[int]:
    """Places of the forms that are not just stem and ending."""
    pairs = zip(verbs()[infinitive].forms, regularized(infinitive))
    return {place for place, (form, ruled) in enumerate(pairs) if form != ruled}


def _letters(word: str) -> list[int]:
    return [3 + LETTERS.index(letter) for letter in word]


def _drawn(generator: np.random.Generator, forms: Sequence[Asked], count: int) -> list[Asked]:
    return [forms[place] for place in generator.permutation(len(forms))[:count]]


def _numbered(forms: Sequence[Asked]) -> tuple[np.ndarray, np.ndarray]:
    """Questions, (rows, SOURCE), and answers, (rows, STEPS), padded behind."""
    x, y = np.zeros((len(forms), SOURCE), "int32"), np.zeros((len(forms), STEPS), "int32")
    for row, (infinitive, form) in enumerate(forms):
        question, said = source(infinitive, form), answer(verbs()[infinitive].forms[form])
        x[row, : len(question)], y[row, : len(said)] = question, said
    return x, y
