"""The files of a folder, without those nobody meant to hand in, and their digest."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from labkit.errors import StorageError, SubmissionError
from labkit.grading.intake.members import CHUNK
from labkit.grading.intake.names import is_junk, shown
from labkit.grading.intake.place import MOST_FILES
from labkit.i18n import texts

__all__ = ["Entry", "digest", "entries_of", "plain", "walk"]

_ = texts(__file__)

_DEEPEST = 20
Kind = Literal["file", "link", "other"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder.

    Args:
        path: Where it lies.
        name: Relative to the folder, with forward slashes.
        kind: A plain file, a link to anything, or something else: a device, a pipe.
    """

    path: Path
    name: str
    kind: Kind


def walk(folder: Path) -> Iterator[Entry]:
    """Everything in a folder but hidden files, caches and environments, in order; links not followed.

    Raises:
        SubmissionError: There are too many files, or too deep.
        StorageError: The folder cannot be read.
    """
    for number, entry in enumerate(_walk(folder, "", 0), 1):
        if number > MOST_FILES:
            raise SubmissionError(
                _("{name} holds more than {count} files.", name=shown(folder.name), count=MOST_FILES),
                _("Your Python file, and perhaps a few more, were expected."),
                _("Name the file itself."),
            )
        yield entry


def entries_of(source: Path) -> list[Entry]:
    """A folder's files, or the one file that ``source`` is.

    Raises:
        SubmissionError: There are too many files, or too deep.
        StorageError: There is nothing of that name, or it cannot be read.
    """
    try:
        mode = source.lstat().st_mode
    except OSError as error:
        raise _unreadable(source, error) from error
    if stat.S_ISDIR(mode):
        return list(walk(source))
    kind: Kind = "link" if stat.S_ISLNK(mode) else "file" if stat.S_ISREG(mode) else "other"
    return [Entry(source, source.name, kind)]


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[Entry]:
    if depth > _DEEPEST:
        raise SubmissionError(
            _(
                "Folders are nested more than {count} deep in {name}.",
                count=_DEEPEST,
                name=shown(prefix),
            ),
            fix=_("Name the file itself."),
        )
    try:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable(folder, error) from error
    for entry in found:
        path, name = Path(entry.path), prefix + entry.name
        if is_junk(entry.name):
            continue
        if entry.is_symlink():
            yield Entry(path, name, "link")
        elif entry.is_dir(follow_symlinks=False):
            if not _is_environment(path):
                yield from _walk(path, name + "/", depth + 1)
        else:
            yield Entry(path, name, "file" if entry.is_file(follow_symlinks=False) else "other")


def _is_environment(folder: Path) -> bool:
    try:
        return (folder / "pyvenv.cfg").exists()
    except OSError:  # nobody may look into it, which is told by whoever does
        return False


def plain(path: Path) -> Iterator[bytes]:
    """The content of a plain file, in pieces; a link is not followed, a pipe not waited for.

    Raises:
        StorageError: It cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise _unreadable(path, error) from error


def digest(sources: Sequence[Path]) -> str:
    """Digest of what was handed in: its bytes and names, nothing unpacked, links not followed.

    Equal content has an equal digest wherever it lies and in whatever order it is named. A folder's
    own name does not count, nor does what `walk` leaves out.

    Args:
        sources: Files and folders.

    Returns:
        SHA-256 in hexadecimal; of a single file, that of its bytes.

    Raises:
        SubmissionError: A folder holds too many files.
        StorageError: A file cannot be read.
    """
    entries = [entry for source in sources for entry in entries_of(source)]
    if len(sources) == 1 and [entry.path for entry in entries] == list(sources):
        return _content(entries[0]).hexdigest()
    lines = [_line(entry) for entry in entries]
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def _line(entry: Entry) -> bytes:
    """Kind, name and content of one file, each of a known length, so that none can pass for another."""
    name = unicodedata.normalize("NFC", entry.name).encode("utf-8", "surrogateescape")
    return b"%b %d " % (entry.kind.encode("ascii"), len(name)) + name + _content(entry).digest()


def _content(entry: Entry) -> hashlib._Hash:
    """Digest of a file's bytes, of where a link leads, and of nothing for devices and pipes."""
    content = hashlib.sha256()
    if entry.kind == "file":
        for chunk in plain(entry.path):
            content.update(chunk)
    elif entry.kind == "link":
        content.update(os.fsencode(entry.path.readlink()))
    return content


def _unreadable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        _("{name} could not be read: {reason}.", name=shown(path.name), reason=error.strerror or error),
        fix=_("Look at its rights, or copy it somewhere else."),
    )
