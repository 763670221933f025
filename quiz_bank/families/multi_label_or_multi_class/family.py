"""Which output layer and loss a described task needs, by whether its classes exclude each other; then that loss."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, softmax
from quiz_bank.families.on_one_logit import bce, softplus
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import BinaryLogits, Labels, ParameterError, one_of, read_parameters, same_length
from quiz_bank.problem import ChoiceSpec, Convention, Family, Level, Misconception, PartSpec, Truths
from quiz_bank.sampling import Stream

Exclusive = Literal["digit", "species", "language", "next-token", "diagnosis"]
Independent = Literal["photo-tags", "topics", "findings", "genres", "defects"]
TASKS: Final = (*get_args(Exclusive), *get_args(Independent))
OPTIONS: Final = ("softmax-cross-entropy", "sigmoid-bce", "softmax-bce", "sigmoid-positives-only", "identity-squared-error")


@dataclass(frozen=True, slots=True)
class Parameters:
    task: Annotated[Literal[Exclusive, Independent], one_of(*TASKS)]
    logits: BinaryLogits
    labels: Labels

    @property
    def exclusive(self) -> bool:
        return self.task in get_args(Exclusive)

    @property
    def pairs(self) -> list[tuple[int, float]]:
        """Each class's label and logit."""
        return [(y, float(z)) for y, z in zip(self.labels, self.logits, strict=True)]


def draw(stream: Stream, level: int) -> Parameters:
    task, logits = stream.choice(TASKS), draw_logits(stream, level)
    classes = len(logits)
    # A single label that is present is the trap: the description alone says whether there could have been more.
    present = 1 if task in get_args(Exclusive) or stream.integer(0, 1) else stream.integer(2, classes - 1)
    chosen = stream.sample(range(classes), present)
    return Parameters(task, logits, tuple(int(k in chosen) for k in range(classes)))


def check(p: Parameters) -> None:
    same_length(p, "logits", "labels")
    if p.exclusive and sum(p.labels) != 1:
        raise ParameterError("/labels", "one-hot-expected")


def truth(p: Parameters) -> Truths:
    if p.exclusive:
        return {"design": ("softmax-cross-entropy",), "loss": engine.cross_entropy_from_logits(p.logits, p.labels.index(1))}
    return {"design": ("sigmoid-bce",), "loss": engine.multi_label_bce(p.labels, p.logits, reduction="sum")}


def options(p: Parameters) -> dict[str, tuple[str, ...]]:
    """Shuffle the options by the numbers shown, so that a letter says nothing."""
    return {"design": tuple(Stream(p.task, *p.logits, *p.labels).sample(OPTIONS, len(OPTIONS)))}


def softmax_cross_entropy(p: Parameters) -> list[float]:
    present = [-ln(q) for q, y in zip(softmax(p.logits), p.labels, strict=True) if y]
    return [] if p.exclusive or not present else list(dict.fromkeys([sum(present), sum(present) / len(present)]))


def sigmoid_bce(p: Parameters) -> list[float]:
    return [sum(bce(y, z) for y, z in p.pairs)] if p.exclusive else []


def softmax_bce(p: Parameters) -> float:
    return -sum(ln(q if y else 1 - q) for q, y in zip(softmax(p.logits), p.labels, strict=True))


def sigmoid_positives_only(p: Parameters) -> float:
    return sum(softplus(-z) for y, z in p.pairs if y)


def identity_squared_error(p: Parameters) -> float:
    return sum((z - y) ** 2 for y, z in p.pairs)


def mean_for_sum(p: Parameters) -> list[float]:
    return [] if p.exclusive else [sum(bce(y, z) for y, z in p.pairs) / len(p.pairs)]


def working(p: Parameters) -> dict[str, object]:
    return {
        "exclusive": p.exclusive,
        "present": [k for k, y in enumerate(p.labels) if y],
        "probabilities": softmax(p.logits),
        "terms": tuple(bce(y, z) for y, z in p.pairs),
    }


def preset(task: str, labels: list[int]) -> Parameters:
    return read_parameters(Parameters, {"task": task, "logits": ["2", "1.5", "-1"], "labels": labels})


PRESETS = {"multi-label": preset("photo-tags", [1, 1, 0]), "multi-class": preset("species", [1, 0, 0])}

FAMILY = Family(
    slug="multi-label-or-multi-class",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(240)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(ChoiceSpec("design"), PartSpec("loss", in_log_units=True)),
    truth=truth,
    options=options,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("softmax-cross-entropy", softmax_cross_entropy, "loss"),
        Misconception("sigmoid-bce", sigmoid_bce, "loss"),
        Misconception("softmax-bce", softmax_bce, "loss"),
        Misconception("sigmoid-positives-only", sigmoid_positives_only, "loss"),
        Misconception("identity-squared-error", identity_squared_error, "loss"),
        Misconception("mean-for-sum", mean_for_sum, "loss"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["multi-label"]),
    variants=DRAWN_AT_LEAST,
)
