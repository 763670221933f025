"""Two distributions, their entropies, cross-entropies and divergences: which of these inequalities holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_options import check_one_holds
from quiz_bank.parameters import Codes, Distribution, read_parameters, same_length
from quiz_bank.problem import ChoiceSpec, Convention, Exact, Family, Language, Level
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

SHOWN: Final = {1: 3, 2: 4, 3: 5}
CLASSES: Final = {1: 2, 2: 3, 3: 4}
CLOSE: Final = 0.05

FORMULAS: Final = {
    "h-p": "H(p)",
    "h-q": "H(q)",
    "h-p-q": "H(p, q)",
    "h-q-p": "H(q, p)",
    "kl-p-q": r"KL(p \Vert q)",
    "kl-q-p": r"KL(q \Vert p)",
}
PAIRS: Final = tuple(combinations(FORMULAS, 2))
INEQUALITIES: Final = {f"{a}-{sign}-{b}": (a, sign, b) for a, b in PAIRS for sign in ("above", "below")}
LAWS: Final = {
    ("h-p", "h-q"): "flatter",
    ("h-p", "h-p-q"): "own-entropy",
    ("h-q", "h-q-p"): "own-entropy",
    ("h-p-q", "kl-p-q"): "difference",
    ("h-q-p", "kl-q-p"): "difference",
    ("h-p-q", "h-q-p"): "order-matters",
    ("kl-p-q", "kl-q-p"): "order-matters",
}


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Distribution
    prediction: Distribution
    options: Codes


def values(p: Parameters) -> Mapping[str, float]:
    return values_of(p.target, p.prediction)


@lru_cache(maxsize=64)  # drawing, proving and grading one problem ask for them again and again
def values_of(first: tuple[Exact, ...], second: tuple[Exact, ...]) -> Mapping[str, float]:
    return {
        "h-p": engine.entropy(first),
        "h-q": engine.entropy(second),
        "h-p-q": engine.cross_entropy(first, second),
        "h-q-p": engine.cross_entropy(second, first),
        "kl-p-q": engine.kl_divergence(first, second),
        "kl-q-p": engine.kl_divergence(second, first),
    }


def holds(code: str, value: Mapping[str, float]) -> bool:
    a, sign, b = INEQUALITIES[code]
    return value[a] > value[b] if sign == "above" else value[a] < value[b]


def draw(stream: Stream, level: int) -> Parameters:
    places = 1 if level == 1 else 2
    first, second = (stream.distribution(CLASSES[level], places, minimum=10 ** (places - 1) // 2 or 1) for _ in range(2))
    value = values_of(first, second)
    right, *others = stream.sample(PAIRS, SHOWN[level])
    codes = [code_of(right, value, said=True), *(code_of(pair, value, said=False) for pair in others)]
    return Parameters(first, second, tuple(stream.sample(codes, len(codes))))


def code_of(pair: tuple[str, str], value: Mapping[str, float], *, said: bool) -> str:
    a, b = pair
    return f"{a}-{'above' if (value[a] > value[b]) == said else 'below'}-{b}"


def degenerate(p: Parameters) -> bool:
    """Say whether two numbers that are compared are too close for a rough calculation."""
    value = values(p)
    pairs = [(value[a], value[b]) for a, _, b in map(INEQUALITIES.__getitem__, p.options)]
    return any(abs(x - y) <= CLOSE * max(x, y) for x, y in pairs)


def right(p: Parameters) -> str:
    value = values(p)
    return next(code for code in p.options if holds(code, value))


def check(p: Parameters) -> None:
    same_length(p, "target", "prediction")
    value = values(p)
    check_one_holds(p.options, INEQUALITIES, lambda code: holds(code, value))


def say(p: Parameters, key: str, language: Language) -> str | None:
    own = load(__package__, language)
    kind, _, code = key.partition(" ")
    if kind == "option":
        return f"${inequality(code)}$"
    if kind == "why":
        return own.render("why", compared(p, code) | {"law": own.render(f"law {law(code)}")})
    if key == "solution":
        listed = [{"formula": formula, "value": values(p)[name]} for name, formula in FORMULAS.items()]
        code = right(p)
        found = {
            "letter": "abcde"[p.options.index(code)],
            "inequality": inequality(code),
            "law": own.render(f"law {law(code)}"),
        }
        return own.render(key, found | {"listed": listed, "target": p.target, "prediction": p.prediction})
    return None


def inequality(code: str) -> str:
    a, sign, b = INEQUALITIES[code]
    return f"{FORMULAS[a]} {'>' if sign == 'above' else '<'} {FORMULAS[b]}"


def compared(p: Parameters, code: str) -> dict[str, object]:
    a, _, b = INEQUALITIES[code]
    value = values(p)
    return {"first": FORMULAS[a], "first_value": value[a], "second": FORMULAS[b], "second_value": value[b]}


def law(code: str) -> str:
    a, _, b = INEQUALITIES[code]
    return LAWS.get((a, b), "none")


MOCK = read_parameters(
    Parameters,
    {
        "target": ["0.7", "0.2", "0.1"],
        "prediction": ["0.4", "0.3", "0.3"],
        "options": ["h-p-above-h-q", "h-p-above-h-p-q", "h-q-below-h-q-p", "h-p-q-below-kl-p-q"],
    },
)

FAMILY = Family(
    slug="entropy-or-cross-entropy",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(180)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=degenerate,
    parts=(ChoiceSpec("inequality"),),
    truth=lambda p: {"inequality": (right(p),)},
    options=lambda p: {"inequality": p.options},
    say=say,
    convention=lambda _: Convention(log_base="e", zero_log_zero="0"),
    misconceptions=(),
    presets={"mock-question": MOCK},
    preset_levels={"mock-question": 2},
    fallbacks=dict.fromkeys((1, 2, 3), MOCK),
    variants=9 * 8 * 15 * 14 * 13,  # level 1: pairs of coins with one decimal, and three of fifteen pairs in order
)
