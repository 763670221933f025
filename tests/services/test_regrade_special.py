"""What a regrade does with drills, and what it leaves alone; on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.services import closing
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem, freeze, variant_of
from app.services.regrade import Tally, begin, carry_on, look, tally
from app.services.shelf import Shelf
from app.storage import attempts, drills, outcomes, problems
from app.storage.attempts import NewAttempt
from app.storage.drills import DrillRow
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.problems import ProblemRow
from quiz_bank.problem import ChoicePart, Convention, PartSpec
from quiz_bank.registry import FAMILIES
from tests.services.mending import IN_BITS, IN_NATS, NOW, SLUG, Bank, Practice

CHOICE = "entropy-or-cross-entropy"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """Return the registry of this test, whose family has a wrong key."""
    bank = Bank(monkeypatch)
    bank.breaks()
    return bank


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Give a connection in a transaction, on either engine."""
    with make_engine(parse_url(database_url), Purpose.WRITE).begin() as connection:
        yield connection


@pytest.fixture
def learner(connection: Connection) -> Practice:
    return Practice(connection, Shelf())


def regrade(connection: Connection, slug: str = SLUG) -> Tally:
    """Regrade a family in one step, which is what it would do, and return what it did."""
    expected = tally(look(connection, slug, None, NOW))
    found = look(connection, slug, None, NOW)
    done = carry_on(connection, begin(connection, slug, NOW), found, NOW).done
    assert done == expected
    return done


def stored(connection: Connection, problem_id: UUID) -> ProblemRow:
    row = problems.get(connection, LOCAL_LEARNER, problem_id)
    assert row is not None
    return row


def verdicts(connection: Connection, problem_id: UUID) -> list[str]:
    rows = attempts.page_of_problem(connection, LOCAL_LEARNER, problem_id, limit=100)
    return [row.judgement.verdict for row in rows]


def drill(connection: Connection, **blueprint: Any) -> DrillRow:  # noqa: ANN401 - whatever a blueprint has
    """Store and return a running drill."""
    terms = Blueprint(**blueprint).to_json()
    row = DrillRow(
        new_id(), LOCAL_LEARNER, None, None, terms, "[]", "en", "running", 1, NOW, NOW + timedelta(hours=1), None, 0, None
    )
    drills.add(connection, row)
    return row


def test_what_a_drill_withholds_is_corrected_and_stays_withheld(connection: Connection, bank: Bank, learner: Practice) -> None:
    running = drill(connection, feedback="at-end")
    problem_id = learner.in_drill(running.id, 1, withheld=True)
    learner.answer(problem_id, IN_NATS)
    bank.mends()
    assert regrade(connection).solved == 0
    row = stored(connection, problem_id)
    assert (row.state, row.withheld, row.closed_at) == ("open", True, None)
    assert outcomes.get(connection, problem_id) is None
    closing.ended(connection, running, NOW)
    assert stored(connection, problem_id).state == "solved"


@pytest.mark.parametrize(("given", "state"), [(("7", IN_NATS), "solved"), ((IN_NATS, "7"), "expired")])
def test_of_a_drill_with_feedback_at_its_end_the_last_answer_decides(
    connection: Connection, bank: Bank, learner: Practice, given: tuple[str, str], state: str
) -> None:
    running = drill(connection, feedback="at-end")
    problem_id = learner.in_drill(running.id, 1, withheld=True)
    learner.answer(problem_id, *given)
    closing.ended(connection, running, NOW)
    assert stored(connection, problem_id).state == "expired"
    bank.mends()
    regrade(connection)
    assert stored(connection, problem_id).state == state


def test_a_problem_that_ran_out_of_tries_on_a_wrong_key_becomes_solved_as_of_its_end(
    connection: Connection, bank: Bank, learner: Practice
) -> None:
    problem_id = learner.in_drill(drill(connection, tries=1).id, 1, withheld=False)
    learner.answer(problem_id, IN_NATS)
    ended = stored(connection, problem_id)
    assert ended.state == "expired"
    bank.mends()
    regrade(connection)
    now = stored(connection, problem_id)
    assert (now.state, now.closed_at, now.tries) == ("solved", ended.closed_at, 1)


def test_an_answer_that_cannot_be_read_any_more_keeps_its_judgement_and_is_named(
    connection: Connection, bank: Bank, learner: Practice
) -> None:
    problem_id = learner.problem()
    [attempt] = learner.answer(problem_id, IN_BITS)
    older = NewAttempt(new_id(), problem_id, LOCAL_LEARNER, '{"loss": "0,357"}', False, None, None, NOW)
    attempts.add(connection, older, replace(attempt.row.judgement, id=new_id()))
    bank.mends()
    done = regrade(connection)
    assert verdicts(connection, problem_id) == ["wrong", "right"]
    assert done.refused == 1
    assert [(each.attempt_id, each.reason) for each in done.unreadable] == [(older.id, "/answers/loss comma")]


FOUR_DIGITS = PartSpec("loss", in_log_units=True, significant_digits=4)


@pytest.mark.parametrize(
    "change",
    [
        {"parts": (FOUR_DIGITS,)},
        {"parts": (PartSpec("value", in_log_units=True),), "truth": lambda _: {"value": 1.0}, "misconceptions": ()},
        {"convention": lambda _: Convention(log_base="2")},
        {"truth": lambda _: {"loss": (0.5, 0.5)}, "misconceptions": ()},
    ],
    ids=["digits", "part", "convention", "shape"],
)
def test_a_problem_that_would_ask_something_else_today_is_left_alone(
    connection: Connection, bank: Bank, learner: Practice, change: dict[str, Any]
) -> None:
    problem_id = learner.problem()
    learner.answer(problem_id, IN_BITS)
    before = stored(connection, problem_id)
    bank.publish(**change)
    done = regrade(connection)
    assert (dict(done.left_alone), done.changes) == ({"asks-otherwise": 1}, False)
    assert stored(connection, problem_id) == before


def lost(_: object) -> dict[str, float]:
    raise ZeroDivisionError


@pytest.mark.parametrize("change", [{"levels": {}}, {"truth": lost}], ids=["level", "out of reach"])
def test_a_problem_that_cannot_be_restored_is_left_alone(
    connection: Connection, bank: Bank, learner: Practice, change: dict[str, Any]
) -> None:
    learner.answer(learner.problem(), IN_BITS)
    bank.publish(**change)
    done = regrade(connection)
    assert (dict(done.left_alone), done.changes) == ({"family-unavailable": 1}, False)


def test_what_was_fixed_for_those_yet_to_come_has_the_key_of_the_mended_version(bank: Bank) -> None:
    fixed = freeze(variant_of(PlanItem(SLUG, 2, None, "mock-question")), None, "mock-question")
    as_fixed = variant_of(fixed)
    bank.mends()
    mended = variant_of(fixed)
    assert dict(as_fixed.truths) == {"loss": pytest.approx(0.514573, abs=1e-6)}
    assert dict(mended.truths) == {"loss": pytest.approx(0.356675, abs=1e-6)}
    assert mended.parameters == as_fixed.parameters


def test_an_option_that_is_right_today_was_right_under_the_letter_that_it_was_shown_with(
    connection: Connection, bank: Bank, learner: Practice
) -> None:
    right, wrong = "h-q-below-h-q-p", "h-p-above-h-q"
    bank.publish(CHOICE, truth=lambda _: {"inequality": (wrong,)})
    problem_id = learner.problem(CHOICE)
    [part] = learner.shelf.kept(connection, LOCAL_LEARNER, problem_id).variant.parts
    assert isinstance(part, ChoicePart)
    letters = {code: letter for letter, code in part.letters.items()}
    learner.give(problem_id, {"inequality": letters[right]}, {"inequality": letters[wrong]})
    assert verdicts(connection, problem_id) == ["wrong", "right"]
    bank.publish(CHOICE)
    assert regrade(connection, CHOICE).corrected == 1
    assert verdicts(connection, problem_id) == ["right", "wrong"]
    assert json.loads(stored(connection, problem_id).truth) == {"inequality": [right]}


def test_where_options_stand_under_other_letters_today_nothing_is_judged_again(
    connection: Connection, bank: Bank, learner: Practice
) -> None:
    learner.give(learner.problem(CHOICE), {"inequality": "a"})
    options = FAMILIES[CHOICE].options
    bank.publish(CHOICE, options=lambda p: {name: codes[::-1] for name, codes in options(p).items()})
    assert dict(regrade(connection, CHOICE).left_alone) == {"asks-otherwise": 1}


def test_only_the_family_that_is_named_is_judged_again(connection: Connection, bank: Bank, learner: Practice) -> None:
    learner.answer(learner.problem(), IN_NATS)
    learner.problem(CHOICE)
    bank.mends()
    assert regrade(connection).problems == 1


def test_examples_show_the_change_and_nobody_whose_it_is(connection: Connection, bank: Bank, learner: Practice) -> None:
    problem_id = learner.problem()
    [attempt] = learner.answer(problem_id, IN_NATS)
    bank.mends()
    [example] = regrade(connection).examples
    assert json.loads(example.parameters)["prediction"] == ["0.7", "0.2", "0.1"]
    assert example.verdicts == ("wrong", "right")
    assert example.truths is not None
    assert not {str(problem_id), str(attempt.row.id), IN_NATS} & set(str(example).split("'"))
