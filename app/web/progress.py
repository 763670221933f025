"""Progress: what a learner knows, what keeps going wrong, when they practised, and how far to trust their confidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from typing import Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.services.calibration import Calibration
from app.services.confidence import Confidence, confidence
from app.services.misconceptions import Recurring
from app.services.progress import Explained, FamilyProgress, Progress, TopicProgress, explained, progress
from app.web.mistakes import Mistake, named_mistake
from app.web.pages import Page, look
from app.web.pictures import Picture
from app.web.pictures.calendar import calendar_picture
from app.web.pictures.reliability import reliability_diagram, told
from app.web.pictures.weeks import weeks_picture
from app.web.templates import percent
from app.web.visits import Visitor
from app.web.words import say
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title

router = APIRouter(include_in_schema=False)

MOST_MISTAKES: Final = 10


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its title and the families of it that were met, by title."""

    progress: TopicProgress
    title: str
    families: tuple[tuple[str, FamilyProgress], ...]


@dataclass(frozen=True, slots=True)
class MistakeView:
    """A mistake by its name, where it was made, by slug and title, and why it is tempting, as Markdown; empty for unknown."""

    explained: Explained
    named: Mistake
    families: tuple[tuple[str, str], ...]
    why: str

    @property
    def practised(self) -> str:
        """The family to practise against it: where it was made last; empty where that is gone."""
        slug = self.explained.mistake.last.family
        return slug if slug in FAMILIES else ""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a confidence fits, in numbers as they are read; the title is empty for all topics together."""

    title: str
    count: int
    sure: str
    right: str
    log_loss: str
    base_log_loss: str
    brier: str


@dataclass(frozen=True, slots=True)
class Confided:
    """How far a confidence can be trusted: in words, in numbers over all and by topic, and as a picture."""

    reading: str
    overall: Scores | None = None
    topics: tuple[Scores, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """What `progress.html` is rendered with."""

    progress: Progress
    topics: tuple[TopicView, ...]
    persisting: tuple[MistakeView, ...]
    overcome: tuple[MistakeView, ...]
    weeks: Picture
    calendar: Picture
    confided: Confided


@router.get("/progress")
async def show_progress(request: Request) -> Response:
    """Show how the learner gets on."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        learner_id, language = visitor.caller.id, visitor.language
        found = progress(connection, learner_id, now, language=language)

        def views(mistakes: Iterable[Recurring]) -> tuple[MistakeView, ...]:
            known = (explained(connection, context.shelf, learner_id, mistake, language) for mistake in mistakes)
            return tuple(_mistake_view(each, language) for each in known)

        page = ProgressPage(
            progress=found,
            topics=tuple(_topic_views(found, language)),
            persisting=views(found.mistakes.persisting[:MOST_MISTAKES]),
            overcome=views(found.mistakes.overcome[:MOST_MISTAKES]),
            weeks=weeks_picture(found.weeks, language),
            calendar=calendar_picture(found.days, found.today, language),
            confided=_confided(confidence(connection, learner_id, language), language),
        )
        return Page("progress.html", page)

    return await look(request, work)


def family_title(slug: str, language: Language) -> str:
    """Return what a family is called; its slug where it is gone."""
    return rendering.title(FAMILIES[slug], language) if slug in FAMILIES else slug


def _topic_views(found: Progress, language: Language) -> Iterable[TopicView]:
    for topic in found.topics:
        own = [(family_title(each.family, language), each) for each in found.families if each.topic == topic.topic]
        yield TopicView(topic, topic_title(topic.topic, language), tuple(own))


def _mistake_view(each: Explained, language: Language) -> MistakeView:
    families = tuple((slug, family_title(slug, language)) for slug in each.mistake.families)
    code, _, _ = each.mistake.code.partition("+")
    named = named_mistake(code, each.mistake.last.family, language)
    return MistakeView(each, named, families, each.why.markdown if each.why else "")


def _confided(known: Confidence, language: Language) -> Confided:
    if known.overall.count == 0:
        return Confided(say(language, "You haven't said yet how sure you are."))
    return Confided(
        known.reading.text,
        _scores("", known.overall),
        tuple(_scores(topic_title(topic, language), scores) for topic, scores in known.topics.items()),
        reliability_diagram(told(known.overall.bins), language),
    )


def _scores(title: str, scores: Calibration) -> Scores:
    shares = (percent(share or 0) for share in (scores.mean_confidence, scores.base_rate))
    losses = (_loss(loss) for loss in (scores.log_loss, scores.base_log_loss, scores.brier))
    return Scores(title, scores.count, *shares, *losses)


def _loss(loss: float | None) -> str:
    """Return a loss with three decimals; it is infinite where somebody was certain and wrong."""
    return "–" if loss is None else "∞" if isinf(loss) else f"{loss:.3f}"
