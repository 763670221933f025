"""What an interviewer asks after a problem, over REST."""

from __future__ import annotations

from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint, Feedback
from app.services.shelf import truths_to_json
from app.storage import follow_ups
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw, preset
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, attempted, held, posed, storage_of
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, moved, on_a_clock_of_its_own, planted
from tests.api.test_problems_secrecy import recognisable, told


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def clock(client: TestClient) -> Clock:
    return on_a_clock_of_its_own(client)


@pytest.fixture
def problem(client: TestClient, clock: Clock) -> Json:
    """Give the first problem of an interview."""
    blueprint = Blueprint(length=2, minutes=1, feedback="at-end", interview=True)
    return handed_out(client, planted(client, str(LOCAL_LEARNER), blueprint, (MOCK_ITEM, MOCK_ITEM), clock.now))


def path(problem: Json) -> str:
    return f"/v1/problems/{problem['id']}/follow-up"


def test_the_question_comes_once_the_problem_was_answered(client: TestClient, problem: Json, refused: Refused) -> None:
    refused(client.get(path(problem)), 409, "answer-first")
    refused(client.post(path(problem), json={"answer": "…"}), 409, "answer-first")
    attempted(client, problem, "0.5146")
    asked = client.get(path(problem)).json()
    [mock] = [rendering.follow_up(preset(FAMILIES["cross-entropy-one-hot"], "mock-question"), "en")]
    assert asked["question"] == {"markdown": mock.markdown, "text": mock.text}
    assert (asked["answer"], asked["answered_at"], asked["mark"], asked["remark"]) == (None, None, None, None)


def test_a_new_answer_takes_the_place_of_the_one_before(client: TestClient, problem: Json, clock: Clock) -> None:
    attempted(client, problem, "0.5146")
    for text in ("Perhaps …", "通过 softmax。"):
        clock.advance(1)
        response = client.post(path(problem), json={"answer": text})
        assert response.status_code == 201
    assert response.headers["location"] == path(problem)
    assert client.get(path(problem)).json() == response.json()
    assert (response.json()["answer"], response.json()["answered_at"]) == ("通过 softmax。", "2100-01-01T00:00:02Z")


@pytest.mark.parametrize(("feedback", "before"), [("at-end", (None, None)), ("at-once", (0.75, "It is 0.357."))])
def test_what_a_coach_made_of_it_is_told_when_the_drill_tells(
    client: TestClient, clock: Clock, feedback: Feedback, before: tuple[float | None, str | None]
) -> None:
    blueprint = Blueprint(length=1, feedback=feedback, interview=True)
    problem = handed_out(client, planted(client, str(LOCAL_LEARNER), blueprint, (MOCK_ITEM,), clock.now))
    attempted(client, problem, "0.5146")
    assert client.portal is not None
    marked = (UUID(problem["id"]), LOCAL_LEARNER, 0.75, "It is 0.357.", clock.now)
    client.portal.call(storage_of(client).write, lambda connection: follow_ups.mark(connection, *marked))
    said = client.post(path(problem), json={"answer": "Through the softmax."}).json()
    seen = client.get(path(problem)).json()
    assert (said["mark"], said["remark"]) == (seen["mark"], seen["remark"]) == before
    moved(client, problem["drill_id"], "finish")
    told_then = client.get(path(problem)).json()
    assert (told_then["mark"], told_then["remark"]) == (0.75, "It is 0.357.")


def test_after_the_end_the_question_can_be_read_and_not_answered(client: TestClient, problem: Json, refused: Refused) -> None:
    moved(client, problem["drill_id"], "finish")
    assert client.get(path(problem)).status_code == 200
    refused(client.post(path(problem), json={"answer": "Too late."}), 409, "drill-finished")


def test_in_a_pause_nothing_is_answered(client: TestClient, problem: Json, refused: Refused) -> None:
    attempted(client, problem, "0.5146")
    moved(client, problem["drill_id"], "pause")
    refused(client.post(path(problem), json={"answer": "…"}), 409, "drill-paused")


@pytest.mark.parametrize("answer", ["", "a" * 4001, 5])
def test_an_answer_is_one_to_four_thousand_characters(
    client: TestClient, problem: Json, refused: Refused, answer: object
) -> None:
    attempted(client, problem, "0.5146")
    [error] = refused(client.post(path(problem), json={"answer": answer}), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/answer"
    assert client.post(path(problem), json={"answer": "a" * 4000}).status_code == 201


def test_no_question_follows_a_problem_outside_of_interviews(client: TestClient, refused: Refused) -> None:
    practised = posed(client)
    attempted(client, practised, "0.357")
    refused(client.get(path(practised)), 404, "not-found")


@pytest.mark.parametrize("slug", FAMILIES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_question_gives_the_truth_of_its_problem_away(slug: str, language: Language) -> None:
    for level in FAMILIES[slug].levels:
        for seed in "123":
            variant = draw(FAMILIES[slug], level, seed).variant
            question = rendering.follow_up(variant, language)
            truths = list(recognisable(list(truths_to_json(variant.truths).values())))
            assert not [n for n in told([question.markdown, question.text]) for truth in truths if n.gives_away(truth)]
