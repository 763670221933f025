"""What a coach sees of a room, live and after, and what nobody else sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.web.conftest import Browser, Visit
from tests.web.rooming import IN_BITS, LOGITS, MOCK, RIGHT, answered, complaint, interview, joined, row_of, signed_in_as

ANSWER = "Through the softmax:\nits denominator <b> has them all."


@dataclass
class Played:
    """A room with two candidates in the middle of their drills."""

    coach: Browser
    ada: Browser
    bob: Browser
    code: str
    hers: str
    his: str
    her_problem: str
    his_problem: str

    @property
    def room(self) -> str:
        return f"/rooms/{self.code}"

    def candidate(self, drill: str) -> str:
        """Return where the coach reads all of a candidate."""
        return f"{self.room}/candidates/{drill.removeprefix('/drills/')}"

    def end(self) -> None:
        for browser, drill in ((self.ada, self.hers), (self.bob, self.his)):
            browser.open(drill)
            browser.send(f"{drill}/finish")


@pytest.fixture
def played(visit: Visit) -> Played:
    """Ada has an account, is right and went on to the second problem; Bob is a guest and answered in bits."""
    coach, ada, bob = signed_in_as(visit, "Carol", role="coach"), signed_in_as(visit, "Ada"), visit(access="tokens")
    code = interview(coach, MOCK, LOGITS)
    hers, his = joined(ada, code), joined(bob, code, "Bob <i>")
    her_problem, his_problem = answered(ada, RIGHT, ANSWER), answered(bob, IN_BITS)
    return Played(coach, ada, bob, code, hers, his, her_problem, his_problem)


def test_the_coach_sees_at_once_what_candidates_are_not_told(played: Played) -> None:
    shown = played.coach.open(played.room)
    assert row_of(shown, "Ada") == ["1 of 2", "✓right", "…no answer yet"]
    assert row_of(shown, "Bob <i>") == ["0 of 1", "✗wrong", "·not reached"]
    assert "1 of 2" in " ".join(each.text_content() for each in shown.all("(//table)[2]//tr[2]/td | (//table)[2]//tr[1]/td"))


def test_without_scripts_the_page_fetches_itself_again(played: Played) -> None:
    shown = played.coach.open(played.room)
    assert shown.all("//noscript/meta[@http-equiv='refresh']/@content") == ["10"]
    assert shown.all("//main//a[text()='Refresh']/@href") == [played.room]


def test_the_page_says_where_its_events_come_from(played: Played) -> None:
    [address] = played.coach.open(played.room).all("//*[@id='live-results']/@data-events")
    assert address == f"/v1/rooms/{played.code}/events"


def test_a_candidate_is_read_with_answer_mistake_and_what_they_said(played: Played) -> None:
    ada = played.coach.open(played.candidate(played.hers)).text
    assert "1. Cross-entropy of a one-hot target ✓ right" in ada
    assert "Answer given 0.357 Right would be 0.356675" in ada
    assert "Through the softmax: its denominator <b> has them all." in ada
    bob = played.coach.open(played.candidate(played.his)).text
    assert "Answer given 0.5146" in bob
    assert "wrong-log-base-2" in bob
    assert "base 2" in bob


def mark(played: Played, drill: str, **fields: str) -> None:
    path = played.candidate(drill)
    played.coach.open(path)
    played.coach.send(path, {"position": "1", **fields})


def test_what_was_said_is_marked_and_the_candidate_reads_it_once_the_drill_has_ended(played: Played) -> None:
    mark(played, played.hers, mark="0.75", remark="Clear. The link to likelihood was missing.")
    assert played.coach.last
    assert played.coach.last.all("//input[@id='mark-1']/@value") == ["0.75"]
    assert "Saved." in played.coach.last.text
    assert "link to likelihood" not in played.ada.open(f"{played.her_problem}/follow-up").response.text
    played.end()
    assert "link to likelihood" in played.ada.open(f"{played.hers}/report").text


def test_a_mark_is_taken_back_by_leaving_it_empty(played: Played) -> None:
    mark(played, played.hers, mark="1", remark="Good.")
    mark(played, played.hers, mark="", remark="")
    [ada, _] = played.coach.client.get(f"/v1/rooms/{played.code}/results").json()["candidates"]
    assert (ada["results"][0]["mark"], ada["results"][0]["remark"]) == (None, None)


@pytest.mark.parametrize("typed", ["1.5", "-0.1", "much", "nan", "1e999"])
def test_what_is_no_mark_is_shown_again_with_what_is_wrong(played: Played, typed: str) -> None:
    mark(played, played.hers, mark=typed, remark="Good.")
    assert played.coach.last
    assert played.coach.last.status == 422
    assert complaint(played.coach.last) == "Give a mark from 0 to 1, such as 0.75, or leave it empty."
    assert played.coach.last.all("//input[@id='mark-1'][@aria-invalid='true']/@value") == [typed]
    assert played.coach.last.all("//textarea[@id='remark-1']")[0].text.strip() == "Good."


def test_a_remark_that_is_too_long_is_refused(played: Played) -> None:
    mark(played, played.hers, mark="1", remark="x" * 4001)
    assert played.coach.last
    assert complaint(played.coach.last) == "Keep the remark under 4000 characters."


def test_a_problem_that_was_not_handed_out_has_no_mark(played: Played) -> None:
    path = played.candidate(played.his)
    assert not played.coach.open(path).all("//input[@id='mark-2']")
    assert played.coach.send(path, {"position": "2", "mark": "1"}).status == 404


def test_the_scorecard_is_whole_in_both_languages(played: Played) -> None:
    mark(played, played.hers, mark="0.75", remark="Clear.")
    played.end()
    english = played.coach.open(f"{played.room}/scorecard").text
    for words in (
        "Scorecard: Round one",
        "wrong-log-base-2",
        "in problem 1, 1 candidate",
        "Mark: 0.75",
        "Clear.",
        ANSWER[-22:],
    ):
        assert words in english
    assert "Not all drills" not in english
    played.coach.language = "zh"
    chinese = played.coach.open(f"{played.room}/scorecard")
    assert "评分表：Round one" in chinese.text
    assert row_of(chinese, "Ada")[1:] == ["已结束", "1 / 2", "50%", "0.75"]


def test_a_scorecard_says_that_drills_still_run(played: Played) -> None:
    assert "Not all drills have ended" in played.coach.open(f"{played.room}/scorecard").text


@pytest.mark.parametrize(("name", "media_type"), [("CSV", "text/csv"), ("Markdown", "text/markdown")])
def test_the_results_can_be_downloaded_by_a_link(played: Played, name: str, media_type: str) -> None:
    [link] = played.coach.open(played.room).all(f"//a[text()='Download as {name}']")
    assert link.get("download") is not None
    response = played.coach.client.get(link.get("href"))
    assert response.headers["content-type"].startswith(media_type)
    assert "Ada" in response.text


def test_a_closed_room_still_shows_how_everybody_does(played: Played) -> None:
    played.coach.open(played.room)
    shown = played.coach.send(f"{played.room}/close")
    assert "nobody can join any more" in shown.text
    assert not shown.all("//input[@id='link']")
    assert row_of(shown, "Ada")


def test_a_guest_reads_the_report_once_the_drill_has_ended(played: Played) -> None:
    played.end()
    assert played.bob.here == f"{played.his}/report"
    assert played.bob.last
    assert played.bob.last.status == 200
    assert TRUTHS.search(played.bob.last.response.text)


def test_a_candidate_of_another_room_is_none(played: Played) -> None:
    other = interview(played.coach, MOCK)
    assert played.coach.open(f"/rooms/{other}/candidates/{played.hers.removeprefix('/drills/')}").status == 404


# No page tells a candidate what they may not know.

TRUTHS = re.compile(r"0\.3566|wrong-log-base-2|Not right|Carol")
THEIR_OWN = {
    "/",
    "/join/{code}",
    "/drills/{drill_id}",
    "/problems/{problem_id}",
    "/problems/{problem_id}/follow-up",
    "/settings",
}
OF_NOBODY = ("/static", "/docs", "/errors", "/topics", "/families", "/daily", "/help", "/sign-in")


def paths(played: Played) -> Iterator[tuple[str, str]]:
    """Yield every page that is read, with its template, filled with what belongs to either candidate."""
    assert isinstance(played.coach.client.app, FastAPI)
    both = ((played.hers, played.her_problem), (played.his, played.his_problem))
    for route in played.coach.client.app.routes:
        if isinstance(route, APIRoute) and not route.include_in_schema and not route.path.startswith(OF_NOBODY):
            for drill, problem in both if "GET" in (route.methods or ()) else ():
                drill_id, problem_id = drill.removeprefix("/drills/"), problem.removeprefix("/problems/")
                yield route.path, route.path.format(code=played.code, drill_id=drill_id, problem_id=problem_id)


@pytest.mark.parametrize("who", ["ada", "bob"])
def test_no_page_shows_a_candidate_the_truth_or_the_other_before_the_end(played: Played, who: str) -> None:
    browser, other = (played.ada, "Bob") if who == "ada" else (played.bob, "Ada")
    theirs = [played.his, played.his_problem] if who == "ada" else [played.hers, played.her_problem]
    ids = [address.rpartition("/")[2] for address in theirs]
    answered_to = set()
    for template, path in paths(played):
        shown = browser.open(path)
        text = shown.response.text.replace(path, "")
        assert not TRUTHS.search(text), template
        assert other not in text, template
        assert not any(each in text for each in ids), template
        if any(each in path for each in ids):
            assert shown.status in {403, 404}, template
        elif shown.status == 200:
            answered_to.add(template)
    assert answered_to >= THEIR_OWN
