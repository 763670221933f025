"""What to practise after a drill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.services.reports.model import Advice, Group, Item, Reason, Weakness, WeakTopic
from quiz_bank.registry import FAMILIES

MOST_FAMILIES: Final = 3
"""More at once is a list that nobody works through."""

SLOW: Final = 1.5
"""From this many times the expected time on a family is too slow for an interview, right or not."""

PROBLEMS_PER_FAMILY: Final = 3
TOPIC_PROBLEMS: Final = 10


def advice_of(items: Sequence[Item], families: Iterable[Group], topics: Iterable[Group]) -> Advice:
    """Return the weakest families, by credit, then by mistakes, then by slowness, and the weakest topic.

    What was not answered has no credit; the reasons tell it from what was answered and not right. A family that the
    bank has no longer can't be practised and isn't advised.
    """
    known = (group for group in families if group.name in FAMILIES)
    weak = [(group, reasons) for group in known if (reasons := tuple(_reasons(group, items)))]
    weak.sort(key=lambda each: (each[0].share, "misconception" not in each[1], -(each[0].pace or 0.0)))
    weaknesses = tuple(_weakness(group, reasons, items) for group, reasons in weak[:MOST_FAMILIES])
    return Advice(weaknesses, _drill(weaknesses), _weakest(topics))


def _reasons(group: Group, items: Sequence[Item]) -> Iterator[Reason]:
    met = [item for item in items if item.family == group.name]
    if any(item.credit < 1 for item in met if item.verdict is not None):
        yield "credit"
    if any(item.verdict is None for item in met):
        yield "unanswered"
    if any(item.mistakes for item in met):
        yield "misconception"
    if (group.pace or 0.0) >= SLOW:
        yield "slow"


def _weakness(group: Group, reasons: tuple[Reason, ...], items: Iterable[Item]) -> Weakness:
    """Return a family with a problem to ask for: at the lowest level that went wrong, else the lowest that was met."""
    met = [item for item in items if item.family == group.name]
    level = min(item.level for item in [item for item in met if item.credit < 1] or met)
    body: dict[str, object] = {"family": group.name}
    if level in FAMILIES[group.name].levels:
        body["level"] = level
    return Weakness(group.name, group.title, reasons, body)


def _drill(weaknesses: Sequence[Weakness]) -> Mapping[str, object] | None:
    families = [weakness.family for weakness in weaknesses]
    return {"blueprint": {"families": families, "length": PROBLEMS_PER_FAMILY * len(families)}} if families else None


def _weakest(topics: Iterable[Group]) -> WeakTopic | None:
    of_the_bank = {family.topic for family in FAMILIES.values()}
    weak = [group for group in topics if group.share < 1 and group.name in of_the_bank]
    if not weak:
        return None
    group = min(weak, key=lambda group: (group.share, -(group.pace or 0.0)))
    return WeakTopic(group.name, group.title, {"blueprint": {"topics": [group.name], "length": TOPIC_PROBLEMS}})
