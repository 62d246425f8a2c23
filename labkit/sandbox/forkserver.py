"""A process that has TensorFlow imported and forks one child a job.

Importing TensorFlow takes seconds; a fork of a process that has imported it and run no operation is
ready at once. The server reads the path of a job file a line on standard input and writes a line of
JSON for each job that ended. When its input closes it ends every child and leaves. It runs no
student code itself, and a child keeps none of its pipes.

``python -m labkit.sandbox.forkserver WIDTH`` runs at most WIDTH children at a time.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import selectors
import signal
import sys
import time
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO

from labkit.sandbox import processes
from labkit.sandbox.child import redirect, run
from labkit.sandbox.isolation.guard import CODES, guard
from labkit.sandbox.job import End, Job, Outcome
from labkit.sandbox.seal import Seal

__all__ = ["main"]

_TICK = 0.1  # seconds between two looks at time and memory
_GUARDING = 2  # processes of the kit's own between the server and a job behind walls
_MOST_PROCESSES = 400
_WEIGHED = 1.0  # seconds between two looks at what a job has written, where no wall bounds it
_MOST_FILES = 20_000
_PATIENCE = 10  # seconds for a guard to end what it guards


@dataclass(slots=True)
class _Child:
    job: Job
    pid: int
    started: float
    ended_for: End | None = None
    told: float = 0.0
    weighed: float = 0.0
    peak_mb: float = 0.0


class ForkServer:
    """The loop: take jobs, fork, watch, report.

    Args:
        width: Children at a time.
        replies: Stream for one JSON line a job.
    """

    def __init__(self, width: int, replies: IO[str]) -> None:
        self.width = width
        self.replies = replies
        self.waiting: deque[Job] = deque()
        self.children: dict[int, _Child] = {}

    def serve(self, requests: int) -> None:
        """Serve the file descriptor ``requests`` until it closes."""
        rest = b""
        wake, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(requests, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while True:
                for key, _events in selector.select(_TICK if self.children else None):
                    chunk = os.read(key.fd, 65536)
                    if key.fd == requests:
                        if not chunk:
                            return
                        *lines, rest = (rest + chunk).split(b"\n")
                        for line in lines:
                            self.take(line)
                self.reap()
                self.watch()
                self.fill()

    def take(self, line: bytes) -> None:
        """Take one request: a job file's path, ``!interrupt`` for what Ctrl-C does, or ``!end``."""
        if line == b"!interrupt":
            for child in self.children.values():
                os.kill(child.pid, signal.SIGINT)
        elif line == b"!end":
            self.end()
        else:
            self.waiting.append(Job.read(os.fsdecode(line)))

    def end(self) -> None:
        """End everything that runs or waits."""
        while self.waiting:
            job = self.waiting.popleft()
            self.reply(job, Outcome(job.name, "died"))
        for child in self.children.values():
            child.ended_for, child.told = child.ended_for or "died", time.monotonic()
            if child.job.walls == "none":
                _kill(child.pid)
            else:
                os.kill(child.pid, signal.SIGTERM)  # the guard ends what it guards

    def reply(self, job: Job, outcome: Outcome) -> None:
        """Say how a job ended."""
        reply = {"folder": str(job.folder), **asdict(outcome)}
        print(json.dumps(reply), file=self.replies, flush=True)

    def fill(self) -> None:
        """Start what may run now; a job that wants to be alone waits until nothing else runs."""
        while self.waiting and len(self.children) < self.width:
            alone = self.waiting[0].alone or any(child.job.alone for child in self.children.values())
            if alone and self.children:
                return
            self.start(self.waiting.popleft())

    def start(self, job: Job) -> None:
        """Fork a child for ``job``."""
        pid = os.fork()
        if pid == 0:
            _run_child(job)
        self.children[pid] = _Child(job, pid, time.monotonic())

    def watch(self) -> None:
        """End children whose time or memory is up."""
        known = processes.children() if self.children else {}
        for child in self.children.values():
            own = 0 if child.job.walls == "none" else _GUARDING
            used, now = processes.usage(child.pid, known, without=own), time.monotonic()
            child.peak_mb = max(child.peak_mb, used.memory_mb)
            if child.ended_for is None:
                child.ended_for = _reason(child, used, now)
                if child.job.walls == "landlock" and now - child.weighed > _WEIGHED:
                    child.ended_for = child.ended_for or _overfull(child.job)
                    child.weighed = now
                child.told = now
                if child.ended_for and child.job.walls != "none":
                    os.kill(child.pid, signal.SIGTERM)
                    continue
            if child.ended_for and (child.job.walls == "none" or now - child.told > _PATIENCE):
                processes.end(processes.descendants(child.pid, known))
                _kill(child.pid)

    def reap(self) -> None:
        """Report children that ended."""
        for child in list(self.children.values()):
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid == 0:
                continue
            _kill(child.pid)  # whatever it started and left behind in its group
            del self.children[child.pid]
            cpu_seconds = used.ru_utime + used.ru_stime
            outcome = Outcome(
                name=child.job.name,
                end=child.ended_for or _end(status, cpu_seconds, child.job),
                cpu_seconds=cpu_seconds,
                wall_seconds=time.monotonic() - child.started,
                peak_mb=max(child.peak_mb, used.ru_maxrss / 1024),
            )
            self.reply(child.job, outcome)

    def close(self) -> None:
        """End every child, and what it started."""
        known = processes.children() if self.children else {}
        for child in self.children.values():
            started = processes.descendants(child.pid, known)
            _kill(child.pid)
            processes.end(started)
            os.waitpid(child.pid, 0)


def _reason(child: _Child, used: processes.Usage, now: float) -> End | None:
    """Which limit a child has passed, if any; a bomb of processes counts as memory."""
    if now - child.started > child.job.wall_seconds or used.cpu_seconds > child.job.cpu_seconds:
        return "time"
    if used.memory_mb > child.job.memory_mb or used.processes > _MOST_PROCESSES:
        return "memory"
    return None


def _overfull(job: Job) -> End | None:
    """Whether a job has written more than it may: Landlock bounds each file, and not all together."""
    files = size = 0
    for folder, _folders, names in os.walk(job.folder / "work"):
        for name in names:
            files += 1
            with suppress(OSError):
                size += os.lstat(os.path.join(folder, name)).st_blocks * 512  # noqa: PTH118  many
            if size > job.room_mb * 2**20 or files > _MOST_FILES:
                return "memory"
    return None


def _end(status: int, cpu_seconds: float, job: Job) -> End:
    """What a wait status means; past its hard limit the kernel kills without SIGXCPU."""
    if job.walls != "none":
        code = os.waitstatus_to_exitcode(status)
        return next((end for end, known in CODES.items() if known == code), "lost")
    if os.WIFSIGNALED(status) and cpu_seconds >= job.cpu_seconds - 0.5:
        return "time"
    return "ended" if status == 0 else "died"


def _kill(pid: int) -> None:
    """Kill the process group that the child leads, and the child should it not lead one yet."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _run_child(job: Job) -> None:
    """Become the job: own session, own limits, none of the server's pipes; never returns."""
    code = 70
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.closerange(3, 4096)
        if job.walls != "none":
            guard(job, run)
        redirect(job)
        resource.setrlimit(resource.RLIMIT_CPU, (job.cpu_seconds, job.cpu_seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        run(job, Seal())
        code = 0
    except BaseException:  # a student's file may raise anything, SystemExit included
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(arguments: list[str]) -> None:
    """Serve jobs from standard input until it closes."""
    width = int(arguments[0])
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever an import prints is no reply
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, by closing the pipe
    from labkit.sandbox import integrity, replay, worker  # noqa: F401  to be warm in every child

    integrity.remember()
    gc.collect()
    gc.freeze()  # what is there now is never looked at again, so children share its memory

    server = ForkServer(width, replies)
    try:
        server.serve(0)
    finally:
        server.close()


if __name__ == "__main__":
    main(sys.argv[1:])
