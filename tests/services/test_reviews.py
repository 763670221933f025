"""How problems feed spaced repetition, from real attempts on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from app.errors import NothingDueError
from app.services import accounts, practice, results, reviews
from app.services.practice import Submission
from app.services.problems import Setting, Wish, place, pose
from app.services.scheduling import Card, retrievability, review
from app.services.shelf import Shelf
from app.storage import drills, problems
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.models import review_log
from app.storage.models import reviews as reviews_table
from app.storage.reviews import ReviewRow, of_learner, save
from quiz_bank.problem import ChoicePart
from quiz_bank.registry import family
from quiz_bank.variants import preset
from tests.storage.connected import connected

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
ONE_HOT = "cross-entropy-one-hot"
RIGHT, WRONG = "-ln(0.7)", "0.5146"
DAY = timedelta(days=1)
BEFORE_ALL = UUID(int=0)


@dataclass
class Desk:
    """A learner before the loss of [0.7, 0.2, 0.1] against [1, 0, 0], for which 60 seconds are expected."""

    connection: Connection
    shelf: Shelf = field(default_factory=Shelf)

    def shown(self, at: datetime = START, drill_id: UUID | None = None) -> UUID:
        setting = Setting("en", preset="mock-question", drill_id=drill_id, position=1 if drill_id else None)
        variant = preset(family(ONE_HOT), "mock-question")
        return place(self.connection, self.shelf, LOCAL_LEARNER, variant, setting, at).id

    def answer(self, problem: UUID, text: str, at: datetime = START, duration_ms: int | None = None) -> None:
        submission = Submission({"loss": text}, "en", duration_ms=duration_ms)
        practice.submit(self.connection, self.shelf, LOCAL_LEARNER, problem, submission, at)

    def solved(self, at: datetime, duration_ms: int = 60_000) -> None:
        self.answer(self.shown(at), RIGHT, at, duration_ms)

    def ratings(self) -> list[str]:
        return list(self.connection.scalars(select(review_log.c.rating).order_by(review_log.c.reviewed_at)))

    def left(self, at: datetime) -> list[UUID]:
        return reviews.left(self.connection, at, BEFORE_ALL, 10)

    def row(self) -> ReviewRow:
        [row] = of_learner(self.connection, LOCAL_LEARNER)
        return row

    def card(self) -> Card:
        return Card(self.row().stability, self.row().difficulty, self.row().due, self.row().last_review)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with connected(database_url) as connection:
        yield Desk(connection)


@pytest.fixture
def drill(desk: Desk) -> UUID:
    """Give a running drill without a limit of time, which tells at once."""
    row = DrillRow(new_id(), LOCAL_LEARNER, None, None, "{}", "[]", "en", "running", 1, START, None, None, 0.0, None)
    drills.add(desk.connection, row)
    return row.id


def test_a_problem_that_is_only_shown_or_still_open_is_not_rated(desk: Desk) -> None:
    desk.shown()
    desk.answer(desk.shown(), WRONG)
    assert desk.ratings() == []
    assert of_learner(desk.connection, LOCAL_LEARNER) == []


@pytest.mark.parametrize(("duration_ms", "rating"), [(10_000, "easy"), (60_000, "good"), (130_000, "hard")])
def test_a_solved_problem_is_rated_by_its_time(desk: Desk, duration_ms: int, rating: str) -> None:
    desk.solved(START, duration_ms)
    assert desk.ratings() == [rating]


def test_a_second_try_is_hard(desk: Desk) -> None:
    problem = desk.shown()
    desk.answer(problem, WRONG)
    desk.answer(problem, RIGHT)
    assert desk.ratings() == ["hard"]


def test_a_hint_is_hard(desk: Desk) -> None:
    problem = desk.shown()
    practice.take_hint(desk.connection, desk.shelf, LOCAL_LEARNER, problem, START)
    desk.answer(problem, RIGHT)
    assert desk.ratings() == ["hard"]


def test_asking_for_the_solution_is_again(desk: Desk) -> None:
    practice.reveal(desk.connection, desk.shelf, LOCAL_LEARNER, desk.shown(), START)
    assert desk.ratings() == ["again"]


def test_a_lucky_quick_choice_is_not_easy(desk: Desk) -> None:
    wish = Wish("en", family="softmax-before-the-loss", seed="s")
    row = pose(desk.connection, desk.shelf, LOCAL_LEARNER, wish, now=START, new_seed="n")
    [part] = desk.shelf.kept(desk.connection, LOCAL_LEARNER, row.id).variant.parts
    assert isinstance(part, ChoicePart)
    [code] = part.truth
    letter = next(letter for letter, option in part.letters.items() if option == code)
    submission = Submission({part.name: letter}, "en", duration_ms=1000)
    practice.submit(desk.connection, desk.shelf, LOCAL_LEARNER, row.id, submission, START)
    assert desk.ratings() == ["good"]


def test_the_card_is_what_fsrs_makes_of_the_ratings(desk: Desk) -> None:
    desk.solved(START)
    desk.solved(START + 3 * DAY)
    assert desk.card() == review(review(None, "good", START), "good", START + 3 * DAY)
    assert desk.row().times == 2


def test_a_review_at_an_earlier_time_than_the_last_counts_as_one_at_the_same_time(desk: Desk) -> None:
    desk.solved(START + DAY)
    desk.solved(START)
    assert desk.row().last_review == START + DAY


def test_each_problem_is_rated_once(desk: Desk) -> None:
    problem = desk.shown()
    desk.answer(problem, RIGHT)
    before = desk.row()
    results.noted(desk.connection, problem, START + DAY)
    assert desk.row() == before


def test_what_a_drill_asks_feeds_the_reviews_unless_it_says_not_to(desk: Desk) -> None:
    fed, unfed = desk.shown(), desk.shown()
    for problem, feed in ((fed, True), (unfed, False)):
        problems.close(desk.connection, problem, "expired", START + DAY)
        results.noted(desk.connection, problem, START + DAY, feed_reviews=feed)
    assert list(desk.connection.scalars(select(review_log.c.problem_id))) == [fed]


@pytest.mark.parametrize(("seconds", "ratings"), [(59, []), (60, ["again"])])
def test_what_a_drill_asked_in_vain_counts_where_there_was_time_for_it(
    desk: Desk, drill: UUID, seconds: int, ratings: list[str]
) -> None:
    problem, end = desk.shown(drill_id=drill), START + timedelta(seconds=seconds)
    problems.close(desk.connection, problem, "expired", end)
    results.noted(desk.connection, problem, end)
    assert desk.ratings() == ratings


def test_asking_for_the_solution_in_a_drill_is_again_at_once(desk: Desk, drill: UUID) -> None:
    problem = desk.shown(drill_id=drill)
    problems.set_state(desk.connection, LOCAL_LEARNER, problem, "revealed", START)
    results.noted(desk.connection, problem, START)
    assert desk.ratings() == ["again"]


def test_a_problem_that_was_left_wrong_for_a_day_is_again(desk: Desk) -> None:
    problem = desk.shown()
    desk.answer(problem, WRONG)
    assert desk.left(START + DAY - timedelta(seconds=1)) == []
    assert desk.left(START + DAY) == [problem]
    reviews.rate_left(desk.connection, problem, START + DAY)
    assert desk.left(START + DAY) == []
    assert (desk.ratings(), desk.row().last_review) == (["again"], START + DAY)


def test_solving_later_what_was_left_changes_nothing(desk: Desk) -> None:
    problem = desk.shown()
    desk.answer(problem, WRONG)
    reviews.rate_left(desk.connection, problem, START + DAY)
    before = desk.row()
    desk.answer(problem, RIGHT, START + 2 * DAY)
    assert (desk.ratings(), desk.row()) == (["again"], before)


@pytest.mark.parametrize("text", [WRONG, RIGHT])
def test_who_came_back_has_not_left_whatever_was_read_before(desk: Desk, text: str) -> None:
    problem = desk.shown()
    desk.answer(problem, WRONG)
    desk.answer(problem, text, START + DAY)
    before = desk.ratings()
    reviews.rate_left(desk.connection, problem, START + DAY)
    assert (desk.left(START + DAY), desk.ratings()) == ([], before)


def test_a_problem_that_was_only_looked_at_is_not_left(desk: Desk) -> None:
    desk.shown()
    assert desk.left(START + 9 * DAY) == []


def test_a_problem_of_a_running_drill_is_not_left(desk: Desk, drill: UUID) -> None:
    desk.answer(desk.shown(drill_id=drill), WRONG)
    assert desk.left(START + 2 * DAY) == []


def test_many_that_were_left_are_found_some_at_a_time(desk: Desk) -> None:
    shown = [desk.shown() for _ in range(5)]
    for problem in shown:
        desk.answer(problem, WRONG)
    first = reviews.left(desk.connection, START + DAY, BEFORE_ALL, 2)
    then = reviews.left(desk.connection, START + DAY, first[-1], 4)
    assert first + then == sorted(shown)


def test_one_that_another_process_has_in_hand_is_passed_over(postgres_url: str) -> None:
    with connected(postgres_url) as connection:
        desk = Desk(connection)
        problem = desk.shown()
        desk.answer(problem, WRONG)
    with connected(postgres_url) as theirs, connected(postgres_url) as ours:
        problems.lock(theirs, LOCAL_LEARNER, problem)
        reviews.rate_left(ours, problem, START + DAY)
        assert Desk(ours).ratings() == []


def test_what_is_known_of_a_family_is_told_as_of_now(desk: Desk) -> None:
    desk.solved(START)  # good: due in two days
    [before] = reviews.of_learner(desk.connection, LOCAL_LEARNER, START + DAY)
    [after] = reviews.of_learner(desk.connection, LOCAL_LEARNER, START + 5 * DAY)
    assert (before.is_due, before.overdue_days, after.is_due, after.overdue_days) == (False, 0, True, 3)
    assert after.retrievability == retrievability(desk.card(), START + 5 * DAY)
    assert after.retrievability < before.retrievability


def test_an_answer_asks_of_the_reviews_only_where_it_ends_the_problem(sqlite_url: str) -> None:
    statements: list[str] = []
    with connected(sqlite_url) as connection:
        desk = Desk(connection)
        problem = desk.shown()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(statements.append)
        desk.answer(problem, WRONG)
        before = [said for said in statements if "review" in said]
        desk.answer(problem, RIGHT)
        after = [said for said in statements if "review" in said]
    assert (len(before), len(after)) == (0, 3)


def remembered(desk: Desk, slug: str, *, stability: float, last_review: datetime, due: datetime) -> None:
    save(desk.connection, ReviewRow(LOCAL_LEARNER, slug, stability, 5.0, due, last_review, 1))


def test_the_least_likely_to_be_recalled_is_the_most_urgent_however_long_the_others_are_due(desk: Desk) -> None:
    remembered(desk, "entropy", stability=100.0, last_review=START - 130 * DAY, due=START - 30 * DAY)
    remembered(desk, "softmax", stability=1.0, last_review=START - 10 * DAY, due=START - 9 * DAY)
    remembered(desk, "surprisal", stability=50.0, last_review=START, due=START + 50 * DAY)
    assert [known.family for known in reviews.of_learner(desk.connection, LOCAL_LEARNER, START)] == [
        "entropy",
        "softmax",
        "surprisal",
    ]
    assert reviews.most_urgent(desk.connection, LOCAL_LEARNER, START) == ["softmax", "entropy"]
    assert reviews.next_due(desk.connection, LOCAL_LEARNER, START) == "softmax"


def test_a_family_that_is_no_longer_installed_is_passed_over(desk: Desk) -> None:
    remembered(desk, "gone", stability=1.0, last_review=START - 10 * DAY, due=START - 9 * DAY)
    assert reviews.of_learner(desk.connection, LOCAL_LEARNER, START) == []


def test_nothing_due_says_when_something_will_be(desk: Desk) -> None:
    with pytest.raises(NothingDueError) as nothing:
        reviews.next_due(desk.connection, LOCAL_LEARNER, START)
    desk.solved(START)
    with pytest.raises(NothingDueError) as soon:
        reviews.next_due(desk.connection, LOCAL_LEARNER, START + DAY)
    assert (nothing.value.values["due"], soon.value.values["due"]) == ("", "2026-11-23T09:00:00Z")


def test_with_the_learner_their_reviews_are_erased(desk: Desk) -> None:
    desk.solved(START)
    accounts.erase(desk.connection, LOCAL_LEARNER, START)
    for table in (reviews_table, review_log):
        assert desk.connection.execute(select(table)).all() == []
