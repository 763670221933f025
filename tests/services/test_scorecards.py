"""What a coach sees of a room while it runs: everything at once, and each change as news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

import pytest
from sqlalchemy import Connection

from app.services import drills, follow_ups, practice, rooms
from app.services.accounts import enrol
from app.services.blueprints import Blueprint
from app.services.plans import plan_to_json
from app.services.practice import Submission
from app.services.rooms import Choice, Opening
from app.services.scorecard_documents import markdown
from app.services.scorecard_texts import words
from app.services.scorecards import Candidate, candidates_of, scorecard_of
from app.services.shelf import Shelf
from app.storage import follow_ups as stored_follow_ups
from app.storage import rooms as stored_rooms
from app.storage.drills import DrillRow
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.rooms import RoomRow
from quiz_bank.problem import Language

NOW = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
MOCK = Choice("cross-entropy-one-hot", preset="mock-question")  # −ln 0.7 = 0.356675 nats = 0.514573 bits
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with make_engine(parse_url(database_url), Purpose.WRITE).connect() as opened:
        opened.begin()
        yield opened


@pytest.fixture
def room(connection: Connection) -> RoomRow:
    """Give a room that asks the mock question twice in an interview of fifteen minutes, with hints and feedback at once."""
    coach, _ = enrol(connection, name="Coach", role="coach", language="en", secret=token_urlsafe(32), now=NOW)
    opening = Opening("Monday", None, Blueprint(length=2, minutes=15, interview=True), rooms.chosen([MOCK, MOCK], "en", "seed"))
    return rooms.open_room(connection, coach.id, opening, rooms.code_of(7), NOW)


class Bob:
    """A guest in the room."""

    def __init__(self, connection: Connection, room: RoomRow) -> None:
        self._connection, self._shelf = connection, Shelf()
        _, self._drill, _ = rooms.join_as_guest(connection, room.code, "Bob", "en", token_urlsafe(32), NOW)
        self.learner_id = self._drill.learner_id
        self.take()

    def take(self) -> None:
        self.problem = drills.hand_out(self._connection, self._shelf, self._locked(), NOW)

    def answer(self, value: str = "0.5146", at: datetime = NOW) -> None:
        submission = Submission({"loss": value}, "en", None, None)
        practice.submit(self._connection, self._shelf, self.learner_id, self.problem.id, submission, at)

    def hint(self) -> None:
        practice.take_hint(self._connection, self._shelf, self.learner_id, self.problem.id, NOW)

    def reveal(self) -> None:
        practice.reveal(self._connection, self._shelf, self.learner_id, self.problem.id, NOW)

    def say(self) -> None:
        follow_ups.answer(self._connection, self._shelf, self.learner_id, self.problem.id, "Through the sum.", NOW)

    def pause(self) -> None:
        drills.pause(self._connection, self._locked(), NOW)

    def finish(self) -> None:
        drills.finish(self._connection, self._locked(), NOW)

    def be_marked(self) -> None:
        stored_follow_ups.mark(self._connection, self.problem.id, self.learner_id, 0.5, None, NOW)

    def _locked(self) -> DrillRow:
        return drills.locked(self._connection, self.learner_id, self._drill.id, NOW)


@pytest.fixture
def bob(connection: Connection, room: RoomRow) -> Bob:
    return Bob(connection, room)


def seen(connection: Connection, room: RoomRow, at: datetime = NOW) -> Candidate:
    [candidate] = candidates_of(connection, room, at)
    return candidate


CHANGES = ("answer", "be_marked", "finish", "hint", "pause", "reveal", "say", "take")


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_candidate_does_gives_a_room_another_version(
    connection: Connection, room: RoomRow, bob: Bob, change: str
) -> None:
    bob.answer("0.5")
    before = stored_rooms.version(connection, room.id)
    assert stored_rooms.version(connection, room.id) == before
    getattr(bob, change)()
    assert stored_rooms.version(connection, room.id) != before


def test_another_candidate_gives_a_room_another_version(connection: Connection, room: RoomRow, bob: Bob) -> None:
    before = stored_rooms.version(connection, room.id)
    assert Bob(connection, room).learner_id != bob.learner_id
    assert stored_rooms.version(connection, room.id) != before


def test_the_last_answer_decides_and_the_mistake_before_it_is_still_told(
    connection: Connection, room: RoomRow, bob: Bob
) -> None:
    bob.answer("0.5146", NOW + MINUTE)
    bob.answer("0.357", NOW + 2 * MINUTE)
    result, unreached = seen(connection, room).results
    assert (result.verdict, result.credit, result.tries, result.misconceptions) == ("right", 1.0, 2, ("wrong-log-base-2",))
    assert (result.seconds, unreached.state, unreached.problem_id) == (60.0, None, None)


def test_a_first_answer_after_more_than_ten_times_as_long_as_expected_has_no_time(
    connection: Connection, room: RoomRow, bob: Bob
) -> None:
    bob.answer("0.357", NOW + 11 * MINUTE)
    assert seen(connection, room).results[0].seconds is None


def test_a_drill_whose_time_is_over_is_finished_before_anybody_notes_it(
    connection: Connection, room: RoomRow, bob: Bob
) -> None:
    bob.answer("0.357")
    running, over = seen(connection, room), seen(connection, room, NOW + 15 * MINUTE)
    assert (running.state, running.credit, running.possible) == ("running", 1.0, 1)
    assert (over.state, over.finished_at, over.credit, over.possible) == ("finished", NOW + 15 * MINUTE, 1.0, 2)


def test_a_mistake_counts_once_for_each_candidate_and_is_explained_in_the_readers_language(
    connection: Connection, room: RoomRow, bob: Bob
) -> None:
    eve = Bob(connection, room)
    for candidate in (bob, bob, eve):
        candidate.answer("0.5146")
    first, second = scorecard_of(connection, room, "zh", NOW).questions
    [mistake] = first.misconceptions
    assert (mistake.code, mistake.candidates, first.answered, first.right) == ("wrong-log-base-2", 2, 2, 0)
    assert mistake.why is not None
    assert "对数" in mistake.why.text
    assert (second.answered, second.median_seconds, second.misconceptions) == (0, None, ())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_before_anybody_joins_a_scorecard_shows_what_the_room_will_ask(
    connection: Connection, room: RoomRow, language: Language
) -> None:
    card = scorecard_of(connection, room, language, NOW)
    assert [(question.position, question.answered) for question in card.questions] == [(1, 0), (2, 0)]
    document = markdown(card, language)
    for question in card.questions:
        assert question.prompt is not None
        assert question.follow_up is not None
        assert document.count(question.prompt.markdown) == document.count(question.follow_up.markdown) == 2
    assert words("nobody", language) in document
    assert words("mistakes", language) not in document


def test_a_scorecard_shows_the_options_to_which_its_letters_refer(connection: Connection, room: RoomRow) -> None:
    families = ("order-the-derivation", "one-minute-pitch", "where-is-it-used")
    plan = rooms.chosen([Choice(family, seed="a") for family in families], "en", "seed")
    card = scorecard_of(connection, replace(room, plan=plan_to_json(plan), blueprint=Blueprint(length=3).to_json()), "en", NOW)
    document = markdown(card, "en")
    for question in card.questions:
        [choices] = question.choices
        assert question.truth is not None
        assert {option.letter for option in choices.options} >= set(*question.truth.values())
        for option in choices.options:
            assert f"- **{option.letter}** {option.text.markdown}\n" in document
    items = "\n".join(f"{number}. {item.markdown}" for number, item in enumerate(choices.items, start=1))
    assert items.startswith("1. ")
    assert items in document


def test_a_scorecard_says_where_the_solution_was_asked_for(connection: Connection, room: RoomRow, bob: Bob) -> None:
    bob.answer("0.5146")
    bob.reveal()
    bob.take()
    bob.reveal()
    document = markdown(scorecard_of(connection, room, "en", NOW), "en")
    assert "| wrong, then had the solution | 0 | `0.5146` |" in document
    assert "| unanswered, then had the solution | 0 | – |" in document
