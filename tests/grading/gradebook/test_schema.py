"""Gradebooks of older versions open, and the revisions lead to the tables that the kit works with."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from classes import attempt

from labkit.errors import StorageError
from labkit.grading.gradebook import schema
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.grading.gradebook.tables import tables

VERSION_1 = """
CREATE TABLE labkit (schema INTEGER NOT NULL, PRIMARY KEY (schema));
INSERT INTO labkit VALUES (1);
CREATE TABLE attempts (
    number INTEGER NOT NULL PRIMARY KEY, lab VARCHAR(40) NOT NULL, student VARCHAR(255) NOT NULL,
    name TEXT NOT NULL, sha256 VARCHAR(64) NOT NULL, rubric_sha256 VARCHAR(64) NOT NULL,
    seed BIGINT, verdict VARCHAR(10) NOT NULL, points FLOAT NOT NULL, maximum FLOAT NOT NULL,
    record TEXT NOT NULL, folder TEXT NOT NULL, submitted VARCHAR(32),
    started VARCHAR(32) NOT NULL, finished VARCHAR(32) NOT NULL
);
CREATE INDEX attempts_of ON attempts (lab, student);
CREATE TABLE adjustments (
    number INTEGER NOT NULL PRIMARY KEY, lab VARCHAR(40) NOT NULL, student VARCHAR(255) NOT NULL,
    points FLOAT NOT NULL, reason TEXT NOT NULL, "by" VARCHAR(255) NOT NULL, at VARCHAR(32) NOT NULL
);
INSERT INTO attempts VALUES (
    1, 'lab2', 'ana', 'mnist.py', 'aa', 'bb', 7, 'graded', 8.0, 10.0, '{}', 'attempts/lab2/ana/1',
    NULL, '2026-06-10T12:00:00.000000+00:00', '2026-06-10T12:00:01.000000+00:00'
);
INSERT INTO adjustments VALUES (
    1, 'lab2', 'ana', 1.5, 'why', 'prof', '2026-06-10T12:00:00.000000+00:00'
);
"""
"""A gradebook as the first version of the kit made it, before there were revisions."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "gradebook.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(VERSION_1)
    connection.close()
    return file


def versions(file: Path) -> tuple[object, object]:
    """What the kit and what Alembic think the file is."""
    with sqlite3.connect(file) as connection:
        kits = connection.execute("SELECT schema FROM labkit").fetchall()
        alembics = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    connection.close()
    return kits, alembics


def test_a_gradebook_of_the_first_version_opens_and_keeps_what_it_has(old: Path) -> None:
    book = Gradebook(file_url(old))
    assert [(one.student, one.points) for one in book.attempts()] == [("ana", 8.0)]
    assert [one.points for one in book.adjustments("lab2")] == [1.5]
    assert book.add(attempt()) == 2
    book.close()
    assert versions(old) == ([(schema.VERSION,)], [(str(schema.VERSION),)])


def test_what_may_not_be_brought_up_to_date_is_said_and_stays_as_it_was(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(StorageError, match="readonly"):
        Gradebook(f"sqlite:///file:{old.as_posix()}?mode=ro&uri=true")
    assert old.read_bytes() == before


def test_the_revisions_lead_to_the_tables_of_today(tmp_path: Path) -> None:
    url = file_url(tmp_path / "gradebook.db")
    Gradebook(url).close()
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(found, tables) == []
    engine.dispose()


def test_the_newest_revision_is_the_version_that_the_kit_writes() -> None:
    config = Config()
    config.set_main_option("script_location", "labkit.grading.gradebook:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == str(schema.VERSION)


def test_nothing_is_done_to_a_gradebook_of_today(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.db"
    Gradebook(file_url(file)).close()
    before = file.read_bytes()
    Gradebook(file_url(file)).close()
    assert file.read_bytes() == before
