"""Practising: what an answer is told, and what the keys do."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from app.services import drills
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.services.problems import Wish, pose
from app.services.shelf import Shelf
from app.web.visits import Choices
from quiz_bank.problem import Language
from tests.browser.answering import expect_verdict
from tests.browser.conftest import Open
from tests.browser.service import Person, Service

MOCK = ("cross-entropy-one-hot", "mock-question")
"""The loss of [0.7, 0.2, 0.1] against [1, 0, 0], which is 0.356675."""

VECTOR = ("softmax", "three-routes")
"""The softmax of three logits: 0.659001, 0.242433, 0.0985659."""

SOLUTION = re.compile(r"/problems/[^/]+/solution$")


def address_of(service: Service, person: Person, family: str, preset: str, language: Language = "en") -> str:
    """Return where a new problem is."""
    wish = Wish(language, family, None, 2, None, preset)
    now = datetime.now(UTC)
    row = service.write(lambda connection: pose(connection, Shelf(), person.id, wish, now=now, new_seed="any"))
    return f"/problems/{row.id}"


@pytest.fixture
def mock(visit: Open, service: Service, me: Person) -> Page:
    """Open the page of the mock question."""
    return visit(address_of(service, me, *MOCK), by=me)


def typed(page: Page, *answers: str) -> None:
    """Type answers into the fields one after the other, beginning in the one that has the focus; Enter goes on or sends."""
    for text in answers:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def test_a_right_answer_says_so_in_a_word_and_enter_goes_on_to_the_next_problem(mock: Page) -> None:
    before = mock.url
    typed(mock, "0.3567")
    expect(expect_verdict(mock, "right")).to_contain_text("Right")
    mock.keyboard.press("Enter")
    expect(mock.locator("#verdict")).to_have_count(0)
    assert mock.url != before


def test_an_expression_is_read_back_while_it_is_typed_and_again_after_it_was_sent(mock: Page) -> None:
    mock.keyboard.type("-ln 0.7")
    expect(mock.locator("#answer .reading")).to_contain_text("0.3567")
    mock.keyboard.press("Enter")
    expect(expect_verdict(mock, "right")).to_contain_text("→ read as 0.3567")


def test_a_wrong_answer_is_told_the_mistake_that_gives_it(mock: Page) -> None:
    typed(mock, "0.3")
    verdict = expect_verdict(mock, "wrong")
    expect(verdict.locator(".why")).not_to_be_empty()
    expect(mock.locator("#live")).to_contain_text("Not right")


def test_of_a_wrong_vector_it_is_told_which_components_are_wrong(visit: Open, service: Service, me: Person) -> None:
    page = visit(address_of(service, me, *VECTOR), by=me)
    typed(page, "0.659", "0.3", "0.0986")
    verdict = expect_verdict(page, "partly_right")
    states = verdict.locator(".cell").evaluate_all("cells => cells.map((cell) => cell.className)")
    assert states == ["cell right", "cell wrong", "cell right"]
    expect(verdict.locator(".cell").nth(1)).to_contain_text("✗ Not right")


def test_what_cannot_be_read_keeps_its_place_and_says_where_it_is_at_fault(mock: Page) -> None:
    typed(mock, "0,357")
    expect(mock.get_by_role("alert").first).to_contain_text("point")
    field = mock.locator("#answer input[data-read]")
    expect(field).to_have_value("0,357")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(("key", "shown"), [("h", "#hint-1"), ("?", "dialog[open] .help")])
def test_a_key_shows(mock: Page, key: str, shown: str) -> None:
    mock.keyboard.press("Escape")
    mock.keyboard.press(key)
    expect(mock.locator(shown)).to_be_visible()


def test_s_shows_the_solution_and_n_goes_on(mock: Page) -> None:
    before = mock.url
    mock.keyboard.press("Escape")
    mock.keyboard.press("s")
    expect(mock).to_have_url(SOLUTION)
    expect(mock.locator(".solution")).to_be_visible()
    mock.keyboard.press("n")
    expect(mock.locator("#answer")).to_be_visible()
    assert not mock.url.startswith(before)


def test_a_letter_in_a_field_is_a_letter(mock: Page) -> None:
    mock.keyboard.type("h")
    expect(mock.locator("#answer input[data-read]")).to_have_value("h")
    mock.keyboard.press("Enter")
    expect(mock.get_by_role("alert").first).to_be_visible()
    expect(mock.locator("#hint-1")).to_have_count(0)


COMPOSE = """element => element.dispatchEvent(
    new KeyboardEvent("keydown", {key: "h", isComposing: true, bubbles: true, cancelable: true}))"""


def test_keys_are_left_alone_while_an_input_method_composes(mock: Page) -> None:
    mock.keyboard.press("Escape")
    assert mock.locator("body").evaluate(COMPOSE) is True
    mock.keyboard.press("h")
    expect(mock.locator("#hint-1")).to_be_visible()
    expect(mock.locator("#hint-2")).to_have_count(0)


def test_keys_can_be_switched_off(visit: Open, service: Service, me: Person) -> None:
    page = visit(address_of(service, me, *MOCK), by=me, choices=Choices(keys=False))
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.locator("#answer input[data-read]").focus()
    typed(page, "0.357")
    expect_verdict(page, "right")


def test_in_chinese_everything_is_told_in_chinese(visit: Open, service: Service) -> None:
    me = service.enrol(language="zh")
    page = visit(address_of(service, me, *MOCK, language="zh"), by=me, language="zh")
    typed(page, "0.3")
    verdict = expect_verdict(page, "wrong")
    expect(verdict.locator(".why")).to_contain_text(re.compile("[一-鿿]{4}"))


def first_of_drill(connection: Connection, person: Person) -> str:
    """Start a drill of five minutes and return where its first problem is."""
    now, plan = datetime.now(UTC), (PlanItem(MOCK[0], 2, "1", preset=MOCK[1]),)
    blueprint = Blueprint(length=1, minutes=5)
    drill = drills.start(connection, person.id, blueprint, plan, preset=None, room_id=None, language="en", now=now)
    return f"/problems/{drills.hand_out(connection, Shelf(), drill, now).id}"


def test_what_is_being_typed_when_the_time_ends_stays_and_the_end_is_said(visit: Open, service: Service, me: Person) -> None:
    address = service.write(lambda connection: first_of_drill(connection, me))
    page = visit("/", by=me)
    page.clock.install()
    page.goto(address)
    page.locator("#answer input[data-read]").fill("0.3")
    page.clock.fast_forward("06:00")
    expect(page.locator("#live")).to_contain_text("Time is over.")
    expect(page.locator("[role=timer]")).to_contain_text("doesn't count")
    expect(page.locator("#answer input[data-read]")).to_have_value("0.3")
