"""The catalogue: its list with filters, one family in full, and names that are none."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from quiz_bank.registry import FAMILIES
from tests.api.conftest import Refused, Serve
from tests.api.contract import held


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return held(serve(storage=Database(sqlite_url)))


def slugs(client: TestClient, **query: str | int) -> list[str]:
    return [item["slug"] for item in client.get("/v1/families", params=query).json()["items"]]


def test_the_catalogue_has_every_family_in_the_banks_order(client: TestClient) -> None:
    assert slugs(client) == list(FAMILIES)


def test_a_topic_filters_the_catalogue(client: TestClient) -> None:
    found = slugs(client, topic="cross-entropy")
    assert found == [slug for slug, family in FAMILIES.items() if family.topic == "cross-entropy"]
    assert "cross-entropy-one-hot" in found


def test_a_level_filters_the_catalogue(client: TestClient) -> None:
    assert slugs(client, level=1) == [slug for slug, family in FAMILIES.items() if 1 in family.levels]
    assert slugs(client, level=9) == []


@pytest.mark.parametrize("kind", ["number", "vector", "matrix"])
def test_a_kind_filters_the_catalogue(client: TestClient, kind: str) -> None:
    expected = [slug for slug, family in FAMILIES.items() if any(part.kind == kind for part in family.parts)]
    assert slugs(client, kind=kind) == expected


@pytest.mark.parametrize("words", ["one-hot", "ONE-HOT", "cross entropy one-hot", "cross-entropy-one-hot"])
def test_words_find_a_family_by_slug_topic_and_title_in_any_case(client: TestClient, words: str) -> None:
    assert "cross-entropy-one-hot" in slugs(client, q=words)


def test_words_are_also_looked_for_in_the_chinese_title(client: TestClient) -> None:
    response = client.get("/v1/families", params={"q": "交叉熵"}, headers={"accept-language": "zh"})
    assert "cross-entropy-one-hot" in [item["slug"] for item in response.json()["items"]]


def test_words_that_nothing_has_find_nothing(client: TestClient) -> None:
    assert slugs(client, q="one-hot zebra") == []


def test_filters_are_combined(client: TestClient) -> None:
    assert slugs(client, topic="no-such-topic", q="one-hot") == []


@pytest.mark.parametrize("query", ["kind=colour", "level=0", "level=10", "level=two", "q=" + "x" * 101])
def test_a_filter_that_is_none_is_refused_with_its_name(client: TestClient, refused: Refused, query: str) -> None:
    [error] = refused(client.get(f"/v1/families?{query}"), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/" + query.partition("=")[0]


def test_half_a_surrogate_in_a_filter_finds_nothing(client: TestClient) -> None:
    assert client.get("/v1/families?topic=%ED%A0%80").json() == {"items": []}


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_family_is_shown_with_its_presets_and_misconceptions(client: TestClient, slug: str) -> None:
    shown = client.get(f"/v1/families/{slug}").json()
    assert shown["slug"] == slug
    assert list(shown["preset_parameters"]) == shown["presets"]
    is_numeric = any(part.kind in {"number", "vector", "matrix"} for part in FAMILIES[slug].parts)
    assert bool(shown["misconceptions"]) or not is_numeric
    assert len(set(shown["misconceptions"])) == len(shown["misconceptions"])


def test_a_family_is_shown_in_chinese(client: TestClient) -> None:
    english, chinese = (
        client.get("/v1/families/cross-entropy-one-hot", headers={"accept-language": language}).json()
        for language in ("en", "zh-CN,en;q=0.5")
    )
    assert english["title"] == "Cross-entropy of a one-hot target"
    assert "交叉熵" in chinese["title"]


@pytest.mark.parametrize(("language", "said"), [("en", "is near to"), ("zh", "相近的有")])
def test_an_unknown_family_names_near_matches(client: TestClient, refused: Refused, language: str, said: str) -> None:
    response = client.get("/v1/families/cross-entropy-onehot", headers={"accept-language": language})
    detail = refused(response, 404, "unknown-family")["detail"]
    assert said in detail
    assert "cross-entropy-one-hot" in detail


@pytest.mark.parametrize("slug", ["%ED%A0%80", "x" * 5000, "熵", "..%2F..%2Fetc"])
def test_a_name_that_is_near_to_nothing_is_not_found(client: TestClient, slug: str) -> None:
    response = client.get(f"/v1/families/{slug}")
    assert response.status_code == 404
    assert "near" not in response.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/families", "/v1/families/cross-entropy-one-hot"])
def test_what_the_caller_has_of_the_catalogue_is_not_sent_again(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other_language = client.get(path, headers={"if-none-match": tag, "accept-language": "zh"})
    assert other_language.status_code == 200
