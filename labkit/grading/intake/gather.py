"""Brings the files of a submission together: unpacked, copied, or where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labkit.grading.intake.archive import is_archive, is_foreign, unpack
from labkit.grading.intake.names import shown
from labkit.grading.intake.place import Place
from labkit.grading.intake.walk import Entry, entries_of, plain, walk
from labkit.i18n import Text, texts

__all__ = ["Found", "gather"]

_ = texts(__file__)

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A plain file of the submission.

    Args:
        path: Where it lies now.
        name: As the student knows it: relative to what was handed in, with forward slashes.
    """

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        """Ending of the name, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


def gather(sources: Sequence[Path], place: Place, *, copy: bool) -> tuple[list[Found], list[Text]]:
    """Every plain file of the submission, archives unpacked one level deep.

    Args:
        sources: What was handed in.
        place: Where to unpack and copy to.
        copy: Whether plain files are copied there, too.

    Raises:
        SubmissionError: Something of it cannot be taken in.
        UsageError: An archive was handed in, and ``place`` has no folder.
        StorageError: A file cannot be read or written.
    """
    found: list[Found] = []
    notes: list[Text] = []
    for source in sources:
        whole = copy and source.is_dir() and not source.is_symlink()
        target = place.folder(source.name or "files") if whole else None
        for entry in entries_of(source):
            if entry.kind != "file":
                notes.append(_("{name} was left out: it is no plain file.", name=shown(entry.name)))
            elif is_archive(entry.name):
                more, packed = _unpacked(entry, place)
                found += more
                notes += packed
            else:
                found.append(Found(_copied(entry, place, target) if copy else entry.path, entry.name))
    return found, notes


def _unpacked(entry: Entry, place: Place) -> tuple[list[Found], list[Text]]:
    root, left_out = unpack(entry.path, place)
    found = [Found(inner.path, inner.name) for inner in walk(root)]
    notes = [
        _("{name} was left packed: it is an archive within an archive.", name=shown(one.name))
        for one in found
        if is_archive(one.name) or is_foreign(one.name)
    ]
    if left_out:
        names = ", ".join(map(shown, left_out[:_MOST_NAMES])) + "…" * (len(left_out) > _MOST_NAMES)
        notes.append(_("What has a name that cannot be written was left out: {names}.", names=names))
    return found, notes


def _copied(entry: Entry, place: Place, target: Path | None) -> Path:
    if target is None:
        return place.add(entry.name, plain(entry.path))
    return place.write(target, PurePosixPath(entry.name), plain(entry.path))
