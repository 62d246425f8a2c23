"""The few calls to the Linux kernel that Python does not offer."""

from __future__ import annotations

import ctypes
import os
import platform

__all__ = ["MACHINE", "checked", "libc", "prctl", "system_call"]

MACHINE = platform.machine()
libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, about: str) -> int:
    """``result`` of a call, or the error it stands for.

    Raises:
        OSError: The result is negative.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{about}: {os.strerror(number)}")
    return result


def system_call(about: str, number: int, *arguments: object) -> int:
    """Call the kernel by number.

    Raises:
        OSError: The kernel refuses; ``about`` is named in the message.
    """
    return checked(int(libc.syscall(number, *arguments)), about)


def prctl(about: str, option: int, value: int = 0, *more: object) -> int:
    """Call ``prctl``.

    Raises:
        OSError: The kernel refuses.
    """
    rest = [*more, 0, 0, 0][:3]
    return checked(int(libc.prctl(option, ctypes.c_ulong(value), *rest)), about)
