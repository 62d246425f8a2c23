"""Between the fork server and foreign code: builds the walls, keeps the log, hands over the results.

::

    fork server ─ guard ─ first ─ worker ─ whatever it starts
                          └──────── in the room ────────────┘

The guard runs no foreign code and cannot be seen from inside. ``first`` is process 1 of the room:
when it ends, the kernel ends all others. Where there are no namespaces, what is left is adopted by the
guard, which ends it.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from labkit.sandbox import processes
from labkit.sandbox.isolation import landlock, limits, namespaces, needs, seccomp
from labkit.sandbox.isolation.kernel import prctl
from labkit.sandbox.isolation.log import Log
from labkit.sandbox.isolation.results import collect, write
from labkit.sandbox.job import End, Job
from labkit.sandbox.seal import Seal, announced

__all__ = ["CODES", "guard"]

CODES: dict[End, int] = {
    "ended": 0,
    "died": 70,
    "time": 71,
    "lost": 72,
    "killed": 73,
    "altered": 74,
}
"""Exit status of a guard, by how its job ended."""

_DEATH_SIGNAL, _ADOPT = 1, 36  # options of prctl
_READY = b"ready\n"
_MOST_ANNOUNCED = 2**20


def guard(job: Job, run: Callable[[Job, Seal], None]) -> NoReturn:
    """Run ``job`` behind walls; ends this process with one of `CODES`.

    Args:
        job: The job; its folder gets the log and the results.
        run: Does the job's work in a confined process.
    """
    end: End = "lost"
    evidence = os.open(job.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        end = _Guard(job, run, evidence).watch()
    except BaseException:
        write(evidence, "lost.txt", traceback.format_exc().encode())
    finally:
        os._exit(CODES[end])


class _Guard:
    def __init__(self, job: Job, run: Callable[[Job, Seal], None], evidence: int) -> None:
        self.job = job
        self.run = run
        self.evidence = evidence
        self.work = job.folder / "work"
        self.readable = (*needs.readable(), *job.readable)
        self.born_mb = limits.data_mb()
        self.rooms = job.walls == "namespaces"
        self.first = 0
        self.status = CODES["died"]

    def watch(self) -> End:
        """Start everything, wait for its end, and say how it ended."""
        printed, printing = os.pipe()
        said, saying = os.pipe()
        signal.signal(signal.SIGTERM, self._end_it)
        signal.signal(signal.SIGINT, self._pass_on)
        if self.rooms:
            namespaces.enter(namespaces.Room(self.work, self.job.room_mb, self.readable))
        else:
            self.work.mkdir()
            prctl("adopt", _ADOPT, 1)
        self.first = os.fork()
        if self.first == 0:
            for mine in (self.evidence, printed, said):
                os.close(mine)
            self._be_first(printing, saying)
        os.close(printing)
        os.close(saying)
        announcements = self._pump(printed, said)
        if not announcements.startswith(_READY):
            raise OSError(announcements.decode(errors="replace") or "the room was not built")
        sound = collect(self.work, self.evidence, announced(announcements), self.job.room_mb)
        if not self.rooms:
            shutil.rmtree(self.work, ignore_errors=True)
        if not sound:
            return "altered"
        return next(end for end, code in CODES.items() if code == self.status)

    def _pump(self, printed: int, said: int) -> bytes:
        """Keep log and announcements until nobody is left who could write."""
        log, announcements = Log(self.evidence), b""
        with selectors.DefaultSelector() as selector:
            for pipe in (printed, said, os.pidfd_open(self.first)):
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                for key, _events in selector.select():
                    if key.fd not in (printed, said):
                        selector.unregister(key.fd)
                        self._reap()
                    elif not (chunk := os.read(key.fd, 65536)):
                        selector.unregister(key.fd)
                    elif key.fd == printed:
                        log.write(chunk)
                    elif len(announcements) < _MOST_ANNOUNCED:
                        announcements += chunk
        log.close()
        return announcements

    def _reap(self) -> None:
        """Take the first process' exit status, and end what it left behind."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0)
            except ChildProcessError:
                return
            if pid == self.first:
                self.first = 0
                code = os.waitstatus_to_exitcode(status)
                self.status = code if code in CODES.values() else CODES["died"]
            if not self.first and not self.rooms:
                processes.end(processes.descendants(os.getpid()))

    def _end_it(self, _number: int, _frame: FrameType | None) -> None:
        """End the first process, with which the room ends; without a room, everything at once."""
        processes.end([self.first] if self.rooms else processes.descendants(os.getpid()))

    def _pass_on(self, _number: int, _frame: FrameType | None) -> None:
        if self.first:
            os.kill(self.first, signal.SIGINT)

    def _be_first(self, printing: int, saying: int) -> NoReturn:
        """In the room: start the worker, wait for it, and take everything along at the end."""
        code = CODES["died"]
        try:
            prctl("parent's death", _DEATH_SIGNAL, signal.SIGKILL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            worker = os.fork()
            if worker == 0:
                self._be_worker(printing, saying)
            os.close(printing)
            os.close(saying)
            signal.signal(signal.SIGINT, lambda *_: os.kill(worker, signal.SIGINT))
            pid = 0
            while pid != worker:
                pid, status = os.wait()
            code = os.waitstatus_to_exitcode(status)
            if code == -signal.SIGXCPU:
                code = CODES["time"]
            elif code == -signal.SIGKILL:
                code = CODES["killed"]
            elif code != 0:
                code = CODES["died"]
        finally:
            os._exit(code)

    def _be_worker(self, printing: int, saying: int) -> NoReturn:
        """Give up all that is not needed, then do the job."""
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _plug(printing)
            self._give_up()
        except BaseException as error:
            os.write(saying, f"{type(error).__name__}: {error}\n".encode())
            os._exit(CODES["lost"])
        os.write(saying, _READY)
        code = CODES["died"]
        try:
            self.run(replace(self.job, folder=self.work), Seal(saying))
            code = 0
        except BaseException:  # a student's file may raise anything, SystemExit included
            traceback.print_exc()
        finally:
            with suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _give_up(self) -> None:
        if self.rooms:
            apart = namespaces.leave_root()
            limits.apply(self.job, self.born_mb, counted_apart=apart)
        else:
            prctl("parent's death", _DEATH_SIGNAL, signal.SIGKILL)
            prctl("no_new_privs", seccomp.NO_NEW_PRIVILEGES, 1)
            limits.apply(self.job, self.born_mb, counted_apart=False)
            itself = Path("/proc/self/cmdline")  # TensorFlow looks up its own command line
            landlock.restrict((*self.readable, itself), [self.work], namespaces.DEVICES)
        limits.drop_capabilities()
        seccomp.forbid(only_own_signals=not self.rooms)
        os.umask(0o022)
        os.environ.update(HOME=str(self.work), TMPDIR=str(self.work), MPLCONFIGDIR=str(self.work))


def _plug(printing: int) -> None:
    """Print into the guard's pipe, read nothing, and keep the pipe of announcements alone."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, printing), (2, printing)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(printing)
