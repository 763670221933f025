"""Reading and writing as a caller: access, entity tags and idempotency keys, on real databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app.api.answers import Answer, change, show
from app.api.bodies import Body, rest_router
from app.api.idempotency import IfOnce
from app.edge.access import Caller, Shown
from app.errors import InvalidInputError
from app.services.accounts import digest as digest_of
from app.storage import learners, tokens
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from tests.api.conftest import Refused, Serve

NOW = datetime.now(UTC)
router = rest_router("answers")


class NewLearner(Body):
    name: str
    spare: int = 0


class Learner(BaseModel):
    id: UUID
    name: str
    token: str | None


def add_learner(
    connection: Connection, name: str, role: str = "learner", token: str | None = None, expires_at: datetime | None = None
) -> UUID:
    learner = LearnerRow(new_id(), name, role, "en", NOW)
    learners.add(connection, learner)
    if token is not None:
        digest = digest_of(token)
        tokens.add(connection, learner.id, name="", prefix="", digest=digest, now=NOW, expires_at=expires_at)
    return learner.id


@router.post("/people")
async def create(request: Request, shown: Shown, once: IfOnce, body: NewLearner) -> Response:
    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("coach")
        learner_id = add_learner(connection, body.name)
        if body.name == "refused":
            raise InvalidInputError
        made = Learner(id=learner_id, name=body.name, token="hunter2")  # noqa: S106 — what a replay must not show
        kept = made.model_copy(update={"token": None})
        return Answer(201, made, {"location": f"/v1/people/{learner_id}"}, kept)

    return await change(request, shown, work, once)


@router.get("/people/me")
async def me(request: Request, shown: Shown) -> Response:
    def work(connection: Connection, caller: Caller) -> BaseModel:
        row = learners.get(connection, caller.id)
        assert row is not None
        return Learner(id=row.id, name=row.name, token=None)

    return await show(request, shown, work)


@router.delete("/people/me")
async def erase(request: Request, shown: Shown) -> Response:
    return await change(
        request, shown, lambda connection, caller: Answer(204 if learners.erase(connection, caller.id) else 404, None)
    )


@pytest.fixture
def local(serve: Serve, database_url: str) -> TestClient:
    return serve(router, storage=Database(database_url))


@pytest.fixture
def guarded(serve: Serve, database_url: str) -> TestClient:
    """Token access, with a learner, a coach, and tokens that ran out or were taken back."""
    database = Database(database_url)
    client = serve(router, storage=database, access="tokens")

    def people(connection: Connection) -> None:
        add_learner(connection, "Ann", "learner", "ann-token")
        add_learner(connection, "Cho", "coach", "cho-token")
        add_learner(connection, "Dee", "coach", "dee-token")
        add_learner(connection, "Old", "admin", "old-token", expires_at=NOW - timedelta(seconds=1))

    assert client.portal is not None
    client.portal.call(database.write, people)
    return client


def bearer(name: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {name}-token", **more}


def count(client: TestClient, database: Database) -> int:
    def work(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT count(*) FROM learners").scalar_one())

    assert client.portal is not None
    return client.portal.call(database.read, work)


def storage_of(client: TestClient) -> Database:
    storage: Database = client.app.state.context.storage  # type: ignore[attr-defined]  # the client types its app as a callable
    return storage


def test_local_access_without_a_token_is_the_local_learner(local: TestClient) -> None:
    assert local.get("/v1/people/me").json()["id"] == "00000000-0000-7000-8000-000000000001"


def test_the_local_learner_has_every_role(local: TestClient) -> None:
    assert local.post("/v1/people", json={"name": "Eve"}).status_code == 201


def test_local_access_still_refuses_a_token_that_is_none_of_its_own(local: TestClient, refused: Refused) -> None:
    refused(local.get("/v1/people/me", headers=bearer("nobody")), 401, "unauthenticated")


def test_a_token_names_its_learner(guarded: TestClient) -> None:
    assert guarded.get("/v1/people/me", headers=bearer("ann")).json()["name"] == "Ann"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "Bearer old-token",
        "Bearer nobody-token",
        "Bearer",
        "Bearer ",
        "Bearer two words",
        "Basic YTpi",
        "ann-token",
        "Bearer " + "x" * 256,
        "Bearer \xe9",
    ],
)
def test_no_valid_token_is_unauthenticated(guarded: TestClient, refused: Refused, value: str | None) -> None:
    headers = {} if value is None else {b"authorization": value.encode("latin-1")}
    response = guarded.get("/v1/people/me", headers=headers)
    refused(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="crossdrill"'


def test_the_scheme_is_read_in_any_case(guarded: TestClient) -> None:
    assert guarded.get("/v1/people/me", headers={"authorization": "bearer ann-token"}).status_code == 200


def test_two_tokens_are_none(guarded: TestClient, refused: Refused) -> None:
    headers = [("authorization", "Bearer ann-token"), ("authorization", "Bearer cho-token")]
    refused(guarded.get("/v1/people/me", headers=headers), 401, "unauthenticated")


def test_a_role_that_is_too_low_is_named(guarded: TestClient, refused: Refused) -> None:
    response = guarded.post("/v1/people", json={"name": "Eve"}, headers=bearer("ann"))
    assert "coach" in refused(response, 403, "forbidden")["detail"]


def test_an_answer_without_content_has_no_body(guarded: TestClient) -> None:
    response = guarded.delete("/v1/people/me", headers=bearer("ann"))
    assert (response.status_code, response.content) == (204, b"")


def test_a_representation_that_the_caller_has_is_not_sent_again(local: TestClient) -> None:
    first = local.get("/v1/people/me")
    second = local.get("/v1/people/me", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


def test_another_representation_is_sent(local: TestClient) -> None:
    response = local.get("/v1/people/me", headers={"if-none-match": '"other"'})
    assert (response.status_code, response.headers["cache-control"]) == (200, "private, no-cache")


def test_a_request_sent_again_has_the_first_answer_without_its_token(guarded: TestClient) -> None:
    headers = bearer("cho", **{"idempotency-key": "k 1"})
    first, second = (guarded.post("/v1/people", json={"name": "Eve"}, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["token"]) == (201, "hunter2")
    assert (second.status_code, second.json()) == (201, {**first.json(), "token": None})
    assert second.headers["location"] == first.headers["location"]
    assert (second.headers["idempotency-replayed"], "idempotency-replayed" in first.headers) == ("true", False)


def test_a_request_sent_again_happens_once(guarded: TestClient) -> None:
    before = count(guarded, storage_of(guarded))
    for _ in range(3):
        guarded.post("/v1/people", json={"name": "Eve"}, headers=bearer("cho", **{"idempotency-key": "k"}))
    assert count(guarded, storage_of(guarded)) == before + 1


def test_spacing_and_order_do_not_make_another_request(guarded: TestClient) -> None:
    headers = bearer("cho", **{"idempotency-key": "k", "content-type": "application/json"})
    first = guarded.post("/v1/people", content='{"name":"Eve","spare":1}', headers=headers)
    second = guarded.post("/v1/people", content='{ "spare": 1, "name": "\\u0045ve" }', headers=headers)
    assert second.json()["id"] == first.json()["id"]


def test_a_key_with_another_body_is_refused(guarded: TestClient, refused: Refused) -> None:
    headers = bearer("cho", **{"idempotency-key": "k"})
    guarded.post("/v1/people", json={"name": "Eve"}, headers=headers)
    refused(guarded.post("/v1/people", json={"name": "Eva"}, headers=headers), 422, "idempotency-key-reused")


def test_two_callers_may_choose_the_same_key(guarded: TestClient) -> None:
    made = [
        guarded.post("/v1/people", json={"name": "Eve"}, headers=bearer(name, **{"idempotency-key": "k"})).json()["id"]
        for name in ("cho", "dee")
    ]
    assert made[0] != made[1]


def test_a_refused_request_leaves_nothing_and_frees_its_key(guarded: TestClient, refused: Refused) -> None:
    headers = bearer("cho", **{"idempotency-key": "k"})
    before = count(guarded, storage_of(guarded))
    refused(guarded.post("/v1/people", json={"name": "refused"}, headers=headers), 422, "invalid-input")
    assert count(guarded, storage_of(guarded)) == before
    assert guarded.post("/v1/people", json={"name": "Eve"}, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "\xe9", "tab\there"])
def test_a_key_that_is_none_is_refused_with_a_pointer(local: TestClient, refused: Refused, key: str) -> None:
    headers = {b"idempotency-key": key.encode("latin-1")}
    [error] = refused(local.post("/v1/people", json={"name": "Eve"}, headers=headers), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/Idempotency-Key"


def test_two_keys_are_refused(local: TestClient, refused: Refused) -> None:
    headers = [("idempotency-key", "a"), ("idempotency-key", "b")]
    refused(local.post("/v1/people", json={"name": "Eve"}, headers=headers), 422, "invalid-input")
