"""The OpenAPI document: complete for people, and true to itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, meta

from quiz_bank.parameters import schema as parameters_schema
from quiz_bank.parameters import show_parameters
from quiz_bank.registry import FAMILIES
from tests.api.contract import document

Json = dict[str, Any]

OPERATIONS = [(method, path) for path, methods in document()["paths"].items() for method in methods]
CREATING = [
    "/v1/drills",
    "/v1/drills/{drill_id}/finish",
    "/v1/drills/{drill_id}/next",
    "/v1/drills/{drill_id}/pause",
    "/v1/drills/{drill_id}/resume",
    "/v1/problems",
    "/v1/problems/{problem_id}/attempts",
    "/v1/problems/{problem_id}/follow-up",
    "/v1/problems/{problem_id}/hints",
    "/v1/problems/{problem_id}/reports",
    "/v1/problems/{problem_id}/solution",
    "/v1/learners",
    "/v1/learners/{learner_id}/tokens",
    "/v1/me/tokens",
    "/v1/reviews/next",
    "/v1/rooms",
    "/v1/rooms/{code}/close",
    "/v1/rooms/{code}/drills",
    "/v1/rooms/{code}/marks",
]


def operation(method: str, path: str) -> Json:
    found: Json = document()["paths"][path][method]
    return found


def rooted(schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document()["components"]}, validate_formats=True)


def test_the_document_has_every_call_of_this_release() -> None:
    assert sorted(path for path in document()["paths"] if path.startswith("/v1")) == [
        "/v1/analytics/families",
        "/v1/analytics/families/{slug}",
        "/v1/analytics/people",
        "/v1/attempts",
        "/v1/attempts/export",
        "/v1/attempts/{attempt_id}",
        "/v1/audit",
        "/v1/daily",
        "/v1/daily/{date}",
        "/v1/drills",
        "/v1/drills/presets",
        "/v1/drills/{drill_id}",
        "/v1/drills/{drill_id}/finish",
        "/v1/drills/{drill_id}/next",
        "/v1/drills/{drill_id}/pause",
        "/v1/drills/{drill_id}/report",
        "/v1/drills/{drill_id}/resume",
        "/v1/export/anki",
        "/v1/export/moodle",
        "/v1/families",
        "/v1/families/{slug}",
        "/v1/learners",
        "/v1/learners/{learner_id}",
        "/v1/learners/{learner_id}/tokens",
        "/v1/me",
        "/v1/me/tokens",
        "/v1/me/tokens/{token_id}",
        "/v1/problems",
        "/v1/problems/{problem_id}",
        "/v1/problems/{problem_id}/attempts",
        "/v1/problems/{problem_id}/follow-up",
        "/v1/problems/{problem_id}/hints",
        "/v1/problems/{problem_id}/reports",
        "/v1/problems/{problem_id}/solution",
        "/v1/progress",
        "/v1/progress/calibration",
        "/v1/reports",
        "/v1/reports/{report_id}",
        "/v1/reviews",
        "/v1/reviews/next",
        "/v1/rooms",
        "/v1/rooms/{code}",
        "/v1/rooms/{code}/close",
        "/v1/rooms/{code}/drills",
        "/v1/rooms/{code}/events",
        "/v1/rooms/{code}/marks",
        "/v1/rooms/{code}/results",
        "/v1/topics",
        "/v1/topics/{topic}",
    ]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_call_has_a_summary_and_a_description(method: str, path: str) -> None:
    found = operation(method, path)
    assert 5 < len(found["summary"]) < 60
    assert len(found["description"]) > 15


def test_no_two_calls_have_one_name() -> None:
    names = [operation(method, path)["operationId"] for method, path in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_parameter_of_a_query_or_header_is_described(method: str, path: str) -> None:
    for parameter in operation(method, path).get("parameters", []):
        assert parameter["in"] == "path" or parameter["description"]


@pytest.mark.parametrize("path", CREATING)
def test_every_call_that_creates_takes_an_idempotency_key(path: str) -> None:
    taken = operation("post", path)
    assert [parameter["name"] for parameter in taken["parameters"] if parameter["in"] == "header"] == ["idempotency-key"]
    examples = taken["responses"]["422"]["content"]["application/problem+json"]["examples"]
    assert "idempotency-key-reused" in examples


def test_no_other_post_creates() -> None:
    assert [path for method, path in OPERATIONS if method == "post" and path not in CREATING] == []


def bodies() -> Iterator[tuple[str, Json]]:
    """Yield every body that is sent or answered with success, with where it stands."""
    for method, path in OPERATIONS:
        found = operation(method, path)
        if "requestBody" in found:
            yield f"{method} {path} request", found["requestBody"]["content"]["application/json"]["schema"]
        for status, response in found["responses"].items():
            if status < "400" and "application/json" in response.get("content", {}):  # a file to save has no example
                yield f"{method} {path} {status}", response["content"]["application/json"]["schema"]


@pytest.mark.parametrize(("where", "schema"), list(bodies()), ids=[where for where, _ in bodies()])
def test_every_body_has_examples_that_fit_its_schema(where: str, schema: Json) -> None:
    name = schema["$ref"].rpartition("/")[2]
    examples = document()["components"]["schemas"][name].get("examples", [])
    assert examples, f"{where}: {name} has no example"
    for example in examples:
        rooted(schema).validate(example)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_example_of_an_error_fits_its_schema(method: str, path: str) -> None:
    for status, response in operation(method, path)["responses"].items():
        if status >= "400":
            content = response["content"]["application/problem+json"]
            for example in content["examples"].values():
                rooted(content["schema"]).validate(example["value"])


@pytest.mark.parametrize("name", document()["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    meta.validate(document()["components"]["schemas"][name])


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_familys_schema_accepts_its_presets(slug: str) -> None:
    family = FAMILIES[slug]
    schema = parameters_schema(family.parameters)
    meta.validate(schema)
    for parameters in family.presets.values():
        Draft202012Validator(schema).validate(show_parameters(parameters))


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_familys_schema_refuses_what_it_does_not_know(slug: str) -> None:
    family = FAMILIES[slug]
    validator = Draft202012Validator(parameters_schema(family.parameters))
    for parameters in family.presets.values():
        assert not validator.is_valid({**show_parameters(parameters), "zebra": 1})
        assert not validator.is_valid({})
