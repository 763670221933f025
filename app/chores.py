"""What the service does beside requests, again and again: it tidies up, ends what is over, rates what was left, and counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from uuid import UUID

import structlog
from sqlalchemy import Connection

from app.edge.context import Context
from app.errors import UnavailableError
from app.logs import described
from app.services import drills, reviews, rollups
from app.storage import audit, idempotency, tokens
from app.storage import drills as stored_drills

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

TIDY_SECONDS = 3600
SWEEP_SECONDS = 2
IN_HAND = timedelta(seconds=2)
"""What arrived before the end of a drill may wait for its turn so long, in another process as well, and is in time."""
USES_SECONDS = 60
MEASURE_SECONDS = 5
ENDED_TOKENS_ARE_LISTED = timedelta(days=90)
AT_ONCE = 100
USES_AT_ONCE = 500

_BEFORE_ALL = UUID(int=0)


@asynccontextmanager
async def kept_up(context: Context) -> AsyncIterator[None]:
    """Do all chores as long as the context lasts."""
    every = {purge: TIDY_SECONDS, end_abandoned: TIDY_SECONDS, rate_left: TIDY_SECONDS, end_due: SWEEP_SECONDS}
    every |= {note_uses: USES_SECONDS, roll_up: context.settings.analytics_seconds, measure: MEASURE_SECONDS}
    chores = [asyncio.create_task(_keep_doing(chore, context, seconds)) for chore, seconds in every.items()]
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)
        await _do(note_uses, context)


async def _keep_doing(chore: Callable[[Context], Awaitable[None]], context: Context, seconds: float) -> None:
    """Do a chore now and then every so many seconds; one that fails is logged and tried again."""
    while True:
        await _do(chore, context)
        await asyncio.sleep(seconds)


async def _do(chore: Callable[[Context], Awaitable[None]], context: Context) -> None:
    began, failed = perf_counter(), True
    try:
        await chore(context)
        failed = False
    except UnavailableError as error:
        log.warning("chore_put_off", chore=chore.__name__, cause=described(error.__cause__))
    except Exception:  # tidying up is no reason to stop serving
        log.exception("chore_failed", chore=chore.__name__)
    context.metrics.did(chore.__name__, perf_counter() - began, failed=failed)


async def measure(context: Context) -> None:
    """Look at the lengths of queues and the like: of several processes one alone is asked, and answers for all."""
    context.metrics.sample()


async def purge(context: Context) -> None:
    """Remove the remembered responses that are too old, the tokens that ended long ago, and acts beyond the time to keep."""
    now, days = context.clock(), context.settings.audit_days
    await context.storage.write(partial(idempotency.purge, older_than=now - idempotency.KEPT_FOR))
    await context.storage.write(partial(tokens.purge, ended_before=now - ENDED_TOKENS_ARE_LISTED))
    if days:
        await context.storage.write(partial(audit.purge, older_than=now - timedelta(days=days)))


async def note_uses(context: Context) -> None:
    """Write down when tokens were used last."""
    while uses := context.uses.take(USES_AT_ONCE):
        await context.storage.write(partial(tokens.note_uses, uses=uses))


async def end_due(context: Context) -> None:
    """End the drills whose time is over; each by the end that it had, whenever that is noticed."""
    now = context.clock() - IN_HAND
    over = await context.storage.read(partial(stored_drills.due, now=now, limit=AT_ONCE))
    await _each(context, drills.settle, over, now)


async def end_abandoned(context: Context) -> None:
    """End the drills that were left."""
    await context.storage.write(partial(drills.end_abandoned, now=context.clock(), limit=AT_ONCE))


async def rate_left(context: Context) -> None:
    """Rate the problems that were left unsolved; they are looked for beside the writer, for that takes a while."""
    now, last = context.clock(), _BEFORE_ALL
    while left := await context.storage.read(partial(reviews.left, now=now, after=last, limit=AT_ONCE)):
        await _each(context, reviews.rate_left, left, now)
        last = left[-1]


async def roll_up(context: Context) -> None:
    """Count the figures of everybody, unless another process has just done so."""
    now = context.clock()
    every = timedelta(seconds=context.settings.analytics_seconds)
    if not await context.storage.read(partial(rollups.is_due, now=now, every=every)):
        return
    rollup = rollups.Rollup(now)
    for step in rollup.steps():
        await context.storage.read(step)
    await context.storage.write(rollup.store)


async def _each(
    context: Context, work: Callable[[Connection, UUID, datetime], None], ids: Sequence[UUID], now: datetime
) -> None:
    """Do some work for each of several things on its own, so that one for which it fails keeps up no other."""

    def of(its_id: UUID) -> Callable[[Connection], None]:
        return lambda connection: work(connection, its_id, now)

    done = await asyncio.gather(*(context.storage.write(of(its_id)) for its_id in ids), return_exceptions=True)
    for its_id, failure in zip(ids, done, strict=True):
        if failure is not None:
            log.error("chore_failed", chore=work.__name__, id=str(its_id), exc_info=failure)
            context.metrics.stumbled(work.__name__)
