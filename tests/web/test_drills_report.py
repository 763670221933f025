"""The report of a drill as a page."""

from __future__ import annotations

import pytest

from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.storage.ids import LOCAL_LEARNER
from tests.api.drilling import MOCK_ITEM, Clock, on_a_clock_of_its_own, planted
from tests.web.conftest import Browser, Shown, Visit
from tests.web.practising import Fields

PANDA = PlanItem("surprisal", 1, None, "panda")
CHOICE = PlanItem("where-is-it-used", 1, "1")
RIGHT: Fields = {"loss": "0.357"}
IN_BITS: Fields = {"loss": "0.5146"}


@pytest.fixture
def clock(browser: Browser) -> Clock:
    return on_a_clock_of_its_own(browser.client)


def begun(browser: Browser, clock: Clock, *plan: PlanItem, **terms: object) -> str:
    """Plant a drill, go to its first problem, and return the address of the drill."""
    blueprint = Blueprint(length=len(plan), **terms)  # type: ignore[arg-type]  # as the test names them
    drill = f"/drills/{planted(browser.client, str(LOCAL_LEARNER), blueprint, plan, clock.now)}"
    browser.open(drill)
    browser.send(f"{drill}/resume")
    return drill


def answered_then_finished(browser: Browser, clock: Clock, fields: Fields, seconds: float = 30) -> Shown:
    """Answer the mock question as the first of two problems, and return the report."""
    drill = begun(browser, clock, MOCK_ITEM, PANDA)
    clock.advance(seconds)
    browser.send(browser.here, {**fields, "confidence": "80"})
    browser.open(drill)
    return browser.send(f"{drill}/finish")


def section(shown: Shown, heading: str) -> str:
    """Return what stands under a heading."""
    [found] = shown.all(f"//section[@aria-labelledby='{heading}']")
    return " ".join(" ".join(found.itertext()).split())


def test_the_score_is_told_in_numbers_signs_and_words(browser: Browser, clock: Clock) -> None:
    shown = answered_then_finished(browser, clock, RIGHT)
    assert section(shown, "score").startswith("Score 50% 1 of 2 ✓ Right: 1 ○ Unanswered: 1 Time: 0:30")
    assert "1 problem was never reached" in section(shown, "score")


def test_each_problem_has_its_answers_the_right_value_and_the_ways_on(browser: Browser, clock: Clock) -> None:
    shown = answered_then_finished(browser, clock, IN_BITS)
    told = section(shown, "problems")
    assert "✗ Not right · level 2 · 80 % sure" in told
    assert "Your answer ✗ Not right Cross-entropy loss: 0.5146" in told
    assert "Right Cross-entropy loss: 0.356675" in told
    [problem] = {form.get("action") for form in shown.tree.forms if str(form.get("action")).endswith("/solution")}
    assert shown.all(f"//a[@href='{str(problem).removesuffix('/solution')}']")
    browser.send(str(problem))
    assert browser.here == problem


def test_a_mistake_comes_with_its_reason_and_what_mends_it(browser: Browser, clock: Clock) -> None:
    shown = answered_then_finished(browser, clock, IN_BITS)
    assert "The logarithm had another base" in section(shown, "mistakes")
    assert "bits" in section(shown, "mistakes")
    [link] = shown.all("//section[@aria-labelledby='mistakes']//a[starts-with(@href, '/topics/')]/@href")
    assert browser.open(link).status == 200


def test_the_time_stands_beside_what_was_expected_as_a_bar_and_in_words(browser: Browser, clock: Clock) -> None:
    shown = answered_then_finished(browser, clock, RIGHT, seconds=90)
    assert "1:30 of 1:00 expected" in section(shown, "problems")
    [slow] = shown.all("//*[local-name()='rect'][@class='slow']")
    assert slow.get("width") == "100.0"


def test_what_to_practise_next_starts_from_there(browser: Browser, clock: Clock) -> None:
    shown = answered_then_finished(browser, clock, IN_BITS)
    assert "not all of it was right, a known mistake came up" in section(shown, "next")
    report = browser.here
    browser.send("/practise")
    problem = browser.client.get(f"/v1{browser.here}").json()
    assert (problem["family"], problem["level"]) == ("cross-entropy-one-hot", 2)
    browser.open(report)
    browser.send("/drills")
    drill = browser.client.get("/v1/drills").json()["items"][0]
    assert (drill["blueprint"]["families"], drill["length"]) == (["cross-entropy-one-hot"], 3)


def test_where_nothing_was_weak_a_good_next_problem_is_offered(browser: Browser, clock: Clock) -> None:
    drill = begun(browser, clock, MOCK_ITEM)
    clock.advance(10)
    browser.send(browser.here, RIGHT)
    shown = browser.send(f"{drill}/next?after=1")
    assert "Nothing stands out." in section(shown, "next")
    browser.send("/practise")
    assert browser.here.startswith("/problems/")


def test_a_second_drill_is_compared_with_the_first(browser: Browser, clock: Clock) -> None:
    first = answered_then_finished(browser, clock, IN_BITS)
    assert "This is the first one." in section(first, "compared")
    clock.advance(3600)
    told = section(answered_then_finished(browser, clock, RIGHT), "compared")
    assert "This one 50% 0.5×" in told
    assert "A drill of your own, 01/01/2100, 00:00 0% 0.5×" in told
    assert "Trend: +50.0 percentage points a drill." in told


def test_confidence_is_scored(browser: Browser, clock: Clock) -> None:
    told = section(answered_then_finished(browser, clock, RIGHT), "calibration")
    assert "Your log loss is 0.223 nats" in told


def test_options_are_listed_with_the_letter_that_is_right(browser: Browser, clock: Clock) -> None:
    drill = begun(browser, clock, CHOICE)
    browser.open(drill)
    shown = browser.send(f"{drill}/finish")
    assert len(shown.all("//dl[@class='options']/div")) >= 2
    assert "Your answer None" in section(shown, "problems")


def test_while_a_drill_that_tells_at_once_runs_it_is_how_things_stand(browser: Browser, clock: Clock) -> None:
    drill = begun(browser, clock, MOCK_ITEM, PANDA)
    problem = browser.here
    browser.send(problem, RIGHT)
    shown = browser.open(f"{drill}/report")
    assert "This drill is still running" in shown.text
    assert not shown.all("//section[@aria-labelledby='next']")
    browser.send(f"{drill}/resume")
    assert browser.here == problem


def test_a_drill_that_was_ended_before_its_first_problem_has_a_report_all_the_same(browser: Browser, clock: Clock) -> None:
    drill = f"/drills/{planted(browser.client, str(LOCAL_LEARNER), Blueprint(length=1), (MOCK_ITEM,), clock.now)}"
    browser.open(drill)
    shown = browser.send(f"{drill}/finish")
    assert "No problem was shown, so there is nothing to say yet." in shown.text


@pytest.mark.parametrize(("name", "media_type"), [("markdown", "text/markdown"), ("csv", "text/csv")])
def test_the_report_can_be_taken_away(browser: Browser, clock: Clock, name: str, media_type: str) -> None:
    shown = answered_then_finished(browser, clock, RIGHT)
    [link] = shown.all(f"//a[contains(@href, 'format={name}')]/@href")
    response = browser.client.get(link)
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)


def test_what_people_typed_is_shown_and_never_obeyed(browser: Browser, clock: Clock) -> None:
    drill = begun(browser, clock, MOCK_ITEM, interview=True)
    problem = browser.here
    browser.send(problem, RIGHT)
    browser.send(f"{drill}/next?after=1")
    shown = browser.send(f"{problem}/follow-up", {"answer": "<b>$x$</b> & more"})
    assert "<b>$x$</b> & more" in shown.text


def test_the_report_speaks_chinese(browser: Browser, clock: Clock) -> None:
    browser.language = "zh"
    shown = answered_then_finished(browser, clock, IN_BITS)
    assert shown.text.startswith("报告：自定义练习")
    assert "✗ 不正确" in section(shown, "problems")
    assert "没有全部答对、出现了已知的错误" in section(shown, "next")


def test_a_guest_sees_their_report_and_no_way_to_what_is_not_theirs(visit: Visit) -> None:
    coach = visit()
    code = coach.client.post("/v1/rooms", json={"preset": "warm-up", "title": "Round one"}).json()["code"]
    guest = visit()
    guest.open(f"/join/{code}")
    guest.send(f"/join/{code}/guest", {"name": "Bob"})
    drill = f"/drills/{guest.client.get('/v1/drills').json()['items'][0]['id']}"
    guest.open(drill)
    shown = guest.send(f"{drill}/finish")
    assert guest.here == f"{drill}/report"
    assert shown.text.startswith("Report: Round one")
    assert {form.get("action").split("/")[1] for form in shown.tree.forms} <= {"problems", "sign-out", "settings"}
    assert not shown.all("//section[@aria-labelledby='compared']")
    assert not shown.all("//input[@id='share']")
