"""What a process may use: setrlimit(2), and what is left of root's power."""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path

from labkit.sandbox.isolation.kernel import checked, libc
from labkit.sandbox.job import Job

__all__ = ["apply", "data_mb", "drop_capabilities", "most_processes"]

_OPEN_FILES = 512
_CAPABILITIES_VERSION = 0x20080522
_CPU_GRACE = 5


def most_processes() -> int:
    """Processes and threads a job may have: enough for TensorFlow's pools, too few for a bomb."""
    return 64 + 8 * (os.cpu_count() or 1)


def apply(job: Job, born_mb: int, *, counted_apart: bool) -> None:
    """Set the limits of ``job`` on this process and its children, for good.

    Args:
        job: Its processor seconds, memory and room.
        born_mb: Writable memory it was born with, see `data_mb`.
        counted_apart: Whether the system counts this user's processes in a namespace of their own;
            otherwise everything the user runs would count.
    """
    megabyte = 2**20
    wanted = {
        resource.RLIMIT_CPU: (job.cpu_seconds, job.cpu_seconds + _CPU_GRACE),
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_FSIZE: job.room_mb * megabyte,
        resource.RLIMIT_DATA: (born_mb + job.memory_mb) * megabyte,
        resource.RLIMIT_MEMLOCK: megabyte,
    }
    if counted_apart:
        wanted[resource.RLIMIT_NPROC] = most_processes()
    for kind, limit in wanted.items():
        soft, hard = limit if isinstance(limit, tuple) else (limit, limit)
        most = resource.getrlimit(kind)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(kind, (soft, hard))


def drop_capabilities() -> None:
    """Give up what is left of root's power, for good."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    checked(libc.capset(ctypes.byref(header), ctypes.byref(nothing)), "capset")


def data_mb() -> int:
    """Writable memory of this process, MiB; TensorFlow's own shall not count against a job."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) // 1024
    return 0
