"""A command in a real pseudo-terminal of 80 columns and 24 lines, and what it draws there."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>])")
PATIENCE = 120  # seconds, for a machine that has much else to do


class Terminal:
    """A process in a pseudo-terminal, and what it has drawn."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.drawn = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "labkit", *arguments], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def expect(self, words: str) -> str:
        """Wait until these words are drawn; return everything up to there, and forget it."""
        end = time.monotonic() + PATIENCE
        while words not in self.drawn:
            assert time.monotonic() < end, f"{words!r} never came; there was:\n{self.drawn[-3000:]}"
            if select.select([self.fd], [], [], 0.1)[0]:
                self.drawn += self._read()
        before, _words, self.drawn = self.drawn.partition(words)
        return before

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())

    def end(self) -> int:
        """Wait for the process; return its exit code."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> str:
        try:
            return ESCAPES.sub("", os.read(self.fd, 65536).decode("utf-8", "replace"))
        except OSError:  # the other side has gone
            return ""

    def kill(self) -> None:
        """End it, whatever it does."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return
