"""Carries submissions out on this machine, several at a time, beside one warm process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path

from labkit.grading.attempted import Carried, tried
from labkit.grading.batch import no_room
from labkit.grading.gradebook.claims import alive
from labkit.grading.people.identity import Entry
from labkit.grading.pipeline import Conditions, prepared, training_seed
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.sandbox.launch import Launcher

__all__ = ["Here", "data_folder", "here"]

_AHEAD = 1  # begun beyond what runs, so that no place is empty while a report is written


@dataclass(frozen=True, slots=True)
class Here:
    """A `labkit.grading.batch.Carrier`: threads that wait for the launcher's processes."""

    conditions: Conditions
    threads: ThreadPoolExecutor
    under_way: set[Future[Carried]] = field(default_factory=set)

    @property
    def trial(self) -> Trial:
        """What submissions are run with, and the truth."""
        return self.conditions.trial

    @property
    def room(self) -> int:
        """How many may be under way."""
        return self.conditions.launcher.width + _AHEAD

    def begin(self, entry: Entry, folder: Path, *, alone: bool = False) -> Future[Carried]:
        """Begin with a submission; ``alone`` makes no difference here."""
        run = copy_context().run
        begun = self.threads.submit(lambda: run(tried, entry.paths, folder, self.conditions))
        self.under_way.add(begun)
        return begun

    def end(self, begun: Future[Carried], folder: Path) -> Carried:
        """What came of it."""
        self.under_way.discard(begun)
        try:
            return begun.result()
        except OSError as error:
            raise no_room(error, folder) from error


@contextmanager
def here(lab: Lab, folder: Path, launcher: Launcher, seed: int | None) -> Iterator[Here]:
    """Get ready to run a class on this machine.

    Args:
        lab: The lab.
        folder: The class folder; rows lie in a folder of it meanwhile.
        launcher: Starts the untrusted processes, behind its walls.
        seed: Secret seed of the split, ``None`` for the public one.

    Raises:
        DataError: The lab's data are missing or damaged.
    """
    with data_folder(folder) as data:
        trial = prepared(lab, data, launcher, seed)
        conditions = Conditions(lab, trial, launcher, training_seed(seed), threads=1, repeat=True)
        with ThreadPoolExecutor(launcher.width) as threads:
            carrier = Here(conditions, threads)
            try:
                yield carrier
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                if any(not begun.done() for begun in carrier.under_way):
                    launcher.close()


@contextmanager
def data_folder(folder: Path) -> Iterator[Path]:
    """A folder for the split, gone afterwards; those of processes that were killed go too."""
    for left in folder.glob(".data-*"):
        if not alive(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    data = folder / f".data-{os.getpid()}"
    try:
        data.mkdir(parents=True, exist_ok=True)
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)
