"""Leaving at any moment: on a key, on a signal, or because the terminal is gone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from app.terminal.asking import LeftError

_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def status_of(work: Coroutine[Any, Any, None]) -> int:
    """Run `work` to its end and return the exit status: 0, that of whoever left, or 128 and the signal that ended it.

    What `work` opened is closed in each case, before this returns.
    """
    return asyncio.run(_watched(work))


async def _watched(work: Coroutine[Any, Any, None]) -> int:
    task = asyncio.ensure_future(work)
    caught: list[int] = []

    def leave(number: int) -> None:
        caught.append(number)
        task.cancel()

    for number in _SIGNALS:
        with suppress(NotImplementedError):  # where the event loop knows no signals, Ctrl-C ends the program itself
            asyncio.get_running_loop().add_signal_handler(number, leave, number)
    try:
        await task
    except LeftError as left:
        return left.status
    except asyncio.CancelledError:
        if not caught:
            raise
        return 128 + caught[0]
    return 0
