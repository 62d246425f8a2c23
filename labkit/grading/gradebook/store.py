"""The gradebook in a database: attempts and adjustments are added, never changed or removed.

SQLAlchemy speaks to the database. By default that is SQLite in one file: each attempt is one
transaction that has reached the disk when `Gradebook.add` returns, and several graders may write at
once (`labkit.grading.gradebook.claims` sees to it that they share the work).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from labkit.errors import StorageError
from labkit.grading.gradebook import schema, tables
from labkit.grading.gradebook.database import engine
from labkit.grading.gradebook.records import Adjustment, Attempt
from labkit.i18n import texts

__all__ = ["Gradebook", "encodable", "file_url", "insert", "written"]

_ = texts(__file__)

_TRIES = 3  # of making the tables, where others are making them too
_TIMES = ("submitted", "started", "finished")
_WITHOUT_RECORD = [column for column in tables.attempts.c if column.name != "record"]


def file_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return str(sql.URL.create("sqlite", database=str(path.absolute())))


def insert(connection: sql.Connection, attempt: Attempt) -> int:
    """Write an attempt in a transaction that is under way; return its number."""
    values = {column.name: getattr(attempt, column.name) for column in tables.attempts.c}
    del values["number"]
    values["record"] = json.dumps(dict(attempt.record))
    values |= {name: written(values[name]) for name in _TIMES}
    values |= {name: encodable(values[name]) for name in ("student", "name", "folder")}
    key = connection.execute(tables.attempts.insert(), values).inserted_primary_key
    return int(key[0]) if key else 0


class Gradebook:
    """Attempts and adjustments of a class.

    Args:
        url: Of the database, as SQLAlchemy writes it; its tables are made where they are missing, and
            brought to today's version where they are of an older one.

    Raises:
        UsageError: That is no URL of a database, or its driver is not installed.
        StorageError: The database cannot be reached, or belongs to a newer version of the kit.
    """

    def __init__(self, url: str) -> None:
        self._engine = engine(url)
        try:
            self._settle()
        except StorageError:
            self.close()
            raise

    @property
    def elsewhere(self) -> bool:
        """Whether the database is a server, which may go away for a while and come back."""
        return self._engine.dialect.name != "sqlite"

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add(self, attempt: Attempt) -> int:
        """Write an attempt and return its number; it is safe on disk then."""
        with self.transaction() as connection:
            return insert(connection, attempt)

    def attempts(
        self, lab: str | None = None, student: str | None = None, *, records: bool = True
    ) -> list[Attempt]:
        """Attempts in the order they were written.

        Args:
            lab: Of this lab only.
            student: Of this student only, the key written as it was added.
            records: Whether to read their records too; without, each record is empty.
        """
        table = tables.attempts
        wanted = sql.select(*(table.c if records else _WITHOUT_RECORD)).order_by(table.c.number)
        if lab is not None:
            wanted = wanted.where(table.c.lab == lab)
        if student is not None:
            wanted = wanted.where(table.c.student == student)
        with self.transaction() as connection:
            return [_attempt(row) for row in connection.execute(wanted).mappings()]

    def gradings(
        self, lab: str, rubric_sha256: str, seed: int | None
    ) -> dict[tuple[str, str], list[str]]:
        """Student and digest -> the verdicts of its gradings with this rubric and seed, in order."""
        table = tables.attempts
        wanted = sql.select(table.c.student, table.c.sha256, table.c.verdict).where(
            table.c.lab == lab,
            table.c.rubric_sha256 == rubric_sha256,
            table.c.seed.is_(None) if seed is None else table.c.seed == seed,
        )
        found: dict[tuple[str, str], list[str]] = {}
        with self.transaction() as connection:
            for student, sha256, verdict in connection.execute(wanted.order_by(table.c.number)):
                found.setdefault((student, sha256), []).append(verdict)
        return found

    def adjust(self, adjustment: Adjustment) -> None:
        """Write an adjustment."""
        table = tables.adjustments
        values = {column.name: getattr(adjustment, column.name) for column in table.c[1:]}
        with self.transaction() as connection:
            connection.execute(table.insert().values({**values, "at": written(values["at"])}))

    def adjustments(self, lab: str) -> list[Adjustment]:
        """Adjustments of a lab in the order they were written."""
        table = tables.adjustments
        wanted = sql.select(*table.c[1:]).where(table.c.lab == lab).order_by(table.c.number)
        with self.transaction() as connection:
            rows = connection.execute(wanted).mappings()
            return [Adjustment(**{**row, "at": _read(row["at"])}) for row in rows]

    @contextmanager
    def transaction(self) -> Iterator[sql.Connection]:
        """A connection whose work is done as a whole or not at all.

        Raises:
            StorageError: The database did not do it; what it said is the error's cause.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StorageError(
                _("The gradebook could not be used: {error}.", error=_said(error)),
                _("Nothing that was written before is lost."),
                _("Make room or see to its permissions, and run the command again: it goes on there."),
            ) from error

    def _settle(self) -> None:
        """Make the tables or bring them up to date; where another process does so now, wait for it."""
        for left in reversed(range(_TRIES)):
            with self.transaction() as connection:
                if schema.found(connection) == schema.VERSION:
                    return
            try:
                with self.transaction() as connection:
                    schema.migrate(connection)
            except StorageError:
                if not left:
                    raise


def _said(error: SQLAlchemyError) -> str:
    """What the database itself said, on one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")


def _attempt(row: Mapping[Any, Any]) -> Attempt:
    values = {"record": "{}", **row}
    values["record"] = json.loads(values["record"])
    return Attempt(**{**values, **{name: _read(values[name]) for name in _TIMES}})


def written(moment: datetime | None) -> str | None:
    """A time as text that sorts: UTC, ISO 8601."""
    return (
        None if moment is None else moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
    )


def _read(written: str | None) -> Any:
    return None if written is None else datetime.fromisoformat(written)


def encodable(text: str) -> str:
    """Text that every database takes: what is no character, as in a damaged name, is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
