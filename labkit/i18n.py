"""Text in the reader's language.

Whatever a student or an instructor reads is a `Text`: an English sentence and its parameters, turned
into the reader's language when it is shown, not when it is made. So a rubric can be read once and a
grade be shown in any language. Catalogues are gettext's; the kit's own live in ``labkit/locale``, a
lab's beside its rubric, so that a lab brings its own translation::

    from labkit.i18n import texts
    _ = texts(__file__)
    _("There is no lab {number}.", number=99)
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from labkit.errors import UsageError

__all__ = [
    "LANGUAGES",
    "Text",
    "Verbatim",
    "current_language",
    "in_every_language",
    "localized",
    "preferred_language",
    "speaking",
    "texts",
]

LANGUAGES = ("en", "es")
_KIT = Path(__file__).parent

_language: ContextVar[str] = ContextVar("labkit_language", default="en")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that is translated when it is shown.

    Args:
        msgid: The English sentence, with ``{name}`` fields as in `str.format`.
        params: Values of the fields; they may be `Text` themselves.
        folder: Where the catalogue lies.

    Example:
        >>> str(Text("Lab {number}", {"number": 2}))
        'Lab 2'
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    folder: Path = _KIT

    def __str__(self) -> str:
        sentence = _catalogue(self.folder, _language.get()).gettext(self.msgid)
        return sentence.format(**self.params) if self.params else sentence


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Sentences already translated, as another process left them: language -> sentence."""

    sentences: Mapping[str, str]

    def __str__(self) -> str:
        sentences = self.sentences
        return str(sentences.get(_language.get()) or sentences.get("en") or "")


def texts(file: str | Path) -> Callable[..., Text]:
    """Return the function that marks the texts of one source file.

    The catalogue is the kit's own for files of the kit, and otherwise the one in ``file``'s folder.
    """
    path = Path(file).resolve()
    folder = _KIT if _KIT in path.parents else path.parent

    def mark(msgid: str, /, **params: Any) -> Text:
        return Text(msgid, MappingProxyType(params), folder)

    return mark


def current_language() -> str:
    """The language in which texts are shown here and now: ``"en"`` or ``"es"``."""
    return _language.get()


def localized(name: str, language: str) -> str:
    """The name of a file's version in that language.

    Example:
        >>> localized("README.md", "en"), localized("README.md", "es")
        ('README.md', 'README.es.md')
    """
    stem, _dot, ending = name.rpartition(".")
    return name if language == LANGUAGES[0] else f"{stem}.{language}.{ending}"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Show every `Text` inside the block in ``language``.

    Raises:
        UsageError: The kit does not speak that language.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"The kit does not speak {language!r}.",
            f"It speaks {' and '.join(LANGUAGES)}.",
            "Choose one of them with --lang or LABKIT_LANG.",
        )
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def in_every_language(text: object) -> dict[str, str]:
    """Language -> ``text`` in it, for `Verbatim` or another process."""
    sentences = {}
    for language in LANGUAGES:
        with speaking(language):
            sentences[language] = str(text)
    return sentences


def preferred_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language the environment asks for, English where it asks for none the kit speaks.

    Example:
        >>> preferred_language({"LANG": "es_PE.UTF-8"})
        'es'
    """
    for name in ("LABKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if value := environ.get(name):
            code = value[:2].lower()
            return code if code in LANGUAGES else "en"
    return "en"


@cache
def _catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """Read ``folder/locale/<language>.mo``; English needs none."""
    compiled = folder / "locale" / f"{language}.mo"
    if language == "en" or not compiled.is_file():
        return gettext.NullTranslations()
    with compiled.open("rb") as stream:
        return gettext.GNUTranslations(stream)
