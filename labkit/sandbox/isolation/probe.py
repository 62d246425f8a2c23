"""Tries the walls on a process that does nothing: ``python -m labkit.sandbox.isolation.probe``.

Prints, as JSON, which walls hold here: tried, not guessed from versions.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from labkit.sandbox.isolation.guard import CODES, guard
from labkit.sandbox.job import Job, Walls
from labkit.sandbox.seal import Seal

__all__ = ["holds"]


def holds(walls: Walls) -> bool:
    """Whether a process behind ``walls`` starts, cannot read a file outside, and leaves a result."""
    with tempfile.TemporaryDirectory(prefix="labkit-probe-") as name:
        outside, folder = Path(name, "outside"), Path(name, "job")
        outside.write_text("secret")
        folder.mkdir()
        job = Job("probe", "worker", folder, {"outside": str(outside)}, room_mb=16, walls=walls)
        pid = os.fork()
        if pid == 0:
            guard(job, _try)
        _pid, status = os.waitpid(pid, 0)
        ended = os.waitstatus_to_exitcode(status) == CODES["ended"]
        return ended and (folder / "result.json").is_file()


def _try(job: Job, seal: Seal) -> None:
    try:
        Path(job.task["outside"]).read_text()
    except OSError:
        seal.json(job.folder / "result.json", "closed")


if __name__ == "__main__":
    walls: tuple[Walls, ...] = ("namespaces", "landlock")
    print(json.dumps({name: holds(name) for name in walls}))
