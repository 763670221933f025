"""Primers: the ladder of topics, and one short page a topic."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.languages import Language
from app.services.primers import all_primers, find_primer
from app.web.pages import Page, look
from app.web.primer_picture import Shown, curve_of, position
from app.web.visits import Visitor
from quiz_bank.primer import Primer
from quiz_bank.registry import FAMILIES
from quiz_bank.rendering import title

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """What `topics.html` is rendered with: the primers, each resting on those before it."""

    primers: tuple[Primer, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """What `topic.html` is rendered with: families as slug and title, and the primers on the next rungs."""

    primer: Primer
    curve: Shown
    families: tuple[tuple[str, str], ...]
    before: Primer | None
    after: Primer | None


@router.get("/topics")
async def topics(request: Request) -> Response:
    """Show the ladder."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("topics.html", TopicsPage(all_primers(visitor.language)), shared=True)

    return await look(request, work, anyone=True, guests=True)


@router.get("/topics/{slug}")
async def topic(request: Request, slug: str, at: str = "") -> Response:
    """Show a primer; `at` is where the slider of its picture was put."""
    asked = int(at) if at.isascii() and at.isdigit() and len(at) < 5 else None

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("topic.html", topic_page(slug, asked, visitor.language))

    return await look(request, work, anyone=True, guests=True)


def topic_page(slug: str, at: int | None, language: Language) -> TopicPage:
    """Return what a primer's page shows; UnknownTopicError where there is no such topic."""
    primer = find_primer(slug, language)
    return TopicPage(
        primer,
        curve_of(slug, position(slug, at)),
        tuple((family, title(FAMILIES[family], language)) for family in primer.families),
        find_primer(primer.before, language) if primer.before else None,
        find_primer(primer.after, language) if primer.after else None,
    )
