"""What the name of a submission says: by an instructor's pattern, as Canvas or Moodle wrote it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from labkit.errors import UsageError
from labkit.grading.people.columns import fold
from labkit.i18n import Text, texts

__all__ = ["Pattern", "Said", "folder_name", "parse", "readable", "said", "stem"]

_ = texts(__file__)

_FIELDS = ("student", "name", "section")
_PIECE = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_DOUBLE = re.compile(r"(.+)(\.tar\.\w{1,4})", re.IGNORECASE | re.DOTALL)

# {sortable name}_{LATE}_{user}_{attachment}_{file}; what was typed into a box has no attachment.
_CANVAS = re.compile(
    r"(?P<name>[^\W\d_]\w*?)_(?P<late>LATE_)?(?P<user>\d+)_"
    r"(?:(?P<typed>(?:text|link)\.html)|(?P<upload>\d+)_(?P<file>.+))",
    re.DOTALL,
)
# The same where names are hidden: LATE comes first, in older versions behind.
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_[A-Za-z0-9]+)_(?P<behind>LATE_)?"
    r"(?:(?P<typed>(?:text|link)\.html)|(?P<upload>\d+)_(?P<file>.+))",
    re.DOTALL,
)
# {group-}{full name}_{participant}_assignsubmission_{plugin}_{file}
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_VERSION = re.compile(r"(?P<base>.+?)-(?P<version>[1-9]\d?)", re.DOTALL)

_LONGEST, _MOST_BYTES, _DIGEST = 80, 200, 10
_DIGESTED = re.compile(rf".*-[0-9a-f]{{{_DIGEST}}}")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a name says of its submission.

    Args:
        source: Who gave the name: ``"pattern"``, ``"canvas"``, ``"moodle"`` or ``"own"``.
        student: Key, or what stands for one.
        name: The student's name as far as it is told.
        section: Group of the class.
        number: Canvas' user or Moodle's participant.
        late: Whether Canvas calls it late.
        base: File name without its version, ``version`` and ``upload`` which of several it is.
        typed: Whether it is a text typed into a box, and no file.
    """

    source: str
    student: str
    name: str = ""
    section: str = ""
    number: str = ""
    late: bool = False
    base: str = ""
    version: int = 0
    upload: int = 0
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """An instructor's pattern, ready to match; ``depth`` is how many folders down it looks."""

    expression: re.Pattern[str]
    depth: int

    def match(self, path: str, *, folder: bool = False) -> Said | None:
        """What a relative path says; the ending of a file may be left out of the pattern."""
        start = path.rfind("/") + 1
        shorter = path[:start] + stem(path[start:])
        for text in (path,) if folder else (shorter, path):
            if match := self.expression.fullmatch(text):
                found = {key: value.strip() for key, value in match.groupdict().items()}
                student = found.get("student") or found.get("name", "")
                return Said("pattern", student, found.get("name", ""), found.get("section", ""))
        return None


def parse(pattern: str) -> Pattern:
    """Read a pattern such as ``{student}_{*}`` or ``{section}/{student}``.

    ``{student}``, ``{name}`` and ``{section}`` take as little as fits, ``{*}`` takes anything or
    nothing, none of them a ``/``; everything else stands for itself, capital letters or not.

    Raises:
        UsageError: It does not say who the student is, or is no pattern.

    Example:
        >>> parse("lab2-{student}_{*}").match("Lab2-ana_v3.py").student
        'ana'
    """
    parts, seen, before = [], [], ""
    for field, literal, stray in _PIECE.findall(pattern):
        if stray or (field not in (*_FIELDS, "*") and not literal):
            raise _bad(pattern, _("“{piece}” means nothing in it.", piece=stray or f"{{{field}}}"))
        if literal:
            parts.append(re.escape(unicodedata.normalize("NFC", literal)))
        elif before:
            raise _bad(pattern, _("Nothing stands between {one} and {two}.", one=before, two=field))
        elif field in seen and field != "*":
            raise _bad(pattern, _("{field} is in it twice.", field=f"{{{field}}}"))
        else:
            parts.append("[^/]*?" if field == "*" else rf"(?P<{field}>[^/]+?)")
            seen.append(field)
        before = field
    if not {"student", "name"} & set(seen):
        raise _bad(
            pattern, _("Neither {student} nor {name} is in it.", student="{student}", name="{name}")
        )
    if any(part.strip() in ("", ".", "..") for part in pattern.split("/")) or "\\" in pattern:
        raise _bad(pattern, _("It must name folders below the one of the submissions, with “/”."))
    return Pattern(re.compile("".join(parts), re.IGNORECASE | re.DOTALL), pattern.count("/") + 1)


def said(name: str, *, folder: bool = False) -> Said:
    """What a name says without a pattern: Canvas' and Moodle's ways of naming, else the name itself.

    Args:
        name: Of a file or folder.
        folder: Whether it is a folder's, which has no ending.

    Example:
        >>> said("garciaana_LATE_12345_678901_mnist-2.py").number
        '12345'
        >>> said("Ana García_4711_assignsubmission_file_", folder=True).name
        'Ana García'
        >>> said("ana.tar.gz").student, said("ana.garcia", folder=True).student
        ('ana', 'ana.garcia')
    """
    if match := _MOODLE.fullmatch(name):
        person, typed = match["name"].strip(), match["kind"] != "file"
        return Said("moodle", person, person, number=match["number"], typed=typed)
    if match := _ANONYMOUS.fullmatch(name):
        late = bool(match["late"] or match["behind"])
        return _canvas(match, Said("canvas", match["name"], late=late))
    if match := _CANVAS.fullmatch(name):
        person, user = match["name"], match["user"]
        late = bool(match["late"])
        return _canvas(match, Said("canvas", f"{person}_{user}", person, number=user, late=late))
    return Said("own", name if folder else stem(name))


def _canvas(match: re.Match[str], whose: Said) -> Said:
    """Add which file of the student's it is."""
    file = match["file"] or ""
    base, ending = stem(file), file[len(stem(file)) :]
    version = _VERSION.fullmatch(base)
    return replace(
        whose,
        base=fold((version["base"] if version else base) + ending),
        version=int(version["version"]) if version else 0,
        upload=int(match["upload"] or 0),
        typed=bool(match["typed"]),
    )


def stem(name: str) -> str:
    """A name without its ending; ``.tar.gz`` is one ending.

    Example:
        >>> stem("ana.tar.gz"), stem("ana.v2.py"), stem("ana")
        ('ana', 'ana.v2', 'ana')
    """
    if match := _DOUBLE.fullmatch(name):
        return match[1]
    before, dot, after = name.rpartition(".")
    return before if dot and before and re.fullmatch(r"\w{1,10}", after) else name


def readable(name: str) -> str:
    """A name as text: undecodable bytes taken for Windows' letters, nothing that cannot be printed."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = name.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    composed = unicodedata.normalize("NFC", name)
    return " ".join("".join(char if char.isprintable() else " " for char in composed).split())


def folder_name(key: str) -> str:
    """A name for a student's folder that is safe on every system, another one for every key.

    A key that is safe stays as it is (NFC); in any other, what is not is replaced, and a digest of
    the key is put behind it. At most 80 characters.

    Example:
        >>> folder_name("ana"), folder_name("../ana")
        ('ana', '_ana-b70672d70e')
    """
    composed = unicodedata.normalize("NFC", key)
    safe = "".join(char if _is_safe(char) else "_" for char in composed)
    if safe == composed and _fits(safe) and not _DIGESTED.fullmatch(fold(safe)):
        return safe
    digest = hashlib.sha256(fold(key).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    kept = safe.lstrip(" .-")[: _LONGEST - _DIGEST - 2]
    if _RESERVED.fullmatch(kept.partition(".")[0].strip()):
        kept = f"_{kept}"
    while len(kept.encode("utf-8")) > _MOST_BYTES:
        kept = kept[:-1]
    return f"{kept.rstrip(' .') or '_'}-{digest}"


def _fits(name: str) -> bool:
    """Whether a name of safe characters may be a folder's."""
    return (
        0 < len(name) <= _LONGEST
        and len(name.encode("utf-8")) <= _MOST_BYTES
        and name[0] not in " .-"
        and name[-1] not in " ."
        and not _RESERVED.fullmatch(name.partition(".")[0].strip())
    )


@lru_cache(4096)
def _is_safe(char: str) -> bool:
    return char.isalnum() or char in " ._-+@" or unicodedata.category(char) in ("Mn", "Mc")


def _bad(pattern: str, what: Text) -> UsageError:
    return UsageError(
        _("{pattern} is no pattern of names. {what}", pattern=repr(pattern), what=what),
        _("It is made of {fields} and plain text.", fields="{student}, {name}, {section}, {*}"),
        _("Write for instance {example}.", example="{student}_{*}"),
    )
