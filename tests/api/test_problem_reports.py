"""Saying that a key is wrong, and deciding on it; on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.services.problem_reports import MOST_ATTEMPTS, MOST_OPEN
from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, attempted, held, posed, rows_of
from tests.api.people import Person, enrolled

REMARK = {"remark": "−ln 0.7 is 0.357."}
DECISION = {"state": "confirmed", "resolution": "You are right, and it is mended."}
TRUTH = 0.35667494393873245


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


@pytest.fixture
def coach(client: TestClient) -> Person:
    return enrolled(client, "Coach", role="coach")


@pytest.fixture
def admin(client: TestClient) -> Person:
    return enrolled(client, "Admin", role="admin")


def report(client: TestClient, problem: Json, person: Person, **body: object) -> Response:
    return client.post(f"/v1/problems/{problem['id']}/reports", json=body or REMARK, headers=person.headers)


def reported(client: TestClient, problem: Json, person: Person, **body: object) -> Json:
    """Return the report that a remark makes."""
    response = report(client, problem, person, **body)
    assert response.status_code == 201, response.text
    made: Json = response.json()
    return made


def own(client: TestClient, problem: Json, person: Person) -> list[Json]:
    """Return what a learner finds of their reports on a problem."""
    found: list[Json] = client.get(f"/v1/problems/{problem['id']}/reports", headers=person.headers).json()["items"]
    return found


def seen(client: TestClient, person: Person, query: str = "") -> list[Json]:
    """Return the reports that a coach or an admin finds."""
    found: list[Json] = client.get(f"/v1/reports{query}", headers=person.headers).json()["items"]
    return found


def case(client: TestClient, made: Json, person: Person) -> Json:
    """Return a report with its snapshot."""
    response = client.get(f"/v1/reports/{made['id']}", headers=person.headers)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def in_room(client: TestClient, coach: Person, person: Person) -> Json:
    """Return the problem that a person is asked in a new room of a coach."""
    problems = [{"family": "cross-entropy-one-hot", "preset": "mock-question"}]
    body = {"title": "Monday", "blueprint": {"feedback": "at-end"}, "problems": problems}
    room = client.post("/v1/rooms", json=body, headers=coach.headers).json()
    drill = client.post(f"/v1/rooms/{room['code']}/drills", json={}, headers=person.headers).json()["drill"]
    response = client.post(f"/v1/drills/{drill['id']}/next", headers=person.headers)
    assert response.status_code == 201, response.text
    problem: Json = response.json()
    return problem


def test_a_learner_reports_a_key_and_reads_what_was_decided(client: TestClient, ada: Person, admin: Person) -> None:
    problem = posed(client, headers=ada.headers)
    made = reported(client, problem, ada)
    assert (made["problem_id"], made["family"], made["remark"]) == (problem["id"], problem["family"], REMARK["remark"])
    assert (made["state"], made["resolution"], made["resolved_at"]) == ("open", None, None)
    response = client.patch(f"/v1/reports/{made['id']}", json=DECISION, headers=admin.headers)
    assert response.status_code == 200
    [read] = own(client, problem, ada)
    assert (read["id"], read["state"], read["resolution"]) == (made["id"], "confirmed", DECISION["resolution"])
    assert read["resolved_at"] is not None


def test_an_admin_finds_the_problem_as_it_stood(client: TestClient, ada: Person, admin: Person) -> None:
    problem = posed(client, headers=ada.headers)
    attempted(client, problem, "0.5146", headers=ada.headers)
    made = reported(client, problem, ada)
    attempted(client, problem, "0.357", headers=ada.headers)
    found = case(client, made, admin)
    assert found["learner"] == {"id": ada.id, "name": "Ada"}
    snapshot = found["snapshot"]
    assert (snapshot["state"], snapshot["tries"], snapshot["preset"]) == ("open", 1, "mock-question")
    assert snapshot["truth"] == {"loss": pytest.approx(TRUTH)}
    assert snapshot["parameters"] == problem["parameters"]
    assert snapshot["shown"]["prompt"] == problem["prompt"]
    [attempt] = snapshot["attempts"]
    assert (attempt["answers"], attempt["verdict"], attempt["grader_version"]) == ({"loss": "0.5146"}, "wrong", "1")


def test_a_snapshot_holds_the_newest_attempts(client: TestClient, ada: Person, admin: Person) -> None:
    problem = posed(client, headers=ada.headers)
    for _ in range(MOST_ATTEMPTS + 1):
        attempted(client, problem, "7", headers=ada.headers)
    numbers = [attempt["number"] for attempt in case(client, reported(client, problem, ada), admin)["snapshot"]["attempts"]]
    assert numbers == list(range(2, MOST_ATTEMPTS + 2))


def test_nothing_that_a_learner_reads_of_a_report_tells_the_truth(client: TestClient, ada: Person) -> None:
    problem = posed(client, headers=ada.headers)
    assert "0.3566" not in report(client, problem, ada).text
    assert "0.3566" not in str(own(client, problem, ada))


def test_who_decides_finds_no_key_of_a_problem_that_they_have_yet_to_solve(client: TestClient, admin: Person) -> None:
    problem = posed(client, headers=admin.headers)
    made = reported(client, problem, admin)
    assert case(client, made, admin)["snapshot"]["truth"] is None
    attempted(client, problem, "0.357", headers=admin.headers)
    assert case(client, made, admin)["snapshot"]["truth"] == {"loss": pytest.approx(TRUTH)}


def test_a_problem_can_be_reported_while_its_drill_withholds_what_it_got(
    client: TestClient, ada: Person, coach: Person
) -> None:
    problem = in_room(client, coach, ada)
    attempted(client, problem, "0.5146", headers=ada.headers)
    made = report(client, problem, ada)
    assert made.status_code == 201
    assert "wrong" not in made.text
    [attempt] = case(client, made.json(), coach)["snapshot"]["attempts"]
    assert attempt["verdict"] == "wrong"


def test_an_admin_in_a_drill_finds_nothing_that_it_withholds_from_them(
    client: TestClient, admin: Person, coach: Person
) -> None:
    problem = in_room(client, coach, admin)
    attempted(client, problem, "0.5146", headers=admin.headers)
    snapshot = case(client, reported(client, problem, admin), admin)["snapshot"]
    assert (snapshot["truth"], snapshot["attempts"]) == (None, None)


def test_a_coach_sees_the_people_of_their_rooms_and_names_in_their_rooms_alone(
    client: TestClient, ada: Person, coach: Person
) -> None:
    stranger = enrolled(client, "Bob")
    reported(client, posed(client, headers=stranger.headers), stranger)
    hidden = reported(client, posed(client, headers=ada.headers), ada)
    assert seen(client, coach) == []
    named = reported(client, in_room(client, coach, ada), ada)
    assert [(found["id"], found["learner"]) for found in seen(client, coach)] == [
        (named["id"], {"id": ada.id, "name": "Ada"}),
        (hidden["id"], None),
    ]
    assert case(client, hidden, coach)["snapshot"]["attempts"] is None


def test_another_coach_finds_and_decides_nothing(client: TestClient, ada: Person, coach: Person, refused: Refused) -> None:
    made = reported(client, in_room(client, coach, ada), ada)
    other = enrolled(client, "Other", role="coach")
    assert seen(client, other) == []
    refused(client.get(f"/v1/reports/{made['id']}", headers=other.headers), 404, "not-found")
    refused(client.patch(f"/v1/reports/{made['id']}", json=DECISION, headers=other.headers), 404, "not-found")
    assert client.patch(f"/v1/reports/{made['id']}", json=DECISION, headers=coach.headers).json()["state"] == "confirmed"


def test_a_decision_can_be_changed(client: TestClient, ada: Person, admin: Person) -> None:
    problem = posed(client, headers=ada.headers)
    path = f"/v1/reports/{reported(client, problem, ada)['id']}"
    client.patch(path, json=DECISION, headers=admin.headers)
    client.patch(path, json={"state": "rejected", "resolution": "In nats it is right."}, headers=admin.headers)
    [read] = own(client, problem, ada)
    assert (read["state"], read["resolution"]) == ("rejected", "In nats it is right.")


def test_the_list_is_filtered_and_paged(client: TestClient, ada: Person, admin: Person) -> None:
    entropy = posed(client, {"family": "entropy"}, headers=ada.headers)
    first, second, third = [reported(client, p, ada) for p in (posed(client, headers=ada.headers), entropy, entropy)]
    client.patch(f"/v1/reports/{third['id']}", json=DECISION, headers=admin.headers)
    assert [found["id"] for found in seen(client, admin, "?state=open")] == [second["id"], first["id"]]
    assert [found["id"] for found in seen(client, admin, "?family=entropy")] == [third["id"], second["id"]]
    page = client.get("/v1/reports?limit=2", headers=admin.headers)
    after = client.get(page.links["next"]["url"], headers=admin.headers)
    assert [found["id"] for found in page.json()["items"] + after.json()["items"]] == [third["id"], second["id"], first["id"]]


def test_a_guest_reports_a_problem_of_the_room(client: TestClient, coach: Person) -> None:
    body = {"title": "Monday", "problems": [{"family": "entropy"}]}
    room = client.post("/v1/rooms", json=body, headers=coach.headers).json()
    joined = client.post(f"/v1/rooms/{room['code']}/drills", json={"name": "Eve"}).json()
    eve = Person("", joined["token"])
    problem = client.post(f"/v1/drills/{joined['drill']['id']}/next", headers=eve.headers).json()
    reported(client, problem, eve)
    assert len(own(client, problem, eve)) == 1
    assert [found["learner"]["name"] for found in seen(client, coach)] == ["Eve"]


def test_a_learner_may_not_see_what_others_report(client: TestClient, ada: Person, refused: Refused) -> None:
    made = reported(client, posed(client, headers=ada.headers), ada)
    for response in (
        client.get("/v1/reports", headers=ada.headers),
        client.get(f"/v1/reports/{made['id']}", headers=ada.headers),
        client.patch(f"/v1/reports/{made['id']}", json=DECISION, headers=ada.headers),
    ):
        assert "coach" in refused(response, 403, "forbidden")["detail"]


def test_anothers_problem_is_not_there_to_be_reported(client: TestClient, ada: Person, admin: Person, refused: Refused) -> None:
    problem = posed(client, headers=admin.headers)
    refused(report(client, problem, ada), 404, "not-found")
    refused(client.get(f"/v1/problems/{problem['id']}/reports", headers=ada.headers), 404, "not-found")


def test_only_so_many_reports_may_wait_for_a_decision(client: TestClient, ada: Person, admin: Person, refused: Refused) -> None:
    problem = posed(client, headers=ada.headers)
    made = [reported(client, problem, ada) for _ in range(MOST_OPEN)]
    refused(report(client, problem, ada), 409, "too-many-reports")
    client.patch(f"/v1/reports/{made[0]['id']}", json=DECISION, headers=admin.headers)
    assert report(client, problem, ada).status_code == 201


@pytest.mark.parametrize("body", [{"remark": " "}, {"remark": "x" * 2001}, {"remark": 7}, {"text": "x"}, {"remark": "a\0"}])
def test_a_remark_that_says_nothing_or_too_much_is_refused(
    client: TestClient, ada: Person, refused: Refused, body: Json
) -> None:
    refused(report(client, posed(client, headers=ada.headers), ada, **body), 422, "invalid-input")


@pytest.mark.parametrize("body", [{"state": "open", "resolution": "Later."}, {"state": "confirmed"}])
def test_a_decision_decides_and_says_why(client: TestClient, ada: Person, admin: Person, refused: Refused, body: Json) -> None:
    made = reported(client, posed(client, headers=ada.headers), ada)
    refused(client.patch(f"/v1/reports/{made['id']}", json=body, headers=admin.headers), 422, "invalid-input")


def test_a_report_that_is_sent_twice_is_one(client: TestClient, ada: Person) -> None:
    problem = posed(client, headers=ada.headers)
    path, headers = f"/v1/problems/{problem['id']}/reports", ada.with_key("0b7e1c1e-report")
    first, second = [client.post(path, json=REMARK, headers=headers) for _ in range(2)]
    assert first.json() == second.json()
    assert len(own(client, problem, ada)) == 1


def test_with_a_learner_their_reports_are_erased(client: TestClient, ada: Person) -> None:
    reported(client, posed(client, headers=ada.headers), ada)
    assert client.delete("/v1/me", headers=ada.headers).status_code == 204
    assert rows_of(client, "problem_reports") == []
