"""Makes ``verbs.csv`` from the infinitives, the rules and the tables beside this file.

    python datasets/verbs/build.py

A verb a row: the infinitive, its kind, and 24 forms: present, preterite, imperfect and future, each for
yo, tú, él, nosotros, vosotros and ellos. The kinds::

    plain      stem and ending, side by side
    spelling   the spelling follows the sound, by rule: busqué, cojo, conozco, leyó
    accent     an accent where two vowels part: envío, continúo
    stem       the stem changes: pienso, cuento, pido
    irregular  neither follows: tuve, soy
"""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

from rules import PERSONS, TENSES, Forms, conjugated, plain, strong
from tables import ACCENTS, ONE_SYLLABLE, STEMS

HERE = Path(__file__).parent
HEADER = ("infinitive", "kind", *(f"{tense}_{person}" for tense in TENSES for person in PERSONS))
_ENDINGS = "é ás á emos éis án"
_UNACCENTED = str.maketrans("áéíóú", "aeiou")


def verb(infinitive: str) -> tuple[str, Forms]:
    """Kind and forms of one verb."""
    if infinitive in _irregular():
        return "irregular", _irregular()[infinitive]
    for kind, table in (("stem", STEMS), ("accent", ACCENTS)):
        for change, verbs in table.items():
            if infinitive in verbs.split():
                return kind, _one_syllable(infinitive, conjugated(infinitive, change))
    forms = conjugated(infinitive)
    kind = "plain" if forms == plain(infinitive) else "spelling"
    return kind, _one_syllable(infinitive, forms)


def rows() -> list[tuple[str, ...]]:
    """The rows of the table, by alphabet."""
    infinitives = (HERE / "infinitives.txt").read_text(encoding="utf-8").split()
    made = []
    for infinitive in sorted(set(infinitives)):
        kind, forms = verb(infinitive)
        made.append((infinitive, kind, *(form for tense in TENSES for form in forms[tense])))
    return made


def text() -> str:
    """The whole file."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows())
    return stream.getvalue()


@cache
def _irregular() -> dict[str, Forms]:
    """Infinitive -> forms, of every verb of the table with and without its prefixes."""
    found = {}
    lines = (HERE / "irregular.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("#"):
            continue
        base, prefixes, *tenses = (part.strip() for part in line.split("|"))
        own = _from_table(base, *tenses)
        for prefix in ("", *prefixes.split()):
            found[prefix + base] = {
                tense: [prefix + form for form in forms] for tense, forms in own.items()
            }
    return found


def _from_table(base: str, present: str, preterite: str, imperfect: str, future: str) -> Forms:
    forms = conjugated(base)
    forms["present"] = present.split()
    if preterite:
        forms["preterite"] = preterite.split() if " " in preterite else strong(preterite)
    if imperfect:
        forms["imperfect"] = imperfect.split()
    forms["future"] = [future + ending for ending in _ENDINGS.split()]
    return forms


def _one_syllable(infinitive: str, forms: Forms) -> Forms:
    """Forms of one syllable without their accent: guie, hui, liais; but lía, with two."""
    if infinitive not in ONE_SYLLABLE.split():
        return forms
    short = {"present": (4,), "preterite": (0, 2) if infinitive.endswith("ar") else (0,)}
    return {
        tense: [
            form.translate(_UNACCENTED) if person in short.get(tense, ()) else form
            for person, form in enumerate(row)
        ]
        for tense, row in forms.items()
    }


if __name__ == "__main__":
    (HERE / "verbs.csv").write_text(text(), encoding="utf-8", newline="\n")
