"""The drills that have a name.

sprint-60s
    One minute of problems that heads do, at the lowest level: one try each, told at once, no hints and no pause. There are
    at least ten, more than most will reach.
warm-up
    Five easy problems without a clock, with hints.
screen-15min
    A phone screen: a quarter of an hour across all topics and levels, told at its end, no hints and no pause.
on-site-45min
    An interview on site: three quarters of an hour from level 2 on, each problem with the question that comes after it,
    told at its end; the last task is to explain the cross-entropy in one minute.
gradients-only
    Ten problems on gradients without a clock.
missed-only
    Ten problems, without a clock, of the families whose latest problem was not right at the first try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.errors import FieldError, InvalidInputError
from app.services.blueprints import Blueprint, sized
from app.services.texts import text
from quiz_bank.problem import Language


@dataclass(frozen=True, slots=True)
class DrillPreset:
    """A blueprint with a name, and what it is in both languages."""

    name: str
    titles: Mapping[Language, str]
    about: Mapping[Language, str]
    blueprint: Blueprint


_ALL: Final = (
    DrillPreset(
        "sprint-60s",
        {"en": "Sprint: 60 seconds", "zh": "冲刺：60 秒"},
        {
            "en": "Mental arithmetic against the clock: one try each, told at once.",
            "zh": "限时心算：每题只答一次，立即公布结果。",
        },
        Blueprint(minutes=1, levels=(1,), tool="mental", tries=1, hints=False, pause=False),
    ),
    DrillPreset(
        "warm-up",
        {"en": "Warm-up", "zh": "热身"},
        {"en": "Five easy problems without a clock, with hints.", "zh": "五道简单题，不计时，可看提示。"},
        Blueprint(length=5, levels=(1, 2)),
    ),
    DrillPreset(
        "screen-15min",
        {"en": "Phone screen: 15 minutes", "zh": "电话面试：15 分钟"},
        {
            "en": "All topics against the clock, without hints; the results come at the end.",
            "zh": "涵盖所有主题，限时，无提示，结束后公布结果。",
        },
        Blueprint(minutes=15, feedback="at-end", hints=False, pause=False),
    ),
    DrillPreset(
        "on-site-45min",
        {"en": "On-site interview: 45 minutes", "zh": "现场面试：45 分钟"},
        {
            "en": "Harder problems, each with a follow-up question; a one-minute pitch to finish; results at the end.",
            "zh": "较难的题目，每题之后有追问，最后做一分钟讲解；结束后公布结果。",
        },
        Blueprint(
            minutes=45,
            levels=(2, 3, 4, 5),
            feedback="at-end",
            hints=False,
            pause=False,
            interview=True,
            last="one-minute-pitch",
        ),
    ),
    DrillPreset(
        "gradients-only",
        {"en": "Gradients only", "zh": "专练梯度"},
        {"en": "Ten problems on gradients, without a clock.", "zh": "十道梯度题，不计时。"},
        Blueprint(length=10, topics=("gradients",)),
    ),
    DrillPreset(
        "missed-only",
        {"en": "What you missed", "zh": "错题重练"},
        {
            "en": "Ten problems of the families that you last got wrong at the first try, without a clock.",
            "zh": "十道题，来自你最近一次首答未答对的题型，不计时。",
        },
        Blueprint(length=10, missed_only=True),
    ),
)

PRESETS: Final[Mapping[str, DrillPreset]] = {preset.name: preset for preset in _ALL}


def resolved(preset: str | None, given: Mapping[str, Any], language: Language) -> Blueprint:
    """Return the blueprint of a preset with the fields that are given in place of its own; without a preset, of those alone.

    Raises
    ------
    InvalidInputError
        There is no such preset.
    """
    if preset is not None and preset not in PRESETS:
        detail = text("unknown-drill-preset", language, preset=preset, known=", ".join(PRESETS))
        raise InvalidInputError(errors=(FieldError("/preset", detail),))
    base = Blueprint() if preset is None else PRESETS[preset].blueprint
    return sized(replace(base, **given))
