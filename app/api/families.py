"""The catalogue: which kinds of problems there are, and what each takes."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from app.api.bodies import rest_router
from app.api.etags import tagged
from app.api.openapi import refusals
from app.edge.languages import language_of
from app.services.catalogue import matching
from app.services.problems import find_family
from quiz_bank import rendering
from quiz_bank.parameters import schema, show_parameters
from quiz_bank.problem import Family, Kind, Language, PartSpec

router = rest_router("families")


class LevelOut(BaseModel):
    """One level of a family."""

    level: int
    expected_seconds: int = Field(description="The time that an interviewer would give.")
    tool: Literal["mental", "calculator"]


class PartOut(BaseModel):
    """One question of a family."""

    name: str
    kind: Kind
    significant_digits: int | None = Field(description="Null where options are picked.")
    in_log_units: bool = Field(description="Whether the answer is in nats, bits or dits, by the problem's log base.")


SUMMARY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "slug": "cross-entropy-one-hot",
    "version": 1,
    "title": "Cross-entropy of a one-hot target",
    "topic": "cross-entropy",
    "levels": [{"level": 1, "expected_seconds": 45, "tool": "calculator"}],
    "parts": [{"name": "loss", "kind": "number", "significant_digits": 3, "in_log_units": True}],
    "presets": ["mock-question"],
}


class FamilySummary(BaseModel):
    """A family as the catalogue lists it."""

    slug: str
    version: int
    title: str
    topic: str
    levels: list[LevelOut]
    parts: list[PartOut]
    presets: list[str]


class FamilyOut(FamilySummary):
    """A family in full."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **SUMMARY_EXAMPLE,
                    "formula": {"markdown": "$$H(y, q) = -\\log q_t$$", "text": "H(y, q) = −log qₜ"},
                    "convention": {"log_base": "e", "clip": "never"},
                    "misconceptions": ["wrong-log-base-2", "sign-flipped", "complement"],
                    "variants": 100000,
                    "preset_parameters": {"mock-question": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"]}},
                    "parameters_schema": {"type": "object", "properties": {"prediction": {}, "target": {}}},
                }
            ]
        }
    )

    formula: TextOut
    convention: dict[str, str] = Field(description="What counts where frameworks differ, at the lowest level.")
    misconceptions: list[str] = Field(description="The codes of the mistakes that a wrong number can be traced to.")
    variants: int = Field(description="How many different problems there are, at the least.")
    preset_parameters: dict[str, dict[str, Any]]
    parameters_schema: dict[str, Any] = Field(description="JSON Schema of `parameters` in POST /v1/problems.")


class TextOut(BaseModel):
    """A text as Markdown with LaTeX formulas, and as plain text."""

    markdown: str
    text: str


class FamiliesOut(BaseModel):
    """The catalogue, in the bank's order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SUMMARY_EXAMPLE]}]})

    items: list[FamilySummary]


def text_out(rendered: rendering.Rendered) -> TextOut:
    """Return a rendered text as it is sent."""
    return TextOut(markdown=rendered.markdown, text=rendered.text)


def _summary(family: Family[Any], language: Language) -> dict[str, Any]:
    return {
        "slug": family.slug,
        "version": family.version,
        "title": rendering.title(family, language),
        "topic": family.topic,
        "levels": [
            LevelOut(level=number, expected_seconds=level.seconds, tool=level.tool) for number, level in family.levels.items()
        ],
        "parts": [
            PartOut(
                name=part.name,
                kind=part.kind,
                significant_digits=part.significant_digits if isinstance(part, PartSpec) else None,
                in_log_units=isinstance(part, PartSpec) and part.in_log_units,
            )
            for part in family.parts
        ],
        "presets": list(family.presets),
    }


def _full(family: Family[Any], language: Language) -> FamilyOut:
    return FamilyOut(
        **_summary(family, language),
        formula=text_out(rendering.formula(family, language)),
        convention=family.convention(family.fallbacks[min(family.levels)]).items(),
        misconceptions=list(family.misconception_codes),
        variants=family.variants,
        preset_parameters={name: show_parameters(parameters) for name, parameters in family.presets.items()},
        parameters_schema=schema(family.parameters),
    )


@router.get("/families", summary="List the families", response_model=FamiliesOut)
async def list_families(
    request: Request,
    topic: Annotated[str | None, Query(max_length=100, description="Only families of this topic.")] = None,
    level: Annotated[int | None, Query(ge=1, le=9, description="Only families that have this level.")] = None,
    kind: Annotated[Kind | None, Query(description="Only families with a part of this kind.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of the title, topic or slug.")] = None,
) -> Response:
    """List what can be practised; the same for everybody."""
    language = language_of(request.scope)
    found = matching(language, words=q or "", topic=topic, level=level, kind=kind)
    items = [FamilySummary(**_summary(family, language)) for family in found]
    return tagged(request, FamiliesOut(items=items).model_dump_json().encode())


@router.get("/families/{slug}", summary="Show a family", response_model=FamilyOut, responses=refusals("unknown-family"))
async def show_family(request: Request, slug: str) -> Response:
    """Show a family with its formula, presets, misconception codes and the schema of explicit parameters."""
    family = _full(find_family(slug), language_of(request.scope))
    return tagged(request, family.model_dump_json().encode())
