"""Which pictures a problem has, by what it gives and what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import exp, inf, isclose, log
from typing import Any, Final, cast

from app.services.practice import Attempt
from app.storage.problems import ProblemRow
from app.web.pictures import given
from app.web.pictures.bars import MOST, Series, bars
from app.web.pictures.canvas import Picture
from app.web.pictures.curve import NATS, Mark, Who, minus_log_curve
from app.web.pictures.numbers import shown
from app.web.pictures.reliability import Told, reliability_diagram
from app.web.pictures.sigmoid import sigmoid_gradients
from app.web.words import say
from quiz_bank.misconceptions import convert
from quiz_bank.problem import Exact, Language, LogBase, Part, PartVerdict, Variant
from quiz_bank.rendering import part_label

ENOUGH: Final = 2
WHILE_OPEN: Final = 1
"""The fields for the next try stand below, and are not to be out of sight."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A problem, what was answered to its parts, and whether it is closed: only then its truth may be seen."""

    variant: Variant[Any]
    answers: Mapping[str, PartVerdict]
    language: Language
    closed: bool

    @property
    def log_base(self) -> LogBase:
        """The base of the problem's logarithms."""
        return self.variant.convention.log_base or "e"

    def answer(self, part: Part) -> Any:  # noqa: ANN401 - a number or a vector
        """Return what was read of the answer to a part, in the part's own unit; None where there is none."""
        verdict = self.answers.get(part.name)
        if verdict is None or verdict.other_unit is None or part.unit is None:
            return None if verdict is None else verdict.read_as
        return convert(cast("float", verdict.read_as), verdict.other_unit, part.unit)

    def is_right(self, part: Part) -> bool:
        """Whether the answer to a part is the truth, and that may be told."""
        verdict = self.answers.get(part.name)
        return self.closed and verdict is not None and verdict.result == "right" and not verdict.carried_from


def pictures(variant: Variant[Any], answers: Sequence[PartVerdict], language: Language, *, closed: bool) -> tuple[Picture, ...]:
    """Return up to two pictures of a problem and its answer.

    As long as the problem isn't `closed` it is one, of what the problem gives or what was answered, and nothing that follows.
    """
    scene = Scene(variant, {answer.name: answer for answer in answers}, language, closed)
    return tuple(islice(_fitting(scene), ENOUGH if closed else WHILE_OPEN))


def of_attempt(row: ProblemRow, attempt: Attempt, language: Language) -> tuple[Picture, ...]:
    """Return the pictures of a problem with an answer to it; none while what the answer got is withheld."""
    if attempt.variant is None or row.withheld or attempt.row.withheld:
        return ()
    return pictures(attempt.variant, attempt.parts, language, closed=row.state != "open")


def _fitting(scene: Scene) -> Iterator[Picture]:
    yield from _curves(scene)
    yield from _sigmoids(scene)
    yield from _vectors(scene)
    yield from _probabilities(scene)
    yield from _reliability(scene)


def _curves(scene: Scene) -> Iterator[Picture]:
    """Yield the curve for the first part that asks for −log p of one probability, or for the p of a loss."""
    for part in scene.variant.numeric.values():
        if part.spec.kind != "number" or not (_is_loss(part, scene) or _is_probability(part, scene)):
            continue
        if marks := list(_marks(part, scene)):
            yield minus_log_curve(marks, scene.log_base, scene.language)
            return


def _is_loss(part: Part, scene: Scene) -> bool:
    p, truth = given.hit(scene.variant.parameters), cast("float", part.truth)
    if p is None or not part.spec.in_log_units:
        return False
    loss = _loss(p, scene.log_base)
    return truth == loss or isclose(truth, loss, rel_tol=1e-9)


def _is_probability(part: Part, scene: Scene) -> bool:
    """Whether a part asks for the probability that a given loss stands for."""
    loss = given.field(scene.variant.parameters, "surprisal", "loss")
    if not given.is_number(loss) or part.spec.in_log_units:
        return False
    return isclose(cast("float", part.truth), exp(-float(loss) * NATS[scene.log_base]), rel_tol=1e-9)


def _loss(p: float, log_base: LogBase) -> float:
    return -log(p) / NATS[log_base] if p > 0 else inf


def _marks(part: Part, scene: Scene) -> Iterator[Mark]:
    def mark(who: Who, value: float) -> Mark:
        return Mark(who, value if part.spec.in_log_units else _loss(value, scene.log_base))

    truth = cast("float", part.truth)
    if scene.is_right(part):
        yield mark("both", truth)
        return
    answer = scene.answer(part)
    if answer is not None and (part.spec.in_log_units or 0 <= answer <= 1):
        yield mark("yours", answer)
    if scene.closed:
        yield mark("right", truth)


def _sigmoids(scene: Scene) -> Iterator[Picture]:
    """Yield the sigmoid with its gradients for a closed problem about the gradient by one logit, unless it is weighted."""
    parameters = scene.variant.parameters
    logit, target = given.field(parameters, "logit"), given.field(parameters, "target")
    weighted = given.field(parameters, "gamma") is not None or given.field(parameters, "pos_weight") not in {None, 1}
    if scene.closed and scene.variant.family.topic == "gradients" and given.is_number(logit) and not weighted:
        yield sigmoid_gradients(float(logit), float(target or 0), scene.language)


def _vectors(scene: Scene) -> Iterator[Picture]:
    """Yield the answer to the first part that asks for a vector, beside what is right."""
    for part in scene.variant.numeric.values():
        if part.spec.kind == "vector" and (series := list(_answered(part, scene))):
            size = len(series[0].values)
            if size <= MOST:
                yield bars(_labels(scene, size), series, part_label(scene.variant, part.name, scene.language), scene.language)
            return


def _answered(part: Part, scene: Scene) -> Iterator[Series]:
    truth = cast("tuple[float, ...]", part.truth)
    if scene.is_right(part):
        yield Series(say(scene.language, "Right answer"), "filled", truth)
        return
    if (answer := scene.answer(part)) is not None:
        yield Series(say(scene.language, "Your answer"), "filled", answer)
    if scene.closed:
        yield Series(say(scene.language, "Right"), "outlined", truth)


def _probabilities(scene: Scene) -> Iterator[Picture]:
    """Yield the prediction beside its target; one that only follows from logits, once the problem is closed."""
    parameters, language = scene.variant.parameters, scene.language
    told = given.distribution(parameters)
    predicted = told or (given.implied(parameters) if scene.closed else None)
    if predicted is None or not 1 < len(predicted) <= MOST:
        return
    labels, target = _labels(scene, len(predicted)), given.aim(parameters, len(predicted))
    if target is not None:
        series = [_series(say(language, "Prediction"), predicted), _series(say(language, "Target"), target, outlined=True)]
        yield bars(labels, series, say(language, "The prediction against its target."), language)
    elif told is not None:
        yield bars(labels, [_series(say(language, "Probability"), told)], say(language, "The probabilities."), language)


def _series(name: str, numbers: Sequence[Exact | float], *, outlined: bool = False) -> Series:
    return Series(name, "outlined" if outlined else "filled", tuple(map(float, numbers)), tuple(map(shown, numbers)))


def _labels(scene: Scene, size: int) -> list[str]:
    """Return what the outcomes are called: classes as the problem counts them, else by their place."""
    if given.counts_from_zero(scene.variant.parameters):
        return [say(scene.language, "class %(index)s", index=index) for index in range(size)]
    return [say(scene.language, "no. %(number)s", number=number) for number in range(1, size + 1)]


def _reliability(scene: Scene) -> Iterator[Picture]:
    """Yield the reliability diagram of a table of bins."""
    parameters = scene.variant.parameters
    columns = [given.field(parameters, name) for name in ("counts", "confidences", "accuracies")]
    if all(map(given.are_numbers, columns)):
        groups = [Told(int(count), float(sure), float(share)) for count, sure, share in zip(*columns, strict=True)]
        yield reliability_diagram(groups, scene.language)
