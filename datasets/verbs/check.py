"""Compares the table with verbecc, a maintained package, and keeps a digest of what that gives.

    pip install verbecc==2.0.3   # in an environment of its own: it wants one version of NumPy alone
    python datasets/verbs/check.py

``verbecc.txt`` has a line a verb: the infinitive, and the digest of its 24 forms by verbecc; where that
gives several, the one of the table if it is among them. The tests compare the table with these digests
and state each difference.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from build import rows

__all__ = ["digest"]

HERE = Path(__file__).parent
_TENSES = ("presente", "pretérito-perfecto-simple", "pretérito-imperfecto", "futuro")
_PERSONS = ("yo", "tú", "él", "nosotros", "vosotros", "ellos")


def digest(forms: list[str]) -> str:
    """Eight letters that stand for 24 forms."""
    return hashlib.sha256(" ".join(forms).encode()).hexdigest()[:8]


def main() -> None:
    """Write the digests and print the differences."""
    from verbecc import CompleteConjugator, LangCodeISO639_1

    conjugator, lines = CompleteConjugator(LangCodeISO639_1.es), []
    for infinitive, _kind, *own in rows():
        moods = conjugator.conjugate(infinitive).get_data()["moods"]
        tenses = next(tenses for mood, tenses in moods.items() if mood.value == "indicativo")
        named = {tense.value: tenses[tense] for tense in tenses}
        theirs = []
        for place, form in enumerate(own):
            found = _forms(named[_TENSES[place // 6]], _PERSONS[place % 6])
            theirs.append(form if form in found else found[0])
        lines.append(f"{infinitive} {digest(theirs)}\n")
        if theirs != own:
            print(infinitive, *(f"{a}/{b}" for a, b in zip(own, theirs) if a != b))
    (HERE / "verbecc.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


def _forms(entries: list[dict], person: str) -> list[str]:
    """What verbecc gives for one person, without the pronoun."""
    return [
        form.split(" ", 1)[1] for entry in entries if entry["pr"].value == person for form in entry["c"]
    ]


if __name__ == "__main__":
    main()
