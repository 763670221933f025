"""What the services say of a field at fault, in both languages."""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "unknown-topic": {
        "en": "There is no topic “{topic}”. The topics are: {known}.",
        "zh": "没有“{topic}”这个主题，可选的有：{known}。",
    },
    "unknown-level": {
        "en": "{where} has no level {level}. Its levels are: {known}.",
        "zh": "{where} 没有第 {level} 级，可选的有：{known}。",
    },
    "unknown-preset": {
        "en": "{family} has no preset “{preset}”. Its presets are: {known}.",
        "zh": "{family} 没有名为“{preset}”的预设，可选的有：{known}。",
    },
    "preset-level": {
        "en": "The preset “{preset}” has level {level}. Leave out one of the two.",
        "zh": "预设“{preset}”属于第 {level} 级，请去掉其中一项。",
    },
    "needs-family": {
        "en": "Name the family that this is for.",
        "zh": "请同时指明题型（family）。",
    },
    "one-way": {
        "en": "Give a seed, a preset or parameters: only one of them says which problem you want.",
        "zh": "seed、preset 和 parameters 只能选一个来指定题目。",
    },
    "daily-alone": {
        "en": "The day decides which problem it is. Leave this out, or leave out daily.",
        "zh": "每日一题由日期决定，请去掉此项，或去掉 daily。",
    },
    "daily-to-come": {
        "en": "The problem of that day is there from {day}T00:00:00Z on.",
        "zh": "该日的题目将于 {day}T00:00:00Z 公布。",
    },
    "daily-too-early": {
        "en": "The first problem of a day is that of {first}.",
        "zh": "每日一题从 {first} 开始。",
    },
    "other-topic": {
        "en": "{family} belongs to the topic {topic}. Leave out one of the two.",
        "zh": "{family} 属于主题 {topic}，请去掉其中一项。",
    },
    "unknown-drill-preset": {
        "en": "There is no drill “{preset}”. The drills are: {known}.",
        "zh": "没有“{preset}”这个练习预设，可选的有：{known}。",
    },
    "unknown-family": {
        "en": "There is no family “{family}”. GET /v1/families lists them.",
        "zh": "没有“{family}”这个题型，全部题型见 GET /v1/families。",
    },
    "nothing-left": {
        "en": "No problem meets this.",
        "zh": "没有题目满足此项。",
    },
    "nothing-left-after": {
        "en": "No problem meets this together with: {before}.",
        "zh": "没有题目同时满足此项和：{before}。",
    },
    "of-preset": {
        "en": "{name} of the preset: {detail}",
        "zh": "预设中的 {name}：{detail}",
    },
    "nothing-missed": {
        "en": "Nothing was missed lately that this drill could repeat.",
        "zh": "最近没有做错的题目可供这次练习重做。",
    },
    "missed-of-nobody": {
        "en": "A room asks everyone the same, and each has missed something else. Leave this out.",
        "zh": "房间里每个人的题目相同，而各人做错的题目不同。请去掉此项。",
    },
    "room-title": {
        "en": "Mock interview",
        "zh": "模拟面试",
    },
    "chosen-already": {
        "en": "The problems are chosen one by one. Leave this out.",
        "zh": "题目已逐一选定，请去掉此项。",
    },
    "again-already": {
        "en": "The earlier room says this. Leave it out.",
        "zh": "之前的房间已包含此项，请去掉。",
    },
}


def text(code: str, language: Language, **values: object) -> str:
    """Return the sentence of a code with its values filled in."""
    return _TEXTS[code][language].format(**values)
