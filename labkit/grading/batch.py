"""Grades a class: every submission by itself, every result written down as soon as it is there.

::

    who handed in what -> what is graded already? -> the others, several at a time:
        claim -> carry out, here or on a cluster -> judge, report -> gradebook

Nothing is held back until the end, so that whatever stops it, the next run goes on where it was; and
several may run at once on one gradebook: what one has claimed the others leave alone.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol

from labkit.errors import StorageError, SubmissionError
from labkit.grading.attempted import could_not_tell
from labkit.grading.gradebook.claims import Claims, Wanted
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.standings import described
from labkit.grading.gradebook.store import Gradebook
from labkit.grading.intake import digest
from labkit.grading.judging import Judge, Judged
from labkit.grading.people.columns import fold
from labkit.grading.people.identity import Entry, folder_name
from labkit.grading.pipeline import rubric_digest
from labkit.i18n import texts
from labkit.rubric.lab import Lab

__all__ = ["Carrier", "ClassRun", "Todo", "attempt_folder", "waiting"]

_ = texts(__file__)

_MANY = 16  # under way, from where what ends at about the same time is written in one go
_GATHER = 0.1  # seconds that count as the same time
_LOOK = 1.0  # seconds after which to look again at what others hold, and at how much room there is


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to be graded.

    Args:
        entry: What was handed in.
        sha256: Its digest.
        before: How many gradings it had when it was decided that it needs another.
    """

    entry: Entry
    sha256: str
    before: int = 0

    @property
    def wanted(self) -> Wanted:
        """As it is claimed."""
        return Wanted(self.entry.student.key, self.sha256, self.before)


def waiting(
    lab: Lab, entries: Sequence[Entry], book: Gradebook, seed: int | None, *, regrade: bool
) -> list[Todo]:
    """What needs grading.

    Args:
        lab: The lab.
        entries: What was handed in.
        book: Holds what is graded already.
        seed: Secret seed of the split.
        regrade: Whether to grade again what is graded already.
    """
    known: dict[tuple[str, str], list[str]] = {}
    for (student, sha256), verdicts in book.gradings(lab.name, rubric_digest(lab), seed).items():
        known.setdefault((fold(student), sha256), []).extend(verdicts)
    found = []
    for entry in entries:
        sha256 = _digest(entry)
        verdicts = known.get((fold(entry.student.key), sha256), [])
        if regrade or set(verdicts) <= {"unknown"}:
            found.append(Todo(entry, sha256, len(verdicts)))
    return found


def _digest(entry: Entry) -> str:
    """Digest of what was handed in; of its names and times where it cannot be read as a whole."""
    try:
        return digest(entry.paths)
    except (SubmissionError, StorageError):
        told = [f"{path.name} {_changed(path)}" for path in entry.paths]
        return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()


def _changed(path: Path) -> int:
    """When a file was changed, in nanoseconds; 0 where nobody may know."""
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


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


class Carrier(Protocol):
    """Runs submissions, on this machine (`labkit.grading.here`) or on others, and has them judged."""

    @property
    def judge(self) -> Judge:
        """Judges what they left."""

    @property
    def room(self) -> int:
        """How many submissions may be under way at this moment."""

    def begin(self, entry: Entry, folder: Path) -> Future[Judged | None]:
        """Begin with a submission.

        Args:
            entry: What was handed in.
            folder: Of this attempt.

        Returns:
            What it earned, its files and report in ``folder``; ``None`` where the machines that it ran
            on were lost.
        """


@dataclass(frozen=True, slots=True)
class _Flight:
    """A submission under way."""

    todo: Todo
    folder: Path
    alone: bool
    began: datetime


@dataclass(slots=True)
class _Work:
    """What is left to do."""

    waiting: deque[Todo]
    apart: deque[Todo] = field(default_factory=deque)
    flying: dict[Future[Judged | None], _Flight] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassRun:
    """Grading one class in one lab.

    Args:
        lab: The lab.
        folder: The class folder.
        book: Where results go.
        carrier: Runs the submissions.
        seed: Secret seed of the split, ``None`` for the public one.
    """

    lab: Lab
    folder: Path
    book: Gradebook
    carrier: Carrier
    seed: int | None

    def run(self, todo: Iterable[Todo]) -> Generator[Attempt, None, None]:
        """Grade what is to be done; each attempt is in the gradebook when it comes out.

        What another grader does meanwhile comes out as well. What takes the machines it runs on along
        is tried again alone, after everything else; what does so again could not be told. Closing
        the iterator early starts nothing more; what is under way then is not written down.

        Raises:
            StorageError: There is no room left.
        """
        work = _Work(deque(todo))
        with Claims(self.book, self.lab.name, rubric_digest(self.lab), self.seed) as claims:
            try:
                while work.waiting or work.apart or work.flying:
                    yield from self._begin(work, claims)
                    yield from self._write(work, self._landed(work), claims)
            finally:
                for begun in work.flying:
                    begun.cancel()

    def _begin(self, work: _Work, claims: Claims) -> Generator[Attempt, None, None]:
        """Begin with as much as there is room for; what others did meanwhile comes out."""
        room = max(0, self.carrier.room - len(work.flying))
        first = [work.waiting.popleft() for _each in range(min(room, len(work.waiting)))]
        for todo, taken in zip(first, claims.take([todo.wanted for todo in first])):
            if taken == "mine":
                self._fly(work, todo)
            elif taken == "held":
                work.waiting.append(todo)
            else:
                yield from self._of_another(work, todo)
        if work.apart and not work.flying:
            self._fly(work, work.apart.popleft(), alone=True)

    def _fly(self, work: _Work, todo: Todo, *, alone: bool = False) -> None:
        folder = attempt_folder(self.folder, self.lab, todo.entry.student.key)
        begun = self.carrier.begin(todo.entry, folder)
        work.flying[begun] = _Flight(todo, folder, alone, datetime.now(timezone.utc))

    def _landed(self, work: _Work) -> list[tuple[Todo, Attempt]]:
        """What has ended, with attempts that are not written yet."""
        landed = []
        for begun in _ended(work.flying):
            flight = work.flying.pop(begun)
            judged = self._result(begun, flight)
            if judged is None:
                work.apart.append(flight.todo)
            else:
                landed.append((flight.todo, self._attempt(flight, judged)))
        return landed

    def _result(self, begun: Future[Judged | None], flight: _Flight) -> Judged | None:
        """What it earned; ``None`` where it is to be tried again alone."""
        try:
            judged = begun.result()
            if judged is None and flight.alone:
                lost = _("The machines that this was run on were lost, again and again.")
                judged = self.carrier.judge(could_not_tell(lost), flight.folder)
        except OSError as error:
            raise _no_room(error, flight.folder) from error
        return judged

    def _attempt(self, flight: _Flight, judged: Judged) -> Attempt:
        entry = flight.todo.entry
        return Attempt(
            number=0,
            lab=self.lab.name,
            student=entry.student.key,
            name=entry.name,
            sha256=flight.todo.sha256,
            rubric_sha256=rubric_digest(self.lab),
            seed=self.seed,
            verdict=judged.verdict,
            points=judged.points,
            maximum=judged.maximum,
            record={**judged.record, "student": described(entry.student)},
            folder=flight.folder.relative_to(self.folder).as_posix(),
            submitted=entry.submitted,
            started=judged.started or flight.began,
            finished=datetime.now(timezone.utc),
        )

    def _write(
        self, work: _Work, landed: Sequence[tuple[Todo, Attempt]], claims: Claims
    ) -> Generator[Attempt, None, None]:
        """Write attempts together; where somebody else took one over meanwhile, theirs comes out."""
        numbers = claims.add([attempt for _todo, attempt in landed])
        for (todo, attempt), number in zip(landed, numbers):
            if number is not None:
                yield replace(attempt, number=number)
            else:
                shutil.rmtree(self.folder / attempt.folder, ignore_errors=True)
                yield from self._of_another(work, todo)

    def _of_another(self, work: _Work, todo: Todo) -> Generator[Attempt, None, None]:
        """The attempt that another grader wrote; while it is still at it, this one waits again."""
        rubric, student = rubric_digest(self.lab), todo.entry.student.key
        gradings = [
            attempt
            for attempt in self.book.attempts(self.lab.name, student)
            if (attempt.sha256, attempt.rubric_sha256, attempt.seed) == (todo.sha256, rubric, self.seed)
        ]
        if len(gradings) > todo.before:
            yield gradings[-1]
        else:
            work.waiting.append(todo)


def _ended(flying: Iterable[Future[Judged | None]]) -> list[Future[Judged | None]]:
    """Those that have ended, after waiting for one for a while."""
    under_way = list(flying)
    if not under_way:
        time.sleep(_LOOK)
        return []
    wait(under_way, _LOOK, FIRST_COMPLETED)
    if len(under_way) > _MANY:
        time.sleep(_GATHER)
    return [begun for begun in under_way if begun.done()]


def _no_room(error: OSError, place: Path) -> StorageError:
    """The error for files that cannot be written."""
    return StorageError(
        _("{place} cannot be written: {error}", place=place, error=error),
        _("What was graded before is safe in the gradebook."),
        _("Make room, and run the command again: it goes on there."),
    )
