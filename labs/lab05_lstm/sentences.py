"""Spanish sentences, made from a seed, with a tag for every word.

`words` has the vocabulary and `patterns` what sentences look like. Here patterns are filled: nouns get
articles and adjectives that agree with them in gender and number, verbs agree with their subject.

Many words belong to more than one class, and the lab is about them. So every sentence is made around
such a word in one of its classes, each word and each of its classes as often as any other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from lab05_lstm.frames import TIMES
from lab05_lstm.grammar import Agreeing, Pattern, Slot, Verb, clauses, joined, parsed, reasons
from lab05_lstm.readings import Way, sought
from lab05_lstm.words import (
    ADJECTIVES,
    BEFORE,
    DETERMINERS,
    DISTANT,
    EITHER,
    FORMS,
    INVARIABLE,
    NOUNS,
    OWNED,
    TONIC,
    UNCOUNTED,
    Noun,
    inflected,
)

__all__ = ["Token", "sentence", "spelled"]

Token = tuple[str, str]
"""A word in small letters and the letter of its tag."""

Choice = TypeVar("Choice")

_FIRST, _PAST, _TIME, _JOIN = 0.2, 0.35, 0.4, 0.2  # how often
_ADJECTIVE, _BEFORE = 0.2, 0.4
_ROUNDS = 60  # attempts to bring a word into a sentence
_DEFINITE = ("el",) * 12 + ("mi", "mi", "su", "su", "este", "nuestro", "tu", "aquel")
_THE = ("el",) * 10 + ("este", "aquel")
_ONE = ("un",) * 8 + ("otro",)
_MANY = ("un", "un", "un", "dos", "dos", "tres", "mucho", "poco", "algún", "otro")
_MEASURED = ("",) * 9 + ("el",) * 5 + ("mucho", "mucho", "poco", "poco", "bastante", "bastante")
_CONTRACTED = {("a", "el"): "al", ("de", "el"): "del"}


def sentence(rng: random.Random) -> list[Token]:
    """Make one sentence, its end mark included."""
    way = _pick(rng, _pick(rng, _pick(rng, sought())))
    for _round in range(_ROUNDS):
        tokens = [*_contracted(_whole(rng, way)), (".", "F")]
        if (way.word, way.tag) in tokens:
            break
    return tokens


def spelled(words: Sequence[str]) -> str:
    """Words as they are written: a capital letter in front, no space before a mark.

    Example:
        >>> spelled(["como", "llueve", ",", "leo", "."])
        'Como llueve, leo.'
    """
    text = " ".join(words).replace(" ,", ",").replace(" .", ".")
    return text[:1].upper() + text[1:]


def _whole(rng: random.Random, way: Way) -> list[Token]:
    """A clause around a word, and now and then another one with it."""
    pattern = _pick(rng, way.patterns)
    past = rng.random() < _PAST if way.past is None else way.past
    past = past if pattern.fits(past) else not past
    tokens = _filled(rng, pattern, past, way)
    if way.beside:
        return _filled(rng, parsed(way.beside), past, None) + tokens
    if pattern.joins or "alone" in pattern.marks:
        return tokens
    if rng.random() < _JOIN:
        frame = _pick(rng, [one for one in joined() if one.fits(past)])
        return _filled(rng, frame, past, None, tokens)
    return _timed(rng, pattern, past, tokens)


def _timed(rng: random.Random, pattern: Pattern, past: bool, tokens: list[Token]) -> list[Token]:
    """A clause, perhaps with a time before or behind it."""
    chance = rng.random()
    if "whole" in pattern.marks or chance > _TIME:
        return tokens
    time = _filled(rng, parsed(_pick(rng, TIMES["past" if past else "present"])), past, None)
    return time + tokens if chance < _TIME * 0.75 or time[0][0] == "mañana" else tokens + time


def _filled(
    rng: random.Random, pattern: Pattern, past: bool, way: Way | None, given: list[Token] | None = None
) -> list[Token]:
    """Fill a pattern.

    Args:
        rng: Draws.
        pattern: To be filled.
        past: The tense.
        way: What has to be brought in.
        given: A clause that is there already, for one of the pattern's places for clauses.
    """
    slots = [slot for slot in pattern.slots if way and way.fits(slot)]
    target = _pick(rng, slots) if slots else None
    subject, person, who = pattern.subject, 1, (0, 0)
    phrase: list[Token] = []
    if subject and _is_first(rng, pattern, way, subject is target):
        person, who = 0, (int(rng.random() * 2), 0)
        phrase = [("yo", "P")] if pattern.parts[0] is subject and rng.random() < 0.25 else []
    elif subject:
        number = way.person - 1 if way and way.person else None
        phrase, who = _phrase(rng, subject, way if subject is target else None, number)
        person = 1 + who[1]
    tokens: list[Token] = []
    place = int(rng.random() * pattern.joins)
    for part in pattern.parts:
        if part is subject:
            tokens += phrase
        elif isinstance(part, Slot):
            tokens += _phrase(rng, part, way if part is target else None)[0]
        elif isinstance(part, Verb):
            wanted = way.lemma if way and way.lemma in part.lemmas else _pick(rng, part.lemmas)
            tokens.append((FORMS[wanted][(1 if part.fixed else person) + 3 * past], "V"))
        elif isinstance(part, Agreeing):
            tokens.append((inflected(_pick(rng, part.adjectives))[who[0] + 2 * who[1]], "A"))
        elif isinstance(part, tuple):
            tokens.append(part)
        elif given is not None and place == 0 and not part.reason:
            tokens, place = tokens + given, -1
        else:
            among = reasons() if part.reason else clauses()
            inner = _pick(rng, [one for one in among if one.fits(past) and "alone" not in one.marks])
            tokens, place = tokens + _filled(rng, inner, past, None), place - (not part.reason)
    return tokens


def _is_first(rng: random.Random, pattern: Pattern, way: Way | None, targeted: bool) -> bool:
    """Whether I am the subject."""
    if way and way.person is not None:
        return way.person == 0
    able = "third" not in pattern.marks and not targeted
    return (
        able
        and pattern.subject is not None
        and "persona" in pattern.subject.kinds
        and rng.random() < _FIRST
    )


def _phrase(
    rng: random.Random, slot: Slot, way: Way | None, number: int | None = None
) -> tuple[list[Token], tuple[int, int]]:
    """A noun with what stands before and behind it, and its gender and number."""
    kinds = [kind for kind in slot.kinds if not way or not way.kinds or kind in way.kinds]
    kind = _pick(rng, kinds or slot.kinds)
    noun, number = _noun(rng, kind, slot, way, number)
    determiner = _determiner(rng, kind, slot, way, noun.singular, number)
    adjective = way.adjective if way else ""
    if not adjective and rng.random() < _ADJECTIVE and not set("nb") & set(slot.marks):
        adjective = _pick(rng, ADJECTIVES.get(kind, ("",)))
    tokens = [((noun.plural if number else noun.singular), "N")]
    formed = inflected(adjective)[noun.gender + 2 * number] if adjective else ""
    if formed not in ("", tokens[0][0]) and not (number and adjective in INVARIABLE):
        before = adjective in BEFORE and noun.singular not in EITHER and rng.random() < _BEFORE
        tokens.insert(0 if before else 1, (formed, "A"))
    tonic = tokens[0][0] in TONIC and determiner in ("el", "un")
    word = DETERMINERS[determiner][(0 if tonic else noun.gender) + 2 * number]
    if word:
        tokens.insert(0, (word, "D"))
    return tokens, (noun.gender, number)


def _noun(
    rng: random.Random, kind: str, slot: Slot, way: Way | None, number: int | None
) -> tuple[Noun, int]:
    """A noun of a kind and whether it is in the plural."""
    if way and way.noun:
        return way.noun, way.form // 2
    nouns: Sequence[Noun] = NOUNS[kind]
    if way and way.adjective:
        nouns = [noun for noun in nouns if noun.gender == way.form % 2] or nouns
    if way and (way.adjective or way.determiner):
        number = way.form // 2
    noun = _pick(rng, nouns)
    if number is None:
        number = int("p" in slot.marks or ("s" not in slot.marks and rng.random() < 0.35))
    return noun, number if noun.plural else 0


def _determiner(
    rng: random.Random, kind: str, slot: Slot, way: Way | None, noun: str, number: int
) -> str:
    """What stands before a noun."""
    if way and way.determiner:
        return way.determiner
    if "b" in slot.marks:
        return ""
    if kind in UNCOUNTED and "d" not in slot.marks:
        return _pick(rng, _MEASURED)
    if "d" in slot.marks or ("i" not in slot.marks and rng.random() < 0.65):
        return _pick(rng, _DEFINITE if kind in OWNED and noun not in DISTANT else _THE)
    return _pick(rng, _MANY if number else _ONE)


def _contracted(tokens: list[Token]) -> list[Token]:
    """Join a el and de el; and of y before an i make e."""
    joined_up: list[Token] = []
    for word, tag in tokens:
        before = joined_up[-1][0] if joined_up else ""
        if tag == "D" and (before, word) in _CONTRACTED:
            joined_up[-1] = (_CONTRACTED[before, word], "S")
            continue
        if before == "y" and word.startswith(("i", "hi")):
            joined_up[-1] = ("e", "C")
        joined_up.append((word, tag))
    return joined_up


def _pick(rng: random.Random, choices: Sequence[Choice]) -> Choice:
    """One of them; the same in every version of Python, unlike `random.choice`."""
    return choices[int(rng.random() * len(choices))]
