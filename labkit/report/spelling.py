"""Text for terminals that know few characters: signs spelled out, accents dropped."""

from __future__ import annotations

import unicodedata

__all__ = ["shows", "spelled"]

_SPELLED = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "·": "-"}
    | {"•": "-", "…": "...", "×": "x", "→": "->", "≥": ">=", "≤": "<=", "¿": "", "¡": ""}
)


def shows(text: str, encoding: str) -> bool:
    """Whether a terminal of that encoding can show the text; an unknown encoding shows none."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def spelled(text: str, encoding: str) -> str:
    """Text as a terminal of that encoding can show it.

    Example:
        >>> spelled("Lección 2 … ✓", "ascii")
        'Leccion 2 ... ?'
    """
    if shows(text, encoding):
        return text
    return "".join(c if shows(c, encoding) else _spelled(c, encoding) for c in text)


def _spelled(character: str, encoding: str) -> str:
    """One character in others; a question mark where there are none."""
    spelling = unicodedata.normalize("NFKD", character.translate(_SPELLED))
    plain = "".join(c for c in spelling if not unicodedata.combining(c))
    return plain if shows(plain, encoding) else "?"
