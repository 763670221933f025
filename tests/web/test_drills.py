"""Choosing a drill in a browser without scripts: by its name, by one's own terms, by a link."""

from __future__ import annotations

import pytest

from app.services.drill_presets import PRESETS
from tests.api.drilling import on_a_clock_of_its_own
from tests.web.conftest import Browser, Shown, SignedIn
from tests.web.practising import Fields


def begun(browser: Browser, **fields: str | list[str]) -> str:
    """Start a drill from the list and return the address of the drill."""
    browser.open("/drills")
    browser.send("/drills", fields)
    return latest(browser)


def latest(browser: Browser) -> str:
    return f"/drills/{browser.client.get('/v1/drills').json()['items'][0]['id']}"


def blueprint(browser: Browser, drill: str) -> dict[str, object]:
    found: dict[str, object] = browser.client.get(f"/v1{drill}").json()["blueprint"]
    return found


def complaint(shown: Shown) -> str:
    return " ".join(each.text_content() for each in shown.all("//main//*[@role='alert']"))


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"missed-only"}))
def test_a_preset_starts_with_its_first_problem(browser: Browser, name: str) -> None:
    drill = begun(browser, preset=name)
    assert browser.here.startswith("/problems/")
    assert browser.last
    assert browser.last.text.startswith("Problem 1 of ")
    assert browser.client.get(f"/v1{drill}").json()["preset"] == name


def test_where_nothing_was_missed_its_drill_says_so_and_starts_nothing(browser: Browser) -> None:
    browser.open("/drills")
    shown = browser.send("/drills", {"preset": "missed-only"})
    assert shown.status == 422
    assert complaint(shown) == "Nothing was missed lately that this drill could repeat."
    assert browser.client.get("/v1/drills").json()["items"] == []


def test_a_drill_that_is_not_finished_comes_first_and_goes_on_where_it_was(browser: Browser) -> None:
    drill = begun(browser, preset="warm-up")
    problem = browser.here
    shown = browser.open("/drills")
    assert "Not finished yet Warm-up 1 of 5 problems shown" in shown.text
    browser.send(f"{drill}/resume")
    assert browser.here == problem


def test_a_paused_drill_is_listed_as_paused_and_goes_on_from_there(browser: Browser) -> None:
    drill = begun(browser, preset="warm-up")
    browser.send(f"{drill}/pause")
    assert "paused" in browser.open("/drills").text
    browser.send(f"{drill}/resume")
    assert browser.client.get(f"/v1{drill}").json()["state"] == "running"


def test_earlier_drills_are_listed_with_their_score_page_by_page(browser: Browser) -> None:
    on_a_clock_of_its_own(browser.client)
    for _ in range(21):
        drill = browser.client.post("/v1/drills", json={"preset": "warm-up"}).json()["id"]
        browser.client.post(f"/v1/drills/{drill}/finish")
    shown = browser.open("/drills")
    assert len(shown.all("//tbody/tr")) == 20
    assert " ".join(shown.all("//tbody/tr")[0].text_content().split()).startswith("Warm-up01/01/2100")
    assert "0%" in shown.text
    [older] = shown.all("//a[@rel='next']/@href")
    shown = browser.open(older)
    assert len(shown.all("//tbody/tr")) == 1
    assert not shown.all("//a[@rel='next']")
    assert not shown.all("//form[@action='/drills']")


def test_the_form_asks_for_every_term_of_a_drill(browser: Browser) -> None:
    browser.open("/drills/new")
    asked: Fields = {
        "length": "3",
        "minutes": "12.5",
        "topic": ["gradients", "logits"],
        "level": ["1", "2"],
        "tool": "calculator",
        "feedback": "at-end",
        "tries": "2",
        "hints": ["off"],
        "pause": ["off"],
        "interview": ["off", "on"],
        "reviews": ["off"],
        "last": "one-minute-pitch",
    }
    browser.send("/drills", asked)
    assert blueprint(browser, latest(browser)) == {
        "length": 3,
        "minutes": 12.5,
        "topics": ["gradients", "logits"],
        "families": [],
        "levels": [1, 2],
        "tool": "calculator",
        "feedback": "at-end",
        "tries": 2,
        "hints": False,
        "pause": False,
        "interview": True,
        "missed_only": False,
        "reviews": False,
        "last": "one-minute-pitch",
    }


def test_the_form_as_it_is_asks_for_ten_problems_without_a_limit(browser: Browser) -> None:
    browser.open("/drills/new")
    browser.send("/drills")
    found = blueprint(browser, latest(browser))
    assert (found["length"], found["minutes"], found["hints"], found["topics"]) == (10, None, True, [])


def test_the_form_of_a_preset_begins_with_its_terms(browser: Browser) -> None:
    browser.open("/drills/new?preset=screen-15min")
    fields = browser.fields_of("/drills")
    assert (fields["minutes"], fields["feedback"], fields["hints"]) == (["15"], ["at-end"], ["off"])


@pytest.mark.parametrize(
    ("language", "fields", "said"),
    [
        ("en", {"length": "0"}, "Give a whole number from 1 to 100, or leave it empty."),
        ("en", {"length": "ten"}, "Give a whole number from 1 to 100, or leave it empty."),
        ("en", {"minutes": "0.1"}, "Give minutes from 0.5 to 240, or leave it empty."),
        ("en", {"minutes": "nan"}, "Give minutes from 0.5 to 240, or leave it empty."),
        ("en", {"tries": "11"}, "Give a whole number from 1 to 10, or leave it empty."),
        ("en", {"level": "x"}, "There is no such level."),
        ("en", {"tool": "abacus"}, "Choose one of these."),
        ("en", {"level": "9"}, "No problem meets this."),
        ("en", {"topic": "concepts", "family": "softmax"}, "No problem meets this together with: families."),
        ("en", {"family": "softmax", "level": "1", "tool": "mental"}, "No problem meets this together with: families, levels."),
        ("zh", {"topic": "concepts", "family": "softmax"}, "没有题目同时满足此项和：题型。"),
        ("en", {"missed_only": "on"}, "Nothing was missed lately that this drill could repeat."),
    ],
)
def test_what_empties_or_breaks_a_drill_is_said_at_its_field(
    browser: Browser, language: str, fields: dict[str, str | list[str]], said: str
) -> None:
    browser.language = language
    browser.open("/drills/new")
    shown = browser.send("/drills", {"minutes": "7", **fields})
    assert shown.status == 422
    assert said in complaint(shown)
    assert [place for place in shown.all("//*[@aria-invalid='true']") if said in told_of(shown, place.get("aria-describedby"))]
    if "minutes" not in fields:
        assert browser.fields_of("/drills")["minutes"] == ["7"]


def told_of(shown: Shown, described: str | None) -> str:
    """Return what stands in the elements that describe a field."""
    return " ".join(each.text_content() for name in (described or "").split() for each in shown.all(f"//*[@id='{name}']"))


def test_a_shared_link_says_what_drill_it_is_and_asks_everyone_the_same(signed_in: SignedIn) -> None:
    ada, bob = signed_in("Ada"), signed_in("Bob")
    drill = begun(ada, preset="gradients-only", length="3", tries="2")
    [link] = ada.open(drill).all("//input[@id='share']/@value")
    shown = bob.open(link.removeprefix("http://localhost:8000"))
    assert "Gradients only" in shown.text
    assert "3 problems" in shown.text
    assert "2 tries each" in shown.text
    bob.send("/drills")
    mine = bob.client.get(f"/v1{latest(bob)}").json()
    assert (mine["preset"], mine["blueprint"]) == ("gradients-only", blueprint(ada, drill))
    assert shown_problems(bob) == shown_problems(ada)


def shown_problems(browser: Browser) -> list[dict[str, object]]:
    return [each["parameters"] for each in browser.client.get("/v1/problems").json()["items"]]


def test_a_shared_link_with_terms_that_are_none_shows_the_form_with_what_is_wrong(browser: Browser) -> None:
    shown = browser.open("/drills/new?seed=a&length=1000")
    assert shown.status == 422
    assert "Give a whole number from 1 to 100" in complaint(shown)


def test_a_drill_that_tells_at_its_end_is_shared_from_then_on(browser: Browser) -> None:
    drill = begun(browser, preset="screen-15min")
    assert not browser.open(drill).all("//input[@id='share']")
    [link] = browser.send(f"{drill}/finish").all("//input[@id='share']/@value")
    assert link.startswith("http://localhost:8000/drills/new?preset=screen-15min&seed=")


def test_a_link_to_what_a_drill_that_goes_on_withholds_leads_to_that_drill(browser: Browser) -> None:
    browser.open("/drills/new?preset=screen-15min&seed=a")
    browser.send("/drills")
    drill = latest(browser)
    browser.open("/drills/new?preset=screen-15min&feedback=at-once&seed=a")
    browser.send("/drills")
    assert browser.here == drill
    assert len(browser.client.get("/v1/drills").json()["items"]) == 1


def test_the_same_form_sent_twice_starts_one_drill(browser: Browser) -> None:
    browser.open("/drills")
    fields = {name: values[0] for name, values in browser.fields_of("/drills").items()}
    for _ in range(2):
        browser.client.post("/drills", data=fields)
    assert len(browser.client.get("/v1/drills").json()["items"]) == 1
