"""The curve of −log p: what a loss says of the probability behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, log
from typing import Final, Literal

from markupsafe import Markup

from app.web.pictures.axes import below, grid
from app.web.pictures.canvas import LINE, WIDTH, Picture, Scale, element, group, path, picture, words
from app.web.pictures.marks import Form, key, point
from app.web.pictures.numbers import short
from app.web.words import say
from quiz_bank.problem import UNIT_OF_BASE, Language, LogBase
from quiz_bank.rendering import unit_name

Who = Literal["yours", "right", "both", "given"]

LOG: Final[dict[LogBase, str]] = {"e": "−ln p", "2": "−log₂ p", "10": "−log₁₀ p"}
NATS: Final[dict[LogBase, float]] = {"e": 1.0, "2": log(2), "10": log(10)}
_FORMS: Final[dict[Who, Form]] = {"yours": "diamond", "right": "circle", "both": "circle", "given": "square"}
_STEPS: Final = 40
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 306.0, 26.0, 196.0
_ARROW: Final = 18.0
_LEAST_NATS, _MOST_NATS = 4.0, 12.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the curve by its loss, in the curve's own unit; infinite for p = 0. Below 0 no probability has it."""

    who: Who
    loss: float


def minus_log_curve(marks: Sequence[Mark], log_base: LogBase, language: Language) -> Picture:
    """Return the curve with points on it, for logarithms of a base."""
    known = [mark for mark in marks if not isnan(mark.loss)]
    nats = NATS[log_base]
    across = Scale(0.0, 1.0, _LEFT, _RIGHT)
    up = _up(known, nats)
    unit = unit_name(UNIT_OF_BASE[log_base], language)
    said = [sentence(mark, log_base, language) for mark in known]
    inside = [*_axes(across, up, log_base), _curve(across, up, nats), *_beyond(known, up)]
    for number, (mark, text) in enumerate(zip(known, said, strict=True)):
        inside += _drawn(mark, across, up, nats)
        inside += key(_BOTTOM + 58 + number * LINE, _FORMS[mark.who], text, mark.who)
    return picture(
        "curve",
        _BOTTOM + 46 + len(known) * LINE,
        inside,
        caption=say(language, "The loss of a probability p is %(log)s, in %(unit)s.", log=LOG[log_base], unit=unit),
        description=" ".join([say(language, "The curve falls from ∞ at p = 0 to 0 at p = 1."), *said]),
        x=across.written(),
        y=up.written(),
    )


def sentence(mark: Mark, log_base: LogBase, language: Language) -> str:
    """Return a point in words."""
    who, loss = _who(mark.who, language), short(mark.loss)
    if mark.loss < 0:
        return say(language, "%(who)s: %(loss)s, which no p has.", who=who, loss=loss)
    p = probability(mark.loss, NATS[log_base])
    written = say(language, "nearly 0") if p == 0 and isfinite(mark.loss) else short(p)
    return say(language, "%(who)s: %(loss)s at p = %(p)s.", who=who, loss=loss, p=written)


def probability(loss: float, nats: float = 1.0) -> float:
    """Return the probability that has a loss, given in units of so many nats."""
    return exp(-loss * nats) if loss < inf else 0.0


def _who(who: Who, language: Language) -> str:
    return {
        "yours": say(language, "Your answer"),
        "right": say(language, "Right"),
        "both": say(language, "Right answer"),
        "given": say(language, "Given"),
    }[who]


def _up(marks: Sequence[Mark], nats: float) -> Scale:
    """Return the scale of losses: high enough for its points, as long as the curve is still seen; the others get an arrow."""
    highest = max((mark.loss for mark in marks if isfinite(mark.loss)), default=0.0)
    high = min(max(_LEAST_NATS / nats, 1.15 * highest), _MOST_NATS / nats)
    beyond = any(mark.loss > high for mark in marks)
    return Scale(0.0, high, _BOTTOM, _TOP + _ARROW if beyond else _TOP)


def _axes(across: Scale, up: Scale, log_base: LogBase) -> Iterator[Markup]:
    yield from grid(up, _LEFT, _RIGHT)
    yield from below(across, _BOTTOM)
    yield words(4, 12, LOG[log_base], kind="name")
    yield words(WIDTH - 12, _BOTTOM + 36, "p", anchor="end", kind="name")


def _curve(across: Scale, up: Scale, nats: float) -> Markup:
    by_loss = {probability(up.high * step / _STEPS, nats) for step in range(_STEPS + 1)}
    by_p = {step / _STEPS for step in range(1, _STEPS) if step / _STEPS > probability(up.high, nats)}
    return path(((across.at(p), up.at(-log(p) / nats)) for p in sorted(by_loss | by_p)), "line")


def _drawn(mark: Mark, across: Scale, up: Scale, nats: float) -> Iterator[Markup]:
    x, y = across.at(probability(max(mark.loss, 0.0), nats)), up.at(mark.loss)
    yield path(((_LEFT, y), (x, y), (x, _BOTTOM)), f"guide {mark.who}")
    if mark.loss > up.high:
        yield group(x, y, f"arrow {mark.who}", element("path", d="M-6 -9L0 -18L6 -9M0 -18V-7"))
    if mark.loss < 0:
        yield group(x, y, f"arrow {mark.who}", element("path", d="M-6 9L0 18L6 9M0 18V7"))
    yield point(x, y, _FORMS[mark.who], mark.who)


def _beyond(marks: Sequence[Mark], up: Scale) -> Iterator[Markup]:
    """Yield what lies above the upper edge, in numbers beside its arrow."""
    if above := [short(mark.loss) for mark in marks if mark.loss > up.high]:
        yield words(_LEFT + 14, up.end - 8, " · ".join(above))
