"""Real schedulers and workers on this machine, and a real PostgreSQL."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from labkit.root import root
from labkit.sandbox.processes import descendants

_LONGEST = 60  # seconds for anything to start


def port() -> int:
    """A port of this machine that is free."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        found: int = door.getsockname()[1]
        return found


def until(what: Callable[[], object], seconds: float = _LONGEST) -> None:
    """Wait until it holds."""
    given_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < given_up, "it took too long"
        time.sleep(0.05)


def breaks_off(graded: object, folder: Path) -> NoReturn:
    """A report that takes its process along."""
    os._exit(1)


@dataclass
class Dask:
    """A scheduler, and workers that are started by hand."""

    address: str
    folder: Path
    stack: ExitStack
    scheduler: subprocess.Popen[bytes]
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def worker(self, name: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start a worker of one place, without a nanny; what it prints goes to a file."""
        log = self.stack.enter_context((self.folder / f"{name}.log").open("wb"))
        program = ["-m", "distributed.cli.dask_worker", self.address, "--name", name, "--no-dashboard"]
        program += ["--nworkers", "1", "--nthreads", "1", "--no-nanny", "--death-timeout", "60"]
        program += ["--local-directory", str(self.folder / name), "--memory-limit", "0"]
        started = subprocess.Popen(
            [sys.executable, *program],
            cwd=root(),
            stdout=log,
            stderr=log,
            env={**os.environ, **environ},
            start_new_session=True,
        )
        self.stack.callback(_end, started)
        self.workers[name] = started
        return started


@contextmanager
def dask_cluster(folder: Path) -> Iterator[Dask]:
    """A scheduler of its own."""
    folder.mkdir(exist_ok=True)
    address = f"tcp://127.0.0.1:{port()}"
    with ExitStack() as stack:
        log = stack.enter_context((folder / "scheduler.log").open("wb"))
        program = ["-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
        settings = {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s",
            "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__ENABLED": "False",
        }
        scheduler = subprocess.Popen(
            [sys.executable, *program], stdout=log, stderr=log, env={**os.environ, **settings}
        )
        stack.callback(_end, scheduler)
        yield Dask(address, folder, stack, scheduler)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()


@dataclass
class Postgres:
    """A server of its own on a free port."""

    folder: Path
    port: int
    programs: Path

    def database(self, name: str) -> str:
        """The URL of a new database, as ``--db`` takes it."""
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "labkit", name)
        return f"postgresql+psycopg://labkit@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self.run(
            "pg_ctl", "-w", "-D", str(self.folder), "-l", f"{self.folder}.log", "-o", options, "start"
        )

    def kill(self) -> None:
        """Kill every process of it with SIGKILL."""
        first = int((self.folder / "postmaster.pid").read_text().split()[0])
        pids = [first, *descendants(first)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        until(lambda: not any(map(_alive, pids)))
        (self.folder / "postmaster.pid").unlink()  # nobody may have buried it yet

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs."""
        command = [str(self.programs / program), *arguments]
        if os.getuid() == 0:  # PostgreSQL does not run as root
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=_LONGEST)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
