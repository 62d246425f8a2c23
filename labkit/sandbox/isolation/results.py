"""Takes over what a confined process left: plain files of the expected names, with their seals."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

__all__ = ["collect", "write"]


def collect(work: Path, target: int, digests: Mapping[str, str], room_mb: int) -> bool:
    """Copy announced files out of the room.

    What is a link, a pipe or a folder, is too large, or is not what was announced stays behind;
    ``rejected.txt`` names it.

    Args:
        work: Folder the process wrote to.
        target: Descriptor of the folder the files go to.
        digests: Name -> SHA-256 of what the kit wrote there.
        room_mb: The most one file may hold, MiB.

    Returns:
        Whether every announced file was there as announced.
    """
    rejected = []
    source = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    for name, digest in digests.items():
        content = None if "/" in name else _read(source, name, room_mb * 2**20)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            rejected.append(name)
        else:
            write(target, name, content)
    os.close(source)
    if rejected:
        write(target, "rejected.txt", "\n".join(rejected).encode(errors="replace"))
    return not rejected


def write(folder: int, name: str, content: bytes) -> None:
    """Write a file into the folder behind a descriptor, never through a link."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o644, dir_fd=folder), "wb") as stream:
        stream.write(content)


def _read(folder: int, name: str, most: int) -> bytes | None:
    """A plain file's content, ``None`` for anything else."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(name, flags, dir_fd=folder)
    except (OSError, ValueError):
        return None
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode) or status.st_size > most:
        os.close(file)
        return None
    with os.fdopen(file, "rb") as stream:
        return stream.read(most + 1)
