"""Knowledge distillation: a hard term, a soft term at a temperature, and their blend with the factor T²."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Logits, Positive, Probability, index_within, read_parameters, same_length
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    teacher_logits: Logits
    target: ClassIndex
    temperature: Positive
    hard_weight: Probability


def draw(stream: Stream, level: int) -> Parameters:
    classes = {1: 2, 2: 3, 3: 4}[level]
    drawn = [draw_logits(stream, 1 if level == 1 else 2) for _ in range(2)]
    student, teacher = (logits[:classes] if level < 3 else (*logits, Decimal(0))[:classes] for logits in drawn)
    share = Decimal("0.5") if level == 1 else stream.choice((Decimal("0.1"), Decimal("0.3"), Decimal("0.7"), Decimal("0.9")))
    temperature = Decimal(stream.integer(2, 5)) if level < 3 else stream.decimal(3, 9, 1) * 5
    return Parameters(student, teacher, stream.integer(0, classes - 1), temperature, share)


def cooled(logits: tuple[Exact, ...], temperature: Exact) -> tuple[Fraction, ...]:
    return tuple(Fraction(z) / Fraction(temperature) for z in logits)


def truth(p: Parameters) -> Values:
    student, teacher = cooled(p.logits, p.temperature), cooled(p.teacher_logits, p.temperature)
    return {
        "hard": engine.cross_entropy_from_logits(p.logits, p.target),
        "soft": engine.distillation_loss(student, teacher, p.target, temperature=1, hard_weight=0),
        "loss": engine.distillation_loss(
            p.logits, p.teacher_logits, p.target, temperature=p.temperature, hard_weight=p.hard_weight
        ),
    }


def at(logits: tuple[Exact, ...], temperature: Exact | int) -> Vector:
    return softmax([float(z) / float(temperature) for z in logits])


def divergence(target: Vector, prediction: Vector) -> float:
    return sum(t * (ln(t) - ln(q)) for t, q in zip(target, prediction, strict=True))


def hard(p: Parameters) -> float:
    return -ln(at(p.logits, 1)[p.target])


def soft(p: Parameters) -> float:
    return divergence(at(p.teacher_logits, p.temperature), at(p.logits, p.temperature))


def blend(p: Parameters, on_hard: float, on_soft: float, *, factor: float) -> float:
    share = float(p.hard_weight)
    return share * on_hard + (1 - share) * factor * on_soft


def square(p: Parameters) -> float:
    return float(p.temperature) ** 2


def hard_term_softened(p: Parameters) -> float:
    return -ln(at(p.logits, p.temperature)[p.target])


def one_side_unscaled(p: Parameters) -> list[float]:
    taught = divergence(at(p.teacher_logits, p.temperature), at(p.logits, 1))
    return [taught, divergence(at(p.teacher_logits, 1), at(p.logits, p.temperature))]


def temperature_forgotten(p: Parameters) -> float:
    return divergence(at(p.teacher_logits, 1), at(p.logits, 1))


def arguments_swapped(p: Parameters) -> float:
    return divergence(at(p.logits, p.temperature), at(p.teacher_logits, p.temperature))


def cross_entropy_for_kl(p: Parameters) -> float:
    pairs = zip(at(p.teacher_logits, p.temperature), at(p.logits, p.temperature), strict=True)
    return -sum(t * ln(q) for t, q in pairs)


def weights_swapped(p: Parameters) -> list[float]:
    share = float(p.hard_weight)
    return [] if share == 0.5 else [(1 - share) * hard(p) + share * square(p) * soft(p)]


def loss_from_own_terms(p: Parameters, own: Values) -> float:
    return blend(p, *components(own["hard"]), *components(own["soft"]), factor=square(p))


def check(p: Parameters) -> None:
    same_length(p, "logits", "teacher_logits")
    index_within(p, "target", "logits")


def working(p: Parameters) -> dict[str, object]:
    return {
        "cooled_student": tuple(map(float, cooled(p.logits, p.temperature))),
        "cooled_teacher": tuple(map(float, cooled(p.teacher_logits, p.temperature))),
        "hit": at(p.logits, 1)[p.target],
        "student": at(p.logits, p.temperature),
        "teacher": at(p.teacher_logits, p.temperature),
        "square": square(p),
        "soft_weight": 1 - Fraction(p.hard_weight) if isinstance(p.hard_weight, Fraction) else 1 - p.hard_weight,
    }


def preset(student: list[str], teacher: list[str], temperature: str, hard_weight: str) -> Parameters:
    raw = {"logits": student, "teacher_logits": teacher, "target": 0, "temperature": temperature, "hard_weight": hard_weight}
    return read_parameters(Parameters, raw)


PRESETS = {
    "two-classes": preset(["1", "0"], ["4", "0"], "2", "0.5"),
    "three-classes": preset(["2", "1", "0.1"], ["4", "1", "-2"], "4", "0.1"),
}

FAMILY = Family(
    slug="knowledge-distillation",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(240), 2: Level(300), 3: Level(360)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(
        PartSpec("hard", in_log_units=True),
        PartSpec("soft", in_log_units=True),
        PartSpec("loss", in_log_units=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("hard-term-softened", hard_term_softened, "hard"),
        Misconception("one-side-unscaled", one_side_unscaled, "soft"),
        Misconception("temperature-forgotten", temperature_forgotten, "soft"),
        Misconception("arguments-swapped", arguments_swapped, "soft"),
        Misconception("cross-entropy-for-kl", cross_entropy_for_kl, "soft"),
        Misconception("square-forgotten", lambda p: blend(p, hard(p), soft(p), factor=1), "loss"),
        Misconception("square-inverted", lambda p: blend(p, hard(p), soft(p), factor=1 / square(p)), "loss"),
        Misconception("weights-swapped", weights_swapped, "loss"),
    ),
    carried=(Carry("loss", ("hard", "soft"), loss_from_own_terms),),
    working=working,
    presets=PRESETS,
    preset_levels={"two-classes": 1, "three-classes": 2},
    fallbacks={1: PRESETS["two-classes"], 2: PRESETS["three-classes"], 3: PRESETS["three-classes"]},
    variants=DRAWN_AT_LEAST,
)
