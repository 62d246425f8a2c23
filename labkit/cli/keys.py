"""Single keys from a terminal, without waiting for Enter; none where nobody types."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Keys", "keys"]


class Keys:
    """Where keys come from; this one never has any."""

    def pressed(self) -> str:
        """The key that was pressed since the last question, in lower case; empty if none was."""
        return ""


@contextmanager
def keys() -> Iterator[Keys]:
    """Read keys inside the block; the terminal is afterwards what it was."""
    if not sys.stdin.isatty():
        yield Keys()
    elif os.name == "nt":
        yield _WindowsKeys()
    else:
        with _unbuffered():
            yield _PosixKeys()


class _PosixKeys(Keys):
    def pressed(self) -> str:
        import select

        if not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        typed = os.read(sys.stdin.fileno(), 64)
        # An arrow or another special key is an escape and more: it is no letter.
        return "" if typed.startswith(b"\x1b") else typed.decode("utf-8", "ignore")[:1].lower() or "q"


class _WindowsKeys(Keys):
    def pressed(self) -> str:
        import msvcrt

        if not msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            return ""
        return str(msvcrt.getwch()).lower()  # type: ignore[attr-defined, unused-ignore]


@contextmanager
def _unbuffered() -> Iterator[None]:
    """A POSIX terminal that hands on every key at once and does not show it; Ctrl-C stays Ctrl-C."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    former = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, former)
