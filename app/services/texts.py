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
    "other-topic": {
        "en": "{family} belongs to the topic {topic}. Leave out one of the two.",
        "zh": "{family} 属于主题 {topic}，请去掉其中一项。",
    },
}


def text(code: str, language: Language, **values: object) -> str:
    """Return the sentence of a code with its values filled in."""
    return _TEXTS[code][language].format(**values)
