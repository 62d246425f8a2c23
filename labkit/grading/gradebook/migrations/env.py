"""What Alembic runs: the revisions, on the connection that `labkit.grading.gradebook.schema` opened."""

from __future__ import annotations

from alembic import context

from labkit.grading.gradebook.tables import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables)
with context.begin_transaction():
    context.run_migrations()
