"""What every picture is drawn with: elements of SVG, scales, and words that fit.

A picture is 320 units wide and has letters of 14, so that they are read on the narrowest screen. Colours come from the
style sheet by class: no picture has any style of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, floor, log10
from typing import Final, Literal
from unicodedata import east_asian_width

from markupsafe import Markup

WIDTH: Final = 320.0
LINE: Final = 20.0
"""From one line of words to the next."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline SVG, the line below it, and what it shows, number by number, for those who read instead of look."""

    svg: Markup
    caption: str
    description: str


def element(name: str, *inside: str, **attributes: str | float) -> Markup:
    """Return an element; `class_` stands for class and `text_anchor` for text-anchor. Whatever isn't markup is escaped."""
    written = ((key.rstrip("_").replace("_", "-"), _written(value)) for key, value in attributes.items())
    opened = Markup("").join(Markup(' {}="{}"').format(*pair) for pair in written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, opened, Markup("").join(inside))


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else place(value)


def place(number: float) -> str:
    """Return a coordinate, to a tenth of a unit."""
    return f"{number:.1f}".removesuffix(".0")


def words(x: float, y: float, text: str, *, anchor: Anchor = "start", kind: str = "") -> Markup:
    """Return words whose line stands at y."""
    classes = {"class_": kind} if kind else {}
    return element("text", text, x=x, y=y, text_anchor=anchor, **classes)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def path(points: Iterable[tuple[float, float]], kind: str) -> Markup:
    """Return a line from point to point."""
    return element("path", d="M" + "L".join(f"{place(x)} {place(y)}" for x, y in points), class_=kind)


def group(x: float, y: float, kind: str, *inside: Markup) -> Markup:
    """Return what is drawn around (0, 0) at a place; scripts move it by its transform alone."""
    return element("g", *inside, class_=kind, transform=f"translate({place(x)} {place(y)})")


def picture(kind: str, height: float, inside: Sequence[Markup], *, caption: str, description: str, **data: str) -> Picture:
    """Return what was drawn as one image; `data` are its scales, by which numbers can be read back from it."""
    # Ids are made of what is said, for a page may hold several pictures of a kind.
    digest = blake2b("".join([caption, description, *inside]).encode(), digest_size=6).hexdigest()
    own = f"{kind}-{digest}"
    svg = element(
        "svg",
        element("title", caption, id=f"{own}-title"),
        element("desc", description, id=f"{own}-desc"),
        *inside,
        class_=f"picture {kind}",
        role="img",
        viewBox=f"0 0 {place(WIDTH)} {place(height)}",
        aria_labelledby=f"{own}-title",
        aria_describedby=f"{own}-desc",
        **{f"data_{name}": value for name, value in data.items()},
    )
    return Picture(svg, caption, description)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie: `low` at `start`, `high` at `end`; what lies beyond them lies at the edge."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the coordinate of a value that is not nan."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 5) -> Iterator[float]:
        """Yield up to `most` round values within the scale, evenly spaced."""
        rough = (self.high - self.low) / most
        power = 10.0 ** floor(log10(rough))
        step = next(size * power for size in (1, 2, 5, 10, 20) if size * power >= rough and self._count(size * power) <= most)
        first = ceil(self.low / step - 1e-9)
        for number in range(first, first + self._count(step)):
            yield number * step

    def _count(self, step: float) -> int:
        return floor(self.high / step + 1e-9) - ceil(self.low / step - 1e-9) + 1

    def written(self) -> str:
        """Return the scale as an attribute: low, high, start, end."""
        return f"{self.low:g} {self.high:g} {place(self.start)} {place(self.end)}"


def cut(text: str, columns: int) -> str:
    """Return a text that is at most so many columns wide, with … where it was cut; Chinese characters take two."""
    room, kept = columns, ""
    for character in text:
        room -= _columns(character)
        kept += character
        if room < 0:
            return _without(kept, columns)
    return text


def _without(text: str, columns: int) -> str:
    while sum(map(_columns, text)) > columns - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in {"W", "F"} else 1
