"""Version 1: attempts and adjustments."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "1"
down_revision = None

_LONG = sql.Text().with_variant(sql.Text(2**24), "mysql", "mariadb")


def upgrade() -> None:
    """Make the tables; those that are there already, also from before Alembic, stay as they are."""
    op.create_table(
        "labkit",
        sql.Column("schema", sql.Integer, primary_key=True, autoincrement=False),
        if_not_exists=True,
    )
    op.create_table(
        "attempts",
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
        if_not_exists=True,
    )
    op.create_index("attempts_of", "attempts", ["lab", "student"], if_not_exists=True)
    op.create_table(
        "adjustments",
        sql.Column("number", sql.Integer, primary_key=True),
        sql.Column("lab", sql.String(40), nullable=False),
        sql.Column("student", sql.String(255), nullable=False),
        sql.Column("points", sql.Float, nullable=False),
        sql.Column("reason", sql.Text, nullable=False),
        sql.Column("by", sql.String(255), nullable=False),
        sql.Column("at", sql.String(32), nullable=False),
        if_not_exists=True,
    )
