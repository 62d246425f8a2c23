"""Reads ``.tar`` files of strangers, packed with gzip, bzip2, xz or not at all.

The standard library reads each header; going from one to the next is done here, so that nothing a
header says makes the kit go back, go round in circles, call itself, or read more than it counts.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

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
from labkit.grading.intake.place import LARGEST, too_large
from labkit.i18n import texts

__all__ = ["looks_like_one", "members"]

_ = texts(__file__)

_BLOCK = tarfile.BLOCKSIZE
_LONGEST_HEADER = 2**16
_MOST_IN_A_ROW = 16  # headers of headers before a member
_MOST_UNREAD = 5 * LARGEST  # bytes unpacked only to get to what follows them
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE)
_DEVICES = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
_WITHOUT_CONTENT = (*_LINKS, *_DEVICES, tarfile.DIRTYPE)
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_PACKERS: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file, mode="rb")),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)


def looks_like_one(head: bytes) -> bool:
    """Whether a file that begins so is an unpacked ``.tar``."""
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape")
    except Exception:  # frombuf raises ValueError and others besides its own
        return False
    return True


def members(archive: Path) -> Iterator[Member]:
    """Every member of a ``.tar`` but junk, in its own order.

    Raises:
        SubmissionError: It is damaged, or one of its members is refused.
    """
    with archive.open("rb") as file:
        head = file.read(8)
        file.seek(0)
        opener = next((opener for mark, opener in _PACKERS if head.startswith(mark)), None)
        yield from _Tar(archive.name, opener(file) if opener else file).members()


class _Tar:
    """One pass over the blocks of a ``.tar``."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self._name = name
        self._stream = stream
        self._headers = 0
        self._in_a_row = 0
        self._unread = 0

    def members(self) -> Iterator[Member]:
        extra: dict[bytes, bytes] = {}
        while (header := self._header()) is not None:
            self._in_a_row += 1
            if header.type == tarfile.GNUTYPE_LONGNAME:
                extra[b"path"] = self._extension(header).split(b"\0", 1)[0]
            elif header.type in _PAX:
                extra |= _records(self._name, self._extension(header))
            elif header.type in (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK):
                self._extension(header)
            else:
                yield from self._member(header, extra)
                extra, self._in_a_row = {}, 0

    def _member(self, header: tarfile.TarInfo, extra: Mapping[bytes, bytes]) -> Iterator[Member]:
        name = _name(extra.get(b"path"), header.name)
        size = _size(self._name, extra.get(b"size"), header.size)
        junk = in_junk(name)
        if header.type in _LINKS and not junk:
            raise refused(self._name, _("it holds a link"), name)
        if header.type in _DEVICES and not junk:
            raise refused(self._name, _("it holds a device or the like"), name)
        if any(key.startswith(b"GNU.sparse") for key in extra) and not junk:
            raise refused(self._name, _("it holds a file with holes"), name)
        if header.type == tarfile.DIRTYPE and not junk:
            yield Member(name, True, iter(()))
        if header.type in _WITHOUT_CONTENT:
            return
        if header.type not in _PLAIN:
            raise refused(self._name, _("it holds a device or the like"), name)
        rest = [size]
        if not junk:
            yield Member(name, False, self._content(rest))
        for chunk in self._content(rest):  # junk, and whatever the reader left
            self._pass_over(len(chunk))
        self._read(-size % _BLOCK)

    def _pass_over(self, size: int) -> None:
        """Count what is unpacked and not kept, which is no less work."""
        self._unread += size
        if self._unread > _MOST_UNREAD:
            raise too_large()

    def _content(self, rest: list[int]) -> Iterator[bytes]:
        while rest[0] > 0:
            chunk = self._read(min(rest[0], CHUNK))
            rest[0] -= len(chunk)
            yield chunk

    def _header(self) -> tarfile.TarInfo | None:
        """The next header; ``None`` at the end."""
        self._headers += 1
        if self._headers > MOST_ENTRIES:
            raise crowded(self._name)
        if self._in_a_row > _MOST_IN_A_ROW:
            raise damaged(self._name)
        block = self._some(_BLOCK)
        if not block.strip(b"\0"):
            if not block and self._headers == 1:
                raise half(self._name)
            return None
        if len(block) < _BLOCK:
            raise half(self._name)
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except Exception as error:  # frombuf raises ValueError and others besides its own
            raise damaged(self._name) from error

    def _extension(self, header: tarfile.TarInfo) -> bytes:
        """What a header of headers holds, which names the member that follows."""
        if not 0 <= header.size <= _LONGEST_HEADER:
            raise refused(self._name, _("a name in it is too long"), header.name)
        content = self._read(header.size)
        self._read(-header.size % _BLOCK)
        self._pass_over(header.size)
        return content

    def _read(self, size: int) -> bytes:
        """Exactly that many bytes."""
        content = self._some(size)
        if len(content) < size:
            raise half(self._name)
        return content

    def _some(self, size: int) -> bytes:
        """That many bytes, or fewer at the end."""
        found = b""
        while len(found) < size:
            try:
                chunk = self._stream.read(size - len(found))
            except EOFError as error:
                raise half(self._name) from error
            except Exception as error:  # of zlib, bz2, lzma and gzip, each its own
                raise damaged(self._name) from error
            if not chunk:
                break
            found += chunk
        return found


def _records(archive: str, content: bytes) -> dict[bytes, bytes]:
    r"""The records of a pax header: ``"<length> <key>=<value>\n"``, again and again."""
    records: dict[bytes, bytes] = {}
    while content.strip(b"\0"):
        digits, _space, _rest = content.partition(b" ")
        length = int(digits) if digits.isdigit() and len(digits) < 8 else 0
        if not len(digits) + 1 < length <= len(content):
            raise damaged(archive)
        name, _equals, value = content[len(digits) + 1 : length - 1].partition(b"=")
        records[name] = value
        content = content[length:]
    return records


def _size(archive: str, written: bytes | None, size: int) -> int:
    if written is not None:
        size = int(written) if written.isdigit() and len(written) < 16 else -1
    if size < 0:
        raise damaged(archive)
    return size


def _name(written: bytes | None, name: str) -> str:
    raw = written if written is not None else name.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
