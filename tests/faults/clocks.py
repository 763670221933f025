"""The clock of the machine is set back and forth under the service."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tests.faults.crowd import PATIENCE_SECONDS, WISH, Crowd, post
from tests.faults.findings import Row, concluded, midway
from tests.faults.server import Server

STEPS: Final = (3600, 0, -3600, 2 * 86_400, -2 * 86_400, 0)
"""By how many seconds the clock is wrong, one after the other."""

DRILL: Final = ("next", "pause", "resume", "finish")


def stepped(url: str, folder: Path, times: int) -> Row:
    """Set the clock while clients are at work and somebody has a drill: nothing fails, and no drill is without an end."""
    offset, faults = folder / "offset", list[str]()
    _set(offset, 0)
    program = (sys.executable, str(Path(__file__).with_name("skewed.py")), str(offset))
    with Server(url, program=program) as server, Crowd(server.port) as crowd:
        for step in islice(cycle(STEPS), times):
            drill = _asked(server.port, "/v1/drills", faults, preset="sprint-60s")["id"]
            _set(offset, step)
            crowd.wait_for_more()
            for way in DRILL:
                _asked(server.port, f"/v1/drills/{drill}/{way}", faults)
            faults += _unless_set(step, _asked(server.port, "/v1/problems", faults, **WISH)["created_at"])
            faults += midway(url, crowd)
    return concluded("clock set", times, url, crowd, faults)


def _set(offset: Path, step: int) -> None:
    """Write the file at once, so that nobody reads half of it."""
    aside = offset.with_name("next")
    aside.write_text(str(step))
    aside.replace(offset)


def _asked(port: int, path: str, faults: list[str], **body: str) -> dict[str, Any]:
    """Send a POST, note what fails, and return the answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
        reply = post(connection, path, body, uuid4().hex)
    if reply.status >= 500:
        faults.append(f"{path}: {reply.status} {reply.body.decode()}")
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


def _unless_set(step: int, said: str) -> Iterator[str]:
    """Yield a complaint where the service did not go by the clock that was set."""
    seconds = (datetime.fromisoformat(said) - datetime.now(UTC)).total_seconds()
    if abs(seconds - step) > PATIENCE_SECONDS:
        yield f"the clock was set by {step} s, and the service is {seconds:.0f} s away"
