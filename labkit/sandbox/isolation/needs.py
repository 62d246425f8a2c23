"""What Python and its packages must be able to read, and nothing of the user's own."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path

__all__ = ["readable"]

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/etc/localtime",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/sys/devices/system/cpu",
    "/nix/store",
)

_OF_PACKAGES = ("site-packages", "dist-packages")
"""Names of the folders that pip and the system install into. Other entries of ``sys.path`` may be
anybody's: the folder a command was given in is one."""


@lru_cache(maxsize=1)
def readable() -> tuple[Path, ...]:
    """Folders of the interpreter, the installed packages and the system's libraries.

    The kit's own package is among them, the checkout around it is not: labs, solutions and data stay
    out of sight.
    """
    package = Path(__file__).parents[2]
    found = {
        package,
        Path(sys.executable),
        Path(sys.prefix, "pyvenv.cfg"),
        *(Path(path) for path in _SYSTEM),
    }
    found |= {Path(prefix, "lib") for prefix in (sys.prefix, sys.base_prefix)}
    found |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found |= {Path(entry) for entry in sys.path if Path(entry).name in _OF_PACKAGES}
    return tuple(sorted(path for path in found if os.path.lexists(path)))
