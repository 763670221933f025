"""A number is given: which mistake made it? Drawn from the other families' own misconceptions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quiz_bank import rendering
from quiz_bank.grading.read import read
from quiz_bank.grading.tolerance import is_right, unit_of_last_place
from quiz_bank.parameters import Code, Codes, Given, GivenParameters, ParameterError, Real, exact, show_parameters
from quiz_bank.problem import ChoiceSpec, Convention, Family, Language, Level, PartSpec, Truths, Variant, components
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load, number
from quiz_bank.variants import draw as draw_variant
from quiz_bank.variants import explicit, preset

OPTIONS = {1: 3, 2: 4, 3: 5}
LEAST_MISTAKES = max(OPTIONS.values())
FIRST_SENTENCE = re.compile(r".+?(?:[.!?](?= |$)|[。！？])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameters:
    source: Code
    given: GivenParameters
    number: Real
    options: Codes


class Source:
    """The families that can be drawn on: those that ask for one ordinary number and know enough mistakes."""

    def __init__(self, catalogue: Mapping[str, Family[Any]]) -> None:
        self.families = {slug: family for slug, family in catalogue.items() if self._fits(family)}
        self.variant = lru_cache(maxsize=256)(self._variant)

    def _fits(self, family: Family[Any]) -> bool:
        (first, *others) = family.parts
        asks_one = not others and isinstance(first, PartSpec) and first.kind == "number" and not first.special
        return asks_one and len(family.misconception_codes) > LEAST_MISTAKES

    def _variant(self, slug: str, given: str) -> Variant[Any]:
        if slug not in self.families:
            raise ParameterError("/source", "unknown-source", slug=slug)
        family = self.families[slug]
        return explicit(family, min(family.levels), json.loads(given))

    def values(self, p: Parameters) -> dict[str, float]:
        """Return what each mistake gives, by its code; of several values, the first that is the number, else the first."""
        variant = self.variant(p.source, p.given.text)
        values: dict[str, float] = {}
        for wrong in variant.wrong:
            (value,) = components(wrong.value)
            if wrong.code not in values or made_by(p, value):
                values[wrong.code] = value
        return values

    def draw(self, stream: Stream, level: int) -> Parameters:
        family = stream.choice(list(self.families.values()))
        source_level = sorted(family.levels)[min(level, len(family.levels)) - 1]
        variant = draw_variant(family, source_level, str(stream.integer(0, 10**9))).variant
        mistakes = list(dict.fromkeys(wrong.code for wrong in variant.wrong))
        picked = stream.sample(mistakes, min(OPTIONS[level], len(mistakes)))
        value = stream.choice([wrong for wrong in variant.wrong if wrong.code == picked[0]]).value
        shown = f"{components(value)[0]:.4g}"
        given = json.dumps(show_parameters(variant.parameters), ensure_ascii=False)
        return Parameters(family.slug, Given(given), exact(shown), tuple(stream.sample(picked, len(picked))))

    def degenerate(self, p: Parameters) -> bool:
        """Say whether more than one option gives the number, so that there is no telling."""
        values = self.values(p)
        return sum(made_by(p, values[code]) for code in p.options) != 1

    def check(self, p: Parameters) -> None:
        values = self.values(p)
        for i, code in enumerate(p.options):
            if code not in values:
                raise ParameterError(f"/options/{i}", "unknown-option", option=code, known=", ".join(values))
        if self.degenerate(p):
            raise ParameterError("/number", "nothing-matches", number=p.number)

    def mistake(self, p: Parameters) -> str:
        values = self.values(p)
        return next(code for code in p.options if made_by(p, values[code]))

    def truth(self, p: Parameters) -> Truths:
        return {"mistake": (self.mistake(p),)}

    def say(self, p: Parameters, key: str, language: Language) -> str | None:
        """Return the texts that quote the other family."""
        variant = self.variant(p.source, p.given.text)
        own = load(__package__, language)
        kind, _, code = key.partition(" ")
        if kind == "option":
            return first_sentence(rendering.why(variant, code, language).markdown)
        if kind == "why":
            return own.render("why", {"value": number(self.values(p)[code], 4)})
        if key == "prompt":
            return own.render(key, {"question": rendering.prompt(variant, language).markdown, "number": p.number})
        if key == "solution":
            return own.render(key, self._solution(p, variant, language))
        return None

    def _solution(self, p: Parameters, variant: Variant[Any], language: Language) -> dict[str, object]:
        (truth,) = (part.truth for part in variant.numeric.values())
        return {"why": rendering.why(variant, self.mistake(p), language).markdown, "number": p.number, "truth": truth}


def made_by(p: Parameters, value: float) -> bool:
    """Say whether the number that was given is this value, as an answer would be judged."""
    return is_right(read(str(p.number)), value, unit_of_last_place(value, 3))


def first_sentence(markdown: str) -> str:
    found = FIRST_SENTENCE.match(markdown)
    return found[0] if found else markdown


def family(catalogue: Mapping[str, Family[Any]]) -> Family[Parameters]:
    """Return the family; it draws on what the catalogue holds so far."""
    source = Source(catalogue)
    mock = preset(catalogue["cross-entropy-one-hot"], "mock-question")
    given = Given(json.dumps(show_parameters(mock.parameters)))
    options = ("sign-flipped", "wrong-log-base-2", "complement", "wrong-class", "mean-over-classes")
    in_bits = Parameters("cross-entropy-one-hot", given, exact("0.5146"), options)
    return Family(
        slug="what-went-wrong",
        version=1,
        topic="concepts",
        package=__package__,
        levels={1: Level(90), 2: Level(120), 3: Level(150)},
        parameters=Parameters,
        check=source.check,
        draw=source.draw,
        degenerate=source.degenerate,
        parts=(ChoiceSpec("mistake"),),
        truth=source.truth,
        options=lambda p: {"mistake": p.options},
        say=source.say,
        convention=lambda _: Convention(clip=None),
        misconceptions=(),
        presets={"in-bits": in_bits},
        fallbacks=dict.fromkeys((1, 2, 3), in_bits),
        variants=100_000,
    )
