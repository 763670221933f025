"""The pages of the primers: the ladder, a topic, its slider without a script, and the way from a mistake to its paragraph."""

from __future__ import annotations

import json

import pytest

from app.services.primers import mending
from app.web.markup import line, prose
from app.web.primer_picture import CURVES, curve_of, position
from quiz_bank.primer import primer
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import TOPICS
from tests.web.conftest import Browser, SignedIn, Visit

PRACTISE = "//form[@action='/practise']"


def ids(browser: Browser) -> list[str]:
    assert browser.last is not None
    return [str(each) for each in browser.last.all("//@id")]


def test_the_ladder_leads_to_every_topic_in_order(browser: Browser) -> None:
    shown = browser.open("/topics")
    assert [link.get("href") for link in shown.all("//ol/li/h2/a")] == [f"/topics/{topic}" for topic in TOPICS]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_topics_page_shows_its_primer_with_formulas(browser: Browser, language: Language) -> None:
    browser.language = language
    for topic in TOPICS:
        shown = browser.open(f"/topics/{topic}")
        assert [each.text_content() for each in shown.all("//h1")] == [primer(topic, language).title]
        assert shown.all("//main//math")
        assert not {"«", "$"} & set(shown.text), topic


def test_a_page_is_chinese_throughout(browser: Browser) -> None:
    browser.language = "zh"
    headings = [each.text_content() for each in browser.open("/topics/information").all("//h2")]
    assert {"例题详解", "常见错误", "一分钟讲清楚"} <= set(headings)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("topic", TOPICS)
def test_every_formula_of_a_primer_is_mathml_without_inline_style(topic: str, language: Language) -> None:
    page = primer(topic, language)
    bodies = [page.summary, page.formula, page.picture, page.minute, *(each.body for each in (*page.sections, *page.mistakes))]
    html = "".join(prose(each.markdown) for each in bodies) + "".join(line(each.title) for each in page.mistakes)
    assert "<math" in html
    assert " style=" not in html
    assert "merror" not in html


def test_no_two_things_on_a_page_have_one_id(browser: Browser) -> None:
    for topic in TOPICS:
        browser.open(f"/topics/{topic}")
        found = ids(browser)
        assert len(set(found)) == len(found), topic


def test_where_a_mistake_of_the_bank_leads_there_is_a_paragraph(browser: Browser) -> None:
    led = {mending(code, slug) for slug, family in FAMILIES.items() for code in family.misconception_codes}
    there = set()
    for topic in TOPICS:
        browser.open(f"/topics/{topic}")
        there |= {(topic, each) for each in ids(browser)}
    assert led <= there


def test_every_code_that_a_paragraph_mends_is_an_anchor_of_its_own(browser: Browser) -> None:
    browser.open("/topics/information")
    assert {"mistake-wrong-log-base-2", "mistake-wrong-log-base-e", "mistake-base-mismatched"} <= set(ids(browser))


def test_practising_just_this_sets_a_problem_of_the_topic(browser: Browser) -> None:
    browser.open("/topics/gradients")
    browser.send("/practise")
    assert browser.here.startswith("/problems/")
    problem = browser.client.get(f"/v1{browser.here}").json()
    assert problem["topic"] == "gradients"


def test_nobody_reads_too_and_is_led_to_where_they_sign_in(visit: Visit) -> None:
    shown = visit(access="tokens").open("/topics/logits")
    assert not shown.all(PRACTISE)
    assert shown.all("//a[@href='/sign-in?then=/topics/logits']")


def test_who_is_signed_in_can_practise_from_the_page(signed_in: SignedIn) -> None:
    shown = signed_in().open("/topics/logits")
    assert len(shown.all(PRACTISE)) == 1
    assert shown.all("//a[@href='/drills/new?topic=logits']")


def test_without_a_script_the_slider_is_a_form_that_shows_its_position(browser: Browser) -> None:
    assert "q = 0.7 −ln q = 0.35667" in browser.open("/topics/cross-entropy").text
    assert "q = 0.1 −ln q = 2.3026" in browser.open("/topics/cross-entropy?at=10").text


def test_a_position_that_is_none_shows_where_the_slider_begins(browser: Browser) -> None:
    for asked in ("101", "-1", "x", "1e3", "²", "99999999999"):
        assert "q = 0.7 −ln" in browser.open(f"/topics/cross-entropy?at={asked}").text


@pytest.mark.parametrize("topic", TOPICS)
def test_the_script_is_given_what_the_server_shows_at_each_position(topic: str) -> None:
    steps = json.loads(curve_of(topic, position(topic, None)).steps)
    assert len(steps) == len(CURVES[topic].positions)
    for at in (0, 10, len(steps) - 1):
        shown, (x, heights, said) = curve_of(topic, at), steps[at]
        assert list(shown.said) == said
        for height in heights:
            assert f'transform="translate({x} {height})"' in shown.picture.svg


@pytest.mark.parametrize("topic", TOPICS)
def test_every_point_lies_within_its_picture(topic: str) -> None:
    curve = CURVES[topic]
    assert all(curve.low <= each.value(x) <= curve.high for each in curve.lines for x in curve.positions)


def test_what_is_no_topic_is_a_page_that_names_those_that_there_are(browser: Browser) -> None:
    shown = browser.open("/topics/astrology")
    assert shown.status == 404
    assert "cross-entropy" in shown.text
