"""The primers over REST."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import TOPICS
from tests.api.conftest import Refused, Serve
from tests.api.contract import held


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return held(serve(storage=Database(sqlite_url)))


def test_the_topics_come_as_a_ladder_with_their_families(client: TestClient) -> None:
    items = client.get("/v1/topics").json()["items"]
    assert [item["slug"] for item in items] == list(TOPICS)
    assert items[0]["families"] == [slug for slug, family in FAMILIES.items() if family.topic == TOPICS[0]]


def test_a_primer_has_its_formula_sections_worked_presets_and_mistakes_with_their_anchors(client: TestClient) -> None:
    page = client.get("/v1/topics/cross-entropy").json()
    assert "\\log" in page["formula"]["markdown"]
    assert "loss" in [section["anchor"] for section in page["sections"]]
    assert "worked-cross-entropy-one-hot-mock-question" in [example["anchor"] for example in page["examples"]]
    assert "0.356675" in page["examples"][0]["solution"]["text"]
    assert {"mistake-complement", "mistake-wrong-class"} <= {mistake["anchor"] for mistake in page["mistakes"]}
    assert page["before"] == "information"


def test_a_primer_comes_whole_as_one_text(client: TestClient) -> None:
    page = client.get("/v1/topics/information").json()
    assert page["page"]["markdown"].startswith(f"# {page['title']}\n")
    for section in page["sections"]:
        assert f"## {section['title']}\n\n{section['body']['markdown']}" in page["page"]["markdown"]


def test_a_primer_comes_in_the_callers_language(client: TestClient) -> None:
    response = client.get("/v1/topics/information", headers={"accept-language": "zh"})
    assert response.json()["title"] == "信息量：从意外到熵"


def test_what_is_no_topic_is_refused_with_those_that_there_are(client: TestClient, refused: Refused) -> None:
    error = refused(client.get("/v1/topics/astrology"), 404, "unknown-topic")
    assert all(topic in error["detail"] for topic in TOPICS)
