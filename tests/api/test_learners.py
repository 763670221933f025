"""Learners and their tokens, with token access: made, changed, listed, revoked, expired, erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, answer, attempted, counted_rows, held, posed, rows_of
from tests.api.people import Person, enrolled

NEW = {"name": "Ada", "language": "zh"}
KEY = "3f6c1a52e0b94d4f9a2f"


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens", registration="open"))


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


def test_a_new_learner_has_a_token_that_names_them(client: TestClient) -> None:
    made = client.post("/v1/learners", json=NEW).json()
    assert made["token"].startswith("crossdrill_")
    assert len(made["token"]) > 40
    me = client.get("/v1/me", headers={"authorization": f"Bearer {made['token']}"}).json()
    assert me == {name: value for name, value in made.items() if name != "token"}
    assert (me["name"], me["role"], me["language"]) == ("Ada", "learner", "zh")


def test_no_two_learners_have_one_token(client: TestClient) -> None:
    assert enrolled(client, "Ann").token != enrolled(client, "Ann").token


def test_a_learner_made_twice_with_one_key_is_one_and_the_token_is_shown_once(client: TestClient) -> None:
    first, second = (client.post("/v1/learners", json=NEW, headers={"idempotency-key": KEY}) for _ in range(2))
    assert second.json() == {**first.json(), "token": None}
    assert second.headers["idempotency-replayed"] == "true"
    assert counted_rows(client)["tokens"] == 1


def test_a_strangers_short_key_is_refused_for_it_could_be_anothers(client: TestClient, refused: Refused) -> None:
    before = counted_rows(client)
    response = client.post("/v1/learners", json=NEW, headers={"idempotency-key": KEY[:-1]})
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert (error["pointer"], "at least 20 characters" in error["detail"]) == ("/Idempotency-Key", True)
    assert counted_rows(client) == before


def test_a_strangers_key_with_another_body_is_refused(client: TestClient, refused: Refused) -> None:
    client.post("/v1/learners", json=NEW, headers={"idempotency-key": KEY})
    response = client.post("/v1/learners", json={"name": "Eve"}, headers={"idempotency-key": KEY})
    refused(response, 422, "idempotency-key-reused")


@pytest.mark.parametrize("by_admin", [False, True])
def test_what_was_remembered_of_making_a_learner_is_erased_with_them(client: TestClient, by_admin: bool) -> None:
    maker = enrolled(client, "Root", role="admin").headers if by_admin else {}
    made = client.post("/v1/learners", json=NEW, headers={**maker, "idempotency-key": KEY}).json()
    client.delete("/v1/me", headers={"authorization": f"Bearer {made['token']}"})
    assert counted_rows(client)["idempotency"] == 0


def test_a_token_is_nowhere_in_the_database(client: TestClient, ada: Person) -> None:
    client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.with_key("t"))
    for row in rows_of(client, "learners", "tokens", "idempotency"):
        assert ada.token not in row


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Grace"},
        {"language": "en"},
        {"name": "Grace", "language": "en"},
        {"time_zone": "Asia/Kathmandu"},
        {"streak": False},
        {"time_zone": "Pacific/Kiritimati", "streak": False},
        {},
    ],
)
def test_what_is_given_is_changed_and_the_rest_stays(client: TestClient, change: dict[str, object]) -> None:
    ada = enrolled(client, "Ada", language="zh")
    before = client.get("/v1/me", headers=ada.headers).json()
    changed = client.patch("/v1/me", json=change, headers=ada.headers)
    assert changed.json() == {**before, **change} == client.get("/v1/me", headers=ada.headers).json()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "   "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": 1}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"language": "fr"}, "/language"),
        ({"role": "admin"}, "/role"),
        ({"time_zone": "x" * 101}, "/time_zone"),
        ({"streak": 1}, "/streak"),
        ({"id": "01990b7e-3c00-7000-8000-000000000000"}, "/id"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    client: TestClient, ada: Person, refused: Refused, body: dict[str, object], pointer: str
) -> None:
    before = client.get("/v1/me", headers=ada.headers).json()
    for language in ("en", "zh"):
        response = client.patch("/v1/me", json=body, headers={**ada.headers, "accept-language": language})
        [error] = refused(response, 422, "invalid-input")["errors"]
        assert error["pointer"] == pointer
        assert ("。" in error["detail"]) == (language == "zh")
    assert client.get("/v1/me", headers=ada.headers).json() == before


def test_a_new_learner_lives_in_utc_and_counts_their_days_unless_they_say_otherwise(client: TestClient) -> None:
    plain, local = (client.post("/v1/learners", json=body).json() for body in (NEW, {**NEW, "time_zone": "Asia/Shanghai"}))
    assert (plain["time_zone"], plain["streak"]) == ("UTC", True)
    assert (local["time_zone"], local["streak"]) == ("Asia/Shanghai", True)


def test_a_streak_that_was_switched_off_can_be_switched_on_again(client: TestClient, ada: Person) -> None:
    shown = [client.patch("/v1/me", json={"streak": on}, headers=ada.headers).json()["streak"] for on in (False, True)]
    assert shown == [False, True]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "asia/shanghai", "", "UTC+8", "../etc/passwd", "localtime"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_unknown_time_zone_is_refused_where_it_stands(
    client: TestClient, ada: Person, refused: Refused, zone: str, language: str
) -> None:
    before = counted_rows(client), client.get("/v1/me", headers=ada.headers).json()
    asked = {**ada.headers, "accept-language": language}
    changed = client.patch("/v1/me", json={"name": "Grace", "time_zone": zone}, headers=asked)
    made = client.post("/v1/learners", json={"name": "Eve", "time_zone": zone}, headers={"accept-language": language})
    for response in (changed, made):
        [error] = refused(response, 422, "unknown-time-zone")["errors"]
        assert error["pointer"] == "/time_zone"
        assert ("。" in error["detail"]) == (language == "zh")
    assert (counted_rows(client), client.get("/v1/me", headers=ada.headers).json()) == before


@pytest.mark.parametrize("name", ["\\ud800", "a\\u0000b"])
def test_a_name_that_no_database_can_hold_is_refused(client: TestClient, refused: Refused, name: str) -> None:
    before = counted_rows(client)
    response = client.post("/v1/learners", content=f'{{"name": "{name}"}}', headers={"content-type": "application/json"})
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/name"
    assert counted_rows(client) == before


def test_a_name_is_kept_as_it_is_written(client: TestClient) -> None:
    for name in ("Ада", "李华", "O'Brien; DROP TABLE learners", "👩‍🔬", "<b>"):
        assert client.get("/v1/me", headers=enrolled(client, name).headers).json()["name"] == name


def test_a_further_token_works_beside_the_first(client: TestClient, ada: Person) -> None:
    made = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.headers)
    assert made.status_code == 201
    for token in (ada.token, made.json()["token"]):
        assert client.get("/v1/me", headers={"authorization": f"Bearer {token}"}).json()["name"] == "Ada"


def test_a_token_made_twice_with_one_key_is_one_and_shown_once(client: TestClient, ada: Person) -> None:
    first, second = (client.post("/v1/me/tokens", json={"name": "t"}, headers=ada.with_key("t")) for _ in range(2))
    assert first.json()["token"].startswith(first.json()["prefix"])
    assert second.json() == {**first.json(), "token": None}
    assert len(client.get("/v1/me/tokens", headers=ada.headers).json()["items"]) == 2


def test_tokens_are_listed_from_the_newest_by_how_they_start(client: TestClient, ada: Person) -> None:
    made = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.headers).json()
    response = client.get("/v1/me/tokens", headers=ada.headers)
    assert [item["name"] for item in response.json()["items"]] == ["laptop", "first"]
    assert response.json()["items"][0]["prefix"] == made["token"][:17]
    assert made["token"] not in response.text
    assert ada.token not in response.text


def test_a_revoked_token_works_no_more_and_stays_listed(client: TestClient, ada: Person, refused: Refused) -> None:
    made = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.headers).json()
    revoked = client.delete(f"/v1/me/tokens/{made['id']}", headers=ada.headers)
    assert (revoked.status_code, revoked.content) == (204, b"")
    refused(client.get("/v1/me", headers={"authorization": f"Bearer {made['token']}"}), 401, "unauthenticated")
    assert client.get("/v1/me/tokens", headers=ada.headers).json()["items"][0]["revoked_at"] is not None


def test_a_token_is_revoked_once(client: TestClient, ada: Person, refused: Refused) -> None:
    made = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.headers).json()
    client.delete(f"/v1/me/tokens/{made['id']}", headers=ada.headers)
    refused(client.delete(f"/v1/me/tokens/{made['id']}", headers=ada.headers), 404, "not-found")


@pytest.mark.parametrize("token_id", ["01990b7e-3c00-7000-8000-000000000000", "not-an-id", "%00"])
def test_a_token_that_there_is_not_is_not_found(client: TestClient, ada: Person, refused: Refused, token_id: str) -> None:
    refused(client.delete(f"/v1/me/tokens/{token_id}", headers=ada.headers), 404, "not-found")


def test_a_token_may_revoke_itself(client: TestClient, ada: Person, refused: Refused) -> None:
    [own] = client.get("/v1/me/tokens", headers=ada.headers).json()["items"]
    assert client.delete(f"/v1/me/tokens/{own['id']}", headers=ada.headers).status_code == 204
    refused(client.get("/v1/me", headers=ada.headers), 401, "unauthenticated")


def test_a_token_may_end_in_time_to_come(client: TestClient, ada: Person) -> None:
    expires_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = client.post("/v1/me/tokens", json={"name": "t", "expires_at": expires_at}, headers=ada.headers).json()
    assert datetime.fromisoformat(made["expires_at"]) == datetime.fromisoformat(expires_at)
    assert client.get("/v1/me", headers={"authorization": f"Bearer {made['token']}"}).status_code == 200


def test_a_token_that_has_ended_already_is_not_made(client: TestClient, ada: Person, refused: Refused) -> None:
    body = {"name": "t", "expires_at": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}
    [error] = refused(client.post("/v1/me/tokens", json=body, headers=ada.headers), 422, "invalid-input")["errors"]
    assert error == {"pointer": "/expires_at", "detail": "Give a time that is still to come."}
    assert len(client.get("/v1/me/tokens", headers=ada.headers).json()["items"]) == 1


@pytest.mark.parametrize(
    "expires_at",
    [
        "tomorrow",
        "2026-11-20T21:00:00",
        "2026-11-20",
        1_800_000_000,
        "9999999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_an_end_that_is_no_time_with_a_zone_is_refused(
    client: TestClient, ada: Person, refused: Refused, expires_at: object
) -> None:
    response = client.post("/v1/me/tokens", json={"name": "t", "expires_at": expires_at}, headers=ada.headers)
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/expires_at"


def test_who_erases_themselves_leaves_nothing(client: TestClient, ada: Person, refused: Refused) -> None:
    before = counted_rows(client)
    other = enrolled(client, "Bob")
    kept = attempted(client, posed(client, headers=other.headers), "0.3", headers=other.headers)
    with_bob = counted_rows(client)
    problem = posed(client, headers=ada.with_key("p"))
    answer(client, problem, "0.3", headers=ada.with_key("a"))
    client.post(f"/v1/problems/{problem['id']}/hints", headers=ada.with_key("h"))
    client.post("/v1/me/tokens", json={"name": "t"}, headers=ada.with_key("t"))

    erased = client.delete("/v1/me", headers=ada.headers)
    assert (erased.status_code, erased.content) == (204, b"")
    refused(client.get("/v1/me", headers=ada.headers), 401, "unauthenticated")
    after = counted_rows(client)
    assert after == {**with_bob, "learners": before["learners"], "tokens": 1}
    assert client.get(f"/v1/attempts/{kept['id']}", headers=other.headers).status_code == 200


def test_the_local_learner_starts_anew(serve: Serve, database_url: str) -> None:
    client = held(serve(storage=Database(database_url)))
    fresh = counted_rows(client)
    problem = posed(client)
    attempted(client, problem, "0.3", headers={"idempotency-key": "a"})
    client.patch("/v1/me", json={"name": "Zoe", "language": "zh", "time_zone": "Asia/Tokyo", "streak": False})

    assert client.delete("/v1/me").status_code == 204
    me = client.get("/v1/me").json()
    assert (me["id"], me["name"], me["role"]) == ("00000000-0000-7000-8000-000000000001", "local", "admin")
    assert (me["language"], me["time_zone"], me["streak"]) == ("en", "UTC", True)
    assert client.get(f"/v1/problems/{problem['id']}").status_code == 404
    assert client.get(f"/v1/problems/{problem['id']}/attempts").status_code == 404
    assert counted_rows(client) == fresh
    assert posed(client)["state"] == "open"


def test_what_was_erased_is_not_answered_from_memory(client: TestClient, ada: Person, refused: Refused) -> None:
    problem = posed(client, headers=ada.headers)
    spare = client.post("/v1/me/tokens", json={"name": "t"}, headers=ada.headers).json()["token"]
    client.delete("/v1/me", headers=ada.headers)
    headers = {"authorization": f"Bearer {spare}"}
    refused(answer(client, problem, "0.3", headers=headers), 401, "unauthenticated")


def test_a_learner_is_answered_in_their_own_language_where_none_is_asked_for(serve: Serve, database_url: str) -> None:
    client = serve(storage=Database(database_url))
    del client.headers["accept-language"]
    assert client.patch("/v1/me", json={"language": "zh"}).status_code == 200
    made = client.post("/v1/problems", json=MOCK).json()
    assert made["language"] == "zh"
    wrong = client.post(f"/v1/problems/{made['id']}/attempts", json={"answers": {"loss": "0.9"}}).json()
    assert wrong["parts"]["loss"]["message"] == "不正确。"
    refused = client.post(f"/v1/problems/{made['id']}/attempts", json={"answers": {"loss": "abc"}}).json()
    assert refused["title"] == "无法读取答案"
    asked = client.post("/v1/problems", json=MOCK, headers={"accept-language": "en"}).json()
    assert asked["language"] == "en"
