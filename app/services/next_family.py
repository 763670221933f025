"""What to practise next: first what is due, then what is weak, then what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.services import reviews, skills
from app.services.mastery import MASTERED, topic_mastery
from app.storage import outcomes, problems
from app.storage.outcomes import FirstTry
from quiz_bank.problem import Family

Families = Mapping[str, Family[Any]]

_NEVER = datetime.min.replace(tzinfo=UTC)


def next_family(connection: Connection, learner_id: UUID, candidates: Sequence[Family[Any]], now: datetime) -> Family[Any]:
    """Return the family that a learner should practise next.

    A review that is due, the least likely to be recalled first. Else the weakest family of the weakest topic, as long as
    one that the learner has tried isn't mastered. Else one that they were never asked, in the order of the candidates;
    where there is none left, one that they never answered, then one that they have mastered, the longest ago first.

    Parameters
    ----------
    candidates
        The families to choose from, at least one.
    """
    families = {family.slug: family for family in candidates}
    for slug in reviews.most_urgent(connection, learner_id, now):
        if slug in families:
            return families[slug]
    tries = _first_tries(connection, learner_id)
    known = {slug: skills.known(slug, [each.right for each in those]) for slug, those in tries.items()}
    weakest = _weakest(families, known)
    if weakest is not None:
        return weakest
    untried = [family for family in candidates if family.slug not in tries]
    if not untried:
        return min(candidates, key=lambda family: tries[family.slug][-1].happened_at)
    asked = problems.last_asked(connection, learner_id)
    return min(untried, key=lambda family: asked.get(family.slug, _NEVER))


def _first_tries(connection: Connection, learner_id: UUID) -> dict[str, list[FirstTry]]:
    """Return the first tries, the oldest first, of each family that the learner has tried."""
    tries: dict[str, list[FirstTry]] = {}
    for each in outcomes.first_tries(connection, learner_id):
        tries.setdefault(each.family, []).append(each)
    return tries


def _weakest(families: Families, known: Mapping[str, float]) -> Family[Any] | None:
    """Return the least mastered family of the topic that is mastered least; None where all that was tried is mastered.

    A topic is measured by the families that were tried: what was never asked says nothing of the learner.
    """
    topics: dict[str, list[str]] = {}
    for slug in families:
        if slug in known:
            topics.setdefault(families[slug].topic, []).append(slug)
    weak = [slugs for slugs in topics.values() if any(known[slug] < MASTERED for slug in slugs)]
    if not weak:
        return None
    worst_topic = min(weak, key=lambda slugs: topic_mastery(known, slugs))
    return families[min(worst_topic, key=lambda slug: known[slug])]
