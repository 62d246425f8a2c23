"""Version 2: claims, so that several graders may share a class."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the table of claims."""
    op.create_table(
        "claims",
        sql.Column("lab", sql.String(40), primary_key=True),
        sql.Column("student", sql.String(255), primary_key=True),
        sql.Column("sha256", sql.String(64), primary_key=True),
        sql.Column("owner", sql.String(255), nullable=False),
        sql.Column("expires", sql.Float(53), nullable=False),
        if_not_exists=True,
    )
