"""A process and everything it started, as Linux lists them in /proc."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

__all__ = ["Usage", "children", "descendants", "end", "usage"]

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tree of processes uses now.

    Args:
        processes: How many there are.
        memory_mb: Resident memory, MiB: each one's own, and the largest shared part once.
        cpu_seconds: Processor time of all, also of children that ended and were waited for.
    """

    processes: int
    memory_mb: float
    cpu_seconds: float


def children() -> Mapping[int, list[int]]:
    """Every process of the machine that has children -> their numbers, at one look."""
    found: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208  ten times a second
        if name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                found.setdefault(int(_stat(int(name))[1]), []).append(int(name))
    return found


def descendants(pid: int, known: Mapping[int, list[int]] | None = None) -> list[int]:
    """Children of ``pid``, their children, and so on, parents first; ``pid`` itself left out.

    Args:
        pid: A process.
        known: What `children` saw; looked up anew where absent.
    """
    known = children() if known is None else known
    found = list(known.get(pid, ()))
    for each in found:  # grows while it is walked
        found += known.get(each, ())
    return found


def usage(pid: int, known: Mapping[int, list[int]], *, without: int = 0) -> Usage:
    """What ``pid`` and its descendants use, as far as they are ``known``.

    Args:
        pid: A process.
        known: What `children` saw.
        without: How many from the top do not count: the kit's own, one within the other.
    """
    own = shared = cpu = 0
    tree = [pid, *descendants(pid, known)][without:]
    for each in tree:
        with suppress(OSError, ValueError, IndexError):  # one that ended meanwhile uses nothing
            with open(f"/proc/{each}/statm", encoding="ascii") as stream:
                resident, mapped = map(int, stream.read().split()[1:3])
            own += resident - mapped
            shared = max(shared, mapped)
            cpu += sum(map(int, _stat(each)[11:15]))
    return Usage(len(tree), (own + shared) * _PAGE / 2**20, cpu / _TICKS)


def end(pids: Iterable[int]) -> None:
    """Kill processes; those that are gone already are left out."""
    for pid in pids:
        if pid:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; see proc(5)."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
        return stream.read().rpartition(")")[2].split()
