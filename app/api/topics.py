"""The primers: one short page a topic, from surprise up to the loss and beyond."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from app.api.bodies import rest_router
from app.api.etags import tagged
from app.api.families import TextOut, text_out
from app.api.openapi import refusals
from app.edge.languages import language_of
from app.services.primers import all_primers, find_primer
from quiz_bank.primer import Example, Primer, Section, as_rendered
from quiz_bank.problem import Language

router: APIRouter = rest_router("topics")

SUMMARY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "slug": "cross-entropy",
    "title": "Cross-entropy: what a wrong belief costs",
    "summary": {
        "markdown": "Cross-entropy is the average surprise of one who believes $q$ while the events come from $p$.",
        "text": "Cross-entropy is the average surprise of one who believes q while the events come from p.",
    },
    "families": ["cross-entropy", "cross-entropy-one-hot"],
}


class TopicSummary(BaseModel):
    """A topic as the list shows it."""

    slug: str
    title: str
    summary: TextOut
    families: list[str] = Field(description="The families of this topic, in the catalogue's order.")


class TopicsOut(BaseModel):
    """All topics, each resting on those before it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SUMMARY_EXAMPLE]}]})

    items: list[TopicSummary]


class SectionOut(BaseModel):
    """A heading with its text."""

    anchor: str = Field(description="Where it stands in the page `/topics/{slug}`.")
    title: str
    body: TextOut


class MistakeOut(SectionOut):
    """What mends a mistake, or several that are mended alike."""

    codes: list[str] = Field(description="The misconceptions that this mends, and families whose other mistakes it mends.")


class ExampleOut(BaseModel):
    """A problem, solved."""

    anchor: str
    family: str
    preset: str | None = Field(description="Null where it is the family's simplest problem.")
    title: str
    intro: TextOut
    prompt: TextOut
    solution: TextOut


class TopicOut(TopicSummary):
    """A topic's primer in full."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **SUMMARY_EXAMPLE,
                    "formula": {"markdown": "$$L = -\\log q_t$$", "text": "L = −log qₜ"},
                    "sections": [
                        {
                            "anchor": "loss",
                            "title": "The loss of a label",
                            "body": {"markdown": "A one-hot label …", "text": "A one-hot label …"},
                        }
                    ],
                    "examples": [
                        {
                            "anchor": "worked-cross-entropy-one-hot-mock-question",
                            "family": "cross-entropy-one-hot",
                            "preset": "mock-question",
                            "title": "Cross-entropy of a one-hot target",
                            "intro": {"markdown": "The question …", "text": "The question …"},
                            "prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"},
                            "solution": {"markdown": "1. The target is …", "text": "1. The target is …"},
                        }
                    ],
                    "mistakes": [
                        {
                            "anchor": "mistake-wrong-class",
                            "title": "The wrong class was looked up",
                            "body": {"markdown": "The label says …", "text": "The label says …"},
                            "codes": ["wrong-class", "predicted-class"],
                        }
                    ],
                    "minute": {"markdown": "- **What for**: …", "text": "- What for: …"},
                    "before": "information",
                    "after": "logits",
                    "page": {"markdown": "# Cross-entropy: …", "text": "# Cross-entropy: …"},
                }
            ]
        }
    )

    formula: TextOut
    sections: list[SectionOut]
    examples: list[ExampleOut] = Field(description="Presets of the families, worked step by step.")
    mistakes: list[MistakeOut]
    minute: TextOut = Field(description="The topic in one minute: four points.")
    before: str | None = Field(description="The topic that this one rests on.")
    after: str | None = Field(description="The topic that comes next.")
    page: TextOut = Field(description="The whole primer as one text.")


def _summary(page: Primer) -> dict[str, Any]:
    return {
        "slug": page.slug,
        "title": page.title,
        "summary": text_out(page.summary),
        "families": list(page.families),
    }


def _section(section: Section) -> dict[str, Any]:
    return {"anchor": section.anchor, "title": section.title, "body": text_out(section.body)}


def _example(example: Example) -> ExampleOut:
    return ExampleOut(
        anchor=example.anchor,
        family=example.family,
        preset=example.preset,
        title=example.title,
        intro=text_out(example.intro),
        prompt=text_out(example.prompt),
        solution=text_out(example.solution),
    )


def _full(page: Primer, language: Language) -> TopicOut:
    return TopicOut(
        **_summary(page),
        formula=text_out(page.formula),
        sections=[SectionOut(**_section(each)) for each in page.sections],
        examples=[_example(each) for each in page.examples],
        mistakes=[MistakeOut(**_section(each), codes=list(each.names)) for each in page.mistakes],
        minute=text_out(page.minute),
        before=page.before,
        after=page.after,
        page=text_out(as_rendered(page, language)),
    )


@router.get("/topics", summary="List the topics", response_model=TopicsOut)
async def list_topics(request: Request) -> Response:
    """List the topics as a ladder: each rests on those before it."""
    items = [TopicSummary(**_summary(page)) for page in all_primers(language_of(request.scope))]
    return tagged(request, TopicsOut(items=items).model_dump_json().encode())


@router.get("/topics/{topic}", summary="Show a topic's primer", response_model=TopicOut, responses=refusals("unknown-topic"))
async def show_topic(request: Request, topic: str) -> Response:
    """Show what to know of a topic: the formula, worked presets, the usual mistakes and how to explain it in a minute."""
    language = language_of(request.scope)
    return tagged(request, _full(find_primer(topic, language), language).model_dump_json().encode())
