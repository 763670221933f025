"""Answering problems: verdicts, what counts, and reading attempts back; on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import answer, attempted, counted_rows, held, posed


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


def loss_of(attempt: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = attempt["parts"]["loss"]
    return part


@pytest.mark.parametrize("value", ["0.357", "-ln(0.7)", "０.３５７", "0.5146 bits", 0.357, "35.7%", "0.35667494"])
def test_every_way_of_writing_the_loss_is_right(client: TestClient, value: object) -> None:
    problem = posed(client)
    attempt = attempted(client, problem, value)
    assert (attempt["verdict"], attempt["credit"], attempt["counted"], attempt["number"]) == ("right", 1.0, True, 1)
    assert loss_of(attempt)["submitted"] == value
    assert client.get(f"/v1/problems/{problem['id']}").json()["state"] == "solved"


def test_another_unit_is_right_with_a_note(client: TestClient) -> None:
    assert "bits" in loss_of(attempted(client, posed(client), "0.5146 bits"))["message"]


@pytest.mark.parametrize(
    ("value", "code", "read_as"),
    [("0.5146", "wrong-log-base-2", 0.5146), ("-0.357", "sign-flipped", -0.357), ("0.3", "complement", 0.3)],
)
def test_a_wrong_number_is_traced_to_its_mistake(client: TestClient, value: str, code: str, read_as: float) -> None:
    problem = posed(client)
    attempt = attempted(client, problem, value)
    assert (attempt["verdict"], attempt["credit"], attempt["counted"]) == ("wrong", 0.0, True)
    assert (loss_of(attempt)["misconception"]["code"], loss_of(attempt)["read_as"]) == (code, read_as)
    assert client.get(f"/v1/problems/{problem['id']}").json()["tries"] == 1


def test_a_coarse_number_asks_for_digits_and_uses_up_no_try(client: TestClient) -> None:
    problem = posed(client)
    attempt = attempted(client, problem, "0.36")
    assert (attempt["verdict"], attempt["counted"], attempt["number"]) == ("too_coarse", False, 1)
    shown = client.get(f"/v1/problems/{problem['id']}").json()
    assert (shown["tries"], shown["state"]) == (0, "open")


@pytest.mark.parametrize(("language", "said"), [("en", "abs"), ("zh", "第 1 个字符")])
def test_what_cannot_be_read_is_refused_at_its_character_and_not_stored(
    client: TestClient, refused: Refused, language: str, said: str
) -> None:
    problem = posed(client)
    response = answer(client, problem, "abc", headers={"accept-language": language, "idempotency-key": "u"})
    [error] = refused(response, 422, "unreadable-answer")["errors"]
    assert (error["pointer"], error["position"]) == ("/answers/loss", 0)
    assert said in error["detail"]
    rows = counted_rows(client)
    assert (rows["attempts"], rows["judgements"], rows["idempotency"]) == (0, 0, 0)
    assert client.get(f"/v1/problems/{problem['id']}").json()["tries"] == 0


def test_verdict_and_mistake_are_explained_in_chinese(client: TestClient) -> None:
    part = loss_of(attempted(client, posed(client), "0.5146", headers={"accept-language": "zh"}))
    assert part["message"] == "不正确。"
    assert "以 2 为底" in part["misconception"]["message"]


def test_a_stored_attempt_is_explained_in_the_readers_language(client: TestClient) -> None:
    attempt = attempted(client, posed(client), "0.5146")
    shown = client.get(f"/v1/attempts/{attempt['id']}", headers={"accept-language": "zh"}).json()
    assert loss_of(shown)["message"] == "不正确。"


def test_attempts_are_numbered_from_one_within_their_problem(client: TestClient) -> None:
    first, second = posed(client), posed(client)
    assert [attempted(client, first, value)["number"] for value in ("0.3", "0.36", "0.357")] == [1, 2, 3]
    assert attempted(client, second, "0.3")["number"] == 1


def test_after_the_first_right_answer_nothing_counts_any_more(client: TestClient) -> None:
    problem = posed(client)
    verdicts = [attempted(client, problem, value) for value in ("0.3", "0.357", "0.357", "0.3")]
    assert [(verdict["verdict"], verdict["counted"]) for verdict in verdicts] == [
        ("wrong", True),
        ("right", True),
        ("right", False),
        ("wrong", False),
    ]
    shown = client.get(f"/v1/problems/{problem['id']}").json()
    assert (shown["state"], shown["tries"]) == ("solved", 2)


def test_after_the_solution_answers_are_judged_and_do_not_count(client: TestClient) -> None:
    problem = posed(client)
    client.post(f"/v1/problems/{problem['id']}/solution")
    attempt = attempted(client, problem, "0.357")
    assert (attempt["verdict"], attempt["counted"]) == ("right", False)
    shown = client.get(f"/v1/problems/{problem['id']}").json()
    assert (shown["state"], shown["tries"]) == ("revealed", 0)


def test_confidence_and_duration_are_kept(client: TestClient) -> None:
    body = {"answers": {"loss": "0.3"}, "confidence": 0.85, "duration_ms": 41_000}
    made = client.post(f"/v1/problems/{posed(client)['id']}/attempts", json=body).json()
    shown = client.get(f"/v1/attempts/{made['id']}").json()
    assert (shown["confidence"], shown["duration_ms"]) == (0.85, 41_000)


def test_an_attempt_says_where_it_is_and_reads_the_same_there(client: TestClient) -> None:
    response = answer(client, posed(client), "0.5146")
    location = response.headers["location"]
    assert location == f"/v1/attempts/{response.json()['id']}"
    shown = client.get(location)
    assert shown.json() == response.json()
    assert client.get(location, headers={"if-none-match": shown.headers["etag"]}).status_code == 304


def test_an_attempt_sent_again_happens_once(client: TestClient) -> None:
    problem = posed(client)
    first, second = (answer(client, problem, "0.3", headers={"idempotency-key": "a"}) for _ in range(2))
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["location"] == first.headers["location"]
    assert counted_rows(client)["attempts"] == 1


def test_a_key_with_another_answer_or_problem_is_refused(client: TestClient, refused: Refused) -> None:
    problem, other = posed(client), posed(client)
    answer(client, problem, "0.3", headers={"idempotency-key": "a"})
    refused(answer(client, problem, "0.30", headers={"idempotency-key": "a"}), 422, "idempotency-key-reused")
    refused(answer(client, other, "0.3", headers={"idempotency-key": "a"}), 422, "idempotency-key-reused")
    assert counted_rows(client)["attempts"] == 1


def test_a_vector_is_judged_component_by_component(client: TestClient) -> None:
    problem = posed(client, {"family": "softmax", "preset": "three-routes"})
    right = attempted(client, problem, ["0.659", "0.242", "0.0986"])
    assert (right["verdict"], right["parts"]["probabilities"]["components"]) == ("right", ["right", "right", "right"])


def test_a_vector_that_is_right_in_part_has_its_share_of_credit(client: TestClient) -> None:
    problem = posed(client, {"family": "softmax", "preset": "three-routes"})
    attempt = attempted(client, problem, ["0.659", "0.3", "0.0986"])
    part = attempt["parts"]["probabilities"]
    assert (attempt["verdict"], part["components"]) == ("partly_right", ["right", "wrong", "right"])
    assert attempt["credit"] == pytest.approx(2 / 3)
    assert part["read_as"] == [0.659, 0.3, 0.0986]


def test_numbers_that_break_an_identity_are_told_so(client: TestClient) -> None:
    problem = posed(client, {"family": "softmax", "preset": "three-routes"})
    part = attempted(client, problem, ["0.659", "0.3", "0.0986"])["parts"]["probabilities"]
    assert "0.0576" in part["message"]


def test_each_part_has_its_own_verdict_and_the_credit_is_their_mean(client: TestClient) -> None:
    problem = posed(client, {"family": "multi-label-bce", "preset": "multi-label"})
    assert [part["shape"] for part in problem["parts"]] == [[3], [], []]
    answers = {"terms": ["0.127", "0.201", "0.313"], "sum": "0.642", "mean": "7"}
    attempt = client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": answers}).json()
    assert {name: part["verdict"] for name, part in attempt["parts"].items()} == {
        "terms": "right",
        "sum": "right",
        "mean": "wrong",
    }
    assert (attempt["verdict"], attempt["credit"]) == ("partly_right", pytest.approx(2 / 3))


def test_a_part_that_follows_from_a_wrong_one_is_carried_forward(client: TestClient) -> None:
    problem = posed(client, {"family": "multi-label-bce", "preset": "multi-label"})
    answers = {"terms": ["0.127", "0.201", "0.9"], "sum": "1.228", "mean": "0.4093"}
    attempt = client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": answers}).json()
    assert [attempt["parts"][name]["verdict"] for name in ("terms", "sum", "mean")] == ["partly_right", "right", "right"]


def test_every_unreadable_field_is_named_at_once(client: TestClient, refused: Refused) -> None:
    problem = posed(client, {"family": "multi-label-bce", "preset": "multi-label"})
    answers = {"terms": ["0.1", "x", "0,3"], "sum": "", "mean": "1 2"}
    response = client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": answers})
    errors = refused(response, 422, "unreadable-answer")["errors"]
    assert [error["pointer"] for error in errors] == ["/answers/terms/1", "/answers/terms/2", "/answers/sum", "/answers/mean"]


def test_attempts_of_a_problem_are_listed_from_the_newest_page_by_page(client: TestClient) -> None:
    problem = posed(client)
    attempted(client, posed(client), "0.3")
    for value in ("0.3", "0.36", "0.357"):
        attempted(client, problem, value)
    first = client.get(f"/v1/problems/{problem['id']}/attempts?limit=2")
    second = client.get(first.links["next"]["url"])
    pages = [[item["number"] for item in page.json()["items"]] for page in (first, second)]
    assert pages == [[3, 2], [1]]
    assert "next" not in second.links


def test_a_problem_without_attempts_has_an_empty_list(client: TestClient) -> None:
    assert client.get(f"/v1/problems/{posed(client)['id']}/attempts").json() == {"items": []}


def test_attempts_are_filtered(client: TestClient) -> None:
    one_hot, softmax = posed(client), posed(client, {"family": "softmax", "preset": "three-routes"})
    wrong, coarse = (attempted(client, one_hot, value) for value in ("0.5146", "0.36"))
    vector = attempted(client, softmax, ["0.659", "0.242", "0.0986"])

    def found(**query: str) -> list[str]:
        return [item["id"] for item in client.get("/v1/attempts", params=query).json()["items"]]

    assert found() == [vector["id"], coarse["id"], wrong["id"]]
    assert found(family="softmax") == [vector["id"]]
    assert found(verdict="too_coarse") == [coarse["id"]]
    assert found(misconception="wrong-log-base-2") == [wrong["id"]]
    assert found(since=coarse["submitted_at"]) == [vector["id"], coarse["id"]]
    assert found(until=coarse["submitted_at"]) == [wrong["id"]]
    assert found(since=coarse["submitted_at"], until=vector["submitted_at"], family="cross-entropy-one-hot") == [coarse["id"]]


def test_a_list_of_attempts_that_the_caller_has_is_not_sent_again(client: TestClient) -> None:
    attempted(client, posed(client), "0.3")
    tag = client.get("/v1/attempts").headers["etag"]
    assert client.get("/v1/attempts", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/v1/attempts", headers={"if-none-match": tag, "accept-language": "zh"}).status_code == 200


def test_hints_go_from_vague_to_clear_and_the_last_is_given_again(client: TestClient) -> None:
    problem = posed(client)
    hints = [client.post(f"/v1/problems/{problem['id']}/hints").json() for _ in range(4)]
    assert [hint["number"] for hint in hints] == [1, 2, 3, 3]
    assert hints[3] == hints[2]
    assert len({hint["hint"]["text"] for hint in hints}) == 3
    assert client.get(f"/v1/problems/{problem['id']}").json()["hints_taken"] == 3


def test_hints_lower_no_credit(client: TestClient) -> None:
    problem = posed(client)
    client.post(f"/v1/problems/{problem['id']}/hints")
    assert attempted(client, problem, "0.357")["credit"] == 1.0


def test_hints_and_solution_are_in_the_problems_language(client: TestClient) -> None:
    path = f"/v1/problems/{posed(client, {'family': 'cross-entropy-one-hot', 'language': 'zh'})['id']}"
    assert "独热" in client.post(f"{path}/hints").json()["hint"]["text"]
    assert "损失" in client.post(f"{path}/solution").json()["solution"]["text"]


def test_a_hint_asked_for_again_with_its_key_is_the_same_one(client: TestClient) -> None:
    problem = posed(client)
    headers = {"idempotency-key": "h"}
    first, second = (client.post(f"/v1/problems/{problem['id']}/hints", headers=headers) for _ in range(2))
    assert (first.json()["number"], second.json()) == (1, first.json())
    assert client.get(f"/v1/problems/{problem['id']}").json()["hints_taken"] == 1


def test_the_solution_reveals_the_truth_and_closes_the_problem(client: TestClient) -> None:
    problem = posed(client)
    solution = client.post(f"/v1/problems/{problem['id']}/solution").json()
    assert (solution["state"], solution["truth"]) == (
        "revealed",
        {"loss": 0.3566749439387324},
    )  # the float nearest to -ln 0.7, which -math.log(0.7) is not
    assert "0.35667" in solution["solution"]["text"]
    assert client.get(f"/v1/problems/{problem['id']}").json()["state"] == "revealed"


def test_the_solution_of_a_solved_problem_leaves_it_solved(client: TestClient) -> None:
    problem = posed(client)
    attempted(client, problem, "0.357")
    assert client.post(f"/v1/problems/{problem['id']}/solution").json()["state"] == "solved"


def test_the_solution_asked_for_again_is_the_same(client: TestClient) -> None:
    path = f"/v1/problems/{posed(client)['id']}/solution"
    first, second = (client.post(path, headers={"idempotency-key": "s"}) for _ in range(2))
    assert second.json() == first.json() == client.post(path).json()


def test_an_infinite_loss_travels_as_text(client: TestClient) -> None:
    own = {"prediction": ["0", "1"], "target": [1, 0]}
    problem = posed(client, {"family": "cross-entropy-one-hot", "parameters": own})
    attempt = attempted(client, problem, "∞")
    assert (attempt["verdict"], loss_of(attempt)["read_as"]) == ("right", "inf")
    assert client.post(f"/v1/problems/{problem['id']}/solution").json()["truth"] == {"loss": "inf"}
