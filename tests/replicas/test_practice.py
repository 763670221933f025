"""Problems, answers and what is remembered of them, at two replicas at once."""

from __future__ import annotations

from functools import partial

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.api.contract import answer, attempted, posed, rows_of
from tests.api.people import Person, enrolled
from tests.replicas.conftest import Replicas, at_once

TIMES = 4
WRONG, RIGHT = "0.5146", "0.357"
TODAY = {"daily": "2026-11-20"}


def statuses(responses: list[Response]) -> list[int]:
    return sorted(response.status_code for response in responses)


def ids(responses: list[Response]) -> set[str]:
    return {response.json()["id"] for response in responses}


def test_one_key_sent_to_both_at_once_makes_one_attempt_with_one_answer(replicas: Replicas, ada: Person) -> None:
    problem = posed(replicas.here, headers=ada.headers)
    send = partial(answer, problem=problem, value=WRONG, headers=ada.with_key("once"))
    responses = at_once(*(partial(send, client) for client in replicas.both * TIMES))
    assert {response.status_code for response in responses} == {201}
    assert len({response.text for response in responses}) == 1
    assert sum("idempotency-replayed" in response.headers for response in responses) == 2 * TIMES - 1
    assert len(rows_of(replicas.here, "attempts")) == 1


def test_one_key_sent_to_both_at_once_sets_one_problem(replicas: Replicas, ada: Person) -> None:
    headers = ada.with_key("once")
    problems = at_once(*(partial(posed, client, headers=headers) for client in replicas.both * TIMES))
    assert len({problem["id"] for problem in problems}) == 1
    assert len(rows_of(replicas.here, "problems")) == 1


def test_a_key_that_one_replica_has_seen_is_refused_for_another_request_at_the_other(replicas: Replicas, ada: Person) -> None:
    problem = posed(replicas.here, headers=ada.headers)
    assert answer(replicas.here, problem, WRONG, headers=ada.with_key("once")).status_code == 201
    assert answer(replicas.there, problem, RIGHT, headers=ada.with_key("once")).status_code == 422


def test_answers_to_one_problem_at_both_are_numbered_without_a_gap_and_one_solves_it(replicas: Replicas, ada: Person) -> None:
    problem = posed(replicas.here, headers=ada.headers)
    calls = [
        partial(attempted, client, problem, value, headers=ada.headers)
        for client in replicas.both * TIMES
        for value in (WRONG, RIGHT)
    ]
    attempts = sorted(at_once(*calls), key=lambda attempt: int(attempt["number"]))
    assert [attempt["number"] for attempt in attempts] == list(range(1, len(calls) + 1))
    solved_at = next(n for n, attempt in enumerate(attempts) if attempt["verdict"] == "right")
    assert [attempt["counted"] for attempt in attempts] == [n <= solved_at for n in range(len(calls))]


def test_hints_that_are_taken_at_both_are_counted_one_after_the_other(replicas: Replicas, ada: Person) -> None:
    problem = posed(replicas.here, headers=ada.headers)
    path = f"/v1/problems/{problem['id']}/hints"
    taken = at_once(*(partial(client.post, path, headers=ada.headers) for client in replicas.both))
    assert sorted(response.json()["number"] for response in taken) == [1, 2]


def test_a_family_that_is_met_at_both_for_the_first_time_was_reviewed_twice(replicas: Replicas, ada: Person) -> None:
    problems = [posed(replicas.here, headers=ada.headers) for _ in replicas.both]
    calls = [partial(attempted, *pair, RIGHT, headers=ada.headers) for pair in zip(replicas.both, problems, strict=True)]
    at_once(*calls)
    [review] = replicas.there.get("/v1/reviews", headers=ada.headers).json()["items"]
    assert review["times"] == 2


def test_the_problem_of_a_day_is_one_though_it_is_asked_for_at_both_at_once(replicas: Replicas, ada: Person) -> None:
    calls = [partial(client.post, "/v1/problems", json=TODAY, headers=ada.headers) for client in replicas.both * TIMES]
    responses = at_once(*calls)
    assert statuses(responses) == [200] * (2 * TIMES - 1) + [201]
    assert len(ids(responses)) == 1


def known_there(replicas: Replicas, person: Person) -> str:
    """Return the path of a problem that the other replica has in its memory."""
    problem = posed(replicas.there, headers=person.headers)
    attempted(replicas.there, problem, WRONG, headers=person.headers)
    return f"/v1/problems/{problem['id']}"


def test_who_is_erased_at_one_is_unknown_to_the_other_at_once(replicas: Replicas, ada: Person) -> None:
    path = known_there(replicas, ada)
    assert replicas.here.delete("/v1/me", headers=ada.headers).status_code == 204
    assert replicas.there.get(path, headers=ada.headers).status_code == 401


def test_a_token_that_is_revoked_at_one_is_refused_at_the_other_at_once(replicas: Replicas, ada: Person) -> None:
    path = known_there(replicas, ada)
    [token] = replicas.here.get("/v1/me/tokens", headers=ada.headers).json()["items"]
    assert replicas.here.delete(f"/v1/me/tokens/{token['id']}", headers=ada.headers).status_code == 204
    assert replicas.there.get(path, headers=ada.headers).status_code == 401


def test_who_is_erased_while_both_answer_is_gone_with_everything(replicas: Replicas) -> None:
    bob = enrolled(replicas.here, "Bob")
    problem = posed(replicas.here, headers=bob.headers)

    def again_and_again(client: TestClient) -> list[Response]:
        return [answer(client, problem, WRONG, headers=bob.headers) for _ in range(10)]

    def erase() -> list[Response]:
        return [replicas.there.delete("/v1/me", headers=bob.headers)]

    answered = at_once(*(partial(again_and_again, client) for client in replicas.both), erase)
    assert answered[2][0].status_code == 204
    assert {response.status_code for responses in answered[:2] for response in responses} <= {201, 401, 404}
    assert rows_of(replicas.here, "problems", "attempts", "judgements", "outcomes") == []


@pytest.mark.parametrize("order", [("here", "there"), ("there", "here")])
def test_what_one_has_stored_the_other_tells_at_once(replicas: Replicas, ada: Person, order: tuple[str, str]) -> None:
    writing, reading = (getattr(replicas, name) for name in order)
    problem = posed(writing, headers=ada.headers)
    attempt = attempted(writing, problem, RIGHT, headers=ada.headers)
    assert reading.get(f"/v1/attempts/{attempt['id']}", headers=ada.headers).json() == attempt
    assert reading.get(f"/v1/problems/{problem['id']}", headers=ada.headers).json()["state"] == "solved"
