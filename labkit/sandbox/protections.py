"""What this machine offers to keep untrusted processes apart."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys

from labkit.sandbox.launch import can_fork

__all__ = ["can_fork", "landlock", "user_namespaces"]

_LANDLOCK_CREATE_RULESET = 444  # the same number on every architecture
_LANDLOCK_VERSION = 1
_TRY_NAMESPACES = (
    "import ctypes, sys; "
    "sys.exit(ctypes.CDLL(None, use_errno=True).unshare(0x10000000 | 0x40000000) != 0)"
)  # CLONE_NEWUSER | CLONE_NEWNET


def user_namespaces() -> bool:
    """Whether a process may enter a user and a network namespace of its own; tried, not guessed."""
    if not sys.platform.startswith("linux"):
        return False
    command = [sys.executable, "-c", _TRY_NAMESPACES]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def landlock() -> int:
    """Version of Landlock's interface, 0 where the kernel has none or has it off."""
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)))
