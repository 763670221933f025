"""Opening a room in a browser without scripts: from a preset, by conditions, with chosen problems, again."""

from __future__ import annotations

import pytest

from app.services.drill_presets import PRESETS
from app.web.room_new import MOST_CHOSEN, picks
from tests.web.conftest import Browser, SignedIn
from tests.web.rooming import LOGITS, MOCK, complaint, interview, opened


@pytest.fixture
def coach(signed_in: SignedIn) -> Browser:
    return signed_in("Carol", role="coach")


def problems(coach: Browser, code: str) -> list[dict[str, object]]:
    """Return what a room asks."""
    found: list[dict[str, object]] = coach.client.get(f"/v1/rooms/{code}").json()["problems"]
    return found


def test_a_room_of_a_preset_says_how_it_is_joined(coach: Browser) -> None:
    code = opened(coach, title="Round one")
    assert coach.last
    assert "Round one" in coach.last.text
    assert "Nobody has joined yet." in coach.last.text
    assert coach.last.all("//input[@id='link']/@value") == [f"http://localhost:8000/join/{code}"]
    assert f"{code} · 0 candidates · takes candidates" in coach.open("/rooms").text


def test_a_room_without_a_title_is_called_what_its_preset_is(coach: Browser) -> None:
    coach.language = "zh"
    opened(coach)
    assert coach.last
    assert coach.last.all("//h1")[0].text == "热身"


def test_every_preset_is_offered_but_the_one_that_is_personal(coach: Browser) -> None:
    offered = coach.open("/rooms/new").all("//input[@name='preset']/@value")
    assert offered == [name for name in PRESETS if name != "missed-only"]


@pytest.mark.parametrize("path", ["/rooms", "/rooms/new", "/rooms/new?by=problems"])
def test_rooms_are_for_coaches(signed_in: SignedIn, path: str) -> None:
    assert signed_in("Ada").open(path).status == 403


def test_a_learner_opens_none_whatever_they_send(signed_in: SignedIn) -> None:
    learner = signed_in("Ada")
    learner.open("/settings")
    seal = learner.fields_of("/sign-out")["seal"]
    for path in ("/rooms", "/rooms/new"):
        assert learner.client.post(path, data={"seal": seal, "preset": "warm-up"}).status_code == 403


def test_a_room_can_be_opened_by_conditions(coach: Browser) -> None:
    coach.open("/rooms/new?by=conditions")
    coach.send("/rooms", {"length": "3", "topic": ["gradients"], "hints": "off"})
    code = coach.here.removeprefix("/rooms/")
    assert coach.last
    assert "3 problems" in coach.last.text
    assert "no hints" in coach.last.text
    assert len(problems(coach, code)) == 3


def test_conditions_that_no_problem_meets_are_shown_again_with_what_is_wrong(coach: Browser) -> None:
    coach.open("/rooms/new?by=conditions")
    shown = coach.send("/rooms", {"title": "Mine", "topic": ["concepts"], "tool": "calculator", "minutes": "x"})
    assert shown.status == 422
    assert "minutes" in complaint(shown)
    assert shown.all("//input[@name='title']/@value") == ["Mine"]
    assert shown.all("//input[@name='topic'][@checked]/@value") == ["concepts"]
    assert coach.client.get("/v1/rooms").json()["items"] == []


def test_problems_are_chosen_one_by_one_and_asked_in_their_order(coach: Browser) -> None:
    code = interview(coach, LOGITS, MOCK)
    asked = [(each["family"], each["level"], each["preset"]) for each in problems(coach, code)]
    assert [asked[0], asked[1][::2]] == [("ce-from-logits", 1, None), ("cross-entropy-one-hot", "mock-question")]
    assert coach.last
    assert "with follow-up questions" in coach.last.text


def test_choosing_keeps_what_was_typed_and_takes_away_what_is_removed(coach: Browser) -> None:
    coach.open("/rooms/new?by=problems")
    coach.send("/rooms/new", {"title": "Mine", "minutes": "20", "hints": "on", "add": MOCK}, form="/rooms")
    coach.send("/rooms/new", {"add": LOGITS}, form="/rooms")
    shown = coach.send("/rooms/new", {"remove": "0"}, form="/rooms")
    assert shown.all("//input[@name='problem']/@value") == [LOGITS]
    assert shown.all("//input[@name='title']/@value") == ["Mine"]
    assert shown.all("//input[@name='minutes']/@value") == ["20"]
    assert shown.all("//input[@id='hints'][@checked]")


def test_a_problem_that_was_only_selected_is_asked_too(coach: Browser) -> None:
    coach.open("/rooms/new?by=problems")
    coach.send("/rooms", {"add": MOCK})
    assert [each["preset"] for each in problems(coach, coach.here.removeprefix("/rooms/"))] == ["mock-question"]


@pytest.mark.parametrize("chosen", [[], ["no-such-family:1"], [MOCK] * (MOST_CHOSEN + 1)])
def test_none_or_too_many_problems_are_refused(coach: Browser, chosen: list[str]) -> None:
    coach.open("/rooms/new?by=problems")
    shown = coach.send("/rooms", {"problem": chosen})
    assert shown.status == 422
    assert f"Choose 1 to {MOST_CHOSEN} problems." in complaint(shown)


def test_what_can_be_chosen_is_named_in_both_languages(coach: Browser) -> None:
    names = {pick.value: pick.title for _, each in picks("en") for pick in each}
    assert names[LOGITS] == "Cross-entropy from logits, level 1"
    coach.language = "zh"
    assert (
        coach.open("/rooms/new?by=problems").all(f"//option[@value='{MOCK}']")[0].text
        == "独热目标的交叉熵，预设“mock-question”"
    )


def test_the_same_can_be_opened_again_with_a_code_of_its_own(coach: Browser) -> None:
    code = interview(coach)
    coach.send("/rooms", {"again": code})
    again = coach.here.removeprefix("/rooms/")
    assert again != code
    assert problems(coach, again) == problems(coach, code)


def test_a_room_that_is_sent_twice_is_opened_once(coach: Browser) -> None:
    coach.open("/rooms/new")
    fields = {name: values[-1] for name, values in coach.fields_of("/rooms").items()}
    for _ in range(2):
        coach.client.post("/rooms", data=fields)
    assert len(coach.client.get("/v1/rooms").json()["items"]) == 1


def test_older_rooms_are_on_the_next_page(coach: Browser) -> None:
    code = interview(coach, MOCK, title="The first")
    for _ in range(20):
        coach.open(f"/rooms/{code}")
        coach.send("/rooms", {"again": code})
    first = coach.open("/rooms")
    assert f"/rooms/{code}" not in first.all("//main//a/@href")
    [older] = first.all("//a[text()='Older rooms']/@href")
    assert coach.open(older).all("//main//h3/a/@href") == [f"/rooms/{code}"]


def test_the_room_of_another_coach_is_none(coach: Browser, signed_in: SignedIn) -> None:
    code, other = opened(coach), signed_in("Eve", role="coach")
    for path in (f"/rooms/{code}", f"/rooms/{code}/scorecard"):
        assert other.open(path).status == 404
    other.open("/rooms/new")
    assert other.send("/rooms", {"again": code}).status == 404


def test_an_admin_sees_every_room(coach: Browser, signed_in: SignedIn) -> None:
    assert signed_in("Root", role="admin").open(f"/rooms/{opened(coach)}").status == 200
