"""A constant added to all logits changes no probability and no loss; added to one logit alone it does."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, less, logsumexp, plus, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Logits, Real, index_within, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    shift: Real
    shifted_class: ClassIndex

    def with_shifted(self, index: int) -> tuple[Exact, ...]:
        """Return the logits with the constant added to one of them, exactly."""
        return tuple(plus(z, self.shift) if k == index else z for k, z in enumerate(self.logits))


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    size = stream.decimal(1, 4, 0) if level == 1 else stream.decimal(5, 40, 1)
    last = len(logits) - 1
    return Parameters(logits, stream.integer(0, last), stream.choice((-1, 1)) * size, stream.integer(0, last))


def truth(p: Parameters) -> Values:
    before = engine.cross_entropy_from_logits(p.logits, p.target)
    return {
        "before": before,
        "all_shifted": before,
        "one_shifted": engine.cross_entropy_from_logits(p.with_shifted(p.shifted_class), p.target),
    }


def plain_loss(logits: tuple[Exact, ...], target: int) -> float:
    return logsumexp(logits) - float(logits[target])


def unchanged(p: Parameters) -> float:
    return plain_loss(p.logits, p.target)


def softmax_twice(p: Parameters) -> float:
    return -ln(softmax(softmax(p.logits))[p.target])


def wrong_class(p: Parameters) -> list[float]:
    return [plain_loss(p.logits, k) for k in range(len(p.logits)) if k != p.target]


def shift_added_to_the_loss(p: Parameters) -> float:
    return unchanged(p) + float(p.shift)


def denominator_not_shifted(p: Parameters) -> float:
    return unchanged(p) - float(p.shift)


def numerator_shifted_alone(p: Parameters) -> list[float]:
    """Return the loss where only the numerator sees the constant; another class's logit stands in no numerator."""
    return [denominator_not_shifted(p)] if p.shifted_class == p.target else []


def another_logit_shifted(p: Parameters) -> list[float]:
    return [plain_loss(p.with_shifted(k), p.target) for k in range(len(p.logits)) if k != p.shifted_class]


def true_class_only(p: Parameters) -> float:
    return plain_loss(p.with_shifted(p.target), p.target)


def loss_of_own(_: Parameters, own: Values) -> float:
    (before,) = components(own["before"])
    return before


def check(p: Parameters) -> None:
    index_within(p, "target", "logits")
    index_within(p, "shifted_class", "logits")


def working(p: Parameters) -> dict[str, object]:
    one = p.with_shifted(p.shifted_class)
    return {
        "all_logits": tuple(plus(z, p.shift) for z in p.logits),
        "one_logits": one,
        "gaps": tuple(less(z, p.logits[p.target]) for z in p.logits),
        "own": softmax(p.logits)[p.target],
        "one_own": softmax(one)[p.target],
        "one_gaps": tuple(less(z, one[p.target]) for z in one),
    }


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": 0, "shift": "1", "shifted_class": 0})

FAMILY = Family(
    slug="logit-shift",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=tuple(PartSpec(name, in_log_units=True) for name in ("before", "all_shifted", "one_shifted")),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("softmax-twice", softmax_twice, "before"),
        Misconception("wrong-class", wrong_class, "before"),
        Misconception("shift-added-to-the-loss", shift_added_to_the_loss, "all_shifted"),
        Misconception("denominator-not-shifted", denominator_not_shifted, "all_shifted"),
        Misconception("one-logit-for-all", true_class_only, "all_shifted"),
        Misconception("nothing-changes", unchanged, "one_shifted"),
        Misconception("shift-added-to-the-loss", shift_added_to_the_loss, "one_shifted"),
        Misconception("denominator-not-shifted", numerator_shifted_alone, "one_shifted"),
        Misconception("another-logit-shifted", another_logit_shifted, "one_shifted"),
    ),
    carried=(Carry("all_shifted", ("before",), loss_of_own),),
    working=working,
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 2},
    fallbacks=dict.fromkeys((1, 2, 3), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
