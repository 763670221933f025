"""What changing the base of the logarithm does to a loss, and what it leaves alone."""

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from quiz_bank.families.on_options import Context, check_statements, draw_codes, holding, orders, said_of_statements
from quiz_bank.parameters import Codes, ParameterError, Positive, exact, one_of
from quiz_bank.problem import ChoiceSpec, Convention, Family, Level
from quiz_bank.sampling import Stream

NewBase: TypeAlias = Annotated[Literal["2", "10"], one_of("2", "10")]

LARGEST_LOSS: Final = 100
HOLDS: Final = {
    "number-divided": True,
    "number-multiplied": False,
    "order-kept": True,
    "difference-kept": False,
    "minimum-kept": True,
    "gradient-kept": False,
    "gradient-divided": True,
    "perplexity-of-e": False,
    "perplexity-kept": True,
    "another-softmax": False,
    "step-kept": True,
    "model-changed": False,
    "ratio-kept": True,
    "uniform-kept": False,
    "zero-kept": True,
    "best-moved": False,
    "identity-kept": True,
    "negative-now": False,
    "accuracy-kept": True,
    "weight-kept": False,
}


@dataclass(frozen=True, slots=True)
class Parameters:
    loss: Positive
    log_base: NewBase
    options: Codes


def check(p: Parameters) -> None:
    if p.loss > LARGEST_LOSS:
        raise ParameterError("/loss", "number-too-large", largest=LARGEST_LOSS)
    check_statements(p.options, HOLDS)


def draw(stream: Stream, level: int) -> Parameters:
    loss = stream.decimal(11, 399, 2) if level < 3 else stream.decimal(1001, 9999, 3)
    base: NewBase = "2" if level == 1 else stream.choice(("2", "10"))
    return Parameters(loss, base, draw_codes(stream, level, HOLDS))


def numbers(p: Parameters) -> Context:
    factor = math.log(int(p.log_base))
    loss = float(p.loss)
    return {
        "loss": p.loss,
        "log_base": p.log_base,
        "factor": factor,
        "divided": loss / factor,
        "multiplied": loss * factor,
        "perplexity": math.exp(loss),
    }


FALLBACK = Parameters(exact("0.92"), "2", tuple(HOLDS)[:5])

FAMILY = Family(
    slug="base-change",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(75), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=lambda p: not holding(p.options, HOLDS),
    parts=(ChoiceSpec("statements", "multi_select"),),
    truth=lambda p: {"statements": holding(p.options, HOLDS)},
    options=lambda p: {"statements": p.options},
    say=said_of_statements(__package__, HOLDS, numbers),
    working=numbers,
    convention=lambda _: Convention(clip=None),
    misconceptions=(),
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=389 * orders(HOLDS),
)
