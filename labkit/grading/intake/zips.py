"""Reads ``.zip`` files of strangers."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from labkit.grading.intake.members import (
    CHUNK,
    MOST_ENTRIES,
    Member,
    crowded,
    damaged,
    half,
    refused,
)
from labkit.grading.intake.names import in_junk
from labkit.i18n import texts

__all__ = ["has_end", "members"]

_ = texts(__file__)

_UTF8, _ENCRYPTED, _HEADER = 0x800, 0x1 | 0x40 | 0x2000, 30


def members(archive: Path) -> Iterator[Member]:
    """Every member of a ``.zip`` but junk, in its own order.

    Raises:
        SubmissionError: It is damaged, or one of its members is refused.
    """
    # zipfile makes an object of every entry before anyone can count them. Entries of archives inside
    # this one are counted along.
    if _entries(archive) > MOST_ENTRIES:
        raise crowded(archive.name)
    try:
        opened = zipfile.ZipFile(archive)
    except UnicodeDecodeError as error:
        raise refused(archive.name, _("a name in it is not in the encoding it says"), "…") from error
    except Exception as error:  # zipfile raises whatever it stumbles on in a damaged file
        raise (damaged if has_end(archive) else half)(archive.name) from error
    with opened:
        entries = opened.infolist()
        _refuse_overlaps(archive, entries, opened.start_dir)
        for entry in entries:
            if not in_junk(_name(entry)):
                yield _member(archive.name, opened, entry)


def has_end(archive: Path) -> bool:
    """Whether the file has the record that ends every ``.zip``."""
    with archive.open("rb") as file:
        file.seek(max(0, archive.stat().st_size - 2**16 - 22))
        return b"PK\x05\x06" in file.read()


def _entries(archive: Path) -> int:
    """Entries of the directory, counted by their signature."""
    found, before = 0, b""
    with archive.open("rb") as file:
        while chunk := file.read(2**20):
            found += (before + chunk).count(b"PK\x01\x02")
            before = chunk[-3:]
    return found


def _refuse_overlaps(archive: Path, entries: list[zipfile.ZipInfo], end: int) -> None:
    """Members that share their bytes multiply without growing the file."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    limits = [entry.header_offset for entry in ordered[1:]] + [end]
    for entry, limit in zip(ordered, limits):
        length = _HEADER + len(entry.orig_filename) + entry.compress_size
        if entry.header_offset < 0 or entry.compress_size < 0:
            raise damaged(archive.name)
        if entry.header_offset + length > limit:
            raise refused(archive.name, _("its files overlap"), entry.orig_filename)


def _member(archive: str, opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    name = _name(entry)
    mode = entry.external_attr >> 16
    folder = name.endswith(("/", "\\")) or stat.S_ISDIR(mode)
    if stat.S_ISLNK(mode):
        raise refused(archive, _("it holds a link"), name)
    if stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise refused(archive, _("it holds a device or the like"), name)
    if entry.flag_bits & _ENCRYPTED:
        raise refused(archive, _("it asks for a password"), name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not folder:
        raise refused(archive, _("it is packed with a rare method"), name)
    return Member(name, folder, _content(archive, opened, entry))


def _content(archive: str, opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # Read, whatever size the header claims: zipfile would stop there and compare nothing.
    try:
        stream = opened.open(entry)
    except Exception as error:
        raise damaged(archive) from error
    with stream:
        while True:
            try:
                chunk = stream.read(CHUNK)
            except Exception as error:
                raise damaged(archive) from error
            if not chunk:
                return
            yield chunk


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant.

    Without the mark for UTF-8 zipfile reads code page 437. macOS writes UTF-8 all the same, and
    Windows its own code page, which in Western Europe and Latin America is 850: it has the small
    letters where 437 has them, and the accented capitals besides.
    """
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")
