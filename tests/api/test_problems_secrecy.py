"""No answer gives the truth away before the problem is solved or revealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from quiz_bank.registry import FAMILIES
from tests.api.conftest import Serve
from tests.api.contract import Json, held
from tests.conftest import on_sqlite_alone

SEEDS = {"1": "en", "2": "zh"}
DIGITS = 5
# Made by the service at random or from the clock: digits in them mean nothing.
MEANINGLESS = frozenset({"id", "problem_id", "seed", "created_at", "submitted_at", "request_id", "instance"})
QUANTITATIVE = [
    slug for slug, family in FAMILIES.items() if all(part.kind in {"number", "vector", "matrix"} for part in family.parts)
]


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@dataclass(frozen=True, slots=True)
class Number:
    """The digits of a number, and the power of ten of the first."""

    digits: str
    exponent: int

    @classmethod
    def of(cls, text: str) -> Number:
        number = Decimal(text)
        return cls("".join(map(str, number.as_tuple().digits)), number.adjusted())

    def gives_away(self, truth: Number) -> bool:
        """Whether this is the truth to five digits, as it is or in per cent."""
        return self.digits[:DIGITS] == truth.digits[:DIGITS] and self.exponent - truth.exponent in {0, 2}


def recognisable(value: object) -> Iterator[Number]:
    """Yield every number in a truth that has enough digits to be recognised."""
    if isinstance(value, list):
        for item in value:
            yield from recognisable(item)
    elif isinstance(value, float):
        number = Number.of(repr(value))
        if len(number.digits) > DIGITS:
            yield number


def told(content: Any) -> Iterator[Number]:  # noqa: ANN401 — whatever JSON holds
    """Yield every number in an answer, wherever it stands."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from () if name in MEANINGLESS else told(value)
    elif isinstance(content, list):
        for value in content:
            yield from told(value)
    else:
        yield from map(Number.of, re.findall(r"\d+(?:\.\d+)?", str(content)))


def filled(shape: list[int], value: str) -> object:
    return [filled(shape[1:], value) for _ in range(shape[0])] if shape else value


def walked(client: TestClient, problem: Json) -> Iterator[Any]:
    """Yield everything that can be had of an open problem: reading, hints, wrong, coarse, unreadable and repeated answers."""
    path = f"/v1/problems/{problem['id']}"
    yield problem
    for value in ("7777", "7777", "0.9", "x"):
        answers = {part["name"]: filled(part["shape"], value) for part in problem["parts"]}
        sent = client.post(f"{path}/attempts", json={"answers": answers}, headers={"idempotency-key": f"{path} {value}"})
        yield sent.json()
    for _ in range(problem["hints_available"] + 1):
        yield client.post(f"{path}/hints").json()
    for address in (
        path,
        f"{path}/attempts",
        "/v1/problems?limit=2",
        "/v1/attempts?limit=5",
        f"/v1/families/{problem['family']}",
    ):
        yield client.get(address).json()
    for attempt in client.get(f"{path}/attempts").json()["items"]:
        yield client.get(f"/v1/attempts/{attempt['id']}").json()


@on_sqlite_alone
@pytest.mark.parametrize("slug", QUANTITATIVE)
def test_the_truth_is_told_nowhere_before_it_may_be(client: TestClient, slug: str) -> None:
    searched = 0
    for level in FAMILIES[slug].levels:
        for seed, language in SEEDS.items():
            wish = {"family": slug, "level": level, "seed": seed, "language": language}
            problem = client.post("/v1/problems", json=wish, headers={"idempotency-key": f"{level} {seed}"}).json()
            said = {number for content in walked(client, problem) for number in told(content)}
            assert client.get(f"/v1/problems/{problem['id']}").json()["state"] == "open"
            solution = client.post(f"/v1/problems/{problem['id']}/solution").json()
            for truth in recognisable(list(solution["truth"].values())):
                searched += 1
                leaks = [number for number in said if number.gives_away(truth)]
                assert not leaks, (wish, solution["truth"], leaks)
    assert searched


def test_the_search_finds_a_truth_wherever_it_stands() -> None:
    hidden = {"items": [{"id": "0.35667", "hint": {"text": "about 35.667494%, or −0.356675, not 0.0356675"}}]}
    [truth] = recognisable([0.3566749439387324])
    assert [number.gives_away(truth) for number in told(hidden)] == [True, True, False]


def test_only_the_solution_has_a_truth(client: TestClient) -> None:
    problem = client.post("/v1/problems", json={"family": "cross-entropy-one-hot", "preset": "mock-question"}).json()
    names = {name for content in walked(client, problem) for name in content}
    assert not names & {"truth", "solution", "follow_up"}
    assert {"truth", "solution", "follow_up"} < set(client.post(f"/v1/problems/{problem['id']}/solution").json())
