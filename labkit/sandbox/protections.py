"""What this machine offers to keep untrusted processes apart, and what of it a class needs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from labkit.errors import SandboxError
from labkit.i18n import Text, texts
from labkit.sandbox.job import Walls
from labkit.sandbox.launch import can_fork

__all__ = ["Isolation", "Protections", "advice", "choose", "survey"]

_ = texts(__file__)

Isolation = Literal["strict", "best", "none"]
"""``"strict"`` refuses to run where no walls hold, ``"best"`` takes what there is."""


@dataclass(frozen=True, slots=True)
class Protections:
    """Which walls hold on this machine.

    Args:
        fork: Whether jobs are forked from a warm process, which the walls need.
        namespaces: A room of its own, without network, files or other processes.
        landlock: No paths but its own; sockets and signals to others are forbidden beside it.
    """

    fork: bool
    namespaces: bool
    landlock: bool

    @property
    def walls(self) -> Walls:
        """The best there is."""
        if not self.fork:
            return "none"
        return "namespaces" if self.namespaces else "landlock" if self.landlock else "none"


@lru_cache(maxsize=1)
def survey() -> Protections:
    """Try every kind of wall on a process that does nothing."""
    if not can_fork():
        return Protections(False, False, False)
    done = subprocess.run(
        [sys.executable, "-m", "labkit.sandbox.isolation.probe"],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return Protections(True, False, False)
    return Protections(True, bool(found["namespaces"]), bool(found["landlock"]))


def choose(isolation: Isolation) -> Walls:
    """The walls that a class is graded behind.

    Raises:
        SandboxError: ``isolation`` is strict and no walls hold here.
    """
    if isolation == "none":
        return "none"
    walls = survey().walls
    if walls == "none" and isolation == "strict":
        raise SandboxError(
            _("This machine cannot keep submissions apart from it, so none was run."),
            advice(),
            _("Or give --isolation=best, and grade only people whom you trust with this machine."),
        )
    return walls


def advice() -> Text:
    """What to do where no walls hold."""
    if not sys.platform.startswith("linux"):
        return _("Grade on Linux 5.13 or newer: in a virtual machine, in WSL 2, or on a server.")
    return _(
        "Linux 5.13 or newer with Landlock, or with user namespaces, was expected. On Ubuntu: "
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. In Docker: "
        "--security-opt seccomp=unconfined."
    )
