"""A mock interview in a browser without scripts: the question after each problem, and the pitch."""

from __future__ import annotations

import pytest

from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.storage.ids import LOCAL_LEARNER
from tests.api.drilling import MOCK_ITEM, Clock, on_a_clock_of_its_own, planted
from tests.web.conftest import Browser

PITCH = PlanItem("one-minute-pitch", 1, "1")
INTERVIEW = Blueprint(length=2, minutes=5, feedback="at-end", interview=True)


@pytest.fixture
def clock(browser: Browser) -> Clock:
    return on_a_clock_of_its_own(browser.client)


@pytest.fixture
def drill(browser: Browser, clock: Clock) -> str:
    """Return the address of an interview at whose first problem the browser is."""
    drill = f"/drills/{planted(browser.client, str(LOCAL_LEARNER), INTERVIEW, (MOCK_ITEM, PITCH), clock.now)}"
    browser.open(drill)
    browser.send(f"{drill}/resume")
    return drill


def asked(browser: Browser, drill: str) -> str:
    """Answer the first problem, go on, and return the address of the problem."""
    problem = browser.here
    browser.send(problem, {"loss": "0.357"})
    browser.send(f"{drill}/next?after=1")
    return problem


def test_after_an_answer_comes_the_question_of_the_interviewer(browser: Browser, drill: str) -> None:
    problem = asked(browser, drill)
    assert browser.here == f"{problem}/follow-up"
    assert browser.last
    assert "Follow-up question" in browser.last.text
    assert "?" in browser.last.all("//div[@class='prompt']")[0].text_content()


def test_what_is_said_to_it_is_kept_and_leads_to_the_next_problem(browser: Browser, drill: str) -> None:
    problem = asked(browser, drill)
    shown = browser.send(f"{problem}/follow-up", {"answer": "Through the softmax."})
    assert "Problem 2 of 2" in shown.text
    assert browser.client.get(f"/v1{problem}/follow-up").json()["answer"] == "Through the softmax."


def test_what_was_said_is_not_asked_again_and_may_be_changed(browser: Browser, drill: str) -> None:
    problem = asked(browser, drill)
    browser.send(f"{problem}/follow-up", {"answer": "First."})
    second = browser.here
    browser.open(problem)
    browser.send(f"{drill}/next?after=1")
    assert browser.here == second
    shown = browser.open(f"{problem}/follow-up")
    assert shown.all("//textarea")[0].text.strip() == "First."
    browser.send(f"{problem}/follow-up", {"answer": "Second."})
    assert browser.client.get(f"/v1{problem}/follow-up").json()["answer"] == "Second."


def test_the_question_may_be_skipped(browser: Browser, drill: str) -> None:
    asked(browser, drill)
    shown = browser.send(f"{drill}/next?after=1&skip=true")
    assert "Problem 2 of 2" in shown.text


@pytest.mark.parametrize("text", ["", "x" * 4001])
def test_nothing_and_too_much_are_asked_for_again_with_what_was_typed(browser: Browser, drill: str, text: str) -> None:
    problem = asked(browser, drill)
    shown = browser.send(f"{problem}/follow-up", {"answer": text})
    assert shown.status == 422
    assert "Answer in 1 to 4000 characters, or skip it." in shown.text
    assert (shown.all("//textarea")[0].text or "").strip() == text


def test_before_an_answer_there_is_only_the_problem(browser: Browser, drill: str) -> None:
    problem = browser.here
    browser.open(f"{problem}/follow-up")
    assert browser.here == problem
    browser.send(f"{drill}/next?after=1")
    assert browser.last
    assert "Problem 2 of 2" in browser.last.text


def test_what_comes_too_late_is_not_stored_and_not_lost(browser: Browser, drill: str, clock: Clock) -> None:
    problem = asked(browser, drill)
    clock.advance(300)
    shown = browser.send(f"{problem}/follow-up", {"answer": "Late."})
    assert shown.status == 422
    assert "The drill has ended, so this was not stored." in shown.text
    assert shown.all("//textarea")[0].text.strip() == "Late."
    assert shown.all(f"//main//a[@href='{drill}/report']")
    assert "You did not answer it." in browser.open(f"{problem}/follow-up").text


def test_what_is_sent_during_a_pause_is_not_lost(browser: Browser, drill: str) -> None:
    problem = asked(browser, drill)
    browser.client.post(f"/v1{drill}/pause")
    shown = browser.send(f"{problem}/follow-up", {"answer": "Through the softmax."})
    assert "The drill is paused, so this was not stored." in shown.text
    assert shown.all("//textarea")[0].text.strip() == "Through the softmax."
    assert browser.client.get(f"/v1{problem}/follow-up").json()["answer"] is None


def test_a_problem_outside_of_an_interview_has_no_such_question(browser: Browser) -> None:
    browser.open("/")
    browser.send("/practise", {"family": "cross-entropy-one-hot", "preset": "mock-question"})
    problem = browser.here
    assert browser.open(f"{problem}/follow-up").status == 404
    browser.open(problem)
    assert browser.send(f"{problem}/follow-up", {"answer": "a"}, form=problem).status == 404


def test_the_pitch_is_told_in_own_words_and_assessed_by_oneself(browser: Browser, drill: str) -> None:
    asked(browser, drill)
    shown = browser.send(f"{drill}/next?after=1&skip=true")
    [part] = {box.get("name") for box in shown.all("//form[@id='answer']//input[@type='checkbox']")}
    [minute] = shown.all("//p[@class='minute']")
    assert minute.get("data-seconds") == "60"
    browser.send(browser.here, {part: ["A", "B"], f"{part}.text": "It is the expected surprise."})
    browser.send(f"{drill}/next?after=2&skip=true", form=f"{drill}/next?after=2")
    shown = browser.send(f"{drill}/finish")
    assert "You assessed this one yourself." in shown.text
    assert "It is the expected surprise." in shown.text
