"""The catalogue in a browser without scripts: find a family, read about it, start it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quiz_bank import registry
from quiz_bank.registry import FAMILIES
from tests.web.conftest import Browser, Visit

ONE_HOT = "/families/cross-entropy-one-hot"


def slugs(browser: Browser) -> list[str]:
    """Return the families that the page lists."""
    assert browser.last
    return [link.removeprefix("/families/") for link in browser.last.all("//ul[@class='catalogue-list']//a/@href")]


def test_every_family_is_listed_under_its_topic(browser: Browser) -> None:
    browser.open("/families")
    assert sorted(slugs(browser)) == sorted(FAMILIES)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=one-hot", ["cross-entropy-one-hot"]),
        ("q=GRADIENT+focal", ["gradient-focal"]),
        ("q=information&level=1&kind=matrix", []),
        ("kind=matrix", ["gradient-batch", "gradient-weighted", "softmax-jacobian", "linear-layer-gradient"]),
    ],
)
def test_a_search_finds_what_has_all_that_is_looked_for(browser: Browser, query: str, found: list[str]) -> None:
    browser.open(f"/families?{query}")
    assert slugs(browser) == found


def test_every_family_has_a_page_with_its_formula(browser: Browser) -> None:
    for slug in FAMILIES:
        shown = browser.open(f"/families/{slug}")
        assert shown.status == 200, slug
        assert shown.all("//main//div[@class='formula']//math"), slug


def test_a_topic_without_a_primer_is_named_and_leads_nowhere(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser.open(ONE_HOT).all("//main//a[@href='/topics/cross-entropy']")
    offered = replace(FAMILIES["cross-entropy-one-hot"], topic="survival")
    monkeypatch.setattr(registry, "FAMILIES", {**FAMILIES, offered.slug: offered})
    shown = browser.open(ONE_HOT)
    assert "survival" in shown.text
    assert not shown.all("//main//p[@class='quiet crumbs']/a[starts-with(@href, '/topics/')]")


def test_a_family_that_there_is_not_is_not_found(browser: Browser) -> None:
    shown = browser.open("/families/cross-entropy-one-hit")
    assert shown.status == 404
    assert "cross-entropy-one-hot" in shown.text


@pytest.mark.parametrize(("field", "value", "said"), [("level", "3", "level 3"), ("preset", "mock-question", "[0.7,0.2,0.1]")])
def test_a_family_is_started_at_a_level_or_with_a_preset(browser: Browser, field: str, value: str, said: str) -> None:
    browser.open(ONE_HOT)
    shown = browser.send(ONE_HOT, {field: value})
    assert browser.here.startswith("/problems/")
    assert said in shown.text


def test_whoever_is_not_signed_in_may_read_but_not_start(visit: Visit) -> None:
    browser = visit(access="tokens")
    shown = browser.open(ONE_HOT)
    assert shown.status == 200
    assert not shown.all("//main//button")
    assert shown.all("//main//a[starts-with(@href, '/sign-in')]")
