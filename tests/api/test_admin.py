"""What admins do with learners: found, changed, given roles and new tokens, erased; and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve, served
from tests.api.contract import MOCK, Json, held, rows_of
from tests.api.people import Person, enrolled


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def root(client: TestClient) -> Person:
    return enrolled(client, "Root", role="admin")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


def found(client: TestClient, root: Person, **asked: str | int | bool) -> list[str]:
    """Return the names of the learners that a list has."""
    response = client.get("/v1/learners", params=asked, headers=root.headers)
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def acts(client: TestClient, root: Person, **asked: str) -> list[Json]:
    items: list[Json] = client.get("/v1/audit", params=asked, headers=root.headers).json()["items"]
    return items


def works(client: TestClient, token: str) -> bool:
    return client.get("/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_learners_are_listed_from_the_newest_and_searched_by_name_and_role(client: TestClient, root: Person) -> None:
    for name, role in (("Ada", "learner"), ("Grace 50%", "coach"), ("Adam", "learner")):
        enrolled(client, name, role=role)
    assert found(client, root) == ["Adam", "Grace 50%", "Ada", "Root", "local"]
    assert found(client, root, q="ADA") == ["Adam", "Ada"]
    assert found(client, root, q="0%") == ["Grace 50%"]
    assert found(client, root, q="_") == []
    assert found(client, root, role="coach") == ["Grace 50%"]
    assert found(client, root, q="ada", role="coach") == []


def test_a_long_list_has_pages(client: TestClient, root: Person) -> None:
    for number in range(4):
        enrolled(client, f"Learner {number}")
    first = client.get("/v1/learners?q=learner&limit=3", headers=root.headers)
    second = client.get(first.headers["link"].partition(">")[0].removeprefix("<"), headers=root.headers)
    names = [item["name"] for page in (first, second) for item in page.json()["items"]]
    assert names == [f"Learner {number}" for number in (3, 2, 1, 0)]
    assert "link" not in second.headers


def test_guests_are_listed_where_they_are_asked_for_and_have_neither_roles_nor_tokens(
    client: TestClient, root: Person, refused: Refused
) -> None:
    code = client.post("/v1/rooms", json={"problems": [MOCK]}, headers=root.headers).json()["code"]
    client.post(f"/v1/rooms/{code}/drills", json={"name": "Gus"})
    assert "Gus" not in found(client, root)
    [guest] = client.get("/v1/learners?guests=true&q=Gus", headers=root.headers).json()["items"]
    assert guest["guest"] is True
    path = f"/v1/learners/{guest['id']}"
    refused(client.patch(path, json={"role": "coach"}, headers=root.headers), 404, "not-found")
    refused(client.post(f"{path}/tokens", json={}, headers=root.headers), 404, "not-found")
    assert client.delete(path, headers=root.headers).status_code == 204
    assert "Gus" not in found(client, root, guests=True)


def test_a_role_counts_from_the_next_request_on(client: TestClient, root: Person, ada: Person) -> None:
    for role, status in (("coach", 200), ("learner", 403), ("admin", 200)):
        changed = client.patch(f"/v1/learners/{ada.id}", json={"role": role}, headers=root.headers)
        assert changed.json()["role"] == role
        assert client.get("/v1/rooms", headers=ada.headers).status_code == status
    trail = [(act["actor_id"], act["actor_role"], act["details"]) for act in acts(client, root, action="role.changed")]
    assert trail == [
        (root.id, "admin", {"before": before, "after": after})
        for before, after in (("learner", "admin"), ("coach", "learner"), ("learner", "coach"))
    ]


def test_what_is_given_is_changed_and_noted_without_what_anybody_is_called(
    client: TestClient, root: Person, ada: Person
) -> None:
    path, change = f"/v1/learners/{ada.id}", {"name": "Countess", "language": "zh", "time_zone": "Europe/London"}
    before = client.get(path, headers=root.headers).json()
    assert client.patch(path, json=change, headers=root.headers).json() == {**before, **change}
    assert client.patch(path, json={}, headers=root.headers).json() == {**before, **change}
    [act] = acts(client, root, subject=ada.id)
    assert (act["action"], act["details"]) == ("learner.changed", {"fields": ["name", "language", "time_zone"]})
    assert not [row for row in rows_of(client, "audit") if "Ada" in row or "Countess" in row]


def test_an_unknown_time_zone_changes_nothing(client: TestClient, root: Person, ada: Person, refused: Refused) -> None:
    body = {"role": "coach", "time_zone": "Mars/Olympus"}
    [error] = refused(client.patch(f"/v1/learners/{ada.id}", json=body, headers=root.headers), 422, "unknown-time-zone")[
        "errors"
    ]
    assert error["pointer"] == "/time_zone"
    assert client.get("/v1/me", headers=ada.headers).json()["role"] == "learner"
    assert acts(client, root) == []


def test_the_last_admin_keeps_the_role_and_stays(client: TestClient, root: Person, refused: Refused) -> None:
    path = f"/v1/learners/{root.id}"
    for response in (
        client.patch(path, json={"role": "coach"}, headers=root.headers),
        client.delete(path, headers=root.headers),
        client.delete("/v1/me", headers=root.headers),
    ):
        assert "somebody else the role first" in refused(response, 409, "last-admin")["detail"]
    second = enrolled(client, "Second", role="admin")
    assert client.patch(path, json={"role": "learner"}, headers=root.headers).status_code == 200
    refused(client.delete("/v1/me", headers=second.headers), 409, "last-admin")


def test_a_lost_token_is_replaced_and_ends_with_all_others(client: TestClient, root: Person, ada: Person) -> None:
    other = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ada.headers).json()["token"]
    made = client.post(f"/v1/learners/{ada.id}/tokens", json={}, headers=root.headers)
    assert made.status_code == 201
    assert [works(client, token) for token in (ada.token, other, made.json()["token"])] == [False, False, True]
    [act] = acts(client, root, subject=ada.id)
    assert (act["action"], act["details"]) == ("token.replaced", {"token": made.json()["id"], "ended": 2})


def test_the_other_tokens_go_on_where_that_is_asked_for(client: TestClient, root: Person, ada: Person) -> None:
    made = client.post(f"/v1/learners/{ada.id}/tokens", json={"keep": True, "name": "pc"}, headers=root.headers).json()
    assert (made["name"], works(client, ada.token), works(client, made["token"])) == ("pc", True, True)


def test_a_replacement_is_shown_once_and_remembered_as_long_as_its_learner(
    client: TestClient, root: Person, ada: Person
) -> None:
    first, second = (client.post(f"/v1/learners/{ada.id}/tokens", json={}, headers=root.with_key("lost")) for _ in range(2))
    assert second.json() == {**first.json(), "token": None}
    assert not [row for row in rows_of(client, "idempotency", "audit") if first.json()["token"] in row]
    client.delete(f"/v1/learners/{ada.id}", headers=root.headers)
    assert rows_of(client, "idempotency") == []


def test_a_replacement_that_has_ended_already_is_not_made(
    client: TestClient, root: Person, ada: Person, refused: Refused
) -> None:
    body = {"expires_at": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}
    response = client.post(f"/v1/learners/{ada.id}/tokens", json=body, headers=root.headers)
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/expires_at"
    assert works(client, ada.token)


def test_an_admin_sees_the_tokens_of_a_learner_by_how_they_start(client: TestClient, root: Person, ada: Person) -> None:
    response = client.get(f"/v1/learners/{ada.id}/tokens", headers=root.headers)
    [token] = response.json()["items"]
    assert token["prefix"] == ada.token[:17]
    assert ada.token not in response.text


def test_who_is_erased_leaves_nothing_but_the_act(client: TestClient, root: Person, ada: Person, refused: Refused) -> None:
    client.post("/v1/problems", json=MOCK, headers=ada.headers)
    assert client.delete(f"/v1/learners/{ada.id}", headers=root.headers).status_code == 204
    refused(client.get("/v1/me", headers=ada.headers), 401, "unauthenticated")
    refused(client.get(f"/v1/learners/{ada.id}", headers=root.headers), 404, "not-found")
    assert rows_of(client, "problems") == []
    [act] = acts(client, root)
    assert (act["action"], act["subject_id"], act["details"]) == ("learner.erased", ada.id, {"role": "learner"})


def test_acts_are_found_by_actor_subject_and_kind(client: TestClient, root: Person, ada: Person) -> None:
    second = enrolled(client, "Second", role="admin")
    client.patch(f"/v1/learners/{ada.id}", json={"role": "coach"}, headers=root.headers)
    client.post(f"/v1/learners/{ada.id}/tokens", json={}, headers=second.headers)
    made = client.post("/v1/learners", json={"name": "Eve"}, headers=second.headers).json()
    kinds = ["learner.created", "token.replaced", "role.changed"]
    assert [act["action"] for act in acts(client, root)] == kinds
    assert [act["action"] for act in acts(client, root, actor=second.id)] == kinds[:2]
    assert [act["subject_id"] for act in acts(client, root, actor=second.id, subject=made["id"])] == [made["id"]]
    assert [act["actor_id"] for act in acts(client, root, action="role.changed")] == [root.id]
    assert acts(client, root, action="no.such") == []


def test_an_act_that_is_taken_back_is_not_noted(client: TestClient, root: Person, ada: Person, refused: Refused) -> None:
    refused(
        client.patch(f"/v1/learners/{root.id}", json={"name": "R", "role": "coach"}, headers=root.headers), 409, "last-admin"
    )
    assert acts(client, root) == []
    assert client.get("/v1/me", headers=root.headers).json()["name"] == "Root"


def test_where_registration_is_closed_not_even_admins_make_learners(serve: Serve, database_url: str, refused: Refused) -> None:
    client = held(serve(storage=Database(database_url), access="tokens", registration="closed"))
    root, ada = enrolled(client, "Root", role="admin"), enrolled(client, "Ada")
    refused(client.post("/v1/learners", json={"name": "Eve"}), 401, "unauthenticated")
    refused(client.post("/v1/learners", json={"name": "Eve"}, headers=ada.headers), 403, "forbidden")
    refused(client.post("/v1/learners", json={"name": "Eve"}, headers=root.headers), 403, "registration-closed")
    assert found(client, root) == ["Ada", "Root", "local"]


def test_no_new_token_outlives_what_the_server_allows(serve: Serve, sqlite_url: str) -> None:
    client = held(serve(storage=Database(sqlite_url), access="tokens", registration="open", token_days=7))
    made = client.post("/v1/learners", json={"name": "Ada"}).json()
    headers = {"authorization": f"Bearer {made['token']}"}
    far, near = (datetime.now(UTC) + timedelta(days=days) for days in (300, 3))
    for asked in (far, near):
        client.post("/v1/me/tokens", json={"name": "t", "expires_at": asked.isoformat()}, headers=headers)
    items = client.get("/v1/me/tokens", headers=headers).json()["items"]
    ends = [datetime.fromisoformat(item["expires_at"]) for item in items]
    assert ends[0] == near
    assert all(timedelta(days=6) < end - datetime.now(UTC) <= timedelta(days=7) for end in ends[1:])


def test_the_last_use_of_a_token_is_written_down_when_the_server_stops(database_url: str) -> None:
    with served(storage=Database(database_url), access="tokens") as client:
        ada = enrolled(client, "Ada")
        began = datetime.now(UTC)
        assert client.get("/v1/me/tokens", headers=ada.headers).json()["items"][0]["last_used_at"] is None
    with served(storage=Database(database_url), access="tokens") as again:
        [token] = again.get("/v1/me/tokens", headers=ada.headers).json()["items"]
    assert began <= datetime.fromisoformat(token["last_used_at"]) <= datetime.now(UTC)
