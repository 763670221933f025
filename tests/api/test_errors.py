from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import Query
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from app.api.bodies import Identifier, rest_router
from app.edge.error_table import TABLE
from app.edge.wording import wording
from app.errors import CrossdrillError, FieldError, OverloadedError, UnknownFamilyError, UnreadableAnswerError
from tests.api.conftest import Refused, Serve

router = rest_router("errors")


@router.get("/items/{item}")
async def item(item: Identifier, limit: Annotated[int, Query(le=100)] = 20) -> int:
    return limit


@router.get("/unreadable")
async def unreadable() -> None:
    raise UnreadableAnswerError(errors=(FieldError("/answers/loss", "Use a point.", 1),))


@router.get("/busy")
async def busy() -> None:
    raise OverloadedError(retry_after=3)


@router.delete("/busy")
async def stop() -> None:
    """Share a path with another route."""


@router.get("/family")
async def family() -> None:
    raise UnknownFamilyError(slug="cross-entropie", near=("cross-entropy", "entropy"))


@router.get("/status/{status}")
async def status(status: int) -> None:
    raise HTTPException(status, "SELECT 1")


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve(router)


def kinds(base: type[CrossdrillError] = CrossdrillError) -> list[type[CrossdrillError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *kinds(child))]


@pytest.mark.parametrize("kind", kinds())
def test_every_expected_failure_has_its_line_in_the_table(kind: type[CrossdrillError]) -> None:
    assert kind.code in TABLE


@pytest.mark.parametrize("code", TABLE)
def test_no_wording_shows_a_placeholder_where_its_values_are_missing(code: str) -> None:
    for language in ("en", "zh"):
        text = wording(code, language, {})
        assert "{" not in text.title + text.detail + text.more


def test_an_unknown_path_is_a_problem(client: TestClient, refused: Refused) -> None:
    refused(client.get("/nowhere"), 404, "not-found")


def test_a_trailing_slash_is_another_path(client: TestClient, refused: Refused) -> None:
    refused(client.get("/livez/"), 404, "not-found")


def test_a_wrong_method_names_the_right_ones(client: TestClient, refused: Refused) -> None:
    response = client.put("/v1/busy")
    refused(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, DELETE"


def test_an_identifier_that_cannot_be_one_names_nothing(client: TestClient, refused: Refused) -> None:
    assert "errors" not in refused(client.get("/v1/items/seven"), 404, "not-found")


def test_a_query_parameter_at_fault_is_named(client: TestClient, refused: Refused) -> None:
    response = client.get("/v1/items/01990b7e-3c00-7000-8000-000000000000?limit=101")
    assert refused(response, 422, "invalid-input")["errors"] == [{"pointer": "/limit", "detail": "Give at most 100."}]


def test_an_unreadable_answer_says_where_and_at_which_character(client: TestClient, refused: Refused) -> None:
    document = refused(client.get("/v1/unreadable"), 422, "unreadable-answer")
    assert document["errors"] == [{"pointer": "/answers/loss", "position": 1, "detail": "Use a point."}]


def test_an_overloaded_service_says_when_to_come_back(client: TestClient, refused: Refused) -> None:
    response = client.get("/v1/busy")
    assert "3 seconds" in refused(response, 503, "overloaded")["detail"]
    assert response.headers["retry-after"] == "3"


def test_an_unknown_family_names_its_neighbours(client: TestClient, refused: Refused) -> None:
    assert "cross-entropy, entropy" in refused(client.get("/v1/family"), 404, "unknown-family")["detail"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "bad-request"), (406, "not-acceptable"), (418, "bad-request"), (501, "internal"), (502, "internal")],
)
def test_what_is_raised_by_status_alone_is_a_problem_of_that_status(
    client: TestClient, refused: Refused, status: int, code: str
) -> None:
    response = client.get(f"/v1/status/{status}")
    refused(response, status, code)
    assert "SELECT" not in response.text


def test_a_problem_is_in_the_callers_language_and_never_kept(client: TestClient, refused: Refused) -> None:
    response = client.get("/nowhere", headers={"accept-language": "zh-TW,en;q=0.3"})
    assert refused(response, 404, "not-found")["title"] == "未找到"
    assert (response.headers["vary"], response.headers["cache-control"]) == ("Accept-Language", "no-store")


@pytest.mark.parametrize("code", TABLE)
def test_every_type_is_the_address_of_a_page_in_both_languages(client: TestClient, code: str) -> None:
    page = client.get(f"/errors/{code}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert TABLE[code].zh.title in page.text
    assert f"<h1>{TABLE[code].en.title}</h1>" in page.text


def test_the_page_of_a_type_puts_the_callers_language_first(client: TestClient) -> None:
    page = client.get("/errors/not-found", headers={"accept-language": "zh"}).text
    assert '<html lang="zh">' in page
    assert page.index("未找到") < page.index("Not found")


def test_a_type_that_does_not_exist_has_no_page(client: TestClient, refused: Refused) -> None:
    refused(client.get("/errors/nonsense"), 404, "not-found")


def test_an_odd_path_is_quoted_in_the_instance(client: TestClient) -> None:
    document: dict[str, Any] = client.get("/<script>/ä%0a").json()
    assert document["instance"] == "/%3Cscript%3E/%C3%A4%0A"
