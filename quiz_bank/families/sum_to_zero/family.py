"""The missing component of a gradient: by the logits its components sum to zero, for probabilities sum to one twice."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import plus
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, ParameterError, Reals, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    gradient: Reals
    missing: ClassIndex

    @property
    def complete(self) -> list[Fraction]:
        """The whole gradient, with the missing component in its place."""
        known = [Fraction(g) for g in self.gradient]
        return [*known[: self.missing], -sum(known, Fraction(0)), *known[self.missing :]]

    @property
    def true_component(self) -> Fraction:
        """The only negative component: p − 1 at the true class."""
        return min(self.complete)


def draw(stream: Stream, level: int) -> Parameters:
    classes = stream.integer(*{1: (3, 3), 2: (4, 5), 3: (5, 6)}[level])
    probabilities = stream.distribution(classes, places=max(2, level), minimum=2)
    target = stream.integer(0, classes - 1)
    gradient = [p - (k == target) for k, p in enumerate(probabilities)]
    missing = target if level == 1 else stream.integer(0, classes - 1)
    return Parameters((*gradient[:missing], *gradient[missing + 1 :]), missing)


def truth(p: Parameters) -> Values:
    return {
        "component": float(p.complete[p.missing]),
        "probability": float(1 + p.true_component),
        "loss": engine.surprisal(1 + p.true_component),
    }


def known_sum(p: Parameters) -> float:
    return float(sum(Fraction(g) for g in p.gradient))


def sum_to_one(p: Parameters) -> float:
    return 1 - known_sum(p)


def sizes_summed(p: Parameters) -> list[float]:
    """Return the sum of the sizes and its rest to one, where a known component is negative."""
    total = sum(abs(float(g)) for g in p.gradient)
    return [total, -total, 1 - total] if min(p.gradient) < 0 else []


def component_as_probability(p: Parameters) -> float:
    return -float(p.true_component)


def loss_of_the_component(p: Parameters) -> float:
    return -ln(-p.true_component)


def probability_of_own(p: Parameters, own: Values) -> float:
    """Add one where the missing component is the true class's; elsewhere the true class's own is known."""
    (component,) = components(own["component"])
    return 1 + (component if p.complete[p.missing] < 0 else float(p.true_component))


def loss_of_own(_: Parameters, own: Values) -> float:
    (probability,) = components(own["probability"])
    return -ln(probability)


def check(p: Parameters) -> None:
    if p.missing > len(p.gradient):
        raise ParameterError("/missing", "index-out-of-range", other="gradient", last=len(p.gradient))
    if sum(g < 0 for g in p.complete) != 1 or p.true_component <= -1:
        raise ParameterError("/gradient", "no-gradient")


def working(p: Parameters) -> dict[str, object]:
    place = p.complete.index(p.true_component)
    known = [*p.gradient[: p.missing], None, *p.gradient[p.missing :]]
    return {"known_sum": reduce(plus, p.gradient), "true_class": place, "known_component": known[place]}


PRESETS = {"three-routes": read_parameters(Parameters, {"gradient": ["0.2424", "0.0986"], "missing": 0})}

FAMILY = Family(
    slug="sum-to-zero",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(60), 2: Level(75), 3: Level(90)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("component"), PartSpec("probability"), PartSpec("loss", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("component", "loss")),
        Misconception("sum-to-one", sum_to_one, "component"),
        Misconception("sizes-summed", sizes_summed, "component"),
        Misconception("component-as-probability", component_as_probability, "probability"),
        Misconception("component-as-probability", loss_of_the_component, "loss"),
        Misconception("complement", component_as_probability, "loss"),
    ),
    carried=(
        Carry("probability", ("component",), probability_of_own),
        Carry("loss", ("probability",), loss_of_own),
    ),
    working=working,
    presets=PRESETS,
    preset_levels={"three-routes": 1},
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["three-routes"]),
    variants=100_000,  # a lower bound: there are 138,415 distributions of four classes in hundredths
)
