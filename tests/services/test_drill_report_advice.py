"""What to practise after a drill, and how it stands beside earlier ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from app.services.blueprints import blueprint_from_json
from app.services.plans import planned
from app.services.reports.advice import advice_of
from app.services.reports.model import Advice, Answer, Item, Mistake, Weakness
from app.services.reports.scores import groups_of, mistakes_of
from app.storage import learners
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from quiz_bank.rendering import Rendered
from tests.services.drilling import FOREST, MOCK, SOFTMAX, START, Candidate, begun, examined
from tests.storage.connected import connected


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


def met(family: str, credit: float, **others: Any) -> Item:  # noqa: ANN401 - any of an item's fields
    """Give a problem as a report tells it, answered in the expected time."""
    told: dict[str, Any] = {
        "position": 1,
        "problem_id": new_id(),
        "family": family,
        "title": family.title(),
        "topic": "logits",
        "level": 1,
        "self_assessed": False,
        "prompt": Rendered("?", "?"),
        "choices": (),
        "state": "expired",
        "verdict": "right" if credit == 1 else "wrong",
        "credit": credit,
        "tries": 1,
        "hints": 0,
        "seconds": 60.0,
        "expected_seconds": 60,
        "answers": (),
        "truth": None,
        "key": None,
        "follow_up": None,
    }
    return Item(**{**told, **others})


def mistaken(code: str) -> tuple[Answer, ...]:
    """Give the answer of someone who made a mistake."""
    return (Answer(1, {}, "wrong", {}, 0.0, True, False, None, None, START, (Mistake(code, "loss", None),)),)


def advised(*items: Item) -> Advice:
    families = groups_of(items, lambda item: item.family, lambda item: item.title)
    return advice_of(items, families, groups_of(items, lambda item: item.topic, lambda item: item.topic))


def weak(*items: Item) -> list[str]:
    return [weakness.family for weakness in advised(*items).weaknesses]


def test_the_family_with_the_least_credit_comes_first() -> None:
    assert weak(met("softmax", 0.5), met("entropy", 0), met("surprisal", 0.75)) == ["entropy", "softmax", "surprisal"]


def test_of_equal_credit_a_known_mistake_comes_first_then_the_slower_one() -> None:
    items = (met("softmax", 0.5, seconds=50.0), met("entropy", 0.5), met("surprisal", 0.5, answers=mistaken("sign-flipped")))
    assert weak(*items) == ["surprisal", "entropy", "softmax"]


def test_three_families_are_enough() -> None:
    assert weak(*(met(family, 0) for family in ("softmax", "entropy", "surprisal", "log-softmax"))) == [
        "softmax",
        "entropy",
        "surprisal",
    ]


@pytest.mark.parametrize(
    ("item", "reasons"),
    [
        (met("softmax", 0.9), ("credit",)),
        (met("softmax", 0, verdict=None, seconds=None), ("unanswered",)),
        (met("softmax", 1, answers=mistaken("softmax-twice")), ("misconception",)),
        (met("softmax", 1, seconds=90.0), ("slow",)),
        (met("softmax", 0, seconds=90.0, answers=mistaken("softmax-twice")), ("credit", "misconception", "slow")),
    ],
)
def test_each_weakness_says_why(item: Item, reasons: tuple[str, ...]) -> None:
    assert [weakness.reasons for weakness in advised(item).weaknesses] == [reasons]


def test_a_family_of_which_one_is_wrong_and_one_unanswered_says_both() -> None:
    [weakness] = advised(met("softmax", 0), met("softmax", 0, verdict=None, seconds=None)).weaknesses
    assert weakness.reasons == ("credit", "unanswered")


def test_of_equal_credit_what_was_answered_comes_before_what_was_not() -> None:
    assert weak(met("softmax", 0, verdict=None, seconds=None), met("entropy", 0)) == ["entropy", "softmax"]


def test_what_was_right_and_quick_is_no_weakness() -> None:
    assert advised(met("softmax", 1, seconds=89.0), met("entropy", 1, seconds=None)) == Advice((), None, None)


def test_a_problem_to_ask_for_has_the_lowest_level_that_went_wrong() -> None:
    items = (met("softmax", 1, level=1), met("softmax", 0, level=3), met("softmax", 0.5, level=2))
    [weakness] = advised(*items).weaknesses
    assert weakness == Weakness("softmax", "Softmax", ("credit",), {"family": "softmax", "level": 2})


def test_a_level_that_the_family_has_lost_is_not_asked_for() -> None:
    assert advised(met("softmax", 0, level=9)).weaknesses[0].problem == {"family": "softmax"}


def test_a_family_or_topic_that_is_gone_is_not_advised() -> None:
    assert advised(met("bygone", 0, topic="bygones")) == Advice((), None, None)


def test_the_weakest_topic_is_advised_with_a_drill() -> None:
    items = (met("softmax", 0.5), met("entropy", 0.25, topic="information"), met("surprisal", 1, topic="information"))
    topic = advised(*items).topic
    assert topic is not None
    assert (topic.topic, topic.drill) == ("logits", {"blueprint": {"topics": ["logits"], "length": 10}})


def test_the_drills_that_are_advised_can_be_planned(connection: Connection) -> None:
    advice = examined(connection).report(at=700).advice
    assert advice.drill is not None
    assert advice.topic is not None
    for body in (advice.drill, advice.topic.drill):
        blueprint = blueprint_from_json(json.dumps(body["blueprint"]))
        assert len(planned(connection, LOCAL_LEARNER, blueprint, "seed")) == blueprint.length


def ended(connection: Connection, *answers: str, preset: str | None = None, **terms: Any) -> Candidate:  # noqa: ANN401 - as above
    """Give a finished drill of the mock question, answered so, each after 30 s: half the expected time."""
    candidate = begun(connection, [MOCK] * max(1, len(answers)), preset=preset, **terms)
    for place, answer in enumerate(answers):
        candidate.take(30 * place)
        candidate.answer(answer, 30 * place + 30)
    candidate.finish(300)
    return candidate


def test_the_first_drill_has_nothing_beside_it(connection: Connection) -> None:
    comparison = ended(connection, "0.357").report().comparison
    assert (comparison.earlier, comparison.change, comparison.trend) == ((), None, None)
    assert comparison.pace == 0.5


def test_it_is_compared_with_the_latest_drills_of_its_preset(connection: Connection) -> None:
    """In time the shares are 1, 0, 1/2, 1/2 and its own 1: their slope is (−2·1 − 1·0 + 0·½ + 1·½ + 2·1)/10."""
    for answers in (("0", "0"), ("0.357", "0.357"), ("0", "0"), ("0.357", "0"), ("0", "0.357")):
        ended(connection, *answers, preset="warm-up")
    ended(connection, "0", preset="sprint-60s")
    comparison = ended(connection, "0.357", "0.357", preset="warm-up").report().comparison
    assert comparison.same_preset
    assert [past.share for past in comparison.earlier] == [0.5, 0.5, 0, 1]
    assert {past.preset for past in comparison.earlier} == {"warm-up"}
    assert comparison.change == 0.5
    assert comparison.trend == pytest.approx(0.05)


def test_without_one_of_its_preset_it_is_compared_with_any(connection: Connection) -> None:
    ended(connection, "0", preset="sprint-60s")
    ended(connection, "0.357")
    comparison = ended(connection, "0.357", preset="warm-up").report().comparison
    assert not comparison.same_preset
    assert [past.share for past in comparison.earlier] == [1, 0]
    assert (comparison.change, comparison.trend) == (0, 0.5)
    assert [past.pace for past in comparison.earlier] == pytest.approx([0.5, 0.5], abs=1e-3)


def test_what_an_earlier_drill_never_reached_lowers_its_share_too(connection: Connection) -> None:
    examined(connection).report(at=700)
    [past] = ended(connection, "0.357").report().comparison.earlier
    assert past.share == pytest.approx(13 / 42)


def test_drills_that_run_or_came_later_or_had_no_problem_or_are_anothers_are_left_out(connection: Connection) -> None:
    other = LearnerRow(new_id(), "Ada", "learner", "en", START)
    learners.add(connection, other)
    ended(connection, "0", learner_id=other.id)
    begun(connection, [MOCK]).take()
    ended(connection)
    drill = ended(connection, "0.357")
    ended(connection, "0")
    assert drill.report().comparison.earlier == ()


def test_its_pace_is_the_median_over_its_problems(connection: Connection) -> None:
    candidate = begun(connection, [MOCK, FOREST, SOFTMAX])
    for place, seconds in enumerate((30, 60, 480)):
        candidate.take(1000 * place)
        candidate.answer("0.357" if place < 2 else ["0.659", "0.242", "0.0986"], 1000 * place + seconds)
    assert candidate.report().comparison.pace == 1.0


def test_the_most_frequent_mistake_comes_first_and_counts_once_in_a_problem() -> None:
    twice = mistaken("softmax-twice") * 2
    items = (
        met("softmax", 0, position=1, answers=mistaken("sign-flipped")),
        met("softmax", 0, position=2, answers=twice),
        met("softmax", 0, position=3, answers=twice),
        met("log-softmax", 0, position=4, answers=mistaken("sign-flipped")),
    )
    assert [(count.code, count.family, count.positions) for count in mistakes_of(items)] == [
        ("softmax-twice", "softmax", (2, 3)),
        ("sign-flipped", "softmax", (1,)),
        ("sign-flipped", "log-softmax", (4,)),
    ]
