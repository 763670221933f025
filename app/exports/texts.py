"""What the exported files and the refusals of an export say, in both languages."""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "answer": {"en": "Answer", "zh": "答案"},
    "solution": {"en": "Worked solution", "zh": "解题过程"},
    "formula": {"en": "Formula", "zh": "公式"},
    "mistakes": {"en": "Common mistakes", "zh": "常见错误"},
    "and": {"en": ": ", "zh": "："},
    "not-a-number": {"en": "nan (not a number)", "zh": "nan（不是数）"},
    # In place of the bank's own sentences, where a question file works otherwise than the service.
    "moodle digits": {
        "en": "Give at least {digits} significant digits, as a plain number such as 0.25 or 3.4e-4.",
        "zh": "请至少给出 {digits} 位有效数字，写成普通的数，例如 0.25 或 3.4e-4。",
    },
    "moodle choice": {"en": "Pick the right option.", "zh": "请选出正确的选项。"},
    "moodle multi_select": {
        "en": "Tick all options that are right; a wrong one costs as much as a right one gains.",
        "zh": "请勾选所有正确选项；选错一项扣去选对一项的得分。",
    },
    # Refusals.
    "unknown-topic": {
        "en": "There is no topic “{topic}”. The topics are: {known}.",
        "zh": "没有“{topic}”这个主题，可选的有：{known}。",
    },
    "other-topic": {
        "en": "{family} belongs to the topic {topic}. Leave out one of the two.",
        "zh": "{family} 属于主题 {topic}，请去掉其中一项。",
    },
    "no-level": {
        "en": "{where} has no level {level}. Its levels are: {known}.",
        "zh": "{where} 没有第 {level} 级，可选的有：{known}。",
    },
    "count": {
        "en": "Give 1 to {most}: a file holds at most {largest} problems of a family and {limit} in all.",
        "zh": "请给出 1 到 {most}：一个文件中每个题型最多 {largest} 道题，总共最多 {limit} 道。",
    },
    "file-exists": {"en": "{file} is there already; --force overwrites it.", "zh": "{file} 已存在；加 --force 可覆盖。"},
}


def text(code: str, language: Language, **values: object) -> str:
    """Return the sentence of a code with its values filled in."""
    return _TEXTS[code][language].format(**values)
