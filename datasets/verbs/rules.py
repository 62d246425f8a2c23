"""Spanish verbs in the indicative: what follows by rule from the infinitive and one mark.

Sources of the rules: Real Academia Española, Nueva gramática de la lengua española (2009), chapter 4,
and Ortografía de la lengua española (2010).
"""

from __future__ import annotations

__all__ = ["PERSONS", "TENSES", "conjugated", "plain", "strong"]

TENSES = ("present", "preterite", "imperfect", "future")
PERSONS = ("yo", "tú", "él", "nosotros", "vosotros", "ellos")

Forms = dict[str, list[str]]

_AR = {
    "present": "o as a amos áis an",
    "preterite": "é aste ó amos asteis aron",
    "imperfect": "aba abas aba ábamos abais aban",
}
_ER = {
    "present": "o es e emos éis en",
    "preterite": "í iste ió imos isteis ieron",
    "imperfect": "ía ías ía íamos íais ían",
}
_IR = _ER | {"present": "o es e imos ís en"}
_FUTURE = "é ás á emos éis án"
_STRONG = "e iste o imos isteis ieron"

_STRESSED = (0, 1, 2, 5)  # persons whose stem is stressed in the present
_CLOSED = (2, 5)  # persons whose vowel closes in the preterite of -ir
_UNACCENTED = str.maketrans("áéíóú", "aeiou")
_VOWELS = "aeiouáéíóúü"
_WITH_U = ("gu", "qu")  # their u is silent
_CHANGES = {
    "e-ie": ("e", "ie"),
    "o-ue": ("o", "ue"),
    "e-i": ("e", "i"),
    "u-ue": ("u", "ue"),
    "i-ie": ("i", "ie"),
    "i-í": ("i", "í"),
    "u-ú": ("u", "ú"),
}


def conjugated(infinitive: str, change: str = "") -> Forms:
    """Tense -> six forms, with the changes of spelling that the ending asks for.

    Args:
        infinitive: It ends in -ar, -er, -ir or -ír.
        change: What becomes of the last vowel of the stem where it is stressed: ``"e-ie"``, ``"o-ue"``,
            ``"e-i"``, ``"u-ue"``, ``"i-ie"``, ``"i-í"`` or ``"u-ú"``; nothing where it is empty.
    """
    stem, ending = infinitive[:-2], infinitive[-2:].translate(_UNACCENTED)
    forms = {
        tense: [_joined(_stem(stem, ending, tense, person, change), ending, part)
                for person, part in enumerate(parts.split())]
        for tense, parts in {"ar": _AR, "er": _ER, "ir": _IR}[ending].items()
    }  # fmt: skip
    forms["future"] = [stem + ending + part for part in _FUTURE.split()]
    return forms


def plain(infinitive: str) -> Forms:
    """Stem and endings put side by side, whatever the spelling becomes."""
    stem, ending = infinitive[:-2], infinitive[-2:].translate(_UNACCENTED)
    endings = {"ar": _AR, "er": _ER, "ir": _IR}[ending]
    forms = {tense: [stem + part for part in parts.split()] for tense, parts in endings.items()}
    return forms | {"future": [stem + ending + part for part in _FUTURE.split()]}


def strong(stem: str) -> list[str]:
    """A preterite stressed on its stem: ``tuv-e, tuv-iste, ...``."""
    forms = [stem + part for part in _STRONG.split()]
    return [form.replace("jieron", "jeron") for form in forms]


def _stem(stem: str, ending: str, tense: str, person: int, change: str) -> str:
    """The stem of one form, its vowel changed."""
    if not change:
        return stem
    old, new = _CHANGES[change]
    if (
        tense == "preterite"
        and ending == "ir"
        and person in _CLOSED
        and change in ("e-ie", "e-i", "o-ue")
    ):
        new = {"e": "i", "o": "u"}[old]
    elif tense != "present" or person not in _STRESSED:
        return stem
    place = _last_vowel(stem, old)
    before = stem[:place]
    if new in ("ie", "ue") and not before:
        new = {"ie": "ye", "ue": "hue"}[new]
    if new == "ue" and before.endswith("g"):
        new = "üe"
    return before + new + stem[place + 1 :]


def _last_vowel(stem: str, vowel: str) -> int:
    """Where the vowel that changes stands: the last of its kind, a silent u left out."""
    end = len(stem) - 1 if stem.endswith(_WITH_U) else len(stem)
    return stem.rindex(vowel, 0, end)


def _joined(stem: str, ending: str, part: str) -> str:
    """Stem and ending, spelled so that the sound stays."""
    first = part[0].translate(_UNACCENTED)
    if ending == "ar":
        return _before_e(stem) + part if first == "e" else stem + part
    if first == "o":
        stem = _before_o(stem)
    if stem and stem[-1] in _VOWELS and not stem.endswith(_WITH_U):
        return _after_vowel(stem, part)
    if stem.endswith(("ñ", "ll")) and part in ("ió", "ieron"):
        return stem + part[1:]
    return stem + part


def _before_e(stem: str) -> str:
    """The stem of a verb in -ar before e."""
    for old, new in (("gu", "gü"), ("c", "qu"), ("g", "gu"), ("z", "c")):
        if stem.endswith(old):
            return stem.removesuffix(old) + new
    return stem


def _before_o(stem: str) -> str:
    """The stem of a verb in -er or -ir before o."""
    if stem.endswith("c"):  # after a vowel -zco, but cuezo
        return stem[:-1] + ("zc" if stem[-2:-1] in _VOWELS and not stem.endswith("cuec") else "z")
    for old, new in (("gu", "g"), ("qu", "c"), ("g", "j")):
        if stem.endswith(old):
            return stem.removesuffix(old) + new
    return stem


def _after_vowel(stem: str, part: str) -> str:
    """Where stem and ending meet with two vowels: le-yó, le-íste, hu-yo."""
    if part in ("ió", "ieron"):
        return stem.replace("ü", "u") + "y" + part[1:]
    if stem[-1] in "uü":
        return stem.replace("ü", "u") + "y" + part if part in ("o", "es", "e", "en") else stem + part
    return stem + ("í" + part[1:] if part in ("iste", "imos", "isteis") else part)
