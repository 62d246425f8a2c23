"""Spanish verbs and their forms, from the table in ``datasets/verbs/``."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from labkit.data.catalogue import table_of

__all__ = ["PERSONS", "TENSES", "Verb", "load_verbs"]

TENSES = ("present", "preterite", "imperfect", "future")
PERSONS = ("yo", "tú", "él", "nosotros", "vosotros", "ellos")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb in four tenses of the indicative.

    Args:
        infinitive: As in a dictionary.
        kind: ``"plain"`` and ``"spelling"`` follow from the infinitive by rule; ``"accent"``,
            ``"stem"`` and ``"irregular"`` do not.
        forms: 24, tense by tense, in each by person; ``forms[6 * tense + person]``.
    """

    infinitive: str
    kind: str
    forms: tuple[str, ...]

    @property
    def regular(self) -> bool:
        """Whether all forms follow from the infinitive by rule."""
        return self.kind in ("plain", "spelling")


def load_verbs() -> tuple[Verb, ...]:
    """All verbs, by alphabet.

    Raises:
        DataError: The table is missing or was changed.

    Example:
        >>> next(verb.forms[6] for verb in load_verbs() if verb.infinitive == "buscar")
        'busqué'
    """
    with table_of("verbs").open(encoding="utf-8", newline="") as stream:
        _header, *rows = csv.reader(stream)
    return tuple(Verb(infinitive, kind, tuple(forms)) for infinitive, kind, *forms in rows)
