"""One drill at two replicas: its places, its clock and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import chores
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.storage import drills as stored_drills
from tests.api.contract import Json, answer, attempted
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, moved, planted
from tests.api.people import Person
from tests.replicas.conftest import Replicas, at_once

TIMES = 4
WRONG, RIGHT = "0.5146", "0.357"
MILLISECOND = 0.001


@pytest.fixture
def clocks(replicas: Replicas) -> tuple[Clock, Clock]:
    """Return the clocks of both, which only the test moves."""
    both = Clock(), Clock()
    for client, clock in zip(replicas.both, both, strict=True):
        assert isinstance(client.app, FastAPI)
        client.app.state.context = replace(client.app.state.context, clock=clock)
    return both


@pytest.fixture
def drill(replicas: Replicas, clocks: tuple[Clock, Clock], ada: Person) -> str:
    """Return the id of a drill of one minute that begins now."""
    return begun(replicas, ada, clocks[0])


def begun(replicas: Replicas, person: Person, clock: Clock, *families: str, **terms: object) -> str:
    wanted = {"length": 2 * TIMES, "minutes": 1.0, "feedback": "at-end", **terms}
    plan = tuple(PlanItem(family, 1, f"{number}") for number, family in enumerate(families)) or (MOCK_ITEM,) * 2 * TIMES
    return planted(replicas.here, person.id, Blueprint(**wanted), plan, clock.now)  # type: ignore[arg-type]  # each as it is named


def sweep(client: TestClient) -> None:
    """Have a replica end what is over, as it does every two seconds."""
    assert isinstance(client.app, FastAPI)
    assert client.portal is not None
    client.portal.call(chores.end_due, client.app.state.context)


def state_of(replicas: Replicas, person: Person, drill_id: str) -> str:
    """Return how a drill is stored; reading it over REST would end it."""
    found = replicas.read(partial(stored_drills.get, learner_id=UUID(person.id), drill_id=UUID(drill_id)))
    assert found is not None
    return found.state


def test_whoever_asks_both_at_once_gets_problems_of_different_places(replicas: Replicas, ada: Person, drill: str) -> None:
    problems = at_once(*(partial(handed_out, client, drill, headers=ada.headers) for client in replicas.both * TIMES))
    assert sorted(problem["position"] for problem in problems) == list(range(1, 2 * TIMES + 1))


def test_the_same_step_sent_to_both_with_one_key_hands_out_one_problem(replicas: Replicas, ada: Person, drill: str) -> None:
    headers = ada.with_key("once")
    problems = at_once(*(partial(handed_out, client, drill, headers=headers) for client in replicas.both * TIMES))
    assert {problem["position"] for problem in problems} == {1}
    assert handed_out(replicas.there, drill, headers=ada.headers)["position"] == 2


def test_a_drill_that_is_finished_at_both_ends_once(
    replicas: Replicas, ada: Person, drill: str, clocks: tuple[Clock, Clock]
) -> None:
    handed_out(replicas.here, drill, headers=ada.headers)
    clocks[0].advance(10)
    clocks[1].advance(20)
    ends = at_once(*(partial(moved, client, drill, "finish", headers=ada.headers) for client in replicas.both))
    assert ends[0]["finished_at"] == ends[1]["finished_at"]


def test_of_a_pause_at_both_one_is_refused_and_the_clock_stands_still_once(
    replicas: Replicas, ada: Person, drill: str, clocks: tuple[Clock, Clock]
) -> None:
    def pause(client: TestClient) -> int:
        return client.post(f"/v1/drills/{drill}/pause", headers=ada.headers).status_code

    assert sorted(at_once(*(partial(pause, client) for client in replicas.both))) == [200, 409]
    for clock in clocks:
        clock.advance(30)
    assert moved(replicas.there, drill, "resume", headers=ada.headers)["remaining_seconds"] == pytest.approx(60)


def test_where_one_try_counts_one_of_two_at_once_does(replicas: Replicas, ada: Person, clocks: tuple[Clock, Clock]) -> None:
    drill = begun(replicas, ada, clocks[0], tries=1)
    problem = handed_out(replicas.here, drill, headers=ada.headers)
    calls = [partial(attempted, client, problem, WRONG, headers=ada.headers) for client in replicas.both * TIMES]
    assert sum(attempt["counted"] for attempt in at_once(*calls)) == 1


def test_an_answer_that_came_in_time_counts_though_the_other_replica_sees_the_end_first(
    replicas: Replicas, ada: Person, drill: str, clocks: tuple[Clock, Clock]
) -> None:
    """Both clocks are right; the one answer still waits for its turn when the other replica looks for what is over."""
    problem = handed_out(replicas.here, drill, headers=ada.headers)
    clocks[0].advance(60 - MILLISECOND)
    clocks[1].advance(60 + MILLISECOND)
    sweep(replicas.there)
    assert state_of(replicas, ada, drill) == "running"
    attempt = attempted(replicas.here, problem, RIGHT, headers=ada.headers)
    assert (attempt["counted"], attempt["late"]) == (True, False)
    clocks[1].advance(chores.IN_HAND.total_seconds())
    sweep(replicas.there)
    assert state_of(replicas, ada, drill) == "finished"
    assert replicas.there.get(f"/v1/problems/{problem['id']}", headers=ada.headers).json()["state"] == "solved"


def test_what_comes_with_the_end_is_late_at_both_whoever_notices_it(
    replicas: Replicas, ada: Person, drill: str, clocks: tuple[Clock, Clock]
) -> None:
    problem = handed_out(replicas.here, drill, headers=ada.headers)
    in_time = attempted(replicas.there, problem, RIGHT, headers=ada.headers)
    for clock in clocks:
        clock.advance(60)
    late = [partial(attempted, client, problem, WRONG, headers=ada.headers) for client in replicas.both * TIMES]
    attempts = at_once(*late, partial(swept, replicas.here), partial(swept, replicas.there))[: len(late)]
    assert {(attempt["counted"], attempt["late"]) for attempt in attempts} == {(False, True)}
    assert in_time["counted"]
    assert replicas.here.get(f"/v1/problems/{problem['id']}", headers=ada.headers).json()["state"] == "solved"


def swept(client: TestClient) -> Json:
    sweep(client)
    return {}


def test_both_sweepers_end_the_same_drills_once_and_by_their_own_ends(
    replicas: Replicas, ada: Person, clocks: tuple[Clock, Clock]
) -> None:
    drills = [begun(replicas, ada, clocks[0]) for _ in range(TIMES)]
    ends = clocks[0].now + timedelta(minutes=1)
    for drill in drills:
        handed_out(replicas.there, drill, headers=ada.headers)
    for clock in clocks:
        clock.advance(120)
    at_once(*(partial(sweep, client) for client in replicas.both * 2))
    assert [moved(replicas.there, drill, "finish", headers=ada.headers)["finished_at"] for drill in drills] == [
        f"{ends:%Y-%m-%dT%H:%M:%SZ}"
    ] * TIMES


def test_two_drills_of_one_learner_that_end_at_once_rate_every_problem(
    replicas: Replicas, ada: Person, clocks: tuple[Clock, Clock]
) -> None:
    """Each of the two moves the reviews of the same families, met in the other order."""
    families = ("cross-entropy-one-hot", "entropy", "surprisal", "kl-divergence")
    drills = [begun(replicas, ada, clocks[0], *order, length=4) for order in (families, families[::-1])]
    for drill in drills:
        for _ in families:
            handed_out(replicas.here, drill, headers=ada.headers)
    for clock in clocks:
        clock.advance(3600)
    at_once(
        *(
            partial(moved, client, drill, "finish", headers=ada.headers)
            for client, drill in zip(replicas.both, drills, strict=True)
        )
    )
    reviews = replicas.there.get("/v1/reviews", headers=ada.headers).json()["items"]
    assert {review["family"]: review["times"] for review in reviews} == dict.fromkeys(families, 2)


def test_an_answer_is_refused_in_a_pause_that_the_other_replica_began(replicas: Replicas, ada: Person, drill: str) -> None:
    problem = handed_out(replicas.here, drill, headers=ada.headers)
    moved(replicas.there, drill, "pause", headers=ada.headers)
    assert answer(replicas.here, problem, RIGHT, headers=ada.headers).status_code == 409
