"""Which format an Accept header gets."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from app.api.formats import CSV, JSON, MARKDOWN, FormatName, NotAcceptableError, negotiated


def asked(*headers: str) -> str:
    """Return the format that a request with these Accept headers gets."""
    raw = [(b"accept", header.encode()) for header in headers]
    return negotiated(Request({"type": "http", "headers": raw}))


@pytest.mark.parametrize("header", ["*/*", "", " ", "application/json", "application/*", "text/html, */*;q=0.1"])
def test_json_is_what_everybody_gets_who_takes_anything(header: str) -> None:
    assert asked(header) == JSON


def test_no_header_at_all_gets_json() -> None:
    assert asked() == JSON


@pytest.mark.parametrize("header", ["text/csv", "Text/CSV", "text/csv; charset=utf-8", "text/csv;header=present;q=0.2"])
def test_a_format_is_found_whatever_its_case_and_parameters(header: str) -> None:
    assert asked(header) == CSV


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("application/json;q=0.5, text/markdown", MARKDOWN),
        ("text/markdown;q=0.5, text/csv;q=0.9, application/json;q=0.1", CSV),
        ("text/csv; Q=0.3, text/markdown; q = 0.4", MARKDOWN),
        ("application/json;q=0.999, text/csv;q=1.000", CSV),
    ],
)
def test_the_highest_quality_wins(header: str, media_type: str) -> None:
    assert asked(header) == media_type


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("text/csv;q=0.1, text/*;q=0.9, */*;q=0.8", MARKDOWN),
        ("application/json;q=0, */*", MARKDOWN),
        ("application/json;q=0, text/markdown;q=0, */*;q=0.1", CSV),
        ("*/*;q=0.9, application/json;q=0.2", MARKDOWN),
    ],
)
def test_the_most_precise_range_decides_about_a_format(header: str, media_type: str) -> None:
    assert asked(header) == media_type


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("*/*, text/csv", CSV),
        ("text/csv, application/json", CSV),
        ("text/*", MARKDOWN),
    ],
)
def test_between_equals_the_more_precise_then_the_first_named_then_the_first_offered_wins(header: str, media_type: str) -> None:
    assert asked(header) == media_type


@pytest.mark.parametrize(("named", "media_type"), [("json", JSON), ("markdown", MARKDOWN), ("csv", CSV)])
def test_a_format_that_the_address_names_goes_before_what_the_header_asks_for(named: FormatName, media_type: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept", b"text/html;q=0.9, text/markdown")]})
    assert negotiated(request, named) == media_type


def test_several_headers_count_as_one() -> None:
    assert asked("application/json;q=0.1", "text/csv") == CSV


@pytest.mark.parametrize(
    "header",
    ["text/html", "image/*", "*/*;q=0", "text/csv;q=0", "json", ",", "text/csv;q=2", "text/csv;q=much", "text/csv;q=nan"],
)
def test_what_takes_none_of_them_is_refused(header: str) -> None:
    with pytest.raises(NotAcceptableError):
        asked(header)
