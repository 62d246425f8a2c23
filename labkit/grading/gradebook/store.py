"""The gradebook in a database: attempts and adjustments are added, never changed or removed.

SQLAlchemy speaks to the database. By default that is SQLite in one file: each attempt is one
transaction that has reached the disk when `Gradebook.add` returns, and several graders may write at
once.
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
from labkit.grading.gradebook.database import engine
from labkit.grading.gradebook.records import Adjustment, Attempt
from labkit.i18n import texts

__all__ = ["Gradebook", "file_url"]

_ = texts(__file__)

_SCHEMA = 1
_TRIES = 3  # of making the tables, where others are making them too
# MySQL's own Text ends after 64 KiB; elsewhere it has no end.
_LONG = sql.Text().with_variant(sql.Text(2**24), "mysql", "mariadb")

_tables = sql.MetaData()
_about = sql.Table(
    "labkit", _tables, sql.Column("schema", sql.Integer, primary_key=True, autoincrement=False)
)
_attempts = sql.Table(
    "attempts",
    _tables,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("lab", sql.String(40), nullable=False),
    sql.Column("student", sql.String(255), nullable=False),
    sql.Column("name", sql.Text, nullable=False),
    sql.Column("sha256", sql.String(64), nullable=False),
    sql.Column("rubric_sha256", sql.String(64), nullable=False),
    sql.Column("seed", sql.BigInteger),
    sql.Column("verdict", sql.String(10), nullable=False),
    sql.Column("points", sql.Float, nullable=False),
    sql.Column("maximum", sql.Float, nullable=False),
    sql.Column("record", _LONG, nullable=False),
    sql.Column("folder", sql.Text, nullable=False),
    sql.Column("submitted", sql.String(32)),
    sql.Column("started", sql.String(32), nullable=False),
    sql.Column("finished", sql.String(32), nullable=False),
    sql.Index("attempts_of", "lab", "student"),
)
_adjustments = sql.Table(
    "adjustments",
    _tables,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("lab", sql.String(40), nullable=False),
    sql.Column("student", sql.String(255), nullable=False),
    sql.Column("points", sql.Float, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("by", sql.String(255), nullable=False),
    sql.Column("at", sql.String(32), nullable=False),
)
_TIMES = ("submitted", "started", "finished")
_WITHOUT_RECORD = [column for column in _attempts.c if column.name != "record"]


def file_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return str(sql.URL.create("sqlite", database=str(path.absolute())))


class Gradebook:
    """Attempts and adjustments of a class.

    Args:
        url: Of the database, as SQLAlchemy writes it; its tables are made where they are missing.

    Raises:
        UsageError: That is no URL of a database, or its driver is not installed.
        StorageError: The database cannot be reached, or belongs to a newer version of the kit.
    """

    def __init__(self, url: str) -> None:
        self._engine = engine(url)
        try:
            found = self._schema() or self._begin()
        except StorageError:
            self.close()
            raise
        if found > _SCHEMA:
            self.close()
            raise StorageError(
                _("The gradebook was written by a newer version of the kit."),
                fix=_("Bring the kit up to date."),
            )

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add(self, attempt: Attempt) -> int:
        """Write an attempt and return its number; it is safe on disk then."""
        values = {column.name: getattr(attempt, column.name) for column in _attempts.c}
        del values["number"]
        values["record"] = json.dumps(dict(attempt.record))
        values |= {name: _written(values[name]) for name in _TIMES}
        values |= {name: _encodable(values[name]) for name in ("student", "name", "folder")}
        with self._connected() as connection:
            key = connection.execute(_attempts.insert().values(**values)).inserted_primary_key
            return int(key[0]) if key else 0

    def attempts(
        self, lab: str | None = None, student: str | None = None, *, records: bool = True
    ) -> list[Attempt]:
        """Attempts in the order they were written.

        Args:
            lab: Of this lab only.
            student: Of this student only, the key written as it was added.
            records: Whether to read their records too; without, each record is empty.
        """
        wanted = sql.select(*(_attempts.c if records else _WITHOUT_RECORD)).order_by(_attempts.c.number)
        if lab is not None:
            wanted = wanted.where(_attempts.c.lab == lab)
        if student is not None:
            wanted = wanted.where(_attempts.c.student == student)
        with self._connected() as connection:
            return [_attempt(row) for row in connection.execute(wanted).mappings()]

    def graded(self, lab: str, rubric_sha256: str, seed: int | None) -> set[tuple[str, str]]:
        """Student and digest of all that needs no grading any more with this rubric and seed."""
        same_seed = _attempts.c.seed.is_(None) if seed is None else _attempts.c.seed == seed
        wanted = sql.select(_attempts.c.student, _attempts.c.sha256).where(
            _attempts.c.lab == lab,
            _attempts.c.rubric_sha256 == rubric_sha256,
            same_seed,
            _attempts.c.verdict != "unknown",
        )
        with self._connected() as connection:
            return {(student, sha256) for student, sha256 in connection.execute(wanted)}

    def adjust(self, adjustment: Adjustment) -> None:
        """Write an adjustment."""
        values = {column.name: getattr(adjustment, column.name) for column in _adjustments.c[1:]}
        with self._connected() as connection:
            connection.execute(_adjustments.insert().values({**values, "at": _written(values["at"])}))

    def adjustments(self, lab: str) -> list[Adjustment]:
        """Adjustments of a lab in the order they were written."""
        wanted = sql.select(*_adjustments.c[1:]).where(_adjustments.c.lab == lab)
        with self._connected() as connection:
            rows = connection.execute(wanted.order_by(_adjustments.c.number)).mappings()
            return [Adjustment(**{**row, "at": _read(row["at"])}) for row in rows]

    def _schema(self) -> int | None:
        """The version of what is written there; ``None`` where nothing is, or not all of it."""
        with self._connected() as connection:
            there = set(sql.inspect(connection).get_table_names())
            if _about.name not in there:
                return None
            found = connection.scalar(sql.select(sql.func.max(_about.c.schema)))
            whole = there >= set(_tables.tables)
        return found if found is not None and (whole or found > _SCHEMA) else None

    def _begin(self, tries: int = _TRIES) -> int:
        """Make the tables; where another process makes them at this moment, take those."""
        try:
            with self._connected() as connection:
                if self._engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # one at a time
                _tables.create_all(connection)
                found = connection.scalar(sql.select(sql.func.max(_about.c.schema)))
                if found is None:
                    connection.execute(_about.insert().values(schema=_SCHEMA))
        except StorageError:
            if found := self._schema():
                return found
            if tries == 1:
                raise
            return self._begin(tries - 1)
        return found or _SCHEMA

    @contextmanager
    def _connected(self) -> Iterator[sql.Connection]:
        """A connection whose work is done as a whole or not at all."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StorageError(
                _("The gradebook could not be used: {error}.", error=_said(error)),
                _("Nothing that was written before is lost."),
                _("Make room or see to its permissions, and run the command again: it goes on there."),
            ) from error


def _said(error: SQLAlchemyError) -> str:
    """What the database itself said, on one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")


def _attempt(row: Mapping[Any, Any]) -> Attempt:
    values = {"record": "{}", **row}
    values["record"] = json.loads(values["record"])
    return Attempt(**{**values, **{name: _read(values[name]) for name in _TIMES}})


def _written(moment: datetime | None) -> str | None:
    """A time as text that sorts: UTC, ISO 8601."""
    return (
        None if moment is None else moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
    )


def _read(written: str | None) -> Any:
    return None if written is None else datetime.fromisoformat(written)


def _encodable(text: str) -> str:
    """Text that every database takes: what is no character, as in a damaged name, is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
