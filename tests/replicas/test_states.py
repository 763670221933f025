"""Whatever two replicas are asked to do at once, in whatever order: what is stored stays as it must be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection

from app.errors import CrossdrillError, UnavailableError
from app.services import drills, practice, reviews
from app.services.blueprints import Blueprint, Feedback
from app.services.plans import PlanItem
from app.services.practice import Submission
from app.services.problems import Wish, pose
from app.services.shelf import Shelf
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.invariants import broken
from tests.postgres_databases import PostgresDatabases

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
APART = timedelta(milliseconds=5)
MOCK = PlanItem("cross-entropy-one-hot", 1, None, "mock-question")
ANSWERS = ("0.357", "0.5146", "0.36", "7")

Work = Callable[[Connection], object]


class Replica:
    """One process of the service: its connections, its memory, and its clock, which is a little off."""

    def __init__(self, url: str, behind: timedelta) -> None:
        self.database = Database(url)
        self._shelf = Shelf()
        self._behind = behind

    def answer(self, problem: UUID, text: str, now: datetime, connection: Connection) -> None:
        submission = Submission({"loss": text}, "en")
        practice.submit(connection, self._shelf, LOCAL_LEARNER, problem, submission, now - self._behind)

    def hint(self, problem: UUID, _: str, now: datetime, connection: Connection) -> None:
        practice.take_hint(connection, self._shelf, LOCAL_LEARNER, problem, now - self._behind)

    def reveal(self, problem: UUID, _: str, now: datetime, connection: Connection) -> None:
        practice.reveal(connection, self._shelf, LOCAL_LEARNER, problem, now - self._behind)

    def rate(self, problem: UUID, _: str, now: datetime, connection: Connection) -> None:
        reviews.rate_left(connection, problem, now - self._behind)

    def pose(self, now: datetime, connection: Connection) -> UUID:
        wish = Wish("en", family=MOCK.family, preset=MOCK.preset)
        return pose(connection, self._shelf, LOCAL_LEARNER, wish, now=now - self._behind, new_seed="").id

    def next(self, drill: UUID, now: datetime, connection: Connection) -> UUID:
        locked = drills.locked(connection, LOCAL_LEARNER, drill, now - self._behind)
        return drills.hand_out(connection, self._shelf, locked, now - self._behind).id

    def pause(self, drill: UUID, now: datetime, connection: Connection) -> None:
        drills.pause(connection, drills.locked(connection, LOCAL_LEARNER, drill, now - self._behind), now - self._behind)

    def resume(self, drill: UUID, now: datetime, connection: Connection) -> None:
        drills.resume(connection, drills.locked(connection, LOCAL_LEARNER, drill, now - self._behind), now - self._behind)

    def finish(self, drill: UUID, now: datetime, connection: Connection) -> None:
        drills.finish(connection, drills.locked(connection, LOCAL_LEARNER, drill, now - self._behind), now - self._behind)

    def settle(self, drill: UUID, now: datetime, connection: Connection) -> None:
        drills.settle(connection, drill, now - self._behind)


ON_PROBLEMS: Final = (Replica.answer, Replica.answer, Replica.answer, Replica.hint, Replica.reveal, Replica.rate)
ON_DRILLS: Final = (Replica.pause, Replica.resume, Replica.finish, Replica.settle)
numbers = st.integers(0, 99)


class TwoReplicas(RuleBasedStateMachine):
    """One learner, some problems and drills, and two replicas that are asked for several things at once."""

    def __init__(self, postgres: PostgresDatabases) -> None:
        super().__init__()
        self._postgres, self._url = postgres, postgres.migrated()
        self._replicas = Replica(self._url, timedelta(0)), Replica(self._url, APART)
        self._runner = asyncio.Runner()
        self._now = START
        self._problems: list[UUID] = []
        self._drills: list[UUID] = []
        for replica in self._replicas:
            self._runner.run(replica.database.open())

    def teardown(self) -> None:
        """Close everything, and give the database back."""
        for replica in self._replicas:
            self._runner.run(replica.database.close())
        self._runner.close()
        self._postgres.give_back(self._url)

    @rule()
    def pose(self) -> None:
        """Set a problem."""
        self._problems += self._done([(0, partial(self._replicas[0].pose, self._now))])

    @rule(feedback=st.sampled_from(("at-once", "at-end")), tries=st.sampled_from((None, 1, 2)))
    def begin(self, feedback: Feedback, tries: int | None) -> None:
        """Start a drill of one minute."""
        blueprint = Blueprint(length=3, minutes=1, feedback=feedback, tries=tries)

        def start(connection: Connection) -> UUID:
            terms = (connection, LOCAL_LEARNER, blueprint, (MOCK,) * 3)
            return drills.start(*terms, preset=None, room_id=None, language="en", now=self._now).id

        self._drills += self._done([(0, start)])

    @precondition(lambda self: self._drills)
    @rule(drill=numbers, places=st.lists(st.integers(0, 1), min_size=1, max_size=4))
    def ask(self, drill: int, places: list[int]) -> None:
        """Ask for the next problem of one drill, at both at once."""
        chosen = self._drills[drill % len(self._drills)]
        self._problems += self._done([(place, partial(self._replicas[place].next, chosen, self._now)) for place in places])

    @precondition(lambda self: self._problems)
    @rule(
        given=st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(ON_PROBLEMS), numbers, st.sampled_from(ANSWERS)),
            min_size=2,
            max_size=8,
        ),
        steps=st.lists(st.tuples(st.integers(0, 1), st.sampled_from(ON_DRILLS), numbers), max_size=4),
    )
    def everything(
        self,
        given: list[tuple[int, Callable[..., None], int, str]],
        steps: list[tuple[int, Callable[..., None], int]],
    ) -> None:
        """Answer, look at hints and solutions, pause, go on and end, all at once."""
        works: list[tuple[int, Work]] = []
        for place, act, number, text in given:
            problem = self._problems[-1 - number % min(3, len(self._problems))]  # the latest: so that they meet
            works.append((place, partial(act, self._replicas[place], problem, text, self._now)))
        for place, act, number in steps[: len(self._drills) * 4]:
            works.append((place, partial(act, self._replicas[place], self._drills[number % len(self._drills)], self._now)))
        self._done(works)

    @rule(seconds=st.sampled_from((1, 59, 60, 100_000)))
    def later(self, seconds: int) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        """Look at everything that is stored."""
        assert self._runner.run(self._replicas[1].database.read(broken)) == []

    def _done(self, works: list[tuple[int, Work]]) -> list[UUID]:
        """Return the ids that some work gives, all of it begun at once; what the rules refuse gives none."""

        async def together() -> list[object]:
            writing = (self._replicas[place].database.write(work) for place, work in works)
            return await asyncio.gather(*writing, return_exceptions=True)

        results = self._runner.run(together())
        wrong = [
            result
            for result in results
            if isinstance(result, BaseException)
            and (isinstance(result, UnavailableError) or not isinstance(result, CrossdrillError))
        ]
        assert wrong == []
        return [result for result in results if isinstance(result, UUID)]


def test_whatever_both_are_asked_at_once_all_that_is_stored_fits_together(postgres: PostgresDatabases) -> None:
    run_state_machine_as_test(
        partial(TwoReplicas, postgres),  # type: ignore[arg-type]  # a machine is made of it anew for each example
        settings=settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)),
    )
