"""`crossdrill migrate` and `crossdrill settings`."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.commands.console import out
from app.settings import Settings
from app.storage import migrate as migrations

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; an SQLite file is created where there is none."""
    settings = Settings()
    before = migrations.current(settings.database_url)
    migrations.upgrade(settings.database_url)
    after = migrations.current(settings.database_url)
    where = settings.masked()["database_url"]
    out.print(f"{where} is at {after} already." if before == after else f"{where} is now at {after}.", markup=False)


@app.command("settings")
def list_settings() -> None:
    """List every setting with its value and meaning; secrets are masked."""
    grid = Table(Column("Variable", no_wrap=True), Column("Value", overflow="fold"), "Meaning")
    for name, value in Settings().masked().items():
        grid.add_row(f"CROSSDRILL_{name.upper()}", escape(str(value)), escape(Settings.model_fields[name].description or ""))
    out.print(grid)
