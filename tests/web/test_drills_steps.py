"""A drill that was begun, in a browser without scripts: from problem to problem, pauses, the clock, the end."""

from __future__ import annotations

import pytest

from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.storage.ids import LOCAL_LEARNER
from tests.api.drilling import MOCK_ITEM, Clock, on_a_clock_of_its_own, planted
from tests.api.people import enrolled
from tests.web.conftest import Browser, Visit
from tests.web.practising import Fields

PANDA = PlanItem("surprisal", 1, None, "panda")
RIGHT: Fields = {"loss": "-ln(0.7)"}
WRONG: Fields = {"loss": "0.5146"}

EXAM = Blueprint(length=2, minutes=1, feedback="at-end", hints=False, pause=False)


@pytest.fixture
def clock(browser: Browser) -> Clock:
    return on_a_clock_of_its_own(browser.client)


def at(browser: Browser, clock: Clock, blueprint: Blueprint, *plan: PlanItem) -> str:
    """Plant a drill of known problems, go to its first problem, and return the address of the drill."""
    drill = f"/drills/{planted(browser.client, str(LOCAL_LEARNER), blueprint, plan or (MOCK_ITEM, PANDA), clock.now)}"
    browser.open(drill)
    browser.send(f"{drill}/resume")
    return drill


def state(browser: Browser, drill: str) -> object:
    return browser.client.get(f"/v1{drill}").json()["state"]


def test_after_each_problem_comes_the_next_and_after_the_last_solved_one_the_report(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=1), MOCK_ITEM)
    shown = browser.send(browser.here, RIGHT)
    assert "✓ Right" in shown.text
    browser.send(f"{drill}/next?after=1")
    assert browser.here == f"{drill}/report"


def test_what_comes_next_is_only_promised_where_it_is_a_problem(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=2))
    assert browser.send(browser.here, RIGHT).all("//form[@id='next']/button")[0].text == "Next problem"
    browser.send(f"{drill}/next?after=1")
    assert browser.last
    assert browser.last.all("//form[@id='next']/button")[0].text == "Go on"


def test_a_problem_may_be_left_for_later_and_waits_in_the_list(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=2))
    browser.send(f"{drill}/next?after=1")
    shown = browser.send(f"{drill}/next?after=2")
    assert browser.here == drill
    assert "2 still wait for an answer." in shown.text
    assert "Problem 1 ○ open Problem 2 ○ open" in shown.text
    assert shown.all("//a[contains(@class, 'primary')]")[0].text == "Go on with problem 1"


def test_from_an_earlier_problem_it_goes_on_to_the_one_after_it(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=3), MOCK_ITEM, PANDA, MOCK_ITEM)
    first = browser.here
    browser.send(f"{drill}/next?after=1")
    second = browser.here
    browser.open(first)
    browser.send(f"{drill}/next?after=1")
    assert browser.here == second


def test_where_results_come_at_the_end_nothing_is_told_before_and_answers_may_be_changed(
    browser: Browser, clock: Clock
) -> None:
    drill = at(browser, clock, EXAM)
    problem = browser.here
    shown = browser.send(problem, WRONG)
    assert "Noted" in shown.text
    assert "log" not in shown.all("//section[@id='verdict']")[0].text_content()
    shown = browser.open(drill)
    assert "Problem 1 • answered" in shown.text
    browser.open(f"{drill}/report")
    assert browser.here == drill
    browser.open(problem)
    browser.send(problem, RIGHT)
    browser.open(drill)
    assert "✓ Right: 1" in browser.send(f"{drill}/finish").text


def test_with_all_answered_one_is_asked_to_finish(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=1, feedback="at-end"), MOCK_ITEM)
    browser.send(browser.here, RIGHT)
    shown = browser.send(f"{drill}/next?after=1")
    assert "You have answered everything." in shown.text
    assert [each.text_content() for each in shown.all("//main//button[@autofocus]")] == ["Finish and see the report"]


def test_a_wrong_answer_may_be_mended_after_the_last_problem(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=1), MOCK_ITEM)
    browser.send(browser.here, WRONG)
    shown = browser.send(f"{drill}/next?after=1")
    assert "You can try again what is not right yet, or finish." in shown.text
    assert "Problem 1 • not right yet" in shown.text


def test_a_pause_stops_the_clock_and_going_on_leads_back(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=2, minutes=1))
    problem = browser.here
    clock.advance(20)
    browser.open(problem)
    shown = browser.send(f"{drill}/pause")
    assert "The clock stands still" in shown.text
    clock.advance(3600)
    assert "0:40" in browser.open(problem).text
    assert not browser.open(problem).all("//form[@id='answer']")
    browser.send(f"{drill}/resume")
    assert browser.here == problem
    assert state(browser, drill) == "running"


def test_an_answer_that_comes_in_a_pause_is_not_lost_in_an_error(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, Blueprint(length=1), MOCK_ITEM)
    browser.client.post(f"/v1{drill}/pause")
    shown = browser.send(browser.here, RIGHT)
    assert shown.status == 200
    assert "Paused" in shown.text


@pytest.mark.parametrize("step", ["next?after=1", "resume", "pause"])
def test_in_a_pause_every_way_leads_to_where_it_goes_on(browser: Browser, clock: Clock, step: str) -> None:
    drill = at(browser, clock, Blueprint(length=2))
    problem = browser.here
    browser.client.post(f"/v1{drill}/pause")
    browser.send(f"{drill}/{step}", form=f"{drill}/finish")
    assert browser.here == (problem if step == "resume" else drill)


@pytest.mark.parametrize("step", ["next?after=1", "resume", "pause", "finish"])
def test_after_the_end_every_way_leads_to_the_report(browser: Browser, clock: Clock, step: str) -> None:
    drill = at(browser, clock, Blueprint(length=2, minutes=1))
    clock.advance(60)
    browser.send(f"{drill}/{step}", form=f"{drill}/finish")
    assert browser.here == f"{drill}/report"


def test_where_a_pause_is_not_allowed_none_is_offered(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, EXAM)
    assert browser.last
    assert not browser.last.all(f"//form[@action='{drill}/pause']")
    browser.send(f"{drill}/pause", form=f"{drill}/finish")
    assert state(browser, drill) == "running"


def test_without_scripts_the_page_goes_to_the_report_when_the_time_is_over(browser: Browser, clock: Clock) -> None:
    drill = at(browser, clock, EXAM)
    clock.advance(20.5)
    for page in (browser.here, drill):
        [refresh] = browser.open(page).all("//noscript/meta[@http-equiv='refresh']/@content")
        assert refresh == f"41;url={drill}/report"
    clock.advance(39.5)
    browser.open(f"{drill}/report")
    assert browser.here == f"{drill}/report"


def test_the_clock_can_be_hidden_and_runs_all_the_same(browser: Browser, clock: Clock) -> None:
    at(browser, clock, EXAM)
    problem = browser.here
    browser.open("/settings")
    browser.send("/settings/device", {"clock": []})
    [shown] = browser.open(problem).all("//*[@data-remaining-seconds]")
    assert shown.get("hidden") is not None
    browser.open("/settings")
    browser.send("/settings/device", {"clock": "on"})
    [shown] = browser.open(problem).all("//*[@data-remaining-seconds]")
    assert shown.get("hidden") is None


def test_a_late_answer_is_kept_and_said_to_be_late(browser: Browser, clock: Clock) -> None:
    at(browser, clock, EXAM)
    clock.advance(61)
    shown = browser.send(browser.here, RIGHT)
    assert "It came after the end of the drill" in shown.text
    assert "The drill has ended. See the report" in shown.text


def test_a_drill_of_another_is_not_found(visit: Visit) -> None:
    ada, bob = visit(access="tokens"), visit(access="tokens")
    for browser, name in ((ada, "Ada"), (bob, "Bob")):
        token = enrolled(browser.client, name).token
        browser.open("/sign-in")
        browser.send("/sign-in", {"token": token})
    ada.open("/drills")
    ada.send("/drills", {"preset": "warm-up"})
    drill = ada.client.get("/v1/drills").json()["items"][0]["id"]
    for path in (f"/drills/{drill}", f"/drills/{drill}/report"):
        assert bob.open(path).status == 404
    bob.open("/settings")
    assert bob.send(f"/drills/{drill}/finish", form="/sign-out").status == 404


def test_the_drill_speaks_chinese(browser: Browser, clock: Clock) -> None:
    browser.language = "zh"
    drill = at(browser, clock, EXAM)
    assert browser.last
    assert browser.last.text.startswith("第 1 题，共 2 题 1:00")
    assert "结束后公布结果 · 无提示 · 不可暂停" in browser.open(drill).text
