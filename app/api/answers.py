"""From a service's result to a response: the one way in which routes read and write.

The work of a route is a plain function of a connection and the caller. It runs inside one transaction of the storage,
together with finding out who calls and with the record of the idempotency key; the answer leaves after the commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.etags import HEADERS, tagged
from app.api.field_texts import field_text
from app.api.idempotency import Once
from app.api.pages import Page, next_link
from app.edge.access import NOBODY, Caller, Credentials, identify
from app.edge.context import context_of
from app.edge.languages import Language, language_of, remember
from app.errors import FieldError, InvalidInputError
from app.storage.idempotency import StoredResponse, claim, complete

T = TypeVar("T")

SHORTEST_KEY_OF_STRANGERS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers.

    `kept` stands in for `content` when the request is sent again: the same document without what is shown only once.
    `owner` is the learner whom it speaks of, where that isn't the caller: with them what was remembered is erased.
    """

    status: int
    content: BaseModel | None
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: BaseModel | None = None
    owner: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """An answer as it goes over the wire, and as it is stored."""

    status: int
    headers: Mapping[str, str]
    body: str

    def response(self) -> Response:
        headers = {**HEADERS, **self.headers}
        return Response(self.body or None, self.status, headers, "application/json" if self.body else None)


async def read(
    request: Request,
    credentials: Credentials,
    work: Callable[[Connection, Caller], T],
    *,
    anyone: bool = False,
    guests: bool = False,
) -> T:
    """Run `work` in a read transaction as the caller whom the credentials name; `anyone` and `guests` as in `change`."""
    context = context_of(request)
    now = context.clock()

    def run(connection: Connection) -> T:
        caller = identify(connection, credentials, context, now, anyone=anyone, guests=guests)
        remember(request.scope, caller.language, caller.id)
        return work(connection, caller)

    return await context.storage.read(run)


async def show(
    request: Request,
    credentials: Credentials,
    work: Callable[[Connection, Caller], BaseModel],
    *,
    anyone: bool = False,
    guests: bool = False,
) -> Response:
    """Answer a GET with what `work` reads: with its entity tag, or 304 where the caller has it already."""
    model = await read(request, credentials, work, anyone=anyone, guests=guests)
    return tagged(request, model.model_dump_json().encode())


async def listed(
    request: Request,
    credentials: Credentials,
    page: Page,
    work: Callable[[Connection, Caller], list[T]],
    id_of: Callable[[T], UUID],
    out: Callable[[T], BaseModel],
    *,
    guests: bool = False,
) -> Response:
    """Answer a GET with a page of what `work` reads: one row more than the page holds says that there is a next one."""
    rows = await read(request, credentials, work, guests=guests)
    items = b",".join(out(row).model_dump_json().encode() for row in rows[: page.limit])
    more = next_link(request, id_of(rows[page.limit - 1])) if len(rows) > page.limit else {}
    return tagged(request, b'{"items":[' + items + b"]}", headers=more)


async def change(
    request: Request,
    credentials: Credentials,
    work: Callable[[Connection, Caller], Answer],
    once: Once | None = None,
    *,
    anyone: bool = False,
    guests: bool = False,
) -> Response:
    """Answer with what `work` writes. With a key, a repeated request has the first one's answer and `work` doesn't run.

    `anyone` lets callers in who show no token at all, `guests` those who joined a room with a name alone.
    """
    context = context_of(request)
    now = context.clock()

    def run(connection: Connection) -> Response | Answer:
        caller = identify(connection, credentials, context, now, anyone=anyone, guests=guests)
        remember(request.scope, caller.language, caller.id)
        if once is None:
            return work(connection, caller)
        name, learner_id = _owner(caller, once, language_of(request.scope))
        stored = claim(connection, name, once.key, once.fingerprint, now, learner_id=learner_id)
        if stored is not None:
            headers = {**json.loads(stored.headers), "idempotency-replayed": "true"}
            return _Sent(stored.status, headers, stored.body).response()
        answer = work(connection, caller)
        kept = _sent(answer, answer.kept or answer.content)
        response = StoredResponse(kept.status, json.dumps(dict(kept.headers)), kept.body)
        complete(connection, name, once.key, response, learner_id=answer.owner or learner_id)
        return answer

    outcome = await context.storage.write(run)
    return outcome if isinstance(outcome, Response) else _sent(outcome, outcome.content).response()


def _owner(caller: Caller, once: Once, language: Language) -> tuple[str, UUID | None]:
    """Return whose key it is. Strangers are known by the key alone, so one that another could choose too is refused."""
    if caller.id != NOBODY:
        return str(caller.id), caller.id
    if len(once.key) < SHORTEST_KEY_OF_STRANGERS:
        detail = field_text("short_key", language, least=SHORTEST_KEY_OF_STRANGERS)
        raise InvalidInputError(errors=(FieldError("/Idempotency-Key", detail),))
    return "nobody", None


def _sent(answer: Answer, content: BaseModel | None) -> _Sent:
    return _Sent(answer.status, answer.headers, "" if content is None else content.model_dump_json())
