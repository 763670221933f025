"""Which output layer and which loss belong to a task: a matching."""

from dataclasses import dataclass
from math import comb, factorial, perm
from typing import Final

from quiz_bank.families.on_options import SHOWN, check_codes
from quiz_bank.parameters import Codes, ParameterError
from quiz_bank.problem import ChoiceSpec, Convention, Family, Language, Level, Truths
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

OUTPUTS: Final = {1: 5, 2: 6, 3: 7}
"""How many output layers are offered, by level."""

OUTPUT_OF: Final = {
    "read-a-digit": "softmax-once",
    "one-animal": "softmax-once",
    "which-language": "softmax-once",
    "which-department": "softmax-once",
    "spam": "one-sigmoid",
    "click": "one-sigmoid",
    "cancels": "one-sigmoid",
    "film-genres": "sigmoid-each",
    "x-ray-findings": "sigmoid-each",
    "kinds-of-abuse": "sigmoid-each",
    "house-price": "linear",
    "temperature": "linear",
    "next-token": "softmax-everywhere",
    "street-pixels": "softmax-everywhere",
    "parts-of-speech": "softmax-everywhere",
    "captions": "softmax-of-partners",
    "answers": "softmax-of-partners",
    "small-model": "soft-targets",
    "ten-in-one": "soft-targets",
}


@dataclass(frozen=True, slots=True)
class Parameters:
    tasks: Codes
    options: Codes


def draw(stream: Stream, level: int) -> Parameters:
    options = tuple(stream.sample(sorted(set(OUTPUT_OF.values())), OUTPUTS[level]))
    fitting = [task for task, output in OUTPUT_OF.items() if output in options]
    return Parameters(tuple(stream.sample(fitting, SHOWN[level])), options)


def check(p: Parameters) -> None:
    check_codes(p.tasks, OUTPUT_OF, "tasks")
    check_codes(p.options, set(OUTPUT_OF.values()))
    for i, task in enumerate(p.tasks):
        if OUTPUT_OF[task] not in p.options:
            raise ParameterError(f"/tasks/{i}", "no-right-option")


def truth(p: Parameters) -> Truths:
    return {"outputs": tuple(OUTPUT_OF[task] for task in p.tasks)}


def say(p: Parameters, key: str, language: Language) -> str | None:
    if key != "solution":
        return None
    own = load(__package__, language)
    letters = dict(zip(p.options, "abcdefg", strict=False))
    pairs = [
        {
            "task": own.render(f"option {task}"),
            "letter": letters[OUTPUT_OF[task]],
            "why": own.render(f"reason {OUTPUT_OF[task]}"),
        }
        for task in p.tasks
    ]
    return own.render(key, {"pairs": pairs})


FALLBACK = Parameters(
    ("next-token", "spam", "house-price", "one-animal", "film-genres"),
    ("linear", "softmax-once", "sigmoid-each", "softmax-everywhere", "one-sigmoid"),
)

FAMILY = Family(
    slug="where-is-it-used",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(75, "mental"), 3: Level(90, "mental")},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(ChoiceSpec("outputs", "matching"),),
    truth=truth,
    options=lambda p: {"outputs": p.options},
    items=lambda p: {"outputs": p.tasks},
    say=say,
    convention=lambda _: Convention(clip=None),
    misconceptions=(),
    presets={"mock-question": FALLBACK},
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    # Level 1: any five outputs fit at least twelve tasks.
    variants=comb(7, OUTPUTS[1]) * factorial(OUTPUTS[1]) * perm(12, SHOWN[1]),
)
