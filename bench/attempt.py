"""What the processor time of one attempt goes to: the same request with less and less of what it takes."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, redirect_stderr
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any, Final
from unittest.mock import patch

from fastapi import FastAPI

from app.api.attempts import AttemptIn, attempt_out
from app.api.bodies import read_json
from app.main import create_app_from_env
from app.services.practice import Attempt, judged
from app.storage import migrate
from app.storage.attempts import AttemptRow
from app.storage.ids import LOCAL_LEARNER, new_id
from bench.floor import create
from bench.report import table
from quiz_bank.grading.judge import grade
from quiz_bank.problem import Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw
from tests import postgres

SLICES = 40
SLICE: Final = 64
"""Requests in a slice, all under way at once."""
FAMILY: Final = "cross-entropy-one-hot"
LEVEL: Final = 2


def run(scale: float) -> None:
    """Print what each part of an attempt takes, and its share."""
    slices = max(10, round(SLICES * scale))
    with ExitStack() as stack:
        stack.enter_context(redirect_stderr(stack.enter_context(Path(os.devnull).open("w"))))  # the log is made and thrown away
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        sqlite = _whole(create_app_from_env, f"sqlite:///{folder}/attempt.sqlite3", slices)
        on_postgres = _whole(create_app_from_env, stack.enter_context(postgres.running_postgres()), slices)
        floor = _whole(create, f"sqlite:///{folder}/none.sqlite3", slices)  # last, for it replaces what stores
    parts = dict(_parts(slices))
    parts["the rest: routing, layers, log line, what is to be stored"] = floor - sum(parts.values())
    parts["storing it: hand-over, statements, commit (SQLite)"] = sqlite - floor
    print("One attempt, processor time without HTTP, lowest tenth\n")
    table(("", "µs", "share"), ((name, f"{us:.0f}", f"{us / sqlite:.0%}") for name, us in parts.items()))
    table(
        ("", "µs"), [("all, on SQLite", f"{sqlite:.0f}"), ("all, on PostgreSQL, its own processes aside", f"{on_postgres:.0f}")]
    )


def _whole(make: Callable[[], FastAPI], url: str, slices: int) -> float:
    migrate.upgrade(url)
    with patch.dict(os.environ, {"CROSSDRILL_DATABASE_URL": url, "CROSSDRILL_LOG_FORMAT": "json"}):
        return asyncio.run(_requests(make(), slices))


async def _requests(app: FastAPI, slices: int) -> float:
    async with app.router.lifespan_context(app):
        wish = {"family": FAMILY, "level": LEVEL}
        problems = [json.loads(await _post(app, "/v1/problems", wish))["id"] for _ in range(SLICE)]
        numbers, times = count(), []
        for _ in range(slices):
            started = process_time()
            await asyncio.gather(*(_answer(app, problem, next(numbers)) for problem in problems))
            times.append(process_time() - started)
    return _undisturbed(times) / SLICE * 1e6


def _answer(app: FastAPI, problem: str, number: int) -> Awaitable[bytes]:
    return _post(app, f"/v1/problems/{problem}/attempts", _answers(number))


def _answers(number: int) -> dict[str, dict[str, str]]:
    return {"answers": {"loss": f"{50 + number * 0.00137:.5f}"}}


async def _post(app: FastAPI, path: str, document: object) -> bytes:
    """Call the application as a server does, and return the body of its answer, which must be 201."""
    body, sent = json.dumps(document).encode(), []
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
    }
    scope |= {"headers": headers, "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "state": {}}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - the framework's own type
        sent.append(message)

    await app(scope, receive, send)
    start, content = sent
    if start["status"] != 201:
        raise RuntimeError(f"POST {path} answered {start['status']}: {content['body']!r}")
    answer: bytes = content["body"]
    return answer


def _parts(slices: int) -> Iterator[tuple[str, float]]:
    """Yield what each piece of work takes that can be done alone."""
    variant = draw(FAMILIES[FAMILY], LEVEL, "attempt").variant
    raw = json.dumps(_answers(7)).encode()
    given = AttemptIn.model_validate(read_json(raw)).answers
    attempt = _judged(variant, given)
    yield "reading the body", _each_us(lambda: AttemptIn.model_validate(read_json(raw)), slices)
    yield "judging the answer", _each_us(lambda: grade(variant, given), slices)
    yield "writing the answer out", _each_us(lambda: attempt_out(attempt, "en").model_dump_json(), slices)


def _judged(variant: Variant[Any], given: Mapping[str, object]) -> Attempt:
    verdict, now = grade(variant, given), datetime.now(UTC)
    own = (new_id(), new_id(), LOCAL_LEARNER, "{}", True, None, None, now, False)
    row = AttemptRow(judged(variant, verdict, now), *own, number=1, family=variant.family.slug, withheld=False)
    return Attempt(row, verdict.parts, variant)


def _undisturbed(times: list[float]) -> float:
    """Return the time below which a tenth lies: what else the machine does makes processor time longer too."""
    return sorted(times)[len(times) // 10]


def _each_us(call: Callable[[], object], slices: int) -> float:
    times = []
    for _ in range(slices):
        started = process_time()
        for _ in range(SLICE):
            call()
        times.append(process_time() - started)
    return _undisturbed(times) / SLICE * 1e6
