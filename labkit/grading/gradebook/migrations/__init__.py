"""How a gradebook of an older version becomes one of today's: Alembic's revisions, one a version."""
