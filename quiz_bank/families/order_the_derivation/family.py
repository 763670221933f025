"""Some steps of a derivation, shuffled: put them in order."""

from math import perm
from typing import Final

from quiz_bank.families.on_options import SHOWN, Statements, check_codes
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import ChoiceSpec, Codes, Convention, Family, Language, Level, Truths
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 6

DERIVATIONS: Final = {
    "logsumexp": ("softmax-inside", "fraction-split", "term-by-term", "outer-derivative", "one-term-moves", "share-named"),
    "jacobian": ("log-of-share", "chain-rule", "quotient-rule", "shares-named", "share-cancelled", "sign-turned"),
    "sigmoid": ("both-logarithms", "inner-slopes", "slope-replaced", "slopes-cancelled", "multiplied-out", "gathered"),
    "soft-target": ("weighted-logs", "log-softmax", "sum-pulled-out", "target-summed", "by-one-logit", "softmax-named"),
    "bernoulli": ("one-coin", "all-coins", "log-taken", "exponents-down", "minus-put", "divided"),
    "decomposition": ("sum-written", "truth-inserted", "product-split", "sums-split", "fraction-turned", "parts-named"),
    "never-negative": ("minus-divergence", "line-above", "factor-cancelled", "two-sums", "ones-compared", "sign-drawn"),
    "stable-form": ("plain-sum", "factor-inside", "factor-outside", "log-of-product", "log-of-power", "largest-chosen"),
    "squared-error": ("square-written", "power-rule", "sigmoid-slope", "slope-factored", "slope-named", "far-out"),
}
"""The steps of each derivation, in order: each follows from the one before it."""

DERIVATION_OF: Final = {step: name for name, steps in DERIVATIONS.items() for step in steps}


def draw(stream: Stream, level: int) -> Statements:
    steps = stream.choice(list(DERIVATIONS.values()))
    return Statements(tuple(stream.sample(steps, SHOWN[level])))


def check(p: Statements) -> None:
    check_codes(p.options[:1], DERIVATION_OF)
    check_codes(p.options, steps_of(p))
    if len(p.options) < FEWEST_STEPS:
        raise ParameterError("/options", "list-length", length=len(p.options), least=FEWEST_STEPS, most=MOST_STEPS)


def steps_of(p: Statements) -> Codes:
    return DERIVATIONS[DERIVATION_OF[p.options[0]]]


def in_order(p: Statements) -> Codes:
    return tuple(step for step in steps_of(p) if step in p.options)


def truth(p: Statements) -> Truths:
    return {"steps": in_order(p)}


def say(p: Statements, key: str, language: Language) -> str | None:
    own = load(__package__, language)
    if key not in ("prompt", "hint 3", "solution"):
        return None
    letters = dict(zip(p.options, "abcdef", strict=False))
    steps = [{"letter": letters.get(step, ""), "text": own.render(f"option {step}")} for step in steps_of(p)]
    shown = [step for step in steps if step["letter"]]
    goal = own.render(f"goal {DERIVATION_OF[p.options[0]]}")
    return own.render(key, {"goal": goal, "steps": steps, "shown": shown})


FAMILY = Family(
    slug="order-the-derivation",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(90, "mental"), 2: Level(120, "mental"), 3: Level(150, "mental")},
    parameters=Statements,
    check=check,
    draw=draw,
    parts=(ChoiceSpec("steps", "ordering"),),
    truth=truth,
    options=lambda p: {"steps": p.options},
    say=say,
    convention=lambda _: Convention(clip=None),
    misconceptions=(),
    fallbacks={level: Statements(DERIVATIONS["logsumexp"][:shown][::-1]) for level, shown in SHOWN.items()},
    variants=len(DERIVATIONS) * perm(MOST_STEPS, SHOWN[1]),
)
