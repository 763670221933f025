"""The perplexity of several documents together: their losses are averaged over all tokens, not their perplexities."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_averages import something_counts
from quiz_bank.parameters import Counts, Weights, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

POWERS_OF_TWO = [2**k for k in range(20)]


@dataclass(frozen=True, slots=True)
class Parameters:
    perplexities: Weights
    counts: Counts

    @property
    def losses(self) -> list[float]:
        """The mean loss per token of each document, in nats."""
        return [math.log(x) for x in self.perplexities]

    @property
    def in_bits(self) -> bool:
        """Whether the losses are whole numbers of bits, so that heads do better in bits than calculators in nats."""
        return all(x in POWERS_OF_TWO for x in self.perplexities)

    @property
    def mean_loss(self) -> float:
        return weighted_mean(self.losses, self.counts)


def weighted_mean(values: list[float], counts: tuple[int, ...]) -> float:
    return sum(n * x for x, n in zip(values, counts, strict=True)) / sum(counts)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return powers_of_two(stream)
    documents = stream.integer(2, 3) if level == 2 else stream.integer(3, 4)
    counts = stream.sample(range(100, 2000, 100 if level == 2 else 7), documents)
    return Parameters(stream.decimals(documents, 60, 900, 1), tuple(counts))


def powers_of_two(stream: Stream) -> Parameters:
    """Return two documents whose mean loss is a whole number of bits."""
    first, share = stream.integer(1, 9), stream.choice((1, 3))
    second = stream.choice([k for k in range(1, 10) if k != first and (first + share * k) % (1 + share) == 0])
    count = 50 * stream.integer(2, 20)
    return Parameters((Decimal(2**first), Decimal(2**second)), (count, share * count))


def similar(p: Parameters) -> bool:
    """Say whether the perplexities are so near each other that every kind of mean gives much the same."""
    return float(max(p.perplexities)) < 1.5 * float(min(p.perplexities))


def check(p: Parameters) -> None:
    same_length(p, "perplexities", "counts")
    something_counts(p, "counts")


def truth(p: Parameters) -> Values:
    return {"perplexity": engine.pooled_perplexity(p.perplexities, p.counts)}


def mean_of_perplexities(p: Parameters) -> float:
    return weighted_mean([float(x) for x in p.perplexities], (1,) * len(p.counts))


def weighted_mean_of_perplexities(p: Parameters) -> float:
    return weighted_mean([float(x) for x in p.perplexities], p.counts)


def documents_weighted_equally(p: Parameters) -> list[float]:
    unequal = len(set(p.counts)) > 1
    return [math.exp(weighted_mean(p.losses, (1,) * len(p.counts)))] if unequal else []


def exponential_forgotten(p: Parameters) -> list[float]:
    return [p.mean_loss, p.mean_loss / math.log(2)]


def base_mismatched(p: Parameters) -> list[float]:
    return [2**p.mean_loss, math.exp(p.mean_loss / math.log(2))]


def expression(p: Parameters) -> dict[str, str]:
    total = "+".join(f"{n}*ln({x})" for x, n in zip(p.perplexities, p.counts, strict=True))
    return {"perplexity": f"exp(({total})/{sum(p.counts)})"}


def working(p: Parameters) -> dict[str, object]:
    losses = [math.log2(x) for x in p.perplexities] if p.in_bits else p.losses
    sums = [n * loss for loss, n in zip(losses, p.counts, strict=True)]
    return {
        "in_bits": p.in_bits,
        "log": r"\log_2" if p.in_bits else r"\ln",
        "base": "2" if p.in_bits else "e",
        "losses": losses,
        "sums": sums,
        "total": sum(sums),
        "tokens": sum(p.counts),
        "mean_loss": weighted_mean(losses, p.counts),
    }


FALLBACKS = {
    1: read_parameters(Parameters, {"perplexities": ["8", "32"], "counts": [100, 100]}),
    2: read_parameters(Parameters, {"perplexities": ["12.5", "60.0"], "counts": [300, 900]}),
    3: read_parameters(Parameters, {"perplexities": ["12.5", "60.0", "31.4"], "counts": [310, 905, 120]}),
}

FAMILY = Family(
    slug="corpus-perplexity",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=similar,
    parts=(PartSpec("perplexity"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("mean-of-perplexities", mean_of_perplexities, "perplexity"),
        Misconception("weighted-mean-of-perplexities", weighted_mean_of_perplexities, "perplexity"),
        Misconception("documents-weighted-equally", documents_weighted_equally, "perplexity"),
        Misconception("exponential-forgotten", exponential_forgotten, "perplexity"),
        Misconception("base-mismatched", base_mismatched, "perplexity"),
    ),
    expression=expression,
    working=working,
    fallbacks=FALLBACKS,
    variants=3000,  # at the least: level 1 has some 800, and a third of the drawings meet it
)
