"""An article prints a wrong loss for some logits: what is right, and what did its author do."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, logsumexp, softmax, stable_steps
from quiz_bank.families.on_options import SHOWN, check_one_holds, gives
from quiz_bank.misconceptions import NATS_PER, SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Codes, Logits, ParameterError, Real, exact, index_within, read_parameters
from quiz_bank.problem import ChoiceSpec, Convention, Family, Language, Level, Misconception, PartSpec, Truths
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load, number

NONE: Final = "none-of-these"
HARMLESS: Final = 0.005
"""How near to the right value, in parts of it, a wrong way may not end: no one would call it wrong."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    printed: Real
    options: Codes = (NONE,)

    @property
    def own(self) -> float:
        return float(self.logits[self.target])

    @property
    def loss(self) -> float:
        return logsumexp(self.logits) - self.own


def smallest_left_out(p: Parameters) -> float:
    return logsumexp(sorted(p.logits)[1:]) - p.own


def own_left_out(p: Parameters) -> float:
    return logsumexp([z for k, z in enumerate(p.logits) if k != p.target]) - p.own


def another_class(p: Parameters) -> list[float]:
    return [logsumexp(p.logits) - float(z) for k, z in enumerate(p.logits) if k != p.target]


def softmax_twice(p: Parameters) -> float:
    return -ln(softmax(softmax(p.logits))[p.target])


def complement(p: Parameters) -> float:
    return 1 - softmax(p.logits)[p.target]


WAYS: Final[dict[str, Callable[[Parameters], float | list[float]]]] = {
    "dropped-smallest": smallest_left_out,
    "dropped-own": own_left_out,
    "in-bits": lambda p: p.loss / NATS_PER["bits"],
    "in-dits": lambda p: p.loss / NATS_PER["dits"],
    "of-another-class": another_class,
    "minus-logit": lambda p: -p.own,
    "one-minus-share": complement,
    "two-softmaxes": softmax_twice,
    "no-logit-taken-off": lambda p: logsumexp(p.logits),
    "over-classes": lambda p: p.loss / len(p.logits),
}
"""What the author may have done, by the option's code."""


def ends(p: Parameters, way: str) -> list[float]:
    """Return the numbers at which a way ends."""
    found = WAYS[way](p)
    return found if isinstance(found, list) else [found]


def explains(p: Parameters, option: str) -> bool:
    """Say whether an option is how the printed number came about; none does where no way that is offered ends there."""
    if option == NONE:
        return not any(explains(p, other) for other in p.options if other != NONE)
    return any(gives(value, p.printed) for value in ends(p, option) if isfinite(value) and value != 0)


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    problem = Parameters(logits, stream.integer(0, len(logits) - 1), exact("0"))
    offered, others = split(stream, SHOWN[level] - 1)
    taken = stream.choice([*offered, stream.choice(others)])
    printed = exact(f"{stream.choice(ends(problem, taken)):.4g}")
    return Parameters(logits, problem.target, printed, tuple(stream.sample([*offered, NONE], SHOWN[level])))


def split(stream: Stream, count: int) -> tuple[list[str], list[str]]:
    """Return some of the ways in random order, and the rest."""
    shuffled = stream.sample(list(WAYS), len(WAYS))
    return shuffled[:count], shuffled[count:]


def is_right(p: Parameters) -> bool:
    return gives(engine.cross_entropy_from_logits(p.logits, p.target), p.printed)


def degenerate(p: Parameters) -> bool:
    """Say whether there is no telling: the number is right or 0, has two explanations, or a way ends at the right one."""
    harmless = any(abs(value - p.loss) < HARMLESS * p.loss for way in p.options if way != NONE for value in ends(p, way))
    return harmless or p.printed == 0 or is_right(p) or sum(explains(p, option) for option in p.options) != 1


def check(p: Parameters) -> None:
    index_within(p, "target", "logits")
    if is_right(p):
        raise ParameterError("/printed", "number-is-right", number=p.printed)
    check_one_holds(p.options, (*WAYS, NONE), lambda option: explains(p, option))


def cause(p: Parameters) -> str:
    return next(option for option in p.options if explains(p, option))


def truth(p: Parameters) -> Truths:
    return {"loss": engine.cross_entropy_from_logits(p.logits, p.target), "cause": (cause(p),)}


def shown_ends(p: Parameters, way: str) -> str:
    return ", ".join(number(value) for value in ends(p, way))


def say(p: Parameters, key: str, language: Language) -> str | None:
    own = load(__package__, language)
    kind, _, way = key.partition(" ")
    if kind == "why" and way in WAYS:
        return own.render("way", {"ends": shown_ends(p, way), "printed": p.printed})
    if key != "solution":
        return None
    found = cause(p)
    listed = [
        {"letter": letter, "ends": shown_ends(p, option)}
        for letter, option in zip("abcdef", p.options, strict=False)
        if option != NONE
    ]
    shown = {
        "cause": found,
        "letter": "abcdef"[p.options.index(found)],
        "said": own.render(f"option {found}"),
        "listed": listed,
    }
    right = {
        "loss": engine.cross_entropy_from_logits(p.logits, p.target),
        "true_logit": p.logits[p.target],
        "printed": p.printed,
    }
    return own.render(key, {**shown, **right, **stable_steps(p.logits)})


def article(logits: list[str], printed: str, *options: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "target": 0, "printed": printed, "options": [*options, NONE]})


PRESETS: Final = {
    "article-correct": article(["5", "1", "0.5"], "0.0181", "in-bits", "one-minus-share", "dropped-smallest", "two-softmaxes"),
    "article-close": article(["2", "1.8", "0.5"], "0.5619", "dropped-smallest", "dropped-own", "one-minus-share", "in-bits"),
    "article-wrong": article(["0.5", "1", "5"], "4.5181", "of-another-class", "in-dits", "no-logit-taken-off", "dropped-own"),
}

FAMILY = Family(
    slug="spot-the-article-error",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(180), 2: Level(210), 3: Level(270)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=degenerate,
    parts=(PartSpec("loss", in_log_units=True), ChoiceSpec("cause")),
    truth=truth,
    options=lambda p: {"cause": p.options},
    say=say,
    working=lambda p: dict(stable_steps(p.logits)),
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("printed-number", lambda p: float(p.printed), "loss"),
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("wrong-class", another_class, "loss"),
        Misconception("softmax-twice", softmax_twice, "loss"),
        Misconception("complement", complement, "loss"),
        Misconception("own-class-left-out", own_left_out, "loss"),
    ),
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["article-correct"]),
    variants=DRAWN_AT_LEAST,
)
