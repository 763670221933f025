"""How a learner gets on: what they know, what they keep getting wrong, and when they practised."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from operator import attrgetter
from statistics import median
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, FieldError, InvalidInputError
from app.services import skills
from app.services.accounts import find
from app.services.mastery import MASTERED, topic_mastery
from app.services.misconceptions import Mistakes, Recurring, mistakes
from app.services.problems import topics as topics_of_bank
from app.services.shelf import Shelf
from app.services.streaks import Streak, day_of, streak, zone_of
from app.services.texts import text
from app.storage import history, reviews
from app.storage.history import Practised
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES

K = TypeVar("K")

WEEKS: Final = 12
DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems whose result is known: how many there were, were answered, were right at the first try, and were solved.

    The medians are over the problems of which it is known how long they took; None where there are none.
    """

    problems: int
    answered: int
    first_try_right: int
    solved: int
    median_seconds: float | None
    median_expected_seconds: float | None
    last_practised: datetime


@dataclass(frozen=True, slots=True)
class FamilyProgress:
    """A family that the learner has met; `due` is when its next review is, None where none is planned."""

    family: str
    topic: str
    mastery: float
    due: datetime | None
    tally: Tally

    @property
    def mastered(self) -> bool:
        """Whether the family counts as known."""
        return self.mastery >= MASTERED


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """A topic: how many families it has and how many of them are mastered; `tally` is None where none was met."""

    topic: str
    mastery: float
    families: int
    mastered: int
    due: datetime | None
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday on: the problems answered, how many were right at the first try, and how long they took."""

    monday: date
    problems: int
    first_try_right: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it, by the learner's own days; `days` are those with practice, and how many problems were answered on each.

    `streak` is None where the learner doesn't want it counted.
    """

    time_zone: str
    today: date
    topics: tuple[TopicProgress, ...]
    families: tuple[FamilyProgress, ...]
    mistakes: Mistakes
    weeks: tuple[Week, ...]
    days: Mapping[date, int]
    streak: Streak | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A mistake, the last problem where it was made, and why it is tempting; None where its family is gone."""

    mistake: Recurring
    problem_id: UUID
    why: rendering.Rendered | None


def progress(
    connection: Connection, learner_id: UUID, now: datetime, *, topic: str | None = None, language: Language
) -> Progress:
    """Return how a learner gets on; only in one topic where one is named, but for the days and the streak.

    Raises
    ------
    InvalidInputError
        There is no such topic, neither in the bank nor in what the learner practised.
    """
    learner = find(connection, learner_id)
    zone = zone_of(learner.time_zone)
    today = day_of(now, zone)
    everything = history.practised(connection, learner_id)
    slugs = _slugs(everything, topic, language)
    chosen = [row for row in everything if row.family in slugs]
    met = _grouped(chosen, attrgetter("family"))
    due = {row.family: row.due for row in reviews.of_learner(connection, learner_id)}
    families = tuple(_family(slug, slugs[slug], met[slug], due.get(slug)) for slug in slugs if slug in met)
    by_day = _grouped((row for row in everything if row.right is not None), lambda row: day_of(row.happened_at, zone))
    return Progress(
        time_zone=zone.key,
        today=today,
        topics=tuple(_topics(families, met, slugs)),
        families=families,
        mistakes=mistakes(row for row in chosen if row.right is not None),
        weeks=tuple(_weeks(by_day, slugs, today)),
        days={day: len(by_day[day]) for day in sorted(by_day) if today - timedelta(DAYS) < day <= today},
        streak=streak(by_day, today) if learner.streak else None,
    )


def explained(connection: Connection, shelf: Shelf, learner_id: UUID, mistake: Recurring, language: Language) -> Explained:
    """Return a mistake with the last problem that showed it, and why it is tempting there."""
    problem_id = history.problem_of(connection, learner_id, mistake.last)
    try:
        variant = shelf.problem(connection, learner_id, problem_id).variant
        return Explained(mistake, problem_id, rendering.why(variant, mistake.code, language))
    except (FamilyUnavailableError, KeyError):  # KeyError: the family doesn't know the mistake any more
        return Explained(mistake, problem_id, None)


def tally(rows: Sequence[Practised]) -> Tally:
    """Count problems, at least one."""
    rights = [row.right for row in rows]
    timed = [(row.seconds, row.expected_seconds) for row in rows if row.seconds is not None]
    return Tally(
        problems=len(rows),
        answered=len(rights) - rights.count(None),
        first_try_right=rights.count(True),
        solved=[row.solved for row in rows].count(True),
        median_seconds=median(seconds for seconds, _ in timed) if timed else None,
        median_expected_seconds=median(expected for _, expected in timed) if timed else None,
        last_practised=max([row.happened_at for row in rows]),
    )


def _weeks(by_day: Mapping[date, Sequence[Practised]], families: Container[str], today: date) -> Iterator[Week]:
    """Yield the last twelve weeks of some families up to that of `today`, the oldest first; those without practice too."""
    this_monday = today - timedelta(days=today.weekday())
    for back in reversed(range(WEEKS)):
        monday = this_monday - timedelta(weeks=back)
        rows = [row for number in range(7) for row in by_day.get(monday + timedelta(number), ()) if row.family in families]
        minutes = fsum(row.seconds or 0.0 for row in rows) / 60
        yield Week(monday, len(rows), sum(row.right is True for row in rows), minutes)


def _slugs(rows: Iterable[Practised], topic: str | None, language: Language) -> dict[str, str]:
    """Return the topic of each family, in the bank's order, and behind them those that are gone; of one topic if named."""
    gone = {row.family: row.topic for row in rows if row.family not in FAMILIES}
    all_slugs = {**{slug: family.topic for slug, family in FAMILIES.items()}, **gone}
    slugs = {slug: its_topic for slug, its_topic in all_slugs.items() if topic in (None, its_topic)}
    if not slugs:
        detail = text("unknown-topic", language, topic=topic, known=", ".join(topics_of_bank()))
        raise InvalidInputError(errors=(FieldError("/topic", detail),))
    return slugs


def _grouped(rows: Iterable[Practised], key: Callable[[Practised], K]) -> dict[K, list[Practised]]:
    groups: dict[K, list[Practised]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _family(slug: str, topic: str, rows: Sequence[Practised], due: datetime | None) -> FamilyProgress:
    known = skills.known(slug, [row.right for row in rows if row.right is not None])
    return FamilyProgress(slug, topic, known, due, tally(rows))


def _topics(
    families: Sequence[FamilyProgress], met: Mapping[str, Sequence[Practised]], topics: Mapping[str, str]
) -> Iterator[TopicProgress]:
    """Yield the topics, in the order of their families."""
    for topic in dict.fromkeys(topics.values()):
        slugs = [slug for slug, its_topic in topics.items() if its_topic == topic]
        its_families = [family for family in families if family.family in slugs]
        rows = [row for family in its_families for row in met[family.family]]
        yield TopicProgress(
            topic=topic,
            mastery=topic_mastery({family.family: family.mastery for family in its_families}, slugs),
            families=len(slugs),
            mastered=sum(family.mastered for family in its_families),
            due=min((family.due for family in its_families if family.due is not None), default=None),
            tally=tally(rows) if rows else None,
        )
