"""What the families about concepts share: options drawn from a pool, statements to be judged, and self-assessed talks.

The options of a problem travel as codes in its parameters, in the order shown. What is right is worked out from them: a table
says of each statement of a pool whether it holds, and nothing in the parameters does.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import perm
from typing import Annotated, Final, Literal, Protocol, TypeVar

from quiz_bank.grading.read import read
from quiz_bank.grading.tolerance import is_right, unit_of_last_place
from quiz_bank.parameters import Codes, ParameterError, one_of
from quiz_bank.problem import ChoiceSpec, Convention, Exact, Family, Language, Level
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import common, load

SHOWN: Final = {1: 4, 2: 5, 3: 6}
"""How many statements of a pool stand in a problem, by level."""


class HasOptions(Protocol):
    """Parameters with the codes of options."""

    @property
    def options(self) -> tuple[str, ...]: ...


Q = TypeVar("Q", bound=HasOptions)
Say = Callable[[Q, str, Language], str | None]
Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Statements:
    """A problem that consists of statements alone."""

    options: Codes


def check_codes(codes: Codes, known: Collection[str], name: str = "options") -> None:
    """Complain about a code that isn't known, or stands twice."""
    for i, code in enumerate(codes):
        if code not in known:
            raise ParameterError(f"/{name}/{i}", "unknown-option", option=code, known=", ".join(known))
        if code in codes[:i]:
            raise ParameterError(f"/{name}/{i}", "repeated-option", option=code)


def holding(codes: Codes, holds: Mapping[str, bool]) -> Codes:
    """Return the codes of the statements that hold, in the order shown."""
    return tuple(code for code in codes if holds[code])


def check_statements(codes: Codes, holds: Mapping[str, bool]) -> None:
    """Complain about codes that aren't of the pool, and where none of the statements holds."""
    check_codes(codes, holds)
    if not holding(codes, holds):
        raise ParameterError("/options", "no-right-option")


def check_one_holds(codes: Codes, known: Collection[str], holds: Callable[[str], bool]) -> None:
    """Complain about codes that aren't known, and unless exactly one of the options holds."""
    check_codes(codes, known)
    if (found := sum(map(holds, codes))) != 1:
        raise ParameterError("/options", "one-right-option", found=found)


def draw_codes(stream: Stream, level: int, pool: Collection[str]) -> Codes:
    """Return some of a pool in random order, more of them at a higher level."""
    return tuple(stream.sample(list(pool), SHOWN[level]))


def orders(pool: Collection[str]) -> int:
    """Return in how many ways `draw_codes` can pick and order the statements of level 1, where they are fewest."""
    return perm(len(pool), SHOWN[1])


def said_of_statements(package: str, holds: Mapping[str, bool], context: Callable[[Q], Context]) -> Say[Q]:
    """Return what says options and whys with a family's context, and goes through all statements in the solution."""

    def say(p: Q, key: str, language: Language) -> str | None:
        own = load(package, language)
        if key.startswith(("option ", "why ")):
            return own.render(key, context(p))
        if key != "solution":
            return None
        judged = [
            {"letter": letter, "holds": holds[code], "why": own.render(f"why {code}", context(p))}
            for letter, code in zip("abcdefghij", p.options, strict=False)
        ]
        return own.render(key, {**context(p), "statements": judged})

    return say


def statements_family(slug: str, package: str, holds: Mapping[str, bool]) -> Family[Statements]:
    """Return the family that asks which statements of a pool hold; its first six, in any part, serve as the fallback."""
    return Family(
        slug=slug,
        version=1,
        topic="concepts",
        package=package,
        levels={1: Level(60, "mental"), 2: Level(90, "mental"), 3: Level(120, "mental")},
        parameters=Statements,
        check=lambda p: check_statements(p.options, holds),
        draw=lambda stream, level: Statements(draw_codes(stream, level, holds)),
        degenerate=lambda p: not holding(p.options, holds),
        parts=(ChoiceSpec("statements", "multi_select"),),
        truth=lambda p: {"statements": holding(p.options, holds)},
        options=lambda p: {"statements": p.options},
        say=said_of_statements(package, holds, lambda _: {}),
        convention=lambda _: Convention(clip=None),
        misconceptions=(),
        fallbacks={level: Statements(tuple(holds)[:shown]) for level, shown in SHOWN.items()},
        variants=orders(holds),
    )


def gives(value: float, number: Exact) -> bool:
    """Say whether a number that is shown is this value, as an answer would be judged."""
    return is_right(read(str(number)), value, unit_of_last_place(value, 3))


Audience = Literal["interviewer", "engineer", "student", "manager", "customer", "newcomer"]
AUDIENCES: Final[Mapping[int, tuple[Audience, ...]]] = {
    1: ("interviewer", "engineer", "student"),
    2: ("manager", "customer", "newcomer"),
}
"""Who listens, by level: those who speak the language of the field, then those who do not."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A question to be answered in one's own words."""

    audience: Annotated[Audience, one_of("interviewer", "engineer", "student", "manager", "customer", "newcomer")]


def self_assessed_family(slug: str, package: str, points: Codes, seconds: int) -> Family[Talk]:
    """Return the family that asks for a talk and shows what a good one has, for the learner to tick."""

    def say(p: Talk, key: str, language: Language) -> str | None:
        if key != "prompt":
            return None
        return load(package, language).render(key, {"listener": common(language).render(f"audience {p.audience}")})

    return Family(
        slug=slug,
        version=1,
        topic="concepts",
        package=package,
        levels=dict.fromkeys(AUDIENCES, Level(seconds, "mental")),
        parameters=Talk,
        draw=lambda stream, level: Talk(stream.choice(AUDIENCES[level])),
        parts=(ChoiceSpec("talk", "rubric"),),
        truth=lambda _: {"talk": points},
        options=lambda _: {"talk": points},
        say=say,
        convention=lambda _: Convention(clip=None),
        misconceptions=(),
        fallbacks={level: Talk(audiences[0]) for level, audiences in AUDIENCES.items()},
        variants=sum(map(len, AUDIENCES.values())),
        few_because="it is one question to be told in one's own words; only the listener changes",
    )
