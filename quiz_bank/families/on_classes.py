"""What the families on an untrained model or a confused one share: a number of classes, from a coin to a vocabulary."""

from typing import Annotated, Final, TypeAlias

from quiz_bank.parameters import Field, ParameterError
from quiz_bank.sampling import Stream

MOST_CLASSES: Final = 1_000_000
LEAST_DRAWN: Final = {1: 3, 2: 121, 3: 1201}
MOST_DRAWN: Final = {1: 120, 2: 1200, 3: 60_000}
DRAWN_AT_LEAST: Final = MOST_DRAWN[2] - LEAST_DRAWN[2] + 1
"""How many numbers of classes level 2 alone has."""


def _read_classes(raw: object, pointer: str) -> int:
    text = str(raw)
    if isinstance(raw, bool) or not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_CLASSES))):
        raise ParameterError(pointer, "classes-expected", most=MOST_CLASSES)
    if not 2 <= int(text) <= MOST_CLASSES:
        raise ParameterError(pointer, "classes-expected", most=MOST_CLASSES)
    return int(text)


Classes: TypeAlias = Annotated[int, Field(_read_classes, {"type": "integer", "minimum": 2, "maximum": MOST_CLASSES})]


def draw_classes(stream: Stream, level: int) -> int:
    """Return a data set's number of classes (level 1), a large one's (level 2), or a vocabulary's size (level 3)."""
    return stream.integer(LEAST_DRAWN[level], MOST_DRAWN[level])
