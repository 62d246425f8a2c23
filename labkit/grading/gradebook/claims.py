"""Who grades what at this moment, so that several graders on one gradebook do nothing twice.

A claim says that somebody grades one submission, and holds for a while: who lives renews theirs, and
what nobody renews is taken over. The attempt is written and its claim given back in one transaction,
by whoever still holds it then; a grader that was away for too long finds its claim gone and writes
nothing. So every submission has exactly one attempt, whichever grader is stopped, killed or late.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timezone
from types import TracebackType
from typing import Literal, TypeVar

import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError, IntegrityError

from labkit.errors import StorageError
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, encodable, insert, written
from labkit.grading.gradebook.tables import attempts, claims

__all__ = ["Claims", "Taken"]

Taken = Literal["mine", "held", "done"]
_T = TypeVar("_T")

_LEASE = 60.0  # seconds that a claim holds without being renewed
_PATIENCE = 300.0  # seconds for a database server to come back
_PAUSE = 1.0


class Claims:
    """One grader's claims in one lab; a context manager that renews them, and gives back what is left.

    Args:
        book: Whose submissions are graded.
        lab: ``"lab2"``.
        rubric_sha256: What it is graded with.
        seed: Secret seed of the split.
        lease: Seconds that a claim holds without being renewed.
    """

    def __init__(
        self, book: Gradebook, lab: str, rubric_sha256: str, seed: int | None, lease: float = _LEASE
    ) -> None:
        self.lease = lease
        self.owner = f"{_here()}{os.getpid()}:{secrets.token_hex(8)}"
        self._book, self._lab, self._rubric, self._seed = book, lab, rubric_sha256, seed
        self._stop = threading.Event()
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Claims:
        self._renewing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._renewing.join()
        try:
            with self._book.transaction() as connection:
                connection.execute(claims.delete().where(claims.c.owner == self.owner))
        except StorageError:  # they run out by themselves
            if kind is None:
                raise

    def take(self, student: str, sha256: str, before: int) -> Taken:
        """Claim a submission.

        Args:
            student: Whose.
            sha256: Its digest.
            before: How many gradings it had when it was decided that it needs another.

        Returns:
            ``"mine"`` where it is to be graded here; ``"held"`` where another grader is at it;
            ``"done"`` where another one has graded it since.
        """
        return self._patiently(lambda connection: self._take(connection, student, sha256, before))

    def add(self, attempt: Attempt) -> int | None:
        """Write the attempt at a submission that was claimed, and give the claim back.

        Returns:
            Its number; ``None`` where the claim was lost, and somebody else's attempt counts.
        """
        return self._patiently(lambda connection: self._add(connection, attempt))

    def give_back(self, student: str, sha256: str) -> None:
        """Give a claim back without an attempt."""
        ours = sql.and_(self._of(student, sha256), claims.c.owner == self.owner)
        self._patiently(lambda connection: connection.execute(claims.delete().where(ours)))

    def _take(self, connection: sql.Connection, student: str, sha256: str, before: int) -> Taken:
        now = _now(connection)
        held = {"owner": self.owner, "expires": now + self.lease}
        claim = self._of(student, sha256)
        owner = connection.scalar(sql.select(claims.c.owner).where(claim))
        free = sql.or_(claims.c.expires < now, claims.c.owner == self.owner)
        if owner is not None and _has_died(owner):
            free = sql.or_(free, claims.c.owner == owner)
        if not connection.execute(claims.update().where(claim, free).values(held)).rowcount:
            key = {"lab": self._lab, "student": encodable(student), "sha256": sha256}
            try:
                with connection.begin_nested():
                    connection.execute(claims.insert().values({**key, **held}))
            except IntegrityError:
                return "held"
        # Asked only now that the claim is ours: who had it before has written, or never will.
        if self._gradings(connection, student, sha256) > before:
            connection.execute(claims.delete().where(claim))
            return "done"
        return "mine"

    def _add(self, connection: sql.Connection, attempt: Attempt) -> int | None:
        ours = sql.and_(self._of(attempt.student, attempt.sha256), claims.c.owner == self.owner)
        if connection.execute(claims.delete().where(ours)).rowcount:
            return insert(connection, attempt)
        # Written already, where the server went away before it could say so.
        same = sql.and_(
            attempts.c.lab == attempt.lab,
            attempts.c.student == encodable(attempt.student),
            attempts.c.folder == encodable(attempt.folder),
            attempts.c.started == written(attempt.started),
            attempts.c.finished == written(attempt.finished),
        )
        return connection.scalar(sql.select(attempts.c.number).where(same))

    def _gradings(self, connection: sql.Connection, student: str, sha256: str) -> int:
        """How many gradings of it there are with this rubric and seed."""
        same_seed = attempts.c.seed.is_(None) if self._seed is None else attempts.c.seed == self._seed
        wanted = sql.select(sql.func.count()).where(
            attempts.c.lab == self._lab,
            attempts.c.student == encodable(student),
            attempts.c.sha256 == sha256,
            attempts.c.rubric_sha256 == self._rubric,
            same_seed,
        )
        return connection.scalar(wanted) or 0

    def _of(self, student: str, sha256: str) -> sql.ColumnElement[bool]:
        return sql.and_(
            claims.c.lab == self._lab,
            claims.c.student == encodable(student),
            claims.c.sha256 == sha256,
        )

    def _renew(self) -> None:
        """Until the end, put off when the claims run out; a server that is away is asked again."""
        ours = claims.c.owner == self.owner
        while not self._stop.wait(self.lease / 4):
            try:
                with self._book.transaction() as connection:
                    later = {"expires": _now(connection) + self.lease}
                    connection.execute(claims.update().where(ours).values(later))
            except StorageError:
                continue

    def _patiently(self, work: Callable[[sql.Connection], _T]) -> _T:
        """Do it in a transaction, again and again where the server has gone away."""
        given_up = time.monotonic() + _PATIENCE
        while True:
            try:
                with self._book.transaction() as connection:
                    return work(connection)
            except StorageError as error:
                away = self._book.elsewhere and _went_away(error.__cause__)
                if not away or time.monotonic() > given_up:
                    raise
                time.sleep(_PAUSE)


def _went_away(error: BaseException | None) -> bool:
    """Whether the server could not be reached, or hung up."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or isinstance(
        error, (sql.exc.OperationalError, sql.exc.InterfaceError)
    )


def _now(connection: sql.Connection) -> float:
    """Seconds by the database's clock, which is the same for all graders."""
    if connection.dialect.name == "sqlite":  # a file: theirs is this machine's
        return time.time()
    now = connection.scalar(sql.select(sql.func.current_timestamp()))
    assert now is not None
    return float((now if now.tzinfo else now.replace(tzinfo=timezone.utc)).timestamp())


def _here() -> str:
    """What the names of this machine's graders begin with."""
    return f"{socket.gethostname()[:200]}:"


def _has_died(owner: str) -> bool:
    """Whether that was a process of this machine which is no more."""
    machine, pid, _token = owner.rsplit(":", 2)
    return f"{machine}:" == _here() and not alive(int(pid))


def alive(pid: int) -> bool:
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
