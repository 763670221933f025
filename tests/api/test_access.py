"""Who may do what with token access: no valid token, other people's things, roles, guests and registration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.services import accounts
from app.storage.database import Database
from tests.api.conftest import Refused, Serve, served
from tests.api.contract import MOCK, Json, answer, attempted, document, held, posed, rows_of, storage_of
from tests.api.drilling import handed_out
from tests.api.people import Person, enrolled


class Access(Enum):
    """Whom a call lets in."""

    OPEN = "anybody"
    CODE = "anybody who knows the code of a room"
    ACCOUNT = "any account"
    OWN = "the learner whose thing the path names"
    COACH = "coaches and admins"
    ROOM = "the coach whose room the path names, and admins"
    REPORT = "coaches of the learner whose report the path names, and admins"
    ADMIN = "admins"


CALLS = {
    "GET /v1/families": Access.OPEN,
    "GET /v1/families/{slug}": Access.OPEN,
    "GET /v1/topics": Access.OPEN,
    "GET /v1/topics/{topic}": Access.OPEN,
    "POST /v1/problems": Access.ACCOUNT,
    "GET /v1/problems": Access.ACCOUNT,
    "GET /v1/problems/{problem_id}": Access.OWN,
    "POST /v1/problems/{problem_id}/hints": Access.OWN,
    "POST /v1/problems/{problem_id}/solution": Access.OWN,
    "POST /v1/problems/{problem_id}/attempts": Access.OWN,
    "GET /v1/problems/{problem_id}/attempts": Access.OWN,
    "GET /v1/problems/{problem_id}/follow-up": Access.OWN,
    "POST /v1/problems/{problem_id}/follow-up": Access.OWN,
    "POST /v1/problems/{problem_id}/reports": Access.OWN,
    "GET /v1/problems/{problem_id}/reports": Access.OWN,
    "GET /v1/attempts": Access.ACCOUNT,
    "GET /v1/attempts/export": Access.ACCOUNT,
    "GET /v1/attempts/{attempt_id}": Access.OWN,
    "GET /v1/drills/presets": Access.OPEN,
    "POST /v1/drills": Access.ACCOUNT,
    "GET /v1/drills": Access.ACCOUNT,
    "GET /v1/drills/{drill_id}": Access.OWN,
    "POST /v1/drills/{drill_id}/next": Access.OWN,
    "POST /v1/drills/{drill_id}/pause": Access.OWN,
    "POST /v1/drills/{drill_id}/resume": Access.OWN,
    "POST /v1/drills/{drill_id}/finish": Access.OWN,
    "GET /v1/drills/{drill_id}/report": Access.OWN,
    "POST /v1/rooms": Access.COACH,
    "GET /v1/rooms": Access.COACH,
    "GET /v1/rooms/{code}": Access.CODE,
    "POST /v1/rooms/{code}/drills": Access.CODE,
    "POST /v1/rooms/{code}/close": Access.ROOM,
    "GET /v1/rooms/{code}/results": Access.ROOM,
    "GET /v1/rooms/{code}/events": Access.ROOM,
    "POST /v1/rooms/{code}/marks": Access.ROOM,
    "GET /v1/reviews": Access.ACCOUNT,
    "POST /v1/reviews/next": Access.ACCOUNT,
    "GET /v1/daily": Access.ACCOUNT,
    "GET /v1/daily/{date}": Access.ACCOUNT,
    "GET /v1/progress": Access.ACCOUNT,
    "GET /v1/progress/calibration": Access.ACCOUNT,
    "GET /v1/export/anki": Access.ACCOUNT,
    "GET /v1/export/moodle": Access.ACCOUNT,
    "GET /v1/reports": Access.COACH,
    "GET /v1/reports/{report_id}": Access.REPORT,
    "PATCH /v1/reports/{report_id}": Access.REPORT,
    "GET /v1/analytics/families": Access.COACH,
    "GET /v1/analytics/families/{slug}": Access.COACH,
    "GET /v1/analytics/people": Access.COACH,
    "POST /v1/learners": Access.ADMIN,
    "GET /v1/learners": Access.ADMIN,
    "GET /v1/learners/{learner_id}": Access.ADMIN,
    "PATCH /v1/learners/{learner_id}": Access.ADMIN,
    "DELETE /v1/learners/{learner_id}": Access.ADMIN,
    "GET /v1/learners/{learner_id}/tokens": Access.ADMIN,
    "POST /v1/learners/{learner_id}/tokens": Access.ADMIN,
    "GET /v1/audit": Access.ADMIN,
    "GET /v1/me": Access.ACCOUNT,
    "PATCH /v1/me": Access.ACCOUNT,
    "DELETE /v1/me": Access.ACCOUNT,
    "GET /v1/me/tokens": Access.ACCOUNT,
    "POST /v1/me/tokens": Access.ACCOUNT,
    "DELETE /v1/me/tokens/{token_id}": Access.OWN,
    "GET /livez": Access.OPEN,
    "GET /readyz": Access.OPEN,
    "GET /metrics": Access.ADMIN,
}
LOCKED = [call for call, access in CALLS.items() if access not in {Access.OPEN, Access.CODE}]
GUESTS_TOO = {
    "GET /v1/problems",
    "GET /v1/attempts",
    "GET /v1/attempts/export",
    "GET /v1/drills",
    "GET /v1/me",
    "DELETE /v1/me",
}
"""What a guest may call of that which any account may: to read their own things, and to erase themselves."""

BODIES: dict[str, Json] = {
    "POST /v1/problems/{problem_id}/attempts": {"answers": {"loss": "0.357"}},
    "POST /v1/problems/{problem_id}/follow-up": {"answer": "Through the softmax."},
    "POST /v1/problems/{problem_id}/reports": {"remark": "The key is wrong."},
    "POST /v1/drills": {"preset": "warm-up"},
    "POST /v1/rooms": {"problems": [MOCK]},
    "POST /v1/rooms/{code}/drills": {"name": "Eve"},
    "POST /v1/rooms/{code}/marks": {"problem_id": "{problem_id}", "mark": 1},
    "PATCH /v1/reports/{report_id}": {"state": "rejected", "resolution": "It is right."},
    "POST /v1/learners": {"name": "Eve"},
    "PATCH /v1/learners/{learner_id}": {"role": "admin"},
    "POST /v1/learners/{learner_id}/tokens": {},
    "PATCH /v1/me": {"name": "Eve"},
    "POST /v1/me/tokens": {"name": "laptop"},
}
QUERIES = {"GET /v1/export/anki": "?family=entropy", "GET /v1/export/moodle": "?family=entropy"}
ENDLESS = "GET /v1/rooms/{code}/events"
NOWHERE = {"code": "0000-0000-0000", "date": "2026-11-20", "slug": "entropy", "topic": "information"}
NO_ID = "01990b7e-3c00-7000-8000-000000000000"

ROLES = ("learner", "coach", "admin")
REFUSED = {
    Access.OWN: {"learner": 404, "coach": 404, "admin": 404},
    Access.ROOM: {"learner": 404, "coach": 404},
    Access.REPORT: {"learner": 403, "coach": 404},
    Access.COACH: {"learner": 403},
    Access.ADMIN: {"learner": 403, "coach": 403},
}
"""What each role is answered where nothing of it is theirs; whatever isn't here lets them in."""

CODES = {403: "forbidden", 404: "not-found"}
KEPT = ("learners", "tokens", "rooms", "drills", "problems", "attempts", "follow_ups", "problem_reports")


@dataclass(frozen=True)
class World:
    """A coach with a room, and a learner with everything that a path can name."""

    client: TestClient
    cho: Person
    ann: Person
    ids: dict[str, str]
    joining: str
    ended: tuple[str, ...]
    """Tokens that were good once: one has expired, one was revoked."""

    def call(self, call: str, headers: dict[str, str] | None = None, *, missing: bool = False) -> Response:
        """Call with the ids of what is Ann's, or else with such as nothing has."""
        method, path = call.split()
        ids = NOWHERE if missing else {**NOWHERE, **self.ids}
        body = json.loads(filled(json.dumps(BODIES.get(call)), ids))
        return self.client.request(method, filled(path, ids) + QUERIES.get(call, ""), json=body, headers=headers)

    def guest(self) -> Person:
        """Return a new guest of another room, which nobody closes."""
        return Person("", self.client.post(self.joining, json={"name": "Gus"}).json()["token"])


def filled(text: str, ids: dict[str, str]) -> str:
    """Return a text with an id for each name in braces."""
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], NO_ID), text)


@contextmanager
def world_on(url: str) -> Iterator[World]:
    with served(storage=Database(url), access="tokens") as client:
        held(client)
        cho, ann = enrolled(client, "Cho", role="coach"), enrolled(client, "Ann")
        wish = {"problems": [MOCK], "blueprint": {"minutes": 20, "interview": True}}
        code, other = (client.post("/v1/rooms", json=wish, headers=cho.headers).json()["code"] for _ in range(2))
        drill = client.post(f"/v1/rooms/{code}/drills", json={}, headers=ann.headers).json()["drill"]["id"]
        problem = handed_out(client, drill, headers=ann.headers)
        ids = {
            "code": code,
            "drill_id": drill,
            "problem_id": problem["id"],
            "attempt_id": attempted(client, problem, "0.3", headers=ann.headers)["id"],
            "report_id": made(client, f"/v1/problems/{problem['id']}/reports", {"remark": "Wrong."}, ann),
            "token_id": made(client, "/v1/me/tokens", {"name": "old"}, ann),
            "learner_id": enrolled(client, "Sam").id,
        }
        yield World(client, cho, ann, ids, f"/v1/rooms/{other}/drills", (expired(client, ann), revoked(client, ann)))


def expired(client: TestClient, person: Person) -> str:
    """Return a token of somebody that has just come to its end."""
    now = datetime.now(UTC)

    def add(connection: Connection) -> str:
        made, ends = now - timedelta(hours=1), now - timedelta(seconds=1)
        return accounts.add_token(connection, UUID(person.id), name="brief", secret="e" * 43, now=made, expires_at=ends).text

    assert client.portal is not None
    return client.portal.call(storage_of(client).write, add)


def revoked(client: TestClient, person: Person) -> str:
    """Return a token that somebody has made and ended."""
    token: Json = client.post("/v1/me/tokens", json={"name": "lost"}, headers=person.headers).json()
    assert client.delete(f"/v1/me/tokens/{token['id']}", headers=person.headers).status_code == 204
    return str(token["token"])


def made(client: TestClient, path: str, body: Json, person: Person) -> str:
    response = client.post(path, json=body, headers=person.headers)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


@pytest.fixture(scope="module")
def world(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world that all walks share: what is refused changes nothing in it."""
    file = copy(migrated_sqlite_file, tmp_path_factory.mktemp("world") / "crossdrill.db")
    with world_on(f"sqlite:///{file}") as world:
        yield world


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def ann(client: TestClient) -> Person:
    return enrolled(client, "Ann")


def calls(*kinds: Access) -> list[str]:
    return [call for call, access in CALLS.items() if access in kinds]


def test_every_call_of_the_document_is_walked() -> None:
    assert sorted(CALLS) == sorted(
        f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods
    )


@pytest.mark.parametrize("call", LOCKED)
def test_without_a_valid_token_nothing_is_told(world: World, refused: Refused, call: str) -> None:
    malformed = ("Bearer", "Basic YTpi", "Bearer a b", "Bearer " + "x" * 256)
    ended = tuple(f"Bearer {token}" for token in world.ended)
    for authorization in ("", "Bearer crossdrill_" + "x" * 43, *malformed, *ended):
        response = world.call(call, {"authorization": authorization} if authorization else {})
        assert "Send a valid token" in refused(response, 401, "unauthenticated")["detail"]
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert "请发送有效令牌" in refused(world.call(call, {"accept-language": "zh"}), 401, "unauthenticated")["detail"]


@pytest.mark.parametrize("call", calls(Access.OPEN))
def test_the_catalogue_and_the_health_need_no_token(world: World, call: str) -> None:
    assert world.call(call).status_code == 200


@pytest.mark.parametrize("call", calls(Access.CODE))
def test_a_room_needs_its_code_and_no_token_but_none_that_is_wrong(world: World, refused: Refused, call: str) -> None:
    assert world.call(call).status_code in {200, 201}
    refused(world.call(call, missing=True), 404, "not-found")
    refused(world.call(call, {"authorization": "Bearer made-up"}), 401, "unauthenticated")


def refusals() -> list[tuple[str, str, int]]:
    return [(call, role, status) for call, access in CALLS.items() for role, status in REFUSED.get(access, {}).items()]


@pytest.mark.parametrize(("call", "role", "status"), refusals())
def test_what_is_not_a_callers_is_as_if_it_were_not_there_and_stays_as_it_is(
    world: World, refused: Refused, call: str, role: str, status: int
) -> None:
    bob = enrolled(world.client, "Bob", role=role)
    before = rows_of(world.client, *KEPT)
    foreign = refused(world.call(call, bob.headers), status, CODES[status])
    missing = refused(world.call(call, bob.headers, missing=True), status, CODES[status])
    assert foreign["detail"] == missing["detail"]
    assert rows_of(world.client, *KEPT) == before


def let_in() -> list[tuple[str, str]]:
    walked = [call for call in LOCKED if call != ENDLESS]
    return [(call, role) for call in walked for role in ROLES if role not in REFUSED.get(CALLS[call], {})]


@pytest.mark.parametrize(("call", "role"), let_in())
def test_every_role_is_let_in_where_it_may_go(world: World, call: str, role: str) -> None:
    bob = enrolled(world.client, "Bob", role=role)
    if "{learner_id}" in call:  # whom the call before may have erased
        world.ids["learner_id"] = enrolled(world.client, "Sam").id
    assert world.call(call, bob.headers).status_code not in {401, 403, 404}


def test_on_postgresql_the_walk_ends_alike(postgres_url: str) -> None:
    with world_on(postgres_url) as world:
        people = {role: enrolled(world.client, "Bob", role=role) for role in ROLES}
        found = {(call, role): world.call(call, people[role].headers).status_code for call, role, _ in refusals()}
        assert found == {(call, role): status for call, role, status in refusals()}
        for token in world.ended:
            assert {world.call(call, {"authorization": f"Bearer {token}"}).status_code for call in LOCKED[:20]} == {401}


def test_whoever_things_belong_to_is_let_in(database_url: str) -> None:
    with world_on(database_url) as world:
        for call in calls(Access.OWN, Access.ROOM, Access.REPORT):
            owner = world.ann if CALLS[call] is Access.OWN else world.cho
            assert call == ENDLESS or world.call(call, owner.headers).status_code not in {401, 403, 404}, call


@pytest.mark.parametrize("call", [call for call in LOCKED if call not in GUESTS_TOO])
def test_a_guest_is_refused_what_is_not_theirs(world: World, call: str) -> None:
    response = world.call(call, world.guest().headers)
    assert (response.status_code, response.json()["type"]) in {(403, "/errors/guest"), (404, "/errors/not-found")}


@pytest.mark.parametrize("call", sorted(GUESTS_TOO))
def test_a_guest_is_told_of_themselves_alone(world: World, call: str) -> None:
    response = world.call(call, world.guest().headers)
    assert response.is_success
    assert not [each for each in (world.ann.id, *world.ids.values()) if each in response.text]


@pytest.mark.parametrize("path", ["/v1/problems", "/v1/attempts", "/v1/drills", "/v1/rooms", "/v1/reports"])
def test_lists_hold_only_the_callers_own(world: World, path: str) -> None:
    bob = enrolled(world.client, "Bob", role="coach")
    assert world.client.get(path, headers=bob.headers).json() == {"items": []}


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


def test_a_foreign_answer_takes_no_key(client: TestClient, ann: Person, refused: Refused) -> None:
    bob, foreign = enrolled(client, "Bob"), posed(client, headers=ann.headers)
    refused(answer(client, foreign, "0.3", headers=bob.with_key("k")), 404, "not-found")
    own = posed(client, headers=bob.headers)
    assert answer(client, own, "0.3", headers=bob.with_key("k")).status_code == 201


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
def test_open_registration_gives_no_role_above_learner(serve: Serve, database_url: str, refused: Refused, role: str) -> None:
    client = held(serve(storage=Database(database_url), access="tokens", registration="open"))
    refused(client.post("/v1/learners", json={"name": "Eve", "role": role}), 403, "forbidden")
    learner = enrolled(client, "Ann")
    refused(client.post("/v1/learners", json={"name": "Eve", "role": role}, headers=learner.headers), 403, "forbidden")
    assert client.post("/v1/learners", json={"name": "Eve"}).json()["role"] == "learner"


def test_open_registration_still_refuses_a_token_that_is_none(serve: Serve, database_url: str, refused: Refused) -> None:
    client = held(serve(storage=Database(database_url), access="tokens", registration="open"))
    headers = {"authorization": "Bearer made-up"}
    refused(client.post("/v1/learners", json={"name": "Eve"}, headers=headers), 401, "unauthenticated")


def test_a_learner_cannot_raise_their_own_role(client: TestClient, ann: Person, refused: Refused) -> None:
    refused(client.patch("/v1/me", json={"role": "admin"}, headers=ann.headers), 422, "invalid-input")
    assert client.get("/v1/me", headers=ann.headers).json()["role"] == "learner"
