"""Reaches a database by its URL, and sees to it that a commit to SQLite is safe on disk."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from labkit.errors import UsageError
from labkit.i18n import texts

__all__ = ["engine"]

_ = texts(__file__)

_BUSY_SECONDS = 60


def engine(url: str) -> sql.Engine:
    """Read a URL and load its driver; nothing is connected yet.

    Raises:
        UsageError: It is no URL of a database, or its driver is not installed.
    """
    options: dict[str, Any] = {"pool_pre_ping": True}  # a server may hang up between two attempts
    try:
        place = sql.make_url(url)
        if place.get_backend_name() == "sqlite" and place.database in (None, "", ":memory:"):
            # One connection for all threads, or each would have a gradebook of its own.
            options |= {"poolclass": sql.QueuePool, "pool_size": 1, "max_overflow": 0}
            options |= {"connect_args": {"check_same_thread": False}}
        made = None if "@" in (place.host or "") else sql.create_engine(place, **options)
    except (NoSuchModuleError, ImportError) as error:
        raise _unusable(url, error) from error
    except (ArgumentError, TypeError, ValueError):  # these may repeat the password
        raise _unusable(url, _("it is no URL of a database")) from None
    if made is None:
        raise _unusable(url, _("@ in a password is written %40"))
    if made.dialect.name == "sqlite":
        sql.event.listen(made, "connect", _settle_sqlite)
    return made


def _unusable(url: str, reason: object) -> UsageError:
    """The error for a URL, which is not shown where it may hold a password."""
    name = re.match(r"[\w+]+:", url)
    shown = url if not set("@?") & set(url) else f"{name[0] if name else ''}***"
    return UsageError(
        _("{url} cannot be opened: {error}.", url=shown, error=reason),
        _("A URL such as sqlite:///gradebook.db or postgresql://host/name was expected."),
        _("Install the database's driver with pip if it is the driver that is missing."),
    )


def _settle_sqlite(connection: Any, _record: object) -> None:
    """Wait for another grader's turn to end, and make every commit reach the disk."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA synchronous=EXTRA")
    cursor.close()
