"""Unpacks an archive that a stranger made: member by member, counted, and never outside its folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from labkit.errors import SubmissionError
from labkit.grading.intake import tars, zips
from labkit.grading.intake.kinds import HEAD, kind
from labkit.grading.intake.members import Member, damaged
from labkit.grading.intake.names import Names, shown
from labkit.grading.intake.place import LARGEST, Place
from labkit.i18n import texts

__all__ = ["foreign", "is_archive", "is_foreign", "unpack"]

_ = texts(__file__)

# Canvas puts its number before the last ending: lab2.tar-1.gz.
_ARCHIVE = re.compile(r".*\.(zip|tar|tgz|tbz2?|txz|tar(-\d+)?\.(gz|bz2|xz))", re.I | re.S)
_FOREIGN = re.compile(r".*\.(rar|7z|zipx|sitx?|tar\.zst|cab|ace|arj)", re.I | re.S)


def is_archive(name: str) -> bool:
    """Whether a file of that name is unpacked.

    Example:
        >>> is_archive("lab2.tar.gz"), is_archive("digits.csv.gz")
        (True, False)
    """
    return _ARCHIVE.fullmatch(name) is not None


def is_foreign(name: str) -> bool:
    """Whether that is an archive of a kind that is not unpacked here."""
    return _FOREIGN.fullmatch(name) is not None


def unpack(archive: Path, place: Place) -> tuple[Path, list[str]]:
    """Unpack ``archive`` into a new folder of ``place``, without what `walk` would leave out.

    Only plain files and folders come out, readable and nothing else, whatever the archive says of
    rights and owners. What comes out is counted as it comes out, never by what a header says.

    Returns:
        The folder, and what was left out because of its name, which cannot be written.

    Raises:
        SubmissionError: It is no archive, is damaged, or holds what is not unpacked.
        StorageError: The disk is full, or the folder cannot be written.
    """
    packed = archive.stat().st_size
    if packed > LARGEST:
        raise SubmissionError(
            _("{name} is {size:.0f} MB large.", name=shown(archive.name), size=packed / 1e6),
            _("An archive of a few kilobytes was expected."),
            _("Leave out environments, data and results, and hand in the rest."),
        )
    members = _reader(archive)
    names = Names(archive.name)
    root = place.folder(archive.name.split(".", 1)[0].strip() or "archive")
    ceiling = place.ceiling(packed)
    for member in members(archive):
        name = names.add(member.name, folder=member.folder)
        if name is None:
            continue
        if member.folder:
            place.count()
        else:
            place.write(root, name, member.chunks, ceiling)
    return root, names.left_out


def _reader(archive: Path) -> Callable[[Path], Iterator[Member]]:
    """The reader for what the file really is, whatever its ending says."""
    with archive.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise SubmissionError(
            _("{name} is empty.", name=shown(archive.name)),
            fix=_("Perhaps it was not uploaded to the end; hand it in again."),
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return zips.members
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")) or tars.looks_like_one(head):
        return tars.members
    if head.startswith((b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")):
        raise foreign(archive.name)
    if archive.suffix.lower() == ".zip" and zips.has_end(archive):
        return zips.members
    if not head.strip(b"\0"):
        raise damaged(archive.name)
    raise SubmissionError(
        _("{name} is {kind}, not an archive.", name=shown(archive.name), kind=kind(head))
        if kind(head)
        else _("{name} is not an archive, whatever its name says.", name=shown(archive.name)),
        _("A .zip or .tar.gz was expected."),
        _("Pack your files again, or hand in the Python file itself."),
    )


def foreign(name: str) -> SubmissionError:
    """The refusal of an archive of a kind that is not unpacked here."""
    return SubmissionError(
        _("{name} is packed in a way that is not unpacked here.", name=shown(name)),
        _("A .zip was expected."),
        _("Pack your files as a .zip, or hand in the Python file itself."),
    )
