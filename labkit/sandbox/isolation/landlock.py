"""Landlock: a process gives up every path but those it names.

See landlock(7). Used where namespaces are refused; needs Linux 5.13.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from labkit.sandbox.isolation.kernel import MACHINE, libc, system_call

__all__ = ["restrict", "version"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION = 1
_BENEATH = 1
_READ = 1 << 2 | 1 << 3  # files, folders
_EXECUTE, _WRITE_FILE, _TRUNCATE, _IOCTL = 1 << 0, 1 << 1, 1 << 14, 1 << 15
_FOR_FILES = _EXECUTE | _WRITE_FILE | 1 << 2 | _TRUNCATE | _IOCTL
_MAKE = sum(1 << bit for bit in (4, 5, 7, 8, 10, 12))  # remove and make folders, files, pipes, links
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version knows
_SCOPES_SINCE = 6
_SCOPES = 1 << 0 | 1 << 1  # abstract sockets and signals stay inside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Version of Landlock's interface, 0 where the kernel has none or has it off."""
    if not sys.platform.startswith("linux") or MACHINE not in ("x86_64", "aarch64"):
        return 0
    return max(0, int(libc.syscall(_CREATE, None, 0, _VERSION)))


def restrict(readable: Iterable[Path], writable: Iterable[Path], devices: Iterable[str]) -> None:
    """Give up every path of the file system but these, for this process and its children.

    The process must have set ``no_new_privs``.

    Raises:
        OSError: The kernel refuses.
    """
    interface = version()
    handled = (1 << _RIGHTS.get(interface, 16)) - 1
    rules = _Ruleset(handled, 0, _SCOPES if interface >= _SCOPES_SINCE else 0)
    size = ctypes.sizeof(rules) if interface >= _SCOPES_SINCE else 8
    ruleset = system_call("landlock", _CREATE, ctypes.byref(rules), size, 0)
    for path in readable:
        _allow(ruleset, path, (_READ | _EXECUTE) & handled)
    for path in writable:
        _allow(ruleset, path, (_READ | _WRITE_FILE | _TRUNCATE | _MAKE) & handled)
    for device in devices:
        _allow(ruleset, Path(device), (1 << 2 | _WRITE_FILE) & handled)
    system_call("landlock", _RESTRICT, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(place).st_mode):
        rights &= _FOR_FILES
    rule = _Beneath(rights, place)
    system_call(f"landlock for {path}", _ADD, ruleset, _BENEATH, ctypes.byref(rule), 0)
    os.close(place)
