"""What the service is measured against answers as the service does."""

from __future__ import annotations

import json

import pytest

from bench.servers import serving

WISH = '{"family": "cross-entropy-one-hot", "preset": "mock-question", "level": 2}'
SERVICE = "app.main:create_app_from_env"


def answered(factory: str, url: str, problem: str) -> dict[str, object]:
    with serving(factory, url) as server:
        attempt: dict[str, object] = json.loads(
            server.post(f"/v1/problems/{problem}/attempts", '{"answers": {"loss": "0.357"}}')
        )
    return attempt


def posed(factory: str, url: str) -> str:
    with serving(factory, url) as server:
        return str(json.loads(server.post("/v1/problems", WISH))["id"])


@pytest.mark.parametrize("factory", [SERVICE, "bench.naive:create"])
def test_an_attempt_is_judged_alike(factory: str, sqlite_url: str) -> None:
    attempt = answered(factory, sqlite_url, posed(SERVICE, sqlite_url))
    assert (attempt["verdict"], attempt["counted"]) == ("right", True)


def test_the_upper_bound_sets_and_judges_a_problem_that_it_does_not_store(sqlite_url: str) -> None:
    with serving("bench.floor:create", sqlite_url) as server:
        problem = json.loads(server.post("/v1/problems", WISH))
        attempt = json.loads(server.post(f"/v1/problems/{problem['id']}/attempts", '{"answers": {"loss": "0.357"}}'))
    assert (attempt["verdict"], attempt["counted"]) == ("right", True)
