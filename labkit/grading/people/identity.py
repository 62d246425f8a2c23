"""Tells whose each submission is, in a folder as Canvas, Moodle or a person left it.

Nothing is guessed: what cannot be told, or came twice, is a `Stray` with its reason, and every file
and folder that is not plainly somebody's rubbish is in an `Entry` or a `Stray`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from labkit.errors import UsageError
from labkit.grading.gradebook.records import Student
from labkit.grading.people.columns import fold
from labkit.grading.people.naming import Pattern, Said, folder_name, parse, readable, said
from labkit.grading.people.roster import Roster
from labkit.i18n import Text, texts

__all__ = ["Collection", "Entry", "Stray", "collect", "folder_name"]

_ = texts(__file__)

_RUBBISH = ("__macosx", "thumbs.db", "desktop.ini")
_BLIND = ("participant", "participante")  # what Moodle calls everybody where names are hidden


@dataclass(frozen=True, slots=True)
class Entry:
    """What one student handed in.

    Args:
        student: Who: from the roster, or made from the name.
        paths: Its file or folder; several where Canvas or Moodle gave several.
        name: The names of these, for people.
        submitted: Newest modification time of the files in it, UTC; ``None`` where there is no file.
            A download may have set it anew: it is no proof of when something was handed in.
        late: Whether Canvas calls it late.
    """

    student: Student
    paths: tuple[Path, ...]
    name: str
    submitted: datetime | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that is nobody's submission, and why."""

    path: Path
    reason: Text


@dataclass(frozen=True, slots=True)
class Collection:
    """What a folder of submissions holds.

    Args:
        entries: By key of the student, one each.
        strays: By path.
        unknown: Those of the entries whose student is not in the roster; none without a roster.
    """

    entries: tuple[Entry, ...]
    strays: tuple[Stray, ...]
    unknown: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A path and what its name says."""

    path: Path
    said: Said


def collect(source: Path, *, pattern: str | None = None, roster: Roster | None = None) -> Collection:
    """Look at a folder of submissions, without opening any.

    Args:
        source: Each file or folder in it is a submission, or a part of one. Hidden files and what
            systems leave behind are passed over; links are not followed.
        pattern: How they are named, see `labkit.grading.people.naming.parse`; ``None`` for Canvas'
            or Moodle's way, or else the student's key.
        roster: Who is in the class.

    Raises:
        UsageError: The folder is none, or the pattern.
    """
    wanted = parse(pattern) if pattern is not None else None
    if not source.is_dir():
        raise UsageError(
            _("There is no folder {folder}.", folder=source),
            _("A folder with one file or folder for each student was expected."),
        )
    strays: list[Stray] = []
    sightings = list(_sightings(source, source, wanted, strays))
    groups = list(_groups(sightings, strays))
    owned: dict[str, list[tuple[Student, bool, list[_Sighting]]]] = defaultdict(list)
    for group in groups:
        student, known = _student(group[0].said, roster)
        owned[fold(student.key)].append((student, known, group))
    entries, unknown = [], []
    for _key, claims in sorted(owned.items()):
        student, known, group = claims[0]
        if len(claims) > 1:
            reason = _("There are two submissions of {student}; leave one.", student=student.shown)
            strays += [Stray(one.path, reason) for claim in claims for one in claim[2]]
            continue
        entries.append(_entry(student, group))
        if roster is not None and not known:
            unknown.append(entries[-1])
    strays.sort(key=lambda stray: stray.path.relative_to(source).parts)
    return Collection(tuple(entries), tuple(strays), tuple(unknown))


def _sightings(
    source: Path, folder: Path, pattern: Pattern | None, strays: list[Stray]
) -> Iterator[_Sighting]:
    """Submissions below a folder, as deep as the pattern goes."""
    depth = len(folder.relative_to(source).parts) + 1
    try:
        children = sorted(folder.iterdir(), key=lambda path: (fold(readable(path.name)), path.name))
    except OSError as error:
        strays.append(Stray(folder, _("It cannot be read: {error}.", error=error.strerror or error)))
        return
    wanted = [path for path in children if not _is_rubbish(path.name)]
    if not wanted and folder != source:
        strays.append(Stray(folder, _("There is nothing in this folder.")))
    for path in wanted:
        if path.is_symlink() or _is_junction(path):
            strays.append(Stray(path, _("It is a link, and links are not followed.")))
        elif not (path.is_file() or path.is_dir()):
            strays.append(Stray(path, _("It is neither a file nor a folder.")))
        elif pattern and depth < pattern.depth and path.is_dir():
            yield from _sightings(source, path, pattern, strays)
        elif found := _said(source, path, pattern):
            yield _Sighting(path, found)
        elif pattern:
            strays.append(Stray(path, _("Its name does not fit the pattern.")))
        else:
            strays.append(Stray(path, _("Its name names nobody.")))


def _said(source: Path, path: Path, pattern: Pattern | None) -> Said | None:
    """What a path says; ``None`` where that is nothing."""
    parts = [readable(part) for part in path.relative_to(source).parts]
    if pattern is None:
        found: Said | None = said(parts[-1], folder=path.is_dir())
    else:
        found = pattern.match("/".join(parts), folder=path.is_dir())
    return found if found and found.student.strip(" .") else None


def _is_junction(path: Path) -> bool:
    """Whether a folder is one of Windows' own links; Python 3.10 and 3.11 cannot tell."""
    return bool(getattr(os.path, "isjunction", lambda _path: False)(path))


def _is_rubbish(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _RUBBISH


def _groups(sightings: Iterable[_Sighting], strays: list[Stray]) -> Iterator[list[_Sighting]]:
    """Put together what is one submission; Canvas and Moodle may have one's files side by side."""
    together: dict[tuple[str, str, str], list[_Sighting]] = defaultdict(list)
    for sighting in sightings:
        what = sighting.said
        if what.typed:
            strays.append(Stray(sighting.path, _("It is a text typed in a box, and no file.")))
        elif what.source in ("canvas", "moodle"):
            together[what.source, fold(what.student), what.number].append(sighting)
        else:
            together[what.source, str(sighting.path), ""].append(sighting)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, student, number in together:
        numbers[source, student].add(number)
    for (source, student, number), group in together.items():
        if source == "moodle" and (student in _BLIND or len(numbers[source, student]) > 1):
            apart = f"{group[0].said.student} {number}"  # two of one name, or nobody has a name
            group = [replace(one, said=replace(one.said, student=apart)) for one in group]
        yield _last_versions(group, strays) if source == "canvas" else group


def _last_versions(group: list[_Sighting], strays: list[Stray]) -> list[_Sighting]:
    """Of files that Canvas numbered, keep the last of each name."""
    newest: dict[str, _Sighting] = {}
    for one in sorted(group, key=lambda sighting: (sighting.said.version, sighting.said.upload)):
        if older := newest.get(one.said.base):
            reason = _("A later version is there: {name}.", name=readable(one.path.name))
            strays.append(Stray(older.path, reason))
        newest[one.said.base] = one
    return sorted(newest.values(), key=lambda sighting: sighting.path.name)


def _student(what: Said, roster: Roster | None) -> tuple[Student, bool]:
    """The student a name means, and whether the roster has them."""
    found = _in_roster(what, roster) if roster is not None else None
    if found is not None:
        return found, True
    if what.source == "canvas":
        return Student(what.student, name=what.name, canvas_id=what.number), False
    moodle_id = what.number if what.source == "moodle" else ""
    return Student(what.student, name=what.name, section=what.section, moodle_id=moodle_id), False


def _in_roster(what: Said, roster: Roster) -> Student | None:
    """Look a student up; a group that Moodle put before a name (``G1-Ana García``) is left out."""
    if what.source in ("canvas", "moodle"):
        kind = f"{what.source}_id"
        if what.number and (found := roster.by(kind, what.number)):
            return found
        names = what.name.split("-") if what.source == "moodle" else [what.name]
        tails = ["-".join(names[start:]) for start in range(len(names))]
        return next(filter(None, map(roster.named, tails)), None)
    return roster.find(what.student) or (roster.named(what.name) if what.name else None)


def _entry(student: Student, group: list[_Sighting]) -> Entry:
    paths = tuple(sighting.path for sighting in group)
    return Entry(
        student,
        paths,
        ", ".join(readable(path.name) for path in paths),
        _submitted(paths),
        any(sighting.said.late for sighting in group),
    )


def _submitted(paths: Iterable[Path]) -> datetime | None:
    newest = max((time for path in paths for time in _times(path)), default=None)
    return None if newest is None else datetime.fromtimestamp(newest, timezone.utc)


def _times(path: Path) -> Iterator[float]:
    """When the files in a submission were changed; of a folder its own time says nothing."""
    if not path.is_dir():
        yield path.lstat().st_mtime
        return
    for folder, _folders, files in os.walk(path):
        for name in files:
            if not _is_rubbish(name):
                with suppress(OSError):  # nobody may look into that folder
                    yield Path(folder, name).lstat().st_mtime
