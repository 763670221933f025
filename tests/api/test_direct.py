from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import Depends, Header, Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.api.bodies import Body
from app.api.direct import direct

pytestmark = pytest.mark.anyio

Call = Callable[..., Awaitable[object]]

ID = UUID("01990b7e-3c00-7000-8000-000000000000")


class Note(Body):
    text: str


async def shown(request: Request, x_name: Annotated[str | None, Header()] = None) -> str:
    return f"{request.method} by {x_name}"


async def keep(request: Request, who: Annotated[str, Depends(shown)], note_id: UUID, body: Note) -> Response:
    return Response(f"{request.url.path}: {who}: {note_id!r}: {body.text}")


async def keep_nothing(note_id: UUID, limit: Annotated[int, Query()] = 3) -> Response:
    return Response(f"{note_id} {limit}")


async def keep_badly(note_id: UUID) -> str:
    return str(note_id)


async def frameworks(_: Request) -> Response:
    return Response("the framework's")


def asked(call: Call, note_id: object = ID, body: bytes = b'{"text": "yes"}') -> Awaitable[Response]:
    """Ask a route for an answer, the framework's own left out."""
    route = APIRoute("/notes/{note_id}", call, methods=["POST"], response_model=None)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": f"/notes/{note_id}",
        "path_params": {"note_id": str(note_id)},
    }
    scope |= {"headers": [(b"x-name", b"Ada"), (b"host", b"here")], "query_string": b"", "scheme": "http"}
    return direct(route, frameworks)(Request(scope, receive))


async def test_a_route_has_its_arguments_from_path_header_body_and_what_it_depends_on() -> None:
    answer = await asked(keep)
    assert bytes(answer.body).decode() == f"/notes/{ID}: POST by Ada: {ID!r}: yes"


@pytest.mark.parametrize(
    ("call", "note_id", "body"),
    [
        pytest.param(keep, "no-id", b'{"text": "yes"}', id="a path that doesn't fit"),
        pytest.param(keep, ID, b'{"text": 1}', id="a body that doesn't fit"),
        pytest.param(keep_nothing, ID, b"{}", id="an argument of another kind"),
        pytest.param(keep_badly, ID, b"{}", id="a result that must be made an answer first"),
    ],
)
async def test_the_framework_has_whatever_does_not_fit(call: Call, note_id: object, body: bytes) -> None:
    answer = await asked(call, note_id, body)
    assert answer.body == b"the framework's"
