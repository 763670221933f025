"""Eight lines of training code with one mistake about logits and probabilities: which line is it."""

from dataclasses import dataclass
from typing import Final

from quiz_bank.families.on_options import SHOWN, check_one_holds
from quiz_bank.families.softmax_before_the_loss.scripts import LINES, PLANTED, SCRIPTS, SOURCES
from quiz_bank.parameters import Codes, Count, ParameterError
from quiz_bank.problem import ChoiceSpec, Convention, Family, Language, Level
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

WIDTHS: Final = (16, 512)
CLASSES: Final = (3, 60)
OPTIONS: Final = tuple(f"line-{number}" for number in range(1, LINES + 1))


@dataclass(frozen=True, slots=True)
class Parameters:
    lines: Codes
    width: Count
    classes: Count
    options: Codes


def draw(stream: Stream, level: int) -> Parameters:
    script = stream.choice(list(SCRIPTS.values()))
    number = stream.choice([i for i, forms in enumerate(script) if len(forms) > 1])
    planted, _ = stream.choice(script[number][1:])
    lines = tuple(planted if i == number else forms[0][0] for i, forms in enumerate(script))
    others = stream.sample([option for option in OPTIONS if option != OPTIONS[number]], SHOWN[level] - 1)
    options = tuple(stream.sample([OPTIONS[number], *others], SHOWN[level]))
    return Parameters(lines, stream.integer(*WIDTHS), stream.integer(*CLASSES), options)


def script_of(lines: Codes) -> str | None:
    """Return the script that has these lines, in any of their forms; None where there is none."""
    for name, script in SCRIPTS.items():
        fits = (code in dict(forms) for code, forms in zip(lines, script, strict=False))
        if len(lines) == LINES and all(fits):
            return name
    return None


def line_of(p: Parameters, option: str) -> str:
    return p.lines[OPTIONS.index(option)]


def is_mistake(p: Parameters, option: str) -> bool:
    return line_of(p, option) in PLANTED


def check(p: Parameters) -> None:
    if script_of(p.lines) is None:
        raise ParameterError("/lines", "no-script", known=", ".join(SCRIPTS))
    if (found := sum(code in PLANTED for code in p.lines)) != 1:
        raise ParameterError("/lines", "one-mistake", found=found)
    check_one_holds(p.options, OPTIONS, lambda option: is_mistake(p, option))


def mistake(p: Parameters) -> str:
    return next(option for option in p.options if is_mistake(p, option))


def source(p: Parameters, option: str) -> str:
    return SOURCES[line_of(p, option)].format(width=p.width, classes=p.classes)


def say(p: Parameters, key: str, language: Language) -> str | None:
    own = load(__package__, language)
    kind, _, option = key.partition(" ")
    if kind in ("option", "why"):
        return own.render(f"line {kind}", {"number": option[-1], "source": source(p, option).strip()})
    if key == "prompt":
        listing = "\n".join(f"{option[-1]}  {source(p, option)}" for option in OPTIONS)
        task = own.render(f"task {script_of(p.lines)}", {"classes": p.classes})
        return own.render(key, {"task": task, "listing": listing})
    if key == "solution":
        wrong = mistake(p)
        found = {"letter": "abcdefgh"[p.options.index(wrong)], "number": wrong[-1], "source": source(p, wrong).strip()}
        return own.render(key, found | {"reason": own.render(f"mistake {line_of(p, wrong)}"), "right": right_form(p, wrong)})
    return None


def right_form(p: Parameters, option: str) -> str:
    script = SCRIPTS[script_of(p.lines) or ""]
    return script[OPTIONS.index(option)][0][1].format(width=p.width, classes=p.classes).strip()


def one_more_softmax() -> Parameters:
    lines = tuple(forms[-1 if i == 0 else 0][0] for i, forms in enumerate(SCRIPTS["torch-classes"]))
    return Parameters(lines, 64, 10, ("line-6", "line-2", "line-1", "line-8", "line-5"))


FAMILY = Family(
    slug="softmax-before-the-loss",
    version=1,
    topic="concepts",
    package=__package__,
    levels={1: Level(90, "mental"), 2: Level(90, "mental"), 3: Level(120, "mental")},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(ChoiceSpec("line"),),
    truth=lambda p: {"line": (mistake(p),)},
    options=lambda p: {"line": p.options},
    say=say,
    convention=lambda _: Convention(clip=None),
    misconceptions=(),
    presets={"one-more-softmax": one_more_softmax()},
    preset_levels={"one-more-softmax": 2},
    fallbacks=dict.fromkeys((1, 2, 3), one_more_softmax()),
    variants=len(PLANTED) * (WIDTHS[1] - WIDTHS[0] + 1) * 35 * 24,  # level 1: three of seven other lines, in any order
)
