"""Alembic's entry: runs on the connection that `app.storage.migrate` has locked, inside its transaction."""

from __future__ import annotations

from alembic import context

from app.storage.models import metadata

# SQLite can roll back DDL as PostgreSQL does once the driver keeps its hands off transactions; Alembic assumes it can't.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
