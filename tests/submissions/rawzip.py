"""Writes zip archives as no library would: names that are no text, sizes that lie, shared bodies."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Member", "raw_zip", "zeros"]


@dataclass(frozen=True, slots=True)
class Member:
    """One entry, every field as it is to be written.

    Args:
        name: In whatever encoding.
        body: As it lies in the archive.
        size: Unpacked, as the archive says; ``None`` for what is true of a stored body.
        method: 0 stored, 8 deflated.
        flags: 1 encrypted, 0x800 name in UTF-8.
        crc: As the archive says; ``None`` for the body's own.
        shared: Whether it has no body of its own and points to the first member's.
    """

    name: bytes
    body: bytes
    size: int | None = None
    method: int = 0
    flags: int = 0
    crc: int | None = None
    shared: bool = False


def zeros(times: int) -> bytes:
    """A deflated body of so many times 16 MiB of zeros, made in a moment."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return part * times + packer.flush(zlib.Z_FINISH)


def raw_zip(members: Iterable[Member]) -> bytes:
    """The bytes of an archive."""
    content, directory = bytearray(), bytearray()
    count, first = 0, 0
    for member in members:
        crc = zlib.crc32(member.body) if member.crc is None else member.crc
        size = len(member.body) if member.size is None else member.size
        packed = first if member.shared else len(member.body)
        fields = (member.flags, member.method, 0, 0x21, crc, packed, size, len(member.name), 0)
        offset = 0 if member.shared else len(content)
        if not member.shared:
            content += struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, *fields) + member.name + member.body
        first = first or packed
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, *fields, 0, 0, 0, 0, offset)
        directory += member.name
        count += 1
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(content), 0)
    return bytes(content + directory + end)
