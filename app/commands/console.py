"""What every command needs: where to print, how to give up, and a database for as long as its work takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NoReturn, TypeVar

from rich.console import Console
from sqlalchemy import Connection

from app.settings import Settings
from app.storage.database import Database

T = TypeVar("T")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def stop(sentence: str) -> NoReturn:
    """End the command: one line on stderr, and exit status 1."""
    err.print(f"crossdrill: {' '.join(sentence.split())}", style="red", markup=False)
    raise SystemExit(1)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Give the database that the settings name, open; raises StorageError unless it is Crossdrill's and at head."""
    database = Database(settings.database_url, readers=1, checkpoints=settings.checkpoints)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def written(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Return what `work` returns, once it is committed; raises what `Database.write` raises."""
    return asyncio.run(_done(settings, lambda database: database.write(work)))


def read_only(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Return what `work` reads, all from one snapshot; raises what `Database.read` raises."""
    return asyncio.run(_done(settings, lambda database: database.read(work)))


async def _done(settings: Settings, call: Callable[[Database], Awaitable[T]]) -> T:
    async with opened(settings) as database:
        return await call(database)
