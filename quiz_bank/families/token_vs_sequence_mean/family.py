"""Two averages of the same losses: over all tokens, or first within each sequence and then over the sequences."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.families.on_averages import exact_mean
from quiz_bank.parameters import NonNegatives, read_parameters
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    first_losses: NonNegatives
    second_losses: NonNegatives

    @property
    def both(self) -> tuple[tuple[Exact, ...], tuple[Exact, ...]]:
        return self.first_losses, self.second_losses

    @property
    def all_losses(self) -> tuple[Exact, ...]:
        return self.first_losses + self.second_losses


def draw(stream: Stream, level: int) -> Parameters:
    short, long = {1: (2, 4), 2: (stream.integer(2, 3), stream.integer(4, 5)), 3: (stream.integer(1, 2), stream.integer(6, 8))}[
        level
    ]
    easy, hard = (2, 25), (20, 60)  # the longer sequence is the easier or the harder one
    ranges = [easy, hard] if stream.integer(0, 1) else [hard, easy]
    places = min(level, 2)
    losses = [
        stream.decimals(count, low * 10 ** (places - 1), high * 10 ** (places - 1), places)
        for count, (low, high) in zip((short, long), ranges, strict=True)
    ]
    return Parameters(*(losses if stream.integer(0, 1) else losses[::-1]))


def truth(p: Parameters) -> Values:
    return {
        "token_mean": float(exact_mean(p.all_losses)),
        "sequence_mean": float(exact_mean([exact_mean(losses) for losses in p.both])),
    }


def token_mean(p: Parameters) -> list[float]:
    # Sequences of one length have one average.
    return [fmean(p.all_losses)] if len(p.first_losses) != len(p.second_losses) else []


def sequence_mean(p: Parameters) -> list[float]:
    return [fmean(map(fmean, p.both))] if len(p.first_losses) != len(p.second_losses) else []


def total(p: Parameters) -> float:
    return float(sum(map(float, p.all_losses)))


def total_per_sequence(p: Parameters) -> float:
    return total(p) / len(p.both)


def sum_of_means(p: Parameters) -> float:
    return sum(map(fmean, p.both))


def expression(p: Parameters) -> dict[str, str]:
    first, second = ("+".join(map(str, losses)) for losses in p.both)
    m, n = map(len, p.both)
    return {"token_mean": f"({first}+{second})/{m + n}", "sequence_mean": f"(({first})/{m}+({second})/{n})/2"}


def working(p: Parameters) -> dict[str, object]:
    return {
        "counts": [len(losses) for losses in p.both],
        "sums": [sum(map(float, losses)) for losses in p.both],
        "means": [fmean(losses) for losses in p.both],
        "count": len(p.all_losses),
        "total": total(p),
    }


FALLBACK = read_parameters(Parameters, {"first_losses": ["4.0", "3.0"], "second_losses": ["0.5", "1.0", "0.5", "1.2"]})

FAMILY = Family(
    slug="token-vs-sequence-mean",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("token_mean", in_log_units=True), PartSpec("sequence_mean", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("sequence-mean-for-token-mean", sequence_mean, "token_mean"),
        Misconception("divides-by-sequences", total_per_sequence, "token_mean"),
        Misconception("sum-for-mean", total, "token_mean"),
        Misconception("token-mean-for-sequence-mean", token_mean, "sequence_mean"),
        Misconception("divides-by-sequences", total_per_sequence, "sequence_mean"),
        Misconception("sum-for-mean", sum_of_means, "sequence_mean"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=100_000,  # a lower bound: level 1 alone has 24² · 41⁴ and more
)
