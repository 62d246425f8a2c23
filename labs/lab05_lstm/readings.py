"""Which words belong to more than one class, and how a sentence is made around each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from lab05_lstm.frames import TIMES
from lab05_lstm.grammar import Agreeing, Pattern, Slot, Verb, clauses, joined, parsed, reasons
from lab05_lstm.words import (
    ADJECTIVES,
    DETERMINERS,
    FORMS,
    INVARIABLE,
    MEASURES,
    NOUNS,
    UNCOUNTED,
    Noun,
    inflected,
)

__all__ = ["Way", "ambiguous", "sought", "vocabulary"]

_COMMON = {
    "como": "C", "que": "C", "este": "D", "para": "S", "sobre": "S", "cerca": "R", "fuerte": "A",
    "frío": "N", "sal": "N", "cura": "N", "camino": "N", "casa": "N", "compra": "V",
}  # fmt: skip
"""Words that come often enough as one of their classes without being sought."""

_HARD = "como bajo para entre baja corta viejo vieja viejos viejas joven jóvenes mucho poco bastante"
"""Words whose class is often settled by what follows; they are sought three times as often."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a word comes into a sentence as one of its classes.

    Args:
        word: The word.
        tag: Its class.
        patterns: In which it can stand.
        kinds: Of nouns whose places it can take, or stand beside.
        noun: Whose form it is; likewise ``adjective``, ``determiner`` and the verb ``lemma``.
        form: Gender plus twice the number.
        person: 0 for I, 1 for she, 2 for they.
        past: The tense.
        beside: Of a clause: a time that has to be named.
    """

    word: str
    tag: str
    patterns: tuple[Pattern, ...] = ()
    kinds: frozenset[str] = field(default=frozenset())
    noun: Noun | None = None
    adjective: str = ""
    determiner: str = ""
    lemma: str = ""
    form: int = 0
    person: int | None = None
    past: bool | None = None
    beside: str = ""

    def fits(self, slot: Slot) -> bool:
        """Whether it can stand in a place for a noun phrase."""
        wrong = "p" if self.form < 2 else "s"
        wrong += "nb" if self.adjective else "bdi" if self.determiner else ""
        return bool(self.kinds & set(slot.kinds)) and not set(wrong) & set(slot.marks)


def _every() -> tuple[Pattern, ...]:
    return clauses() + joined() + reasons()


def vocabulary() -> dict[str, set[str]]:
    """Every word a sentence may have, with the tags it may have."""
    found: dict[str, set[str]] = {".": {"F"}, "al": {"S"}, "del": {"S"}, "yo": {"P"}, "e": {"C"}}
    for way in _ways():
        found.setdefault(way.word, set()).add(way.tag)
    return found


@cache
def ambiguous() -> dict[str, dict[str, tuple[Way, ...]]]:
    """Word of several classes -> tag -> ways."""
    found: dict[str, dict[str, tuple[Way, ...]]] = {}
    for way in _ways():
        tags = found.setdefault(way.word, {})
        tags[way.tag] = (*tags.get(way.tag, ()), way)
    return {word: tags for word, tags in sorted(found.items()) if len(tags) > 1}


@cache
def sought() -> tuple[tuple[Way, ...], ...]:
    """For each ambiguous word the ways of each class, without the class that comes often of itself."""
    return tuple(
        tuple(ways for tag, ways in tags.items() if _COMMON.get(word) != tag)
        for word, tags in ambiguous().items()
        for _time in range(3 if word in _HARD.split() else 1)
    )


@cache
def _ways() -> tuple[Way, ...]:
    """Every way that leads into a pattern."""
    return (*_literal_ways(), *_times(), *_inflected_ways())


def _literal_ways() -> Iterator[Way]:
    for pattern in _every():
        for part in pattern.parts:
            if isinstance(part, tuple):
                yield Way(*part, patterns=(pattern,))


def _times() -> Iterator[Way]:
    """Words of what is said of the time beside a clause."""
    for past, tense in enumerate(("present", "past")):
        open_ = (one for one in clauses() if not {"whole", "alone"} & one.marks)
        patterns = tuple(one for one in open_ if one.fits(bool(past)))
        for text in TIMES[tense]:
            for part in parsed(text).parts:
                if isinstance(part, tuple):
                    yield Way(*part, patterns=patterns, beside=text, past=bool(past))


def _inflected_ways() -> Iterator[Way]:
    every = _every()
    for way in (*_nouns(), *_adjectives(), *_determiners()):
        patterns = tuple(one for one in every if any(map(way.fits, one.slots)) or _agrees(way, one))
        if patterns:
            yield replace(way, patterns=patterns)
    for way in _verbs():
        patterns = tuple(one for one in every if _conjugates(way, one))
        if patterns:
            yield replace(way, patterns=patterns)


def _nouns() -> Iterator[Way]:
    kinds: dict[Noun, frozenset[str]] = {}
    for kind, nouns in NOUNS.items():
        for noun in nouns:
            kinds[noun] = kinds.get(noun, frozenset()) | {kind}
    for noun, places in kinds.items():
        for number, word in enumerate((noun.singular, noun.plural)):
            if word:
                yield Way(word, "N", kinds=places, noun=noun, form=2 * number)


def _adjectives() -> Iterator[Way]:
    kinds: dict[str, frozenset[str]] = {"solo": frozenset()}
    for kind, adjectives in ADJECTIVES.items():
        for adjective in adjectives:
            kinds[adjective] = kinds.get(adjective, frozenset()) | {kind}
    for adjective, beside in kinds.items():
        many = not beside or any(noun.plural for kind in beside for noun in NOUNS[kind])
        forms = inflected(adjective)[: 4 if many and adjective not in INVARIABLE else 2]
        for form, word in enumerate(forms):
            yield Way(word, "A", kinds=beside, adjective=adjective, form=form)


def _determiners() -> Iterator[Way]:
    every, few = frozenset(NOUNS), frozenset(UNCOUNTED)
    for determiner, forms in DETERMINERS.items():
        for form, word in enumerate(forms):
            singular = form < 2 and determiner in MEASURES
            if word:
                yield Way(word, "D", kinds=few if singular else every, determiner=determiner, form=form)


def _verbs() -> Iterator[Way]:
    for lemma, forms in FORMS.items():
        for place, word in enumerate(forms):
            yield Way(word, "V", lemma=lemma, person=place % 3, past=place > 2)


def _agrees(way: Way, pattern: Pattern) -> bool:
    """Whether an adjective may stand in a place where it agrees with the subject."""
    return any(
        isinstance(part, Agreeing) and way.adjective in part.adjectives for part in pattern.parts
    )


def _conjugates(way: Way, pattern: Pattern) -> bool:
    """Whether a form of a verb may stand in a pattern."""
    found = [part for part in pattern.parts if isinstance(part, Verb) and way.lemma in part.lemmas]
    subject = pattern.subject
    if not found or not pattern.fits(bool(way.past)):
        return False
    if subject is None or found[0].fixed:
        return way.person == 1
    if way.person == 0:
        return "third" not in pattern.marks and "persona" in subject.kinds
    return ("p" if way.person == 1 else "s") not in subject.marks
