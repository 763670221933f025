"""Problems whose family is no longer what it was, after a restart: what was shown and judged stays readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.services import shelf
from app.storage.database import Database
from quiz_bank.problem import Family
from quiz_bank.registry import FAMILIES, UnknownFamilyError
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, answer, attempted, counted_rows, held, posed

CHOICE = {"family": "entropy-or-cross-entropy", "seed": "1"}


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def restarted(serve: Serve, database_url: str) -> TestClient:
    """Return another client of the same database, whose server remembers nothing."""
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def family(slug: str) -> Family[Any]:
        raise UnknownFamilyError(slug)

    monkeypatch.setattr(shelf, "family", family)


@pytest.mark.parametrize("wish", [MOCK, CHOICE, {**MOCK, "language": "zh"}])
@pytest.mark.usefixtures("gone")
def test_a_problem_is_shown_as_it_was(client: TestClient, restarted: TestClient, wish: Mapping[str, object]) -> None:
    problem = posed(client, wish)
    assert restarted.get(f"/v1/problems/{problem['id']}").json() == problem
    assert restarted.get("/v1/problems").json()["items"] == [problem]


@pytest.mark.parametrize(("language", "said"), [("en", "no longer installed"), ("zh", "不再安装")])
@pytest.mark.parametrize("action", ["attempts", "hints", "solution"])
@pytest.mark.usefixtures("gone")
def test_nothing_more_can_be_done_with_it(
    client: TestClient, restarted: TestClient, refused: Refused, action: str, language: str, said: str
) -> None:
    problem = posed(client)
    before = counted_rows(client)
    body = {"answers": {"loss": "1"}} if action == "attempts" else {}
    path = f"/v1/problems/{problem['id']}/{action}"
    response = restarted.post(path, json=body, headers={"accept-language": language})
    assert said in refused(response, 410, "family-unavailable")["detail"]
    assert counted_rows(client) == before
    assert restarted.get(f"/v1/problems/{problem['id']}").json() == problem


@pytest.mark.usefixtures("gone")
def test_its_attempts_are_listed_without_words(client: TestClient, restarted: TestClient) -> None:
    problem = posed(client)
    attempt = attempted(client, problem, "0.5146")
    attempt["parts"]["loss"] |= {"message": "", "misconception": {"code": "wrong-log-base-2", "message": ""}}
    for path in ("/v1/attempts", f"/v1/problems/{problem['id']}/attempts"):
        assert restarted.get(path).json()["items"] == [attempt]
    assert restarted.get(f"/v1/attempts/{attempt['id']}").json() == attempt


@pytest.mark.usefixtures("gone")
def test_what_was_read_of_an_answer_stays_as_it_was(client: TestClient, restarted: TestClient) -> None:
    for wish, value in ((MOCK, "inf"), ({"family": "softmax", "seed": "1"}, ["1", "inf", "0"]), (CHOICE, "A")):
        problem = posed(client, wish)
        attempt = answer(client, problem, value).json()
        [kept] = restarted.get(f"/v1/attempts/{attempt['id']}").json()["parts"].values()
        [part] = attempt["parts"].values()
        for name in ("verdict", "submitted", "read_as", "components", "also_consistent_with"):
            assert kept[name] == part[name]


@pytest.mark.parametrize("change", ["level", "parameters"])
def test_a_family_that_lost_the_level_or_the_parameters_is_as_good_as_gone(
    client: TestClient, restarted: TestClient, refused: Refused, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    known = FAMILIES["cross-entropy-one-hot"]
    changes: dict[str, Any] = {"levels": {}} if change == "level" else {"parameters": FAMILIES["softmax"].parameters}
    monkeypatch.setattr(shelf, "family", lambda slug: replace(known, **changes))
    problem = posed(client)
    refused(restarted.post(f"/v1/problems/{problem['id']}/hints"), 410, "family-unavailable")
