"""Micro-batches with unequal numbers of tokens: the mean of their means is not the loss of the full batch."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.families.on_averages import exact_mean, something_counts
from quiz_bank.parameters import Counts, NonNegatives, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    losses: NonNegatives
    counts: Counts

    @property
    def token_sums(self) -> list[float]:
        return [n * float(loss) for loss, n in zip(self.losses, self.counts, strict=True)]

    @property
    def equal(self) -> bool:
        """Whether all micro-batches have one size, so that both ways agree."""
        return len(set(self.counts)) == 1


def draw(stream: Stream, level: int) -> Parameters:
    steps = level + 1
    losses = stream.decimals(steps, 5, 49, 1) if level == 1 else stream.decimals(steps, 40, 490, 2)
    if level == 1:
        return Parameters(losses, tuple(stream.sample((10, 20, 30, 40, 60, 80, 90), steps)))
    return Parameters(losses, tuple(stream.sample(range(20, 520, 10 if level == 2 else 1), steps)))


def check(p: Parameters) -> None:
    same_length(p, "losses", "counts")
    something_counts(p, "counts")


def truth(p: Parameters) -> Values:
    return {"accumulated": float(exact_mean(p.losses)), "full_batch": float(exact_mean(p.losses, p.counts))}


def weighted(p: Parameters) -> list[float]:
    return [] if p.equal else [sum(p.token_sums) / sum(p.counts)]


def mean_of_means(p: Parameters) -> list[float]:
    return [] if p.equal else [fmean(p.losses)]


def sum_of_means(p: Parameters) -> float:
    return float(sum(map(float, p.losses)))


def token_sum(p: Parameters) -> float:
    return sum(p.token_sums)


def divides_by_steps(p: Parameters) -> float:
    return sum(p.token_sums) / len(p.losses)


def expression(p: Parameters) -> dict[str, str]:
    total = "+".join(f"{n}*{loss}" for loss, n in zip(p.losses, p.counts, strict=True))
    plain = "+".join(map(str, p.losses))
    return {"accumulated": f"({plain})/{len(p.losses)}", "full_batch": f"({total})/{sum(p.counts)}"}


def working(p: Parameters) -> dict[str, object]:
    return {
        "steps": len(p.losses),
        "sum_of_means": sum_of_means(p),
        "token_sums": p.token_sums,
        "tokens": sum(p.counts),
        "total": sum(p.token_sums),
        "equal": p.equal,
    }


FALLBACK = read_parameters(Parameters, {"losses": ["2.0", "4.0"], "counts": [30, 10]})

FAMILY = Family(
    slug="gradient-accumulation",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("accumulated", in_log_units=True), PartSpec("full_batch", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("weighted-by-tokens", weighted, "accumulated"),
        Misconception("sum-for-mean", sum_of_means, "accumulated"),
        Misconception("mean-of-means", mean_of_means, "full_batch"),
        Misconception("divides-by-steps", divides_by_steps, "full_batch"),
        Misconception("sum-for-mean", token_sum, "full_batch"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=45**2 * 7 * 6,  # those of level 1, the smallest
)
