"""Who may do what with token access: no valid token, other people's things, roles and registration."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, answer, attempted, document, held, posed
from tests.api.people import Person, enrolled

OPEN_PATHS = {"/v1/families", "/v1/families/{slug}", "/livez", "/readyz"}
BODIES: dict[tuple[str, str], Json] = {
    ("post", "/v1/problems/{problem_id}/attempts"): {"answers": {"loss": "0.357"}},
    ("post", "/v1/learners"): {"name": "Eve"},
    ("post", "/v1/me/tokens"): {"name": "laptop"},
    ("post", "/v1/problems"): {},
    ("patch", "/v1/me"): {"name": "Eve"},
}


def operations() -> list[tuple[str, str]]:
    return [(method, path) for path, methods in document()["paths"].items() for method in methods if path not in OPEN_PATHS]


def with_id() -> list[tuple[str, str]]:
    return [(method, path) for method, path in operations() if "{" in path]


def call(client: TestClient, method: str, path: str, ids: dict[str, str], headers: dict[str, str] | None = None) -> Response:
    address = re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "01990b7e-3c00-7000-8000-000000000000"), path)
    return client.request(method, address, json=BODIES.get((method, path)), headers=headers)


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return held(serve(storage=Database(sqlite_url), access="tokens"))


@pytest.fixture
def ann(client: TestClient) -> Person:
    return enrolled(client, "Ann")


@pytest.fixture
def ids(client: TestClient, ann: Person) -> dict[str, str]:
    """Return the ids of everything that Ann has."""
    problem = posed(client, headers=ann.headers)
    attempt = attempted(client, problem, "0.3", headers=ann.headers)
    [token] = client.get("/v1/me/tokens", headers=ann.headers).json()["items"]
    return {"problem_id": problem["id"], "attempt_id": attempt["id"], "token_id": token["id"]}


def test_every_route_with_an_id_is_walked() -> None:
    assert {re.sub(r".*\{(\w+)\}.*", r"\1", path) for _, path in with_id()} == {"problem_id", "attempt_id", "token_id"}


@pytest.mark.parametrize(("method", "path"), operations())
def test_without_a_valid_token_nothing_is_told(
    client: TestClient, ids: dict[str, str], refused: Refused, method: str, path: str
) -> None:
    for authorization in ("", "Bearer crossdrill_" + "x" * 43, "Bearer", "Basic YTpi", "Bearer a b"):
        for language, said in (("en", "Send a valid token"), ("zh", "请发送有效令牌")):
            shown = {"authorization": authorization} if authorization else {}
            response = call(client, method, path, ids, {**shown, "accept-language": language})
            assert said in refused(response, 401, "unauthenticated")["detail"]
            assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", sorted(OPEN_PATHS))
def test_the_catalogue_and_the_health_need_no_token(client: TestClient, path: str) -> None:
    assert client.get(path.replace("{slug}", "cross-entropy-one-hot")).status_code == 200


@pytest.mark.parametrize("role", ["learner", "coach", "admin"])
@pytest.mark.parametrize(("method", "path"), with_id())
def test_another_learners_thing_is_not_found_whatever_the_role(
    client: TestClient, ann: Person, ids: dict[str, str], refused: Refused, method: str, path: str, role: str
) -> None:
    bob = enrolled(client, "Bob", role=role)
    foreign = refused(call(client, method, path, ids, bob.headers), 404, "not-found")
    missing = refused(call(client, method, path, {}, bob.headers), 404, "not-found")
    assert foreign["detail"] == missing["detail"]
    shown = client.get(f"/v1/problems/{ids['problem_id']}", headers=ann.headers).json()
    assert (shown["state"], shown["tries"], shown["hints_taken"]) == ("open", 1, 0)
    assert client.get("/v1/me", headers=ann.headers).status_code == 200


@pytest.mark.parametrize("path", ["/v1/problems", "/v1/attempts"])
def test_lists_hold_only_the_callers_own(client: TestClient, ids: dict[str, str], path: str) -> None:
    assert ids
    assert client.get(path, headers=enrolled(client, "Bob").headers).json() == {"items": []}


def test_two_learners_draw_the_same_problem_from_one_seed(client: TestClient, ann: Person) -> None:
    bob = enrolled(client, "Bob")
    wish = {"family": "softmax", "level": 2, "seed": "shared"}
    first, second = (posed(client, wish, headers=person.headers) for person in (ann, bob))
    assert (first["parameters"], first["prompt"]) == (second["parameters"], second["prompt"])
    assert first["id"] != second["id"]


def test_two_learners_may_use_one_idempotency_key(client: TestClient, ann: Person) -> None:
    bob = enrolled(client, "Bob")
    first, second = (posed(client, headers=person.with_key("same")) for person in (ann, bob))
    assert first["id"] != second["id"]


def test_a_foreign_answer_takes_no_key(client: TestClient, ids: dict[str, str], refused: Refused) -> None:
    bob = enrolled(client, "Bob")
    refused(answer(client, foreign_problem(ids), "0.3", headers=bob.with_key("k")), 404, "not-found")
    own = posed(client, headers=bob.headers)
    assert answer(client, own, "0.3", headers=bob.with_key("k")).status_code == 201


def foreign_problem(ids: dict[str, str]) -> Json:
    return {"id": ids["problem_id"], "parts": [{"name": "loss"}]}


def test_with_registration_by_admins_nobody_else_makes_learners(client: TestClient, ann: Person, refused: Refused) -> None:
    coach, admin = enrolled(client, "Cho", role="coach"), enrolled(client, "Root", role="admin")
    refused(client.post("/v1/learners", json={"name": "Eve"}), 401, "unauthenticated")
    for person in (ann, coach):
        detail = refused(client.post("/v1/learners", json={"name": "Eve"}, headers=person.headers), 403, "forbidden")["detail"]
        assert "admin" in detail
    assert client.post("/v1/learners", json={"name": "Eve"}, headers=admin.headers).status_code == 201


def test_an_admin_gives_roles(client: TestClient) -> None:
    admin = enrolled(client, "Root", role="admin")
    for role in ("learner", "coach", "admin"):
        made = client.post("/v1/learners", json={"name": "Eve", "role": role}, headers=admin.headers).json()
        me = client.get("/v1/me", headers={"authorization": f"Bearer {made['token']}"}).json()
        assert me["role"] == role


@pytest.mark.parametrize("role", ["coach", "admin"])
def test_open_registration_gives_no_role_above_learner(serve: Serve, sqlite_url: str, refused: Refused, role: str) -> None:
    client = held(serve(storage=Database(sqlite_url), access="tokens", registration="open"))
    refused(client.post("/v1/learners", json={"name": "Eve", "role": role}), 403, "forbidden")
    learner = enrolled(client, "Ann")
    refused(client.post("/v1/learners", json={"name": "Eve", "role": role}, headers=learner.headers), 403, "forbidden")
    assert client.post("/v1/learners", json={"name": "Eve"}).json()["role"] == "learner"


def test_open_registration_still_refuses_a_token_that_is_none(serve: Serve, sqlite_url: str, refused: Refused) -> None:
    client = held(serve(storage=Database(sqlite_url), access="tokens", registration="open"))
    headers = {"authorization": "Bearer made-up"}
    refused(client.post("/v1/learners", json={"name": "Eve"}, headers=headers), 401, "unauthenticated")


def test_a_learner_cannot_raise_their_own_role(client: TestClient, ann: Person, refused: Refused) -> None:
    refused(client.patch("/v1/me", json={"role": "admin"}, headers=ann.headers), 422, "invalid-input")
    assert client.get("/v1/me", headers=ann.headers).json()["role"] == "learner"
