"""Joining a room in a browser without scripts, as oneself or with a name alone."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser, SignedIn, Visit
from tests.web.rooming import MOCK, complaint, drill_of, interview, joined, opened, signed_in_as


@pytest.fixture
def coach(visit: Visit) -> Browser:
    return signed_in_as(visit, "Carol", role="coach")


@pytest.fixture
def somebody(visit: Visit) -> Browser:
    """Return a browser in which nobody is signed in."""
    return visit(access="tokens")


def candidates(coach: Browser, code: str) -> list[str]:
    """Return the names of all who joined a room."""
    found = coach.client.get(f"/v1/rooms/{code}/results").json()["candidates"]
    return [candidate["name"] for candidate in found]


def close(coach: Browser, code: str) -> None:
    coach.open(f"/rooms/{code}")
    coach.send(f"/rooms/{code}/close")


def test_a_name_is_all_that_a_candidate_needs(coach: Browser, somebody: Browser) -> None:
    code = opened(coach, title="Round one")
    door = somebody.open(f"/join/{code}")
    assert "Round one" in door.text
    assert "5 problems" in door.text
    joined(somebody, code, "Bob")
    assert somebody.here.startswith("/problems/")
    assert somebody.last
    assert "Problem 1 of 5" in somebody.last.text
    assert candidates(coach, code) == ["Bob"]


def test_the_door_says_the_terms_and_when_the_clock_starts_and_nothing_of_the_problems(
    coach: Browser, somebody: Browser
) -> None:
    door = somebody.open(f"/join/{interview(coach, MOCK, minutes='20')}")
    for term in ("1 problem", "20 minutes", "results at the end", "no hints", "The clock starts when you join."):
        assert term in door.text
    assert "one-hot" not in door.response.text


def test_the_code_can_be_typed_however_it_is_written_down(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    somebody.open("/join")
    typed = code.lower().replace("-", " ").replace("1", "l").replace("0", "o")
    somebody.open(f"/join?code={typed}")
    assert somebody.here == f"/join/{code}"


@pytest.mark.parametrize("path", ["/join?code=nope", "/join?code=", "/join/0000-0000-0000", "/join/x"])
def test_a_code_that_no_room_has_is_asked_for_again(somebody: Browser, path: str) -> None:
    shown = somebody.open(path)
    assert shown.status == 404
    assert complaint(shown).startswith("No room has this code.")
    assert shown.all("//input[@name='code'][@aria-invalid='true']")


def test_a_closed_room_says_so_and_takes_nobody_in(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    somebody.open(f"/join/{code}")
    close(coach, code)
    shown = somebody.send(f"/join/{code}/guest", {"name": "Bob"})
    assert shown.status == 409
    assert "This room is closed" in shown.text
    assert somebody.open(f"/join/{code}").status == 200
    assert candidates(coach, code) == []


def test_who_joined_before_it_was_closed_goes_on(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    drill = joined(somebody, code, "Bob")
    close(coach, code)
    somebody.open(f"/join/{code}")
    assert somebody.here == drill


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_that_is_none_is_asked_for_again(coach: Browser, somebody: Browser, name: str) -> None:
    code = opened(coach)
    somebody.open(f"/join/{code}")
    shown = somebody.send(f"/join/{code}/guest", {"name": name})
    assert shown.status == 422
    assert complaint(shown) == "Give a name of 1 to 100 characters."
    assert candidates(coach, code) == []


def test_a_form_that_is_sent_twice_makes_one_guest(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    somebody.open(f"/join/{code}")
    fields = {name: values[-1] for name, values in somebody.fields_of(f"/join/{code}/guest").items()} | {"name": "Bob"}
    cookies = dict(somebody.client.cookies)
    first = somebody.client.post(f"/join/{code}/guest", data=fields, follow_redirects=False)
    somebody.client.cookies.clear()
    somebody.client.cookies.update(cookies)
    second = somebody.client.post(f"/join/{code}/guest", data=fields, follow_redirects=False)
    assert first.headers["location"] == second.headers["location"]
    assert candidates(coach, code) == ["Bob"]
    somebody.open(second.headers["location"])
    assert somebody.here == second.headers["location"]


def test_the_form_of_a_guest_who_has_left_is_out_of_date(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    somebody.open(f"/join/{code}")
    fields = {name: values[-1] for name, values in somebody.fields_of(f"/join/{code}/guest").items()} | {"name": "Bob"}
    somebody.client.post(f"/join/{code}/guest", data=fields)
    somebody.open("/settings")
    somebody.send("/sign-out")
    response = somebody.client.post(f"/join/{code}/guest", data=fields, headers={"accept": "text/html"})
    assert response.status_code == 403
    assert "out of date" in response.text
    assert candidates(coach, code) == ["Bob"]


def test_two_people_of_one_name_are_two_candidates(coach: Browser, visit: Visit) -> None:
    code = opened(coach)
    drills = {joined(visit(access="tokens"), code, "Bob") for _ in range(2)}
    assert len(drills) == 2
    assert candidates(coach, code) == ["Bob", "Bob"]


def test_somebody_with_an_account_joins_with_one_button(coach: Browser, signed_in: SignedIn) -> None:
    code, ada = opened(coach), signed_in("Ada")
    door = ada.open(f"/join/{code}")
    assert not door.all("//input[@name='name']")
    assert "Join as Ada" in door.text
    ada.send(f"/join/{code}")
    assert ada.here.startswith("/problems/")
    assert candidates(coach, code) == ["Ada"]


def test_joining_again_leads_to_the_same_drill(coach: Browser, signed_in: SignedIn) -> None:
    code, ada = opened(coach), signed_in("Ada")
    ada.open(f"/join/{code}")
    seal = ada.fields_of(f"/join/{code}")["seal"]
    ada.send(f"/join/{code}")
    drill = drill_of(ada)
    ada.open(f"/join/{code}")
    assert ada.here == drill
    assert ada.client.post(f"/join/{code}", data={"seal": seal}).url.path == drill
    assert candidates(coach, code) == ["Ada"]


def test_without_an_account_one_does_not_join_as_oneself(coach: Browser, somebody: Browser) -> None:
    code = opened(coach)
    somebody.open(f"/join/{code}")
    seal = somebody.fields_of(f"/join/{code}/guest")["seal"]
    response = somebody.client.post(f"/join/{code}", data={"seal": seal}, headers={"accept": "text/html"})
    assert response.url.path == "/sign-in"
    assert candidates(coach, code) == []


def test_on_ones_own_machine_both_ways_are_open(browser: Browser) -> None:
    code = opened(browser)
    drill = joined(browser, code, "Bob")
    browser.open("/settings")
    browser.send("/sign-out")
    assert joined(browser, code) != drill
    assert candidates(browser, code) == ["Bob", "local"]


def test_a_guest_of_another_room_is_told_to_leave_it_first(coach: Browser, somebody: Browser) -> None:
    first, second = opened(coach), opened(coach)
    drill = joined(somebody, first, "Bob")
    door = somebody.open(f"/join/{second}")
    assert "you are in another room, as Bob" in door.text
    seal = somebody.fields_of("/sign-out")["seal"]
    response = somebody.client.post(f"/join/{second}/guest", data={"seal": seal, "name": "Eve"})
    assert response.status_code == 403
    assert candidates(coach, second) == []
    somebody.open(f"/join/{second}")
    somebody.send("/sign-out")
    assert joined(somebody, second, "Bob") != drill


PAGES_OF_LEARNERS = ["/drills", "/drills/new", "/reviews", "/progress", "/rooms", "/rooms/new", "/settings/data"]


@pytest.mark.parametrize("path", PAGES_OF_LEARNERS)
def test_a_guest_sees_nothing_but_their_drill(coach: Browser, somebody: Browser, path: str) -> None:
    joined(somebody, opened(coach), "Bob")
    assert somebody.open(path).status == 403


def test_the_way_of_a_guest_leads_from_the_beginning_back_to_their_drill(coach: Browser, somebody: Browser) -> None:
    drill = joined(somebody, opened(coach), "Bob")
    home = somebody.open("/")
    assert drill in home.all("//main//a/@href")
    assert not {"/drills", "/progress", "/rooms", "/families"} & set(home.all("//nav//a/@href"))


def test_the_door_speaks_chinese(coach: Browser, somebody: Browser) -> None:
    somebody.language = "zh"
    door = somebody.open(f"/join/{interview(coach, minutes='20')}")
    assert "加入后立即开始计时。" in door.text
    assert "20 分钟" in door.text
