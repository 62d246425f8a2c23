"""What the columns of a roster are called: in English or Spanish, by Canvas, by Moodle or by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["PARTICIPANT", "Columns", "arrange", "fold", "plain"]

Columns = Mapping[str, int]
"""Field of a `Student` (or ``first``, ``last``, ``extension:lab2``) and the place of its column."""

_NAMES = {
    "key": "key clave codigo matricula usuario username user student_id student_key alumno_id",
    "name": "name nombre full_name fullname nombre_completo student_name nombre_y_apellidos"
    " apellidos_y_nombre alumno_nombre",
    "first": "first firstname first_name given_name nombres nombre_s",
    "last": "last lastname last_name surname family_name apellido apellidos apellido_s",
    "email": "email e_mail mail email_address correo correo_electronico direccion_de_correo"
    " direccion_email direccion_de_correo_electronico",
    "section": "section seccion group grupo groups grupos clase",
    "canvas_id": "canvas_id canvas_user_id",
    "sis_id": "sis_id sis_user_id id_number idnumber numero_de_id",
    "login": "login sis_login_id github_username github login_id nombre_de_usuario cuenta",
    "moodle_id": "moodle_id",
    "student": "student alumno alumna estudiante",
    "id": "id",
    "identifier": "identifier identificador",
}
_FIELD = {alias: field for field, aliases in _NAMES.items() for alias in aliases.split()}
_EXTENSION = re.compile(r"(?:extension|prorroga|extra_days|dias_extra)(?:_(?:lab|practica)?_?0*(\d+))?")
# Moodle writes “Participant 123” in the reader's language, with a space before the number.
PARTICIPANT = re.compile(r"(?:.*\s)?(\d+)")
_MOODLES_OWN = re.compile(r"\D+\s\d+")


def fold(text: str) -> str:
    """Text as keys are compared: without regard to case and to how accents are encoded.

    Example:
        >>> fold("JOSÉ") == fold("josé")
        True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.strip()).casefold())


def plain(text: str) -> str:
    """Lower-case words without accents, one space between them.

    Example:
        >>> plain("García Pérez,  José")
        'garcia perez jose'
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", kept))


def arrange(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], bool]:
    """Say which column holds what, and whether the table is Canvas' own.

    Columns that are nothing of a student's are left out; of two with one meaning the first counts.
    ``student`` and ``id`` mean what the others leave: Canvas' ``Student`` is a name and its ``ID`` a
    number of its own, while a table with just one of them means the key. ``Identifier`` is Moodle's
    where it reads “Participant 123” in every row, and a key elsewhere.
    """
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        name = plain(title).replace(" ", "_")
        if match := _EXTENSION.fullmatch(name):
            places.setdefault(f"extension:lab{match[1]}" if match[1] else "extension:*", place)
        elif field := _FIELD.get(name):
            places.setdefault(field, place)
    names = {plain(title) for title in header}
    canvas = "id" in places and bool({"student", "last"} & set(places))
    canvas = canvas and bool({"sis login id", "sis user id"} & names)
    _settle_identifier(places, rows)
    _settle(places, canvas)
    return places, canvas


def _settle_identifier(places: dict[str, int], rows: Sequence[Sequence[str]]) -> None:
    place = places.pop("identifier", None)
    if place is None:
        return
    filled = [row[place] for row in rows if place < len(row) and row[place]]
    moodles = bool(filled) and all(_MOODLES_OWN.fullmatch(cell) for cell in filled)
    places.setdefault("moodle_id" if moodles else "key", place)


def _settle(places: dict[str, int], canvas: bool) -> None:
    """Decide what ``student`` and ``id`` mean."""
    student, number = places.pop("student", None), places.pop("id", None)
    named = bool({"name", "first", "last"} & set(places))
    if canvas or ("key" in places and not named):
        meanings = ("name", "canvas_id")
    elif number is not None and not named and "key" not in places:
        meanings = ("name", "key")
    else:
        meanings = ("key", "canvas_id" if student is not None or "key" in places else "key")
    for place, meaning in zip((student, number), meanings):
        if place is not None:
            places.setdefault(meaning, place)
