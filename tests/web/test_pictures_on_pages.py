"""Pictures where they belong: beside a verdict, a solution, and what somebody has practised."""

from __future__ import annotations

import pytest

from quiz_bank.registry import family
from quiz_bank.variants import draw
from tests.web.conftest import Browser, Shown
from tests.web.practising import begun, right_fields

MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}


def said(shown: Shown) -> list[str]:
    """Return what the pictures of a page say in words."""
    return [str(text) for text in shown.tree.xpath("//figure//details/p/text()")]


def test_a_wrong_answer_has_its_place_on_the_curve_and_the_right_one_stays_unseen(browser: Browser) -> None:
    begun(browser, MOCK)
    [words] = said(browser.send(browser.here, {"loss": "0.5146"}))
    assert "Your answer: 0.5146 at p = 0.5977." in words
    assert "0.3567" not in browser.open(browser.here).response.text


def test_a_right_answer_has_the_curve_and_the_prediction_beside_its_target(browser: Browser) -> None:
    begun(browser, MOCK)
    curve, bars = said(browser.send(browser.here, {"loss": "0.357"}))
    assert "Right answer: 0.3567 at p = 0.7." in curve
    assert "Prediction 0.7, Target 1" in bars


def test_a_problem_that_nobody_answered_yet_has_no_picture(browser: Browser) -> None:
    assert not said(begun(browser, MOCK))


def test_what_cannot_be_read_has_no_picture(browser: Browser) -> None:
    begun(browser, MOCK)
    assert not said(browser.send(browser.here, {"loss": "0,357"}))


def test_an_answer_whose_verdict_is_withheld_has_no_picture(browser: Browser) -> None:
    wanted = {"families": ["cross-entropy-one-hot"], "length": 1, "feedback": "at-end"}
    drill = browser.client.post("/v1/drills", json={"blueprint": wanted}).json()["id"]
    browser.open(f"/drills/{drill}")
    browser.send(f"/drills/{drill}/resume")
    shown = browser.send(browser.here, {"loss": "0.5146"})
    assert "Noted" in shown.text
    assert not said(shown)


def test_a_solution_shows_the_truth_in_pictures(browser: Browser) -> None:
    begun(browser, MOCK)
    curve, bars = said(browser.send(f"{browser.here}/solution"))
    assert "Right: 0.3567 at p = 0.7." in curve
    assert "Prediction 0.7, Target 1" in bars


@pytest.mark.parametrize("slug", ["gradient-logits", "mse-sigmoid-gradient", "expected-calibration-error", "zero-probability"])
def test_ids_of_a_page_with_pictures_are_there_once(browser: Browser, slug: str) -> None:
    level = max(family(slug).levels)
    begun(browser, {"family": slug, "level": str(level), "seed": "a"})
    shown = browser.send(browser.here, right_fields(draw(family(slug), level, "a").variant))
    assert said(shown)
    ids = shown.tree.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("language", "weeks", "sure"),
    [
        ("en", "2, of them 50% right at once.", "Sure to 90% on average: 50% of 2 right."),
        ("zh", "2 题，其中 50% 首次即答对。", "平均把握 90%：2 次中答对 50%。"),
    ],
)
def test_progress_is_seen_in_weeks_days_and_confidence(browser: Browser, language: str, weeks: str, sure: str) -> None:
    browser.language = language
    for loss in ("0.5146", "0.357"):
        begun(browser, MOCK)
        browser.send(browser.here, {"loss": loss, "confidence": "90"})
    words = [str(text) for text in browser.open("/progress").tree.xpath("//figure//desc/text()")]
    assert [weeks in text for text in words] == [True, False, False]
    assert words[2] == sure


def test_confidence_that_was_never_given_has_no_picture(browser: Browser) -> None:
    begun(browser, MOCK)
    browser.send(browser.here, {"loss": "0.357"})
    assert len(browser.open("/progress").all("//figure")) == 2
