"""Collects every marked text into gettext catalogues and compiles them, with Babel.

The kit has one catalogue, each lab one of its own; English is the source and has none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from labkit.i18n import LANGUAGES
from labkit.root import root
from labkit.rubric import find

__all__ = ["stale", "update"]

_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_TIME = datetime(2026, 1, 1, tzinfo=timezone.utc)  # a fixed one: the same texts, the same bytes


def update() -> Iterator[str]:
    """Write every ``.po`` and ``.mo`` anew, keeping translations; yields a line for each."""
    for folder, language in _places():
        catalogue = _collect(folder, language)
        po, mo = _files(folder, language)
        po.parent.mkdir(exist_ok=True)
        po.write_bytes(_as_po(catalogue))
        mo.write_bytes(_as_mo(catalogue))
        empty = len(_untranslated(catalogue))
        yield f"{po.relative_to(root())}: {len(catalogue)} texts, {empty} to translate"


def stale() -> list[str]:
    """What is missing, out of date, or translated with other fields than the text has."""
    faults = []
    for folder, language in _places():
        catalogue = _collect(folder, language)
        po, mo = _files(folder, language)
        faults += [f"{folder.name} {language}: {msgid!r}" for msgid in _untranslated(catalogue)]
        faults += [f"{folder.name} {language}: fields of {m!r}" for m in _other_fields(catalogue)]
        if not po.is_file() or po.read_bytes() != _as_po(catalogue):
            faults.append(f"{folder.name}/locale/{po.name} is out of date")
        elif not mo.is_file() or mo.read_bytes() != _as_mo(catalogue):
            faults.append(f"{folder.name}/locale/{mo.name} is out of date")
    return faults


def _places() -> Iterator[tuple[Path, str]]:
    for language in LANGUAGES[1:]:
        yield root() / "labkit", language
        for lab in find.labs():
            yield find.folder(lab), language


def _files(folder: Path, language: str) -> tuple[Path, Path]:
    return folder / "locale" / f"{language}.po", folder / "locale" / f"{language}.mo"


def _collect(folder: Path, language: str) -> Catalog:
    """All texts of ``folder`` with the translations there are."""
    catalogue = Catalog(
        locale=language,
        project="labkit",
        version="",
        copyright_holder="the labkit authors",
        creation_date=_TIME,
        revision_date=_TIME,
        last_translator="the labkit authors",
        language_team=language,
        fuzzy=False,
    )
    found = extract_from_dir(folder, method_map=_METHODS, keywords={"_": None})
    known = _read(_files(folder, language)[0], language)
    for _file, _line, msgid, comments, context in sorted(found, key=lambda entry: str(entry[2])):
        if msgid:
            old = known.get(msgid)
            string = old.string if old else ""
            catalogue.add(msgid, string, auto_comments=comments, context=context)
    return catalogue


def _read(po: Path, language: str) -> Catalog:
    if not po.is_file():
        return Catalog(locale=language)
    with po.open("rb") as stream:
        return read_po(stream, locale=language)


def _untranslated(catalogue: Catalog) -> list[str]:
    return [str(message.id) for message in catalogue if message.id and not message.string]


def _other_fields(catalogue: Catalog) -> list[str]:
    """Texts whose translation names other ``{fields}``, which would break when shown."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and message.string and _fields(message.id) != _fields(message.string)
    ]


def _fields(text: object) -> set[str]:
    return {name for _literal, name, _form, _conversion in Formatter().parse(str(text)) if name}


def _as_po(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, no_location=True, sort_output=True)
    return buffer.getvalue()


def _as_mo(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()
