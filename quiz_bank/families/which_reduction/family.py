"""A batch and a number: which line of code printed it."""

from dataclasses import dataclass
from math import comb, isfinite
from typing import Final

from quiz_bank.families.on_batches import check_rows, check_weights, draw_predictions, draw_target
from quiz_bank.families.on_options import SHOWN, check_one_holds, gives
from quiz_bank.families.which_reduction.lines import LINES, Batch, losses, value
from quiz_bank.parameters import ClassIndices, Codes, DistributionRows, ParameterError, Real, Weights, exact, read_parameters
from quiz_bank.problem import ChoiceSpec, Convention, Family, Language, Level
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

CLASSES: Final = 3
SAMPLES: Final = {1: 2, 2: 3, 3: 4}


@dataclass(frozen=True, slots=True)
class Parameters:
    prediction: DistributionRows
    target: ClassIndices
    weights: Weights
    number: Real
    options: Codes

    @property
    def batch(self) -> Batch:
        return Batch(self.prediction, self.target, self.weights)


def prints(p: Parameters, code: str) -> bool:
    printed = value(p.batch, code)
    return isfinite(printed) and gives(printed, p.number)


def draw(stream: Stream, level: int) -> Parameters:
    prediction = draw_predictions(stream, SAMPLES[level], CLASSES)
    target = draw_target(stream, SAMPLES[level], CLASSES)
    weights = stream.decimals(CLASSES, 5, 40, places=1)
    options = tuple(stream.sample(list(LINES), SHOWN[level]))
    printed = value(Batch(prediction, target, weights), stream.choice(options))
    return Parameters(prediction, target, weights, exact(f"{printed:.4g}"), options)


def degenerate(p: Parameters) -> bool:
    """Say whether more than one line prints the number, so that there is no telling."""
    return sum(prints(p, code) for code in p.options) != 1


def check(p: Parameters) -> None:
    check_rows(p.prediction, p.target, "prediction")
    check_weights(p.weights, p.prediction, "prediction")
    if not any(p.batch.kept):
        raise ParameterError("/target", "nothing-counted")
    check_one_holds(p.options, LINES, lambda code: prints(p, code))


def code_of(p: Parameters, option: str) -> str:
    return LINES[option][0].format(ignored=p.batch.ignored)


def right(p: Parameters) -> str:
    return next(option for option in p.options if prints(p, option))


def say(p: Parameters, key: str, language: Language) -> str | None:
    own = load(__package__, language)
    kind, _, option = key.partition(" ")
    if kind == "option":
        return f"`{code_of(p, option)}`"
    if kind == "why":
        return own.render("why", {"value": value(p.batch, option), "number": p.number})
    if key != "solution":
        return None
    listed = [
        {
            "letter": letter,
            "code": code_of(p, option),
            "value": value(p.batch, option),
            "meaning": own.render(f"meaning {option}"),
        }
        for letter, option in zip("abcdef", p.options, strict=False)
    ]
    return own.render(key, {"losses": losses(p.batch), "listed": listed, "letter": "abcdef"[p.options.index(right(p))]})


WEIGHTED = read_parameters(
    Parameters,
    {
        "prediction": [["0.7", "0.2", "0.1"], ["0.3", "0.6", "0.1"], ["0.25", "0.25", "0.5"]],
        "target": [0, 1, 0],
        "weights": ["1", "3", "2"],
        "number": "0.655",
        "options": ["plain", "weight-none-mean", "sum", "weight", "smoothing"],
    },
)

FAMILY = Family(
    slug="which-reduction",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(120), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=degenerate,
    parts=(ChoiceSpec("line"),),
    truth=lambda p: {"line": (right(p),)},
    options=lambda p: {"line": p.options},
    say=say,
    working=lambda p: {"losses": losses(p.batch)},
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(),
    presets={"weighted-mean": WEIGHTED},
    preset_levels={"weighted-mean": 2},
    fallbacks=dict.fromkeys((1, 2, 3), WEIGHTED),
    variants=comb(96, 2) ** SAMPLES[1],  # the rows of level 1 alone: two decimals, none below 0.02
)
