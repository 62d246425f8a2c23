"""Brings the tables of a database to today's version; Alembic does the work where there is any."""

from __future__ import annotations

import sqlalchemy as sql

from labkit.errors import StorageError
from labkit.grading.gradebook.tables import about, tables
from labkit.i18n import texts

__all__ = ["VERSION", "found", "migrate"]

_ = texts(__file__)

VERSION = 2
"""Of the tables this kit writes: the newest of the revisions."""

_TURN = 7_305_611  # of PostgreSQL's advisory locks: whoever makes tables holds it


def found(connection: sql.Connection) -> int | None:
    """The version of what is there; ``None`` where nothing is, or not all of it.

    Raises:
        StorageError: It was written by a newer kit.
    """
    there = set(sql.inspect(connection).get_table_names())
    if about.name not in there:
        return None
    version = connection.scalar(sql.select(sql.func.max(about.c.schema)))
    if version is not None and version > VERSION:
        raise StorageError(
            _("The gradebook was written by a newer version of the kit."),
            fix=_("Bring the kit up to date."),
        )
    whole = version == VERSION and there >= set(tables.tables)
    return version if whole or version != VERSION else None


def migrate(connection: sql.Connection) -> None:
    """Make or change the tables; one process at a time, the others find it done.

    Args:
        connection: In a transaction, by which the tables are changed as a whole or not at all where
            the database can do that.

    Raises:
        StorageError: The tables were written by a newer kit.
    """
    from alembic import command
    from alembic.config import Config

    kind = connection.dialect.name
    if kind == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif kind == "postgresql":
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_TURN)))
    version = found(connection)
    if version == VERSION:
        return
    config = Config()
    config.set_main_option("script_location", "labkit.grading.gradebook:migrations")
    config.attributes["connection"] = connection
    if version is None:  # every revision leaves alone what is there
        command.stamp(config, "base", purge=True)
    command.upgrade(config, "head")
    connection.execute(about.delete())
    connection.execute(about.insert().values(schema=VERSION))
