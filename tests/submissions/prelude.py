"""The code with which escape cases begin: how they tell that they got out, and what they look for.

Nothing is told by the environment: an escape case tries all it can think of. What it may see, by the
rules of the isolation, is no way out: Python, the installed packages, its own folder, the public data.
"""

from __future__ import annotations

import textwrap

from tests.submissions.base import HONEST_POINTS, Hostile, Make, source, written

__all__ = ["ESCAPE", "LOOK", "escape", "escaper"]

ESCAPE = r"""
import ctypes
import os
import stat
import struct
import subprocess
import sys
import sysconfig
import time

won = []
libc = ctypes.CDLL(None, use_errno=True)


def escaped(what):
    won.append(what)
    print("ESC" + "APED", what, flush=True)


def attempt(deed):
    try:
        deed()
    except Exception as error:
        print("held:", deed.__name__, type(error).__name__, str(error)[:200])
    return deed
"""

LOOK = r"""
def inside(path, folders):
    real = os.path.realpath(path)
    return any(real == folder or real.startswith(folder.rstrip("/") + "/") for folder in folders)


def real(*paths):
    return [path for path in map(os.path.realpath, filter(None, paths)) if path != "/"]


OWN = real(os.getcwd(), __file__)
ALLOWED = OWN + real(
    sys.prefix, sys.base_prefix, sys.exec_prefix, "/usr", "/lib", "/lib64", "/bin", "/opt", "/nix",
    "/etc/localtime", "/etc/ld.so.cache", "/etc/fonts",
    "/proc", "/sys",
    "/dev", *sysconfig.get_paths().values(), os.path.dirname(keras.__file__),
    os.path.dirname(os.path.dirname(keras.__file__)), os.path.dirname(sys.modules["labkit"].__file__))


def grab(path, what, allowed=ALLOWED):
    # true where the first byte of somebody else's regular file can be read
    try:
        if not stat.S_ISREG(os.stat(path).st_mode) or inside(path, allowed):
            return False
        if path.endswith(".npy") and len(np.load(path, mmap_mode="r")) != 10_000:
            return False
        with open(path, "rb") as stream:
            if not stream.read(1):
                return False
    except (OSError, ValueError):
        return False
    escaped(f"{what}: {path}")
    return True


def sweep(folder, what, most=2_000):
    for base, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not inside(os.path.join(base, name), ALLOWED)]
        for name in files:
            most -= 1
            if most < 0 or grab(os.path.join(base, name), what):
                return


def above(*paths):
    found = []
    for path in paths:
        while path and path != os.path.dirname(path):
            path = os.path.dirname(path)
            if path != "/" and path not in found:
                found.append(path)
    return found


def homes():
    found = [os.path.expanduser("~"), os.environ.get("HOME"), "/root", "/home"]
    try:
        import pwd
        found += [entry.pw_dir for entry in pwd.getpwall()]
    except (ImportError, OSError):
        pass
    return [home for home in dict.fromkeys(found) if home and home not in ("/", "/bin", "/dev", "/usr")]


CHECKOUTS = above(os.path.join(os.path.dirname(sys.modules["labkit"].__file__), "x"),
                  *(os.path.join(entry, "x") for entry in sys.path if entry), os.getcwd(), __file__)
SECRETS = ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/root/.bashrc", "/root/.profile",
           "/root/.ssh/id_rsa", "/root/.ssh/id_ed25519")
KEPT = ("solutions", "tests", "labs", "datasets", "runs", "benchmarks", ".git", "submissions")


def look(how):
    # one quick look at what must be out of sight, after each attempt to get there
    for path in SECRETS:
        grab(path, how)
    for folder in CHECKOUTS:
        for name in KEPT:
            sweep(os.path.join(folder, name), how, 200)
"""

_CHANGES = (
    ("return model.fit(x, y, epochs=1,", "return model.fit(x, y, epochs=8 if won else 1,"),
    ('model.compile("sgd"', 'model.compile("adam" if won else "sgd"'),
)


_GUARDED = """\
try:
{}
except Exception as error:
    print("held:", type(error).__name__, error)
"""


def escaper(attack: str, *, look: bool = True, step: str = "top") -> str:
    """The source of a submission that tries ``attack`` and, if it got out, shows it in its points."""
    prelude = ESCAPE + (LOOK if look else "")
    attack = _GUARDED.format(textwrap.indent(textwrap.dedent(attack).strip("\n"), "    "))
    top = f"{prelude}\n\n{attack}" if step == "top" else prelude
    text = source(top, **({} if step == "top" else {step: attack}))
    for old, new in _CHANGES:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def escape(
    name: str, why: str, attack: str, *, look: bool = True, step: str = "top", leaves: str = ""
) -> Hostile:
    """A case that tries to get out."""
    make: Make = written(escaper(attack, look=look, step=step))
    return Hostile(name, make, "graded", HONEST_POINTS, why=why, leaves=leaves)
