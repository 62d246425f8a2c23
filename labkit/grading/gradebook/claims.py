"""Who grades what at this moment, so that several graders on one gradebook do nothing twice.

A claim says that somebody grades one submission, and holds for a while: who lives renews theirs, and
what nobody renews is taken over. The attempt is written and its claim given back in one transaction,
by whoever still holds it then; a grader that was away for too long finds its claim gone and writes
nothing. So every submission has exactly one attempt, whichever grader is stopped, killed or late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timezone
from typing import Literal, TypeVar

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from labkit.errors import StorageError
from labkit.grading.gradebook import graders
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, encodable, insert, written
from labkit.grading.gradebook.tables import attempts, claims

__all__ = ["Claims", "Taken", "Wanted"]

Taken = Literal["mine", "held", "done"]
_Key = tuple[str, str]
_T = TypeVar("_T")

_LEASE = 60.0  # seconds that a claim holds without being renewed
_PATIENCE = 300.0  # seconds for a database server to come back
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A submission that somebody wants to grade.

    Args:
        student: Whose.
        sha256: Its digest.
        before: How many gradings it had when it was decided that it needs another.
    """

    student: str
    sha256: str
    before: int = 0


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
        self.owner = graders.new_name()
        self._book, self._lab, self._rubric, self._seed = book, lab, rubric_sha256, seed
        self._stop = threading.Event()
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Claims:
        self._renewing.start()
        return self

    def __exit__(self, kind: object, *_exception: object) -> None:
        self._stop.set()
        self._renewing.join()
        try:
            with self._book.transaction() as connection:
                connection.execute(claims.delete().where(claims.c.owner == self.owner))
        except StorageError:  # they run out by themselves
            if kind is None:
                raise

    def take(self, wanted: Sequence[Wanted]) -> list[Taken]:
        """Claim submissions.

        Returns:
            For each of them ``"mine"`` where it is to be graded here; ``"held"`` where another grader
            is at it; ``"done"`` where another one has graded it since.
        """
        return self._patiently(lambda connection: self._take(connection, wanted)) if wanted else []

    def add(self, graded: Sequence[Attempt]) -> list[int | None]:
        """Write attempts at submissions that were claimed, and give the claims back.

        Returns:
            Their numbers; ``None`` where the claim was lost, and somebody else's attempt counts.
        """
        return self._patiently(lambda connection: self._add(connection, graded)) if graded else []

    def _take(self, connection: sql.Connection, wanted: Sequence[Wanted]) -> list[Taken]:
        now = _now(connection)
        held = {"owner": self.owner, "expires": now + self.lease}
        keys = [(encodable(one.student), one.sha256) for one in wanted]
        here = claims.c.lab == self._lab
        owners = connection.scalars(sql.select(claims.c.owner).where(here).distinct())
        dead = [owner for owner in owners if graders.has_died(owner)]
        free = sql.or_(claims.c.expires < now, claims.c.owner.in_(dead))
        connection.execute(claims.update().where(here, _among(claims, keys), free).values(held))
        rows = [{"lab": self._lab, "student": student, "sha256": sha256} for student, sha256 in keys]
        new = _or_nothing(connection.dialect.name)
        connection.execute(
            new, [{**row, **held} for row in sorted(rows, key=lambda row: [*row.values()])]
        )
        # Asked only now that the claims are ours: who had them before has written, or never will.
        mine = self._mine(connection, keys)
        gradings = self._gradings(connection, keys)
        done = {
            key for key, one in zip(keys, wanted) if key in mine and gradings.get(key, 0) > one.before
        }
        self._give_back(connection, done)
        return ["done" if key in done else "mine" if key in mine else "held" for key in keys]

    def _add(self, connection: sql.Connection, graded: Sequence[Attempt]) -> list[int | None]:
        keys = [(encodable(attempt.student), attempt.sha256) for attempt in graded]
        if connection.dialect.name == "sqlite":  # it locks no rows: the file, from here to the end
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        mine = self._mine(connection, keys)
        self._give_back(connection, mine)
        return [
            insert(connection, attempt) if key in mine else _written_already(connection, attempt)
            for key, attempt in zip(keys, graded)
        ]

    def _mine(self, connection: sql.Connection, keys: Collection[_Key]) -> set[_Key]:
        """Those whose claims are ours, locked until the transaction ends."""
        wanted = sql.select(claims.c.student, claims.c.sha256).where(
            claims.c.lab == self._lab, claims.c.owner == self.owner, _among(claims, keys)
        )
        return {(student, sha256) for student, sha256 in connection.execute(wanted.with_for_update())}

    def _give_back(self, connection: sql.Connection, keys: Collection[_Key]) -> None:
        if keys:
            ours = (claims.c.lab == self._lab, claims.c.owner == self.owner, _among(claims, keys))
            connection.execute(claims.delete().where(*ours))

    def _gradings(self, connection: sql.Connection, keys: Collection[_Key]) -> dict[_Key, int]:
        """How many gradings of each there are with this rubric and seed."""
        key = (attempts.c.student, attempts.c.sha256)
        wanted = sql.select(*key, sql.func.count()).where(
            attempts.c.lab == self._lab,
            attempts.c.rubric_sha256 == self._rubric,
            attempts.c.seed.is_(None) if self._seed is None else attempts.c.seed == self._seed,
            _among(attempts, keys),
        )
        rows = connection.execute(wanted.group_by(*key))
        return {(student, sha256): count for student, sha256, count in rows}

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


def _among(table: sql.Table, keys: Collection[_Key]) -> sql.ColumnElement[bool]:
    """Rows of these; students are named by themselves, too, for the index that knows them."""
    both = sql.tuple_(table.c.student, table.c.sha256).in_(list(keys))
    return sql.and_(table.c.student.in_({student for student, _sha256 in keys}), both)


def _or_nothing(kind: str) -> sql.Insert:
    """An insert that leaves alone the rows which somebody else has inserted."""
    if kind == "sqlite":
        return sqlite.insert(claims).on_conflict_do_nothing()
    if kind == "postgresql":
        return postgresql.insert(claims).on_conflict_do_nothing()
    return claims.insert().prefix_with("IGNORE")


def _written_already(connection: sql.Connection, attempt: Attempt) -> int | None:
    """The number of an attempt that was written before the server went away and could not say so."""
    same = sql.and_(
        attempts.c.lab == attempt.lab,
        attempts.c.student == encodable(attempt.student),
        attempts.c.folder == encodable(attempt.folder),
        attempts.c.started == written(attempt.started),
        attempts.c.finished == written(attempt.finished),
    )
    return connection.scalar(sql.select(attempts.c.number).where(same))


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
