"""The tables of a gradebook, as they are now; the `migrations` beside say how they came to be."""

from __future__ import annotations

import sqlalchemy as sql

__all__ = ["LONG", "about", "adjustments", "attempts", "claims", "tables"]

# MySQL's own Text ends after 64 KiB; elsewhere it has no end.
LONG = sql.Text().with_variant(sql.Text(2**24), "mysql", "mariadb")

tables = sql.MetaData()
about = sql.Table(
    "labkit", tables, sql.Column("schema", sql.Integer, primary_key=True, autoincrement=False)
)
"""One row: the newest version of the tables, which an older kit reads before it writes anything."""

attempts = sql.Table(
    "attempts",
    tables,
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
    sql.Column("record", LONG, nullable=False),
    sql.Column("folder", sql.Text, nullable=False),
    sql.Column("submitted", sql.String(32)),
    sql.Column("started", sql.String(32), nullable=False),
    sql.Column("finished", sql.String(32), nullable=False),
    sql.Index("attempts_of", "lab", "student"),
)
adjustments = sql.Table(
    "adjustments",
    tables,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("lab", sql.String(40), nullable=False),
    sql.Column("student", sql.String(255), nullable=False),
    sql.Column("points", sql.Float, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("by", sql.String(255), nullable=False),
    sql.Column("at", sql.String(32), nullable=False),
)
claims = sql.Table(
    "claims",
    tables,
    sql.Column("lab", sql.String(40), primary_key=True),
    sql.Column("student", sql.String(255), primary_key=True),
    sql.Column("sha256", sql.String(64), primary_key=True),
    sql.Column("owner", sql.String(255), nullable=False),
    sql.Column("expires", sql.Float(53), nullable=False),
)
"""What somebody is grading at this moment, and until when (seconds by the database's own clock)."""
