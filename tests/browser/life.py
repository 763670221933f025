"""What somebody has done before a page is opened: weeks of practice, a drill, a room; all through the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
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
from quiz_bank.forms import as_answer, letters_of, repeated, with_text
from quiz_bank.problem import ChoicePart, Language, Variant
from quiz_bank.registry import FAMILIES
from tests.browser.service import Person

WEEKS: Final = 6
LEVEL: Final = 2
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
    """Somebody who does things at a time that they move."""

    connection: Connection
    person: Person
    language: Language = "en"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    shelf: Shelf = field(default_factory=Shelf)

    def meet(self, family: str, preset: str | None = None) -> UUID:
        """Set a problem of a family and return its id."""
        wish = Wish(self.language, family, None, LEVEL, None, preset)
        seed = f"{family} {self.now:%j}"
        return problems.pose(self.connection, self.shelf, self.person.id, wish, now=self.now, new_seed=seed).id

    def answer(self, problem: UUID, *, rightly: bool = True, confidence: float | None = None) -> None:
        """Answer a problem after half a minute."""
        variant = self.shelf.problem(self.connection, self.person.id, problem).variant
        self.send(problem, right(variant) if rightly else wrong(variant), confidence)

    def send(self, problem: UUID, answers: Mapping[str, object], confidence: float | None = None) -> None:
        """Answer a problem after half a minute with just this."""
        self.now += timedelta(seconds=30)
        submission = Submission(answers, self.language, confidence, 30_000)
        practice.submit(self.connection, self.shelf, self.person.id, problem, submission, self.now)

    def practise(self) -> None:
        """Practise on most days of some weeks, up to now."""
        now, slugs = self.now, cycle(sorted(FAMILIES))
        outcomes = zip(cycle(PATTERN), cycle(CONFIDENCE), strict=False)
        for days in range(7 * WEEKS, -1, -1):
            self.now = now - timedelta(days=days, minutes=30)
            for _ in range(days % 4):
                rightly, confidence = next(outcomes)
                self.answer(self.meet(next(slugs)), rightly=rightly, confidence=confidence)
        self.now = now

    def begin(self, preset: str) -> UUID:
        """Start a drill and return its id."""
        blueprint = resolved(preset, {}, self.language)
        plan = plans.planned(self.connection, self.person.id, blueprint, "a drill", language=self.language)
        terms = (self.person.id, blueprint, plan)
        row = drills.start(self.connection, *terms, preset=preset, room_id=None, language=self.language, now=self.now)
        return row.id

    def go_through(self, drill: UUID, count: int, *, skip: int = 0) -> list[UUID]:
        """Answer the next problems of a drill and return them; `skip` is where the pattern of right and wrong begins."""
        return [self._take(drill, rightly) for rightly in islice(cycle(PATTERN), skip, skip + count)]

    def _take(self, drill: UUID, rightly: bool) -> UUID:
        problem = drills.hand_out(self.connection, self.shelf, self._locked(drill), self.now).id
        self.answer(problem, rightly=rightly)
        return problem

    def end(self, drill: UUID) -> None:
        """End a drill."""
        drills.finish(self.connection, self._locked(drill), self.now)

    def _locked(self, drill: UUID) -> DrillRow:
        return drills.locked(self.connection, self.person.id, drill, self.now)

    def open_room(self, preset: str, number: int) -> str:
        """Open a room and return its code, the one that stands for a number."""
        wish = RoomWish(self.language, None, preset)
        opening = openings.drawn(openings.decided(self.connection, wish, "a room"), "a room")
        return rooms.open_room(self.connection, self.person.id, opening, rooms.code_of(number), self.now).code

    def join(self, code: str) -> UUID:
        """Join a room and return the id of the drill in it."""
        return rooms.join(self.connection, code, self.person.id, self.language, self.now)[1].id
