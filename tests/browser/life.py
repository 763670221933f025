"""What somebody has done before a page is opened: weeks of practice, a drill, a room; all through the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from app.services import drills, openings, plans, practice, problems, rooms
from app.services.drill_presets import resolved
from app.services.openings import RoomWish
from app.services.practice import Submission
from app.services.problems import Wish
from app.services.shelf import Shelf
from app.storage.drills import DrillRow
from app.storage.problems import ProblemRow
from app.storage.rooms import RoomRow
from quiz_bank.forms import as_answer, letters_of, repeated, with_text
from quiz_bank.problem import ChoicePart, Language, Variant
from quiz_bank.registry import FAMILIES
from tests.browser.service import Person

WEEKS: Final = 6
PATTERN: Final = (True, True, False, True, True, True, False, True)
"""Which answers are right, over and over."""

CONFIDENCE: Final = (0.6, 0.7, 0.8, 0.9, 0.95, 0.5, 0.9)


def right(variant: Variant[Any]) -> dict[str, object]:
    """Return a right answer to all parts."""
    return {part.name: _right(part) for part in variant.parts}


def _right(part: Any) -> object:  # noqa: ANN401 - a part of either kind
    return with_text(part, letters_of(part)) if isinstance(part, ChoicePart) else as_answer(part.truth)


def wrong(variant: Variant[Any]) -> dict[str, object]:
    """Return a wrong answer to all parts, by a known mistake where there is one."""
    mistakes = {each.part: as_answer(each.value) for each in reversed(variant.wrong)}
    return {part.name: mistakes.get(part.name, _wrong(part)) for part in variant.parts}


def _wrong(part: Any) -> object:  # noqa: ANN401 - as above
    if not isinstance(part, ChoicePart):
        return repeated(part.truth, "123.4")
    letters = letters_of(part)
    others = [letter for letter in part.letters if letter not in letters]
    return with_text(part, letters[::-1] if part.spec.kind in {"ordering", "matching"} else others[:1])


@dataclass
class Life:
    """Somebody who does things at the times that they say."""

    connection: Connection
    person: Person
    language: Language = "en"
    shelf: Shelf = field(default_factory=Shelf)

    def meet(self, family: str, now: datetime, *, level: int | None = None, preset: str | None = None) -> ProblemRow:
        """Set a problem of a family."""
        wish = Wish(self.language, family, None, level, None, preset)
        return problems.pose(self.connection, self.shelf, self.person.id, wish, now=now, new_seed=f"{family} {now:%j}")

    def answer(self, problem: UUID, now: datetime, *, rightly: bool = True, confidence: float | None = None) -> None:
        """Answer a problem, half a minute after `now`."""
        variant = self.shelf.problem(self.connection, self.person.id, problem).variant
        answers = right(variant) if rightly else wrong(variant)
        submission = Submission(answers, self.language, confidence, 30_000)
        practice.submit(self.connection, self.shelf, self.person.id, problem, submission, now + timedelta(seconds=30))

    def practise(self, weeks: int = WEEKS) -> None:
        """Practise on most days of some weeks, up to now."""
        now, slugs = datetime.now(UTC), cycle(sorted(FAMILIES))
        outcomes = zip(cycle(PATTERN), cycle(CONFIDENCE), strict=False)
        for days in range(7 * weeks, -1, -1):
            for minutes in range(days % 4):
                rightly, confidence = next(outcomes)
                at = now - timedelta(days=days, minutes=2 * minutes + 5)
                self.answer(self.meet(next(slugs), at).id, at, rightly=rightly, confidence=confidence)

    def drill(self, preset: str, *, ended: bool = True) -> DrillRow:
        """Start a drill and answer its problems; unless it is to go on, end it."""
        now = datetime.now(UTC)
        blueprint = resolved(preset, {}, self.language)
        plan = plans.planned(self.connection, self.person.id, blueprint, "a drill", language=self.language)
        terms = (self.person.id, blueprint, plan)
        row = drills.start(self.connection, *terms, preset=preset, room_id=None, language=self.language, now=now)
        self.go_through(row, len(plan) if ended else 2, now)
        return drills.finish(self.connection, self._locked(row, now), now) if ended else row

    def go_through(self, drill: DrillRow, count: int, now: datetime) -> None:
        """Answer the next problems of a drill."""
        for rightly, _ in zip(cycle(PATTERN), range(count), strict=False):
            problem = drills.hand_out(self.connection, self.shelf, self._locked(drill, now), now)
            self.answer(problem.id, now, rightly=rightly)

    def _locked(self, drill: DrillRow, now: datetime) -> DrillRow:
        return drills.locked(self.connection, self.person.id, drill.id, now)

    def open_room(self, preset: str, number: int) -> RoomRow:
        """Open a room, which has the code of a number."""
        wish = RoomWish(self.language, None, preset)
        opening = openings.drawn(openings.decided(self.connection, wish, "a room"), "a room")
        return rooms.open_room(self.connection, self.person.id, opening, rooms.code_of(number), datetime.now(UTC))

    def join(self, room: RoomRow) -> DrillRow:
        """Join a room."""
        return rooms.join(self.connection, room.code, self.person.id, self.language, datetime.now(UTC))[1]
