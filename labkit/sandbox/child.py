"""What a process does to become a job.

``python -m labkit.sandbox.child JOB…`` does several one after another in one process, where the
system cannot fork safely (Windows, macOS).
"""

from __future__ import annotations

import os
import sys
import traceback

from labkit.sandbox.job import Job
from labkit.sandbox.seal import Seal

__all__ = ["main", "redirect", "run"]


def redirect(job: Job) -> None:
    """Send everything this process prints to the job's log, and give it nothing to read."""
    sys.stdout.flush()
    sys.stderr.flush()
    log = os.open(job.folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    os.close(log)
    os.close(nothing)


def run(job: Job, seal: Seal) -> None:
    """Do the work of ``job`` in this process, its evidence announced with ``seal``."""
    os.chdir(job.folder)
    if job.role == "worker":
        from labkit.sandbox.worker import work

        work(job, seal)
    else:
        from labkit.sandbox.replay import replay

        replay(job, seal)


def main(paths: list[str]) -> None:
    """Do the jobs of ``paths`` in turn; one that raises does not stop the next."""
    from labkit.sandbox import integrity, replay, worker  # noqa: F401  all that is to be remembered

    integrity.remember()
    for path in paths:
        job = Job.read(path)
        redirect(job)
        try:
            run(job, Seal())
        except BaseException:  # a student's file may raise anything, SystemExit included
            traceback.print_exc()
        else:
            (job.folder / "ended").touch()


if __name__ == "__main__":
    main(sys.argv[1:])
