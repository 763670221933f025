"""A room that is joined, watched and closed at two replicas."""

from __future__ import annotations

from functools import partial

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.api.contract import MOCK, Json, attempted
from tests.api.drilling import handed_out
from tests.api.people import Person
from tests.replicas.conftest import Replicas, at_once

TIMES = 4
GUESTS = 6
WRONG = "0.5146"


@pytest.fixture
def room(replicas: Replicas, coach: Person) -> str:
    """Return the code of an open room."""
    response = replicas.here.post("/v1/rooms", json={"problems": [MOCK]}, headers=coach.headers)
    assert response.status_code == 201, response.text
    code: str = response.json()["code"]
    return code


def join(client: TestClient, room: str, person: Person) -> Response:
    return client.post(f"/v1/rooms/{room}/drills", headers=person.headers)


def join_as(client: TestClient, room: str, name: str) -> Response:
    return client.post(f"/v1/rooms/{room}/drills", json={"name": name})


def results(client: TestClient, room: str, coach: Person) -> Json:
    response = client.get(f"/v1/rooms/{room}/results", headers=coach.headers)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def test_one_account_that_joins_at_both_at_once_has_one_drill(
    replicas: Replicas, room: str, ada: Person, coach: Person
) -> None:
    joined = at_once(*(partial(join, client, room, ada) for client in replicas.both * TIMES))
    assert sorted(response.status_code for response in joined) == [200] * (2 * TIMES - 1) + [201]
    assert len({response.json()["drill"]["id"] for response in joined}) == 1
    assert len(results(replicas.there, room, coach)["candidates"]) == 1


def test_a_guest_whose_request_goes_to_both_with_one_key_joins_once(replicas: Replicas, room: str, coach: Person) -> None:
    headers = {"idempotency-key": "a key that nobody else thinks of"}
    path, body = f"/v1/rooms/{room}/drills", {"name": "Bob"}
    joined = at_once(*(partial(client.post, path, json=body, headers=headers) for client in replicas.both * TIMES))
    assert {response.status_code for response in joined} == {201}
    assert len({response.json()["drill"]["id"] for response in joined}) == 1
    assert len(results(replicas.there, room, coach)["candidates"]) == 1


def test_while_a_room_is_closed_at_one_whoever_is_let_in_at_either_is_in_it(
    replicas: Replicas, room: str, coach: Person
) -> None:
    names = [f"Guest {number}" for number in range(2 * GUESTS)]

    def come(client: TestClient, own: list[str]) -> list[int]:
        return [join_as(client, room, name).status_code for name in own]

    def close() -> list[int]:
        return [replicas.there.post(f"/v1/rooms/{room}/close", headers=coach.headers).status_code]

    here, there, closed = at_once(partial(come, replicas.here, names[::2]), partial(come, replicas.there, names[1::2]), close)
    assert closed == [200]
    assert set(here + there) <= {201, 409}
    assert (join_as(replicas.here, room, "Late").status_code, join_as(replicas.there, room, "Late").status_code) == (409, 409)
    assert len(results(replicas.here, room, coach)["candidates"]) == (here + there).count(201)


def test_a_room_that_is_closed_at_both_was_closed_once(replicas: Replicas, room: str, coach: Person) -> None:
    path = f"/v1/rooms/{room}/close"
    closed = at_once(*(partial(client.post, path, headers=coach.headers) for client in replicas.both * TIMES))
    assert len({response.json()["closed_at"] for response in closed}) == 1


def test_a_coach_sees_at_one_what_candidates_answer_at_the_other(
    replicas: Replicas, room: str, ada: Person, coach: Person
) -> None:
    drill = join(replicas.here, room, ada).json()["drill"]["id"]
    before = replicas.there.get(f"/v1/rooms/{room}/results", headers=coach.headers)
    attempted(replicas.here, handed_out(replicas.here, drill, headers=ada.headers), WRONG, headers=ada.headers)
    seen = {**coach.headers, "if-none-match": before.headers["etag"]}
    assert replicas.there.get(f"/v1/rooms/{room}/results", headers=seen).status_code == 200
    [candidate] = results(replicas.there, room, coach)["candidates"]
    assert candidate["drill_id"] == drill
