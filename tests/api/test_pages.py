from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from app.api.bodies import rest_router
from app.api.pages import PageOf, decode_cursor, encode_cursor, next_link
from tests.api.conftest import Refused, Serve

LAST = UUID("01990b7e-3c00-7000-8000-000000000007")
router = rest_router("pages")


@router.get("/rows")
async def rows(request: Request, page: PageOf) -> Response:
    content = {"before": page.before and str(page.before), "limit": page.limit}
    return JSONResponse(content, headers=next_link(request, LAST))


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve(router)


def test_a_cursor_names_the_row_that_it_was_made_of() -> None:
    assert decode_cursor(encode_cursor(LAST)) == LAST


def test_the_first_page_has_twenty_rows(client: TestClient) -> None:
    assert client.get("/v1/rows").json() == {"before": None, "limit": 20}


def test_the_link_leads_to_the_next_page_of_the_same_list(client: TestClient) -> None:
    link = client.get("/v1/rows?limit=2&state=open").links["next"]["url"]
    assert "state=open" in link
    assert client.get(link).json() == {"before": str(LAST), "limit": 2}


def test_the_link_of_a_later_page_replaces_its_cursor(client: TestClient) -> None:
    link: Any = client.get(f"/v1/rows?cursor={encode_cursor(UUID(int=1))}").links["next"]["url"]
    assert link.count("cursor=") == 1


@pytest.mark.parametrize("cursor", ["", "x", "!" * 22, encode_cursor(LAST) + "=", encode_cursor(LAST)[:-1], "é", str(LAST)])
def test_a_cursor_that_is_none_is_refused_with_a_pointer(client: TestClient, refused: Refused, cursor: str) -> None:
    [error] = refused(client.get("/v1/rows", params={"cursor": cursor}), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/cursor"


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1e2", ""])
def test_a_limit_out_of_range_is_refused_with_a_pointer(client: TestClient, refused: Refused, limit: str) -> None:
    [error] = refused(client.get("/v1/rows", params={"limit": limit}), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/limit"
