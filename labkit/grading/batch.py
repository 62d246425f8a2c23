"""Grades a class: every submission by itself, every result written down as soon as it is there.

::

    who handed in what -> what is graded already? -> the others, several at a time:
        take in -> examine -> report -> gradebook

Nothing is held back until the end, so that whatever stops it, the next run goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from labkit.errors import StorageError, SubmissionError
from labkit.grading.attempted import attempted
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.standings import described
from labkit.grading.gradebook.store import Gradebook
from labkit.grading.intake import digest
from labkit.grading.people.columns import fold
from labkit.grading.people.identity import Entry, folder_name
from labkit.grading.pipeline import Conditions, Graded, prepared, rubric_digest, training_seed
from labkit.i18n import texts
from labkit.rubric.lab import Lab
from labkit.sandbox.launch import Launcher

__all__ = ["ClassRun", "attempt_folder", "waiting"]

_ = texts(__file__)


def waiting(
    lab: Lab, entries: Sequence[Entry], book: Gradebook, seed: int | None, *, regrade: bool
) -> list[tuple[Entry, str]]:
    """Entries that need grading, with their digests.

    Args:
        lab: The lab.
        entries: What was handed in.
        book: Holds what is graded already.
        seed: Secret seed of the split.
        regrade: Whether to grade again what is graded already.
    """
    digests = [(entry, _digest(entry)) for entry in entries]
    if regrade:
        return digests
    graded = book.graded(lab.name, rubric_digest(lab), seed)
    known = {(fold(student), sha256) for student, sha256 in graded}
    return [
        (entry, sha256) for entry, sha256 in digests if (fold(entry.student.key), sha256) not in known
    ]


def _digest(entry: Entry) -> str:
    """Digest of what was handed in; of its names and times where it cannot be read as a whole."""
    try:
        return digest(entry.paths)
    except (SubmissionError, StorageError):
        told = [f"{path.name} {path.lstat().st_mtime_ns}" for path in entry.paths]
        return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()


def attempt_folder(folder: Path, lab: Lab, student: str) -> Path:
    """Make the folder of a new attempt: ``attempts/lab2/ana/1``, the next number where that is taken.

    Raises:
        StorageError: It cannot be made.
    """
    parent = folder / "attempts" / lab.name / folder_name(student)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        number = len(list(parent.iterdir()))
        while True:
            number += 1
            try:
                (parent / str(number)).mkdir()
            except FileExistsError:  # another grader's
                continue
            return parent / str(number)
    except OSError as error:
        raise _no_room(error, parent) from error


@dataclass(frozen=True, slots=True)
class ClassRun:
    """Grading one class in one lab.

    Args:
        lab: The lab.
        folder: The class folder.
        book: Where results go.
        launcher: Starts the untrusted processes, behind its walls.
        seed: Secret seed of the split, ``None`` for the public one.
        report: Writes a grade's report into the folder of its attempt, and returns its record.
    """

    lab: Lab
    folder: Path
    book: Gradebook
    launcher: Launcher
    seed: int | None
    report: Callable[[Graded, Path], Mapping[str, Any]]

    def run(self, todo: Sequence[tuple[Entry, str]]) -> Generator[Attempt, None, None]:
        """Grade what is to be done; each attempt is in the gradebook when it comes out.

        Closing the iterator early starts nothing more; what is under way then is not written down.

        Raises:
            DataError: The lab's data are missing or damaged, or there is no room left.
        """
        stop, turn = threading.Event(), threading.Lock()

        def one(entry: Entry, sha256: str) -> Attempt | None:
            try:
                return self._one(entry, sha256, conditions, turn, stop)
            except Exception:
                if stop.is_set():
                    return None
                raise

        with _data_folder(self.folder) as data, ThreadPoolExecutor(self.launcher.width) as threads:
            trial = prepared(self.lab, data, self.launcher, self.seed)
            conditions = Conditions(
                self.lab, trial, self.launcher, training_seed(self.seed), threads=1, repeat=True
            )
            running = [threads.submit(copy_context().run, one, entry, sha256) for entry, sha256 in todo]
            try:
                for future in as_completed(running):
                    if attempt := future.result():
                        yield attempt
            finally:
                stop.set()
                threads.shutdown(wait=False, cancel_futures=True)
                if any(not future.done() for future in running):
                    self.launcher.close()

    def _one(
        self,
        entry: Entry,
        sha256: str,
        conditions: Conditions,
        turn: threading.Lock,
        stop: threading.Event,
    ) -> Attempt | None:
        """Grade one entry, write its report, then its attempt; nothing of what was stopped."""
        started = datetime.now(timezone.utc)
        folder = attempt_folder(self.folder, self.lab, entry.student.key)
        try:
            graded, verdict = attempted(entry.paths, folder, conditions)
            if stop.is_set():
                return None
            with turn:  # figures are drawn by one thread at a time
                record = self.report(graded, folder)
        except OSError as error:
            raise _no_room(error, folder) from error
        attempt = Attempt(
            number=0,
            lab=self.lab.name,
            student=entry.student.key,
            name=entry.name,
            sha256=sha256,
            rubric_sha256=rubric_digest(self.lab),
            seed=self.seed,
            verdict=verdict,
            points=graded.grade.points,
            maximum=graded.grade.maximum,
            record={**record, "student": described(entry.student)},
            folder=folder.relative_to(self.folder).as_posix(),
            submitted=entry.submitted,
            started=started,
            finished=datetime.now(timezone.utc),
        )
        return replace(attempt, number=self.book.add(attempt))


@contextmanager
def _data_folder(folder: Path) -> Iterator[Path]:
    """A folder for the split, gone afterwards; those of processes that were killed go too."""
    for left in folder.glob(".data-*"):
        if not _runs(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    data = folder / f".data-{os.getpid()}"
    try:
        data.mkdir(parents=True, exist_ok=True)
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether there is a process of that number; where that cannot be known, yes."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _no_room(error: OSError, place: Path) -> StorageError:
    return StorageError(
        _("{place} cannot be written: {error}", place=place, error=error),
        _("What was graded before is safe in the gradebook."),
        _("Make room, and run the command again: it goes on there."),
    )
