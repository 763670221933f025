"""From a language model's loss in nats per token to bits per character, which don't depend on the tokenizer."""

import math
from dataclasses import dataclass
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.parameters import Count, ParameterError, Positive, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream

LN2 = math.log(2)


@dataclass(frozen=True, slots=True)
class Parameters:
    loss: Positive
    tokens: Count
    characters: Count

    @property
    def nats_per_character(self) -> float:
        return float(self.loss) * self.tokens / self.characters


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        tokens = 100 * stream.integer(1, 20)
        return Parameters(stream.decimal(11, 49, 1), tokens, tokens * stream.choice((2, 4, 5)))
    tokens = stream.integer(200, 2000) * (10 if level == 2 else 1)
    characters = tokens * stream.integer(21, 58) // 10 + (0 if level == 2 else stream.integer(1, 99))
    return Parameters(stream.decimal(110, 490, 2) if level == 2 else stream.decimal(900, 5200, 3), tokens, characters)


def check(p: Parameters) -> None:
    for name in ("tokens", "characters"):
        if not getattr(p, name):
            raise ParameterError(f"/{name}", "positive-expected", number=0)


def truth(p: Parameters) -> Values:
    per_character = Fraction(p.loss) * p.tokens / p.characters
    return {
        "bits_per_token": engine.convert_information(p.loss, from_base="e", to_base="2"),
        "bits_per_character": engine.convert_information(per_character, from_base="e", to_base="2"),
    }


def nats_per_token(p: Parameters) -> float:
    return float(p.loss)


def token_factor_inverted(p: Parameters) -> float:
    return float(p.loss) * LN2


def nats_per_character(p: Parameters) -> float:
    return p.nats_per_character


def factor_inverted(p: Parameters) -> float:
    return p.nats_per_character * LN2


def token_length_inverted(p: Parameters) -> float:
    return float(p.loss) / LN2 * p.characters / p.tokens


def per_token(p: Parameters) -> float:
    return float(p.loss) / LN2


def of_own_bits(p: Parameters, own: Values) -> float:
    (bits,) = components(own["bits_per_token"])
    return bits * p.tokens / p.characters


def working(p: Parameters) -> dict[str, object]:
    return {
        "token_length": p.characters / p.tokens,
        "nats_per_character": p.nats_per_character,
        "perplexity": math.exp(min(700, p.loss)),
    }


FALLBACK = read_parameters(Parameters, {"loss": "2.5", "tokens": 1000, "characters": 4000})

FAMILY = Family(
    slug="bits-per-character",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60), 2: Level(60), 3: Level(90)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(
        PartSpec("bits_per_token", in_log_units=True, unit_fixed=True),
        PartSpec("bits_per_character", in_log_units=True, unit_fixed=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="2"),
    misconceptions=(
        Misconception("ln-2-forgotten", nats_per_token, "bits_per_token"),
        Misconception("factor-inverted", token_factor_inverted, "bits_per_token"),
        Misconception("ln-2-forgotten", nats_per_character, "bits_per_character"),
        Misconception("factor-inverted", factor_inverted, "bits_per_character"),
        Misconception("token-length-inverted", token_length_inverted, "bits_per_character"),
        Misconception("per-token", per_token, "bits_per_character"),
    ),
    carried=(Carry("bits_per_character", ("bits_per_token",), of_own_bits),),
    expression=lambda p: {
        "bits_per_token": f"{p.loss}/ln(2)",
        "bits_per_character": f"{p.loss}/ln(2)*{p.tokens}/{p.characters}",
    },
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=3 * 39 * 20 * 3,  # three times level 1, the smallest
)
