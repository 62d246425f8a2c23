"""Carries submissions out on this machine, several at a time, beside one warm process."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path

from labkit.grading.attempted import tried
from labkit.grading.gradebook import graders
from labkit.grading.judging import Judge, Judged, Report
from labkit.grading.people.identity import Entry
from labkit.grading.pipeline import prepared
from labkit.grading.running import Conditions, training_seed
from labkit.rubric.lab import Lab
from labkit.sandbox.launch import Launcher

__all__ = ["Here", "data_folder", "here"]

_OWNER = "grader.txt"  # whose the rows beside it are
_AHEAD = 1  # begun beyond what runs, so that no place is empty while a report is written


@dataclass(frozen=True, slots=True)
class Here:
    """A `labkit.grading.batch.Carrier`: threads that wait for the launcher's processes."""

    conditions: Conditions
    judge: Judge
    threads: ThreadPoolExecutor
    turn: threading.Lock = field(default_factory=threading.Lock)
    under_way: set[Future[Judged | None]] = field(default_factory=set)

    @property
    def room(self) -> int:
        """How many may be under way."""
        return self.conditions.launcher.width + _AHEAD

    def begin(self, entry: Entry, folder: Path) -> Future[Judged | None]:
        """Begin with a submission."""
        begun = self.threads.submit(copy_context().run, self._one, entry, folder)
        self.under_way.add(begun)
        begun.add_done_callback(self.under_way.discard)
        return begun

    def _one(self, entry: Entry, folder: Path) -> Judged | None:
        carried = tried(entry.paths, folder, self.conditions)
        with self.turn:  # figures are drawn by one thread at a time
            return self.judge(carried, folder)


@contextmanager
def here(
    lab: Lab, folder: Path, launcher: Launcher, seed: int | None, report: Report
) -> Iterator[Here]:
    """Get ready to run a class on this machine.

    Args:
        lab: The lab.
        folder: The class folder; rows lie in a folder of it meanwhile.
        launcher: Starts the untrusted processes, behind its walls.
        seed: Secret seed of the split, ``None`` for the public one.
        report: Writes a grade's report.

    Raises:
        DataError: The lab's data are missing or damaged.
    """
    with data_folder(folder) as data:
        trial = prepared(lab, data, launcher, seed)
        conditions = Conditions(lab, trial, launcher, training_seed(seed), threads=1, repeat=True)
        with ThreadPoolExecutor(launcher.width) as threads:
            carrier = Here(conditions, Judge(lab, trial, report), threads)
            try:
                yield carrier
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                if carrier.under_way:
                    launcher.close()


@contextmanager
def data_folder(folder: Path) -> Iterator[Path]:
    """A folder for the split, gone afterwards; those of processes that were killed go too."""
    for left in folder.glob(f".data-*/{_OWNER}"):
        with suppress(OSError):
            if graders.has_died(left.read_text(encoding="utf-8")):
                shutil.rmtree(left.parent)
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".data-", dir=folder))
    try:
        (place / _OWNER).write_text(graders.new_name(), encoding="utf-8")
        data = place / "rows"
        data.mkdir()
        yield data
    finally:
        shutil.rmtree(place, ignore_errors=True)
