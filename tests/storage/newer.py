"""A release that is newer than this one: the same migrations, and one more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import migrations
from app.storage import migrate

REVISION = "9001"
MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{REVISION}", "{{head}}"


def upgrade():
    for table in {{tables}}:
        op.add_column(table, sa.Column("later_note", sa.Text()))
        op.add_column(table, sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
    op.create_table("badges", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("name", sa.Text(), nullable=False))


def downgrade():
    op.drop_table("badges")
    for table in {{tables}}:
        op.drop_column(table, "weight")
        op.drop_column(table, "later_note")
'''


@contextmanager
def newer_release(folder: Path, tables: tuple[str, ...]) -> Iterator[None]:
    """Let `migrate` be the newer release's, which adds two columns to each of these tables, and a table."""
    shutil.copytree(migrations.__path__[0], folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    script = MIGRATION.format(head=migrate.head(), tables=tables)
    (folder / "migrations" / "versions" / f"99990101_{REVISION}_newer.py").write_text(script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "__path__", [str(folder / "migrations")])
        _forget()
        yield
    _forget()


def _forget() -> None:
    migrate.head.cache_clear()
    migrate.known.cache_clear()
