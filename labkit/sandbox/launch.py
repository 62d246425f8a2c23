"""Starts untrusted processes and waits for them. The trusted side's only door to them.

Where the system can fork, jobs run in children of one warm `labkit.sandbox.forkserver`; elsewhere
one after another in one process of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import IO

from labkit.errors import SandboxError
from labkit.i18n import texts
from labkit.sandbox.job import End, Job, Outcome, Walls

__all__ = ["Launcher", "can_fork", "sensible_width"]

_ = texts(__file__)

_HARMLESS = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


def can_fork() -> bool:
    """Whether a process that has imported TensorFlow can be forked here.

    macOS offers fork, but its frameworks do not survive it. ``LABKIT_FORK=0`` does without.
    """
    return sys.platform.startswith("linux") and os.environ.get("LABKIT_FORK", "1") != "0"


def sensible_width() -> int:
    """Jobs at a time that this machine carries: its cores, at most four for the sake of memory."""
    return min(4, os.cpu_count() or 1)


class Launcher:
    """Runs jobs in untrusted processes; a context manager whose `run` may be called from threads.

    The fork server starts when the block is entered and imports TensorFlow while the trusted side
    does other things.

    Args:
        width: Jobs at a time.
        walls: What keeps its jobs apart; whoever makes a job for it gives it these.

    Example::

        with Launcher(width=2) as launcher:
            outcomes = launcher.run([job, another])
    """

    def __init__(self, width: int = 1, walls: Walls = "none") -> None:
        self.width = width
        self.walls = walls
        self._server: subprocess.Popen[str] | None = None
        self._messages: IO[str] | None = None
        self._pending: dict[str, Future[Outcome]] = {}
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._answering = False  # until the server's last word
        self._closed = False

    def __enter__(self) -> Launcher:
        if can_fork():
            self._start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def run(self, jobs: Iterable[Job]) -> dict[str, Outcome]:
        """Run jobs and wait for all of them.

        Args:
            jobs: What to run; their folders must differ.

        Returns:
            Name of the job -> how it ended.

        Raises:
            SandboxError: The processes could not be started, or the server was lost.
        """
        jobs = list(jobs)
        if not can_fork() and self.walls == "none":
            return _one_by_one(jobs)
        return {job.name: future.result() for job, future in zip(jobs, self._submit(jobs))}

    def interrupt(self) -> None:
        """Send running jobs what Ctrl-C sends: a training stops and keeps its best weights.

        Without fork it ends the run instead.
        """
        if self._server is None:
            raise KeyboardInterrupt
        assert self._server.stdin
        self._server.stdin.write("!interrupt\n")
        self._server.stdin.flush()

    def end(self) -> None:
        """End the jobs that run and those that wait, at once; their outcome is ``"died"``.

        Without fork they run on: nobody waits for them.
        """
        server = self._server
        if server is None:
            return
        assert server.stdin
        with self._lock, suppress(BrokenPipeError, ValueError):
            server.stdin.write("!end\n")
            server.stdin.flush()

    def close(self) -> None:
        """End the server and everything it started."""
        with self._starting:
            self._closed = True
            self._end_server()

    def _end_server(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        assert server.stdin and self._messages
        with suppress(BrokenPipeError):
            server.stdin.close()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        self._reader.join()
        self._messages.close()

    def _start(self) -> None:
        self._messages = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        try:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "labkit.sandbox.forkserver", str(self.width)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._messages,
                text=True,
                encoding="utf-8",
                env=_environment(bare=self.walls != "none"),
                cwd=Path(__file__).parents[2],  # not the folder of whoever gave the command
                start_new_session=True,  # Ctrl-C reaches the trusted side, which decides
            )
        except OSError as error:
            raise _not_started(str(error)) from error
        self._answering = True
        self._reader = threading.Thread(target=self._read, args=(self._server,), daemon=True)
        self._reader.start()

    def _submit(self, jobs: list[Job]) -> list[Future[Outcome]]:
        """Hand jobs to the server; each future holds the outcome, or the server's loss."""
        server = self._living_server()
        assert server.stdin
        futures = []
        with self._lock:
            for job in jobs:
                future: Future[Outcome] = Future()
                futures.append(future)
                if not self._answering:  # a child of a dead server may still hold its pipe open
                    future.set_exception(_not_started(self._complaint()))
                    continue
                self._pending[str(job.folder)] = future
                try:
                    server.stdin.write(f"{job.write()}\n")
                    server.stdin.flush()
                except (BrokenPipeError, ValueError):
                    del self._pending[str(job.folder)]
                    future.set_exception(_not_started(self._complaint()))
        return futures

    def _living_server(self) -> subprocess.Popen[str]:
        """The server, a new one where the last was lost.

        Raises:
            SandboxError: The launcher is closed, or no server can be started.
        """
        with self._starting:
            if self._closed:
                raise _not_started("")
            if self._server is None or not self._answering or self._server.poll() is not None:
                self._end_server()
                self._start()
            assert self._server
            return self._server

    def _read(self, server: subprocess.Popen[str]) -> None:
        """Turn the server's replies into outcomes until it leaves."""
        assert server.stdout
        with server.stdout:
            for line in server.stdout:
                reply = json.loads(line)
                with self._lock:
                    future = self._pending.pop(reply.pop("folder"))
                future.set_result(Outcome(**reply))
        with self._lock:
            self._answering = False
            for future in self._pending.values():
                future.set_exception(_not_started(self._complaint()))
            self._pending.clear()

    def _complaint(self) -> str:
        """The last line the server printed before it was lost."""
        if self._messages is None or self._messages.closed:
            return ""
        self._messages.seek(0)
        lines = self._messages.read().strip().splitlines()
        return lines[-1] if lines else ""


def _one_by_one(jobs: list[Job]) -> dict[str, Outcome]:
    """Without fork: all jobs in one fresh process, ended as a whole when its time is up."""
    paths = [str(job.write()) for job in jobs]
    end: End = "died"
    try:
        subprocess.run(
            [sys.executable, "-m", "labkit.sandbox.child", *paths],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=sum(job.wall_seconds for job in jobs),
            env=_environment(bare=False),
            check=False,
        )
    except subprocess.TimeoutExpired:
        end = "time"
    except OSError as error:
        raise _not_started(str(error)) from error
    return {
        job.name: Outcome(job.name, "ended" if (job.folder / "ended").exists() else end) for job in jobs
    }


def _environment(*, bare: bool) -> dict[str, str]:
    """The environment of untrusted processes: quiet, and the kit importable from any folder.

    NumPy works with one thread: so its results are the same on every machine, and small products do
    not wait for a second one.

    A ``bare`` one keeps nothing that could be a secret or change what Keras does.
    """
    package = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not bare or name in _HARMLESS}
    if bare:
        kept["KERAS_HOME"] = os.devnull
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(part for part in (package, inherited) if part),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _not_started(reason: str) -> SandboxError:
    return SandboxError(
        _("The process that runs your file was lost ({reason}).", reason=reason or "-"),
        _("This is not your file's fault."),
        _("See what `labkit doctor` says about this machine."),
    )
