"""What admins and coaches did is kept: who, what, to what, and nothing that anybody wrote."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from starlette.testclient import TestClient

from app import chores
from app.edge.context import Context, utc_now
from app.services import audit as service
from app.services import regrade
from app.settings import Settings
from app.storage import audit
from app.storage.database import Database
from tests.api.conftest import Serve
from tests.api.contract import MOCK, Json, attempted, held, rows_of, storage_of
from tests.api.drilling import handed_out
from tests.api.people import Person, enrolled

WORDS = ("Monday at Acme", "Well said, Ada", "The key was in bits", "I think it is wrong", "Through the softmax")


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


def trail(client: TestClient, person: Person) -> list[tuple[str, str, str, Json]]:
    """Return what happened, the oldest first: the role, the act, its subject and details."""
    items = client.get("/v1/audit", headers=person.headers).json()["items"]
    return [(act["actor_role"], act["action"], act["subject_id"], act["details"]) for act in reversed(items)]


def test_what_coaches_do_is_noted_and_nothing_that_anybody_wrote(client: TestClient) -> None:
    root, cho, ann = enrolled(client, "Root", role="admin"), enrolled(client, "Cho", role="coach"), enrolled(client, "Ann")
    wish = {"title": WORDS[0], "problems": [MOCK], "blueprint": {"minutes": 20, "interview": True}}
    room = client.post("/v1/rooms", json=wish, headers=cho.headers).json()
    client.post("/v1/rooms", json={"again": room["code"]}, headers=cho.headers)
    drill = client.post(f"/v1/rooms/{room['code']}/drills", json={}, headers=ann.headers).json()["drill"]["id"]
    problem = handed_out(client, drill, headers=ann.headers)
    attempted(client, problem, "0.3", headers=ann.headers)
    client.post(f"/v1/problems/{problem['id']}/follow-up", json={"answer": WORDS[4]}, headers=ann.headers)
    path = f"/v1/problems/{problem['id']}/reports"
    report = client.post(path, json={"remark": WORDS[3]}, headers=ann.headers).json()["id"]

    mark = {"problem_id": problem["id"], "mark": 1, "remark": WORDS[1]}
    client.post(f"/v1/rooms/{room['code']}/marks", json=mark, headers=cho.headers)
    decision = {"state": "confirmed", "resolution": WORDS[2]}
    client.patch(f"/v1/reports/{report}", json=decision, headers=cho.headers)
    for _ in range(2):  # closing twice is closing once
        client.post(f"/v1/rooms/{room['code']}/close", headers=root.headers)

    noted = trail(client, root)
    first, second = noted[0][2], noted[1][2]
    assert first != second
    assert noted == [
        ("coach", "room.opened", first, {}),
        ("coach", "room.opened", second, {}),
        ("coach", "mark.given", problem["id"], {"room": first}),
        ("coach", "report.decided", report, {"decision": "confirmed"}),
        ("admin", "room.closed", first, {}),
    ]
    kept = " ".join(rows_of(client, "audit"))
    secrets = (*WORDS, room["code"], root.token, cho.token, "Cho", "Ann")
    assert not [each for each in secrets if each in kept]


def test_what_learners_do_with_their_own_is_not(client: TestClient) -> None:
    root, ann = enrolled(client, "Root", role="admin"), enrolled(client, "Ann")
    made = client.post("/v1/me/tokens", json={"name": "laptop"}, headers=ann.headers).json()
    client.delete(f"/v1/me/tokens/{made['id']}", headers=ann.headers)
    client.patch("/v1/me", json={"name": "Anna"}, headers=ann.headers)
    client.delete("/v1/me", headers=ann.headers)
    assert trail(client, root) == []


def test_a_regrade_is_noted_once_as_the_operators(client: TestClient) -> None:
    root = enrolled(client, "Root", role="admin")
    assert client.portal is not None
    for _ in range(2):  # the second goes on with the first
        begun = client.portal.call(storage_of(client).write, partial(regrade.begin, slug="entropy", now=utc_now()))
    [(role, action, subject, details)] = trail(client, root)
    assert (role, action, subject, details["family"]) == ("operator", "regrade.begun", str(begun.id), "entropy")


@pytest.mark.anyio
@pytest.mark.parametrize(("days", "left"), [(0, 2), (30, 1)])
async def test_the_trail_is_kept_as_long_as_the_setting_says(database: Database, days: int, left: int) -> None:
    now = utc_now()
    for age in (timedelta(days=31), timedelta(days=29)):
        await database.write(
            partial(service.note, actor=None, action="learners.imported", subject=None, now=now - age, learners=3)
        )
    await chores.purge(Context(Settings(audit_days=days), database, clock=lambda: now))
    rows = await database.read(partial(audit.page, limit=10))
    assert [json.loads(row.details) for row in rows] == [{"learners": 3}] * left
