"""The patterns of `patterns`, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lab05_lstm.frames import JOINED, REASONS
from lab05_lstm.patterns import CLAUSES

__all__ = ["Agreeing", "Clause", "Pattern", "Slot", "Verb", "clauses", "joined", "parsed", "reasons"]

_PART = re.compile(r"\{(?P<noun>[^}]*)\}|<(?P<verb>[^>]*)>|\[(?P<adjective>[^\]]*)\]|(?P<word>\S+)")


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place for a noun phrase."""

    kinds: tuple[str, ...]
    marks: str
    subject: bool


@dataclass(frozen=True, slots=True)
class Verb:
    """A place for a verb; a fixed one is in the third person singular."""

    lemmas: tuple[str, ...]
    fixed: bool


@dataclass(frozen=True, slots=True)
class Agreeing:
    """A place for an adjective that agrees with the subject."""

    adjectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A place for another pattern: any clause, or one that may be a reason."""

    reason: bool


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A row of places and words, and what holds of the whole."""

    marks: frozenset[str]
    parts: tuple[Slot | Verb | Agreeing | Clause | tuple[str, str], ...]
    slots: tuple[Slot, ...]
    subject: Slot | None
    joins: int
    """How many clauses of any kind it has a place for."""

    def fits(self, past: bool) -> bool:
        """Whether it can stand in that tense."""
        return ("present" if past else "past") not in self.marks


def parsed(text: str) -> Pattern:
    """Take a pattern apart."""
    marks, _bar, rest = text.rpartition("| ")
    parts = tuple(map(_part, _PART.finditer(rest)))
    slots = tuple(part for part in parts if isinstance(part, Slot))
    subject = next((slot for slot in slots if slot.subject), None)
    joins = sum(isinstance(part, Clause) and not part.reason for part in parts)
    return Pattern(frozenset(marks.split()), parts, slots, subject, joins)


@cache
def clauses() -> tuple[Pattern, ...]:
    """Patterns of one clause."""
    return tuple(map(parsed, CLAUSES))


@cache
def reasons() -> tuple[Pattern, ...]:
    """Patterns of a clause that says why."""
    return tuple(map(parsed, REASONS))


@cache
def joined() -> tuple[Pattern, ...]:
    """Patterns of several."""
    return tuple(map(parsed, JOINED))


def _part(match: re.Match[str]) -> Slot | Verb | Agreeing | Clause | tuple[str, str]:
    if found := match["noun"]:
        kinds, _point, marks = found.removesuffix("!").partition(".")
        return Slot(tuple(kinds.split()), marks, found.endswith("!"))
    if found := match["verb"]:
        return Verb(tuple(found.removesuffix("*").split()), found.endswith("*"))
    if found := match["adjective"]:
        return Agreeing(tuple(found.split()))
    if match["word"] in ("CLAUSE", "REASON"):
        return Clause(match["word"] == "REASON")
    word, _colon, tag = match["word"].partition(":")
    return word, tag
