"""What a process does to become a job.

``python -m labkit.sandbox.child JOB…`` does several one after another in one process, where the
system cannot fork safely (Windows, macOS).
"""

from __future__ import annotations

import os
import sys
import traceback

from labkit.sandbox.job import Job

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


def run(job: Job) -> None:
    """Do the work of ``job`` in this process."""
    os.chdir(job.folder)
    if job.role == "worker":
        from labkit.sandbox.worker import work

        work(job)
    else:
        from labkit.sandbox.replay import replay

        replay(job)


def main(paths: list[str]) -> None:
    """Do the jobs of ``paths`` in turn; one that raises does not stop the next."""
    for path in paths:
        job = Job.read(path)
        redirect(job)
        try:
            run(job)
        except BaseException:  # a student's file may raise anything, SystemExit included
            traceback.print_exc()
        else:
            (job.folder / "ended").touch()


if __name__ == "__main__":
    main(sys.argv[1:])
