"""Files to take along: what is sent, to whom, and which wishes are refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import document
from tests.api.people import enrolled
from tests.exports.reading import by_id

PATHS = ("/v1/export/anki", "/v1/export/moodle")


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return serve(storage=Database(database_url))


@pytest.fixture
def closed(serve: Serve, database_url: str) -> TestClient:
    return serve(storage=Database(database_url), access="tokens")


def ids(client: TestClient, query: str) -> list[str]:
    response = client.get(f"/v1/export/moodle?{query}")
    assert response.status_code == 200, response.text
    return [name.removeprefix("crossdrill/") for name in by_id(response.content)]


def test_the_deck_is_a_package_to_save(client: TestClient) -> None:
    response = client.get("/v1/export/anki?family=softmax")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == 'attachment; filename="crossdrill-softmax-en.apkg"'
    assert ZipFile(BytesIO(response.content)).namelist() == ["collection.anki2", "media"]


def test_the_question_file_is_xml_to_save(client: TestClient) -> None:
    response = client.get("/v1/export/moodle?topic=gradients&count=1")
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["content-disposition"] == 'attachment; filename="crossdrill-gradients-en.xml"'
    assert response.content.startswith(b"<?xml")


def test_families_are_named_one_by_one(client: TestClient) -> None:
    assert ids(client, "family=surprisal&family=softmax&count=1&level=2") == [
        "en/surprisal/panda",
        "en/softmax/three-routes",
    ]


def test_count_and_level_say_how_many_and_how_hard(client: TestClient) -> None:
    assert ids(client, "family=softmax&level=3&count=2") == ["en/softmax/3.moodle-1", "en/softmax/3.moodle-2"]


def test_nothing_asked_for_is_the_whole_bank(client: TestClient) -> None:
    response = client.get("/v1/export/moodle?count=1")
    assert response.headers["content-disposition"] == 'attachment; filename="crossdrill-problems-en.xml"'
    assert len(by_id(response.content)) == len(client.get("/v1/families").json()["items"])


@pytest.mark.parametrize("path", PATHS)
def test_what_the_caller_has_is_not_sent_again(client: TestClient, path: str) -> None:
    tag = client.get(f"{path}?family=surprisal").headers["etag"]
    again = client.get(f"{path}?family=surprisal", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_language_is_the_one_asked_for_else_the_callers(client: TestClient) -> None:
    assert ids(client, "family=surprisal&count=1&language=zh") == ["zh/surprisal/panda"]
    response = client.get("/v1/export/anki?family=surprisal", headers={"accept-language": "zh"})
    assert response.headers["content-disposition"].endswith('surprisal-zh.apkg"')


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_sent_nothing(closed: TestClient, refused: Refused, path: str) -> None:
    refused(closed.get(path), 401, "unauthenticated")


def test_a_learner_is_sent_a_file_in_their_own_language(closed: TestClient) -> None:
    learner = enrolled(closed, "Mei", language="zh")
    del closed.headers["accept-language"]
    response = closed.get("/v1/export/moodle?family=surprisal&count=1", headers=learner.headers)
    assert list(by_id(response.content)) == ["crossdrill/zh/surprisal/panda"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_family_is_refused_with_near_matches(client: TestClient, refused: Refused, path: str) -> None:
    assert "softmax" in refused(client.get(f"{path}?family=sofmax"), 404, "unknown-family")["detail"]


@pytest.mark.parametrize(
    ("query", "pointer", "said"),
    [
        ("topic=no-such", "/topic", "The topics are: information"),
        ("family=softmax&topic=gradients", "/topic", "softmax belongs to the topic logits"),
        ("family=softmax&level=9", "/level", "softmax has no level 9"),
        ("topic=gradients&level=9", "/level", "gradients has no level 9"),
        ("count=50", "/count", "Give 1 to 22"),
        ("count=0", "/count", "at least 1"),
        ("count=51", "/count", "at most 50"),
        ("language=fr", "/language", "'en' or 'zh'"),
        ("&".join(["family=softmax"] * 101), "/family", "at most 100"),
    ],
)
def test_a_wish_that_nothing_can_meet_is_refused_by_its_name(
    client: TestClient, refused: Refused, query: str, pointer: str, said: str
) -> None:
    [error] = refused(client.get(f"/v1/export/anki?{query}"), 422, "invalid-input")["errors"]
    assert error["pointer"] == pointer
    assert said in error["detail"]


def test_a_refusal_speaks_the_callers_language(client: TestClient, refused: Refused) -> None:
    response = client.get("/v1/export/anki?topic=no-such&language=en", headers={"accept-language": "zh"})
    assert refused(response, 422, "invalid-input")["errors"][0]["detail"].startswith("没有“no-such”这个主题")


@pytest.mark.parametrize(("path", "media_type"), [(PATHS[0], "application/octet-stream"), (PATHS[1], "application/xml")])
def test_the_document_says_what_is_sent(path: str, media_type: str) -> None:
    operation: dict[str, Any] = document()["paths"][path]["get"]
    assert list(operation["responses"]["200"]["content"]) == [media_type]
    assert {"304", "401", "404", "422"} <= operation["responses"].keys()
    assert all(parameter["description"] for parameter in operation["parameters"])
