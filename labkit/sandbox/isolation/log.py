"""A log that keeps the beginning and the end of whatever is printed, however much that is."""

from __future__ import annotations

import os
from collections import deque

__all__ = ["Log"]

_HEAD = _TAIL = 256 * 1024


class Log:
    """``log.txt`` in the folder behind the descriptor ``folder``; bytes in the middle are left out."""

    def __init__(self, folder: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open("log.txt", flags, 0o644, dir_fd=folder)
        self._room = _HEAD
        self._tail: deque[bytes] = deque()
        self._held = 0
        self._lost = 0

    def write(self, chunk: bytes) -> None:
        """Keep ``chunk``, in the file at once as long as the beginning lasts."""
        head, rest = chunk[: self._room], chunk[self._room :]
        if head:
            os.write(self._file, head)
            self._room -= len(head)
        if rest:
            self._tail.append(rest)
            self._held += len(rest)
        while self._held - len(self._tail[0] if self._tail else b"") > _TAIL:
            dropped = len(self._tail.popleft())
            self._held -= dropped
            self._lost += dropped

    def close(self) -> None:
        """Write the end, and how much is missing before it."""
        if self._lost:
            os.write(self._file, f"\n[... {self._lost:,} bytes ...]\n".encode())
        for chunk in self._tail:
            os.write(self._file, chunk)
        os.close(self._file)
