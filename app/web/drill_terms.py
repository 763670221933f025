"""The terms of a drill in words."""

from __future__ import annotations

from collections.abc import Iterator

from app.edge.languages import Language
from app.services.blueprints import Blueprint
from app.web.words import say
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title


def family_title(slug: str, language: Language) -> str:
    """Return the title of a family; one that is gone has none but its slug."""
    return rendering.title(FAMILIES[slug], language) if slug in FAMILIES else slug


def listed(names: list[str], language: Language) -> str:
    """Return names as a list on one line."""
    return ("、" if language == "zh" else ", ").join(names)


def terms_of(blueprint: Blueprint, language: Language) -> tuple[str, ...]:
    """Return what a drill is like, a phrase for each term that matters."""
    return (*_extent(blueprint, language), *_selection(blueprint, language), *_rules(blueprint, language))


def _extent(blueprint: Blueprint, language: Language) -> Iterator[str]:
    if blueprint.length == 1:
        yield say(language, "1 problem")
    elif blueprint.length is not None:
        yield say(language, "%(count)s problems", count=blueprint.length)
    if blueprint.minutes == 1:
        yield say(language, "1 minute")
    elif blueprint.minutes is not None:
        yield say(language, "%(count)s minutes", count=f"{blueprint.minutes:g}")
    else:
        yield say(language, "no limit of time")


def _selection(blueprint: Blueprint, language: Language) -> Iterator[str]:
    if blueprint.topics:
        yield say(
            language, "only %(names)s", names=listed([topic_title(topic, language) for topic in blueprint.topics], language)
        )
    if blueprint.families:
        names = listed([family_title(slug, language) for slug in blueprint.families], language)
        yield say(language, "only %(names)s", names=names)
    if blueprint.levels:
        yield say(language, "levels %(levels)s", levels=listed([str(level) for level in blueprint.levels], language))
    if blueprint.tool == "mental":
        yield say(language, "mental arithmetic")
    if blueprint.tool == "calculator":
        yield say(language, "with a calculator")
    if blueprint.missed_only:
        yield say(language, "only what you missed")
    if blueprint.last is not None:
        yield say(language, "ends with: %(title)s", title=family_title(blueprint.last, language))


def _rules(blueprint: Blueprint, language: Language) -> Iterator[str]:
    at_once = blueprint.feedback == "at-once"
    yield say(language, "results at once") if at_once else say(language, "results at the end")
    if blueprint.tries == 1:
        yield say(language, "one try each")
    elif blueprint.tries is not None:
        yield say(language, "%(count)s tries each", count=blueprint.tries)
    if not blueprint.hints:
        yield say(language, "no hints")
    if not blueprint.pause:
        yield say(language, "no pause")
    if blueprint.interview:
        yield say(language, "with follow-up questions")
