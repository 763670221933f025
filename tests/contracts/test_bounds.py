"""Everything that a request may hold has a bound in the document of the calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.api.contract import document

BOUNDED_OTHERWISE: Final = {
    "cursor": "it is one that the service gave out, of one length",
    "parameters": "a family reads its own, and the body that holds them is bounded",
}
BOUNDS_OF_A_TEXT: Final = {"maxLength", "pattern", "enum", "const", "format"}

Found = Iterator[tuple[str, str]]


def unbounded(schema: dict[str, Any], name: str, inside: frozenset[str] = frozenset()) -> Found:
    """Yield the name of every text, list and map within a schema that may be as large as one likes, and where it is."""
    if "$ref" in schema:
        of = schema["$ref"].rpartition("/")[2]
        if of not in inside:
            yield from unbounded(document()["components"]["schemas"][of], name, inside | {of})
        return
    kind = schema.get("type")
    others = schema.get("additionalProperties")
    is_open = (
        (kind == "string" and not BOUNDS_OF_A_TEXT & schema.keys())
        or (kind == "array" and "maxItems" not in schema)
        or (kind == "object" and bool(others) and "maxProperties" not in schema)
    )
    if is_open:
        yield name, str(schema)
    parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ()), schema.get("items", {})]
    parts.append(others if isinstance(others, dict) else {})
    for part in filter(None, parts):
        yield from unbounded(part, name, inside)
    for its_name, its_schema in schema.get("properties", {}).items():
        yield from unbounded(its_schema, its_name, inside)


def asked_for() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schema of every body and every parameter of a query."""
    for methods in document()["paths"].values():
        for operation in methods.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                yield "body", media["schema"]
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    yield parameter["name"], parameter["schema"]


def test_every_text_list_and_map_in_a_request_is_bounded_or_says_what_bounds_it() -> None:
    found = {name: text for where, schema in asked_for() for name, text in unbounded(schema, where)}
    assert set(found) == set(BOUNDED_OTHERWISE), found


def test_every_page_of_a_list_is_bounded() -> None:
    limits = [schema for name, schema in asked_for() if name == "limit"]
    assert len(limits) > 5
    assert {schema.get("maximum", 0) <= 100 for schema in limits} == {True}
