"""The proof that each family owes, through the same code that the service runs: draw, answer, grade, explain, render."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from statistics import median
from time import perf_counter_ns
from typing import Any, Final

from quiz_bank import rendering
from quiz_bank.forms import as_answer, choice_forms, letters_of, numeric_forms, over_text, repeated, with_text
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.misconceptions import WRONG_LOG_BASE
from quiz_bank.parameters import read_parameters, show_parameters
from quiz_bank.problem import ChoicePart, Family, Part, Variant, components
from quiz_bank.registry import family as registered
from quiz_bank.texts.plain import FormulaError
from quiz_bank.texts.templates import LANGUAGES
from quiz_bank.variants import draw, preset

SEEDS: Final = 1000
LEAST_ACCEPTED: Final = 0.5
LEAST_VARIANTS: Final = 1000
LEAST_HINTS: Final = 3
LOG_BASE_CODES: Final = set(WRONG_LOG_BASE.codes)  # the base that a part is in is never a wrong one
GARBAGE: Final = ("?!", "1 2", "0,357", "", "--", "1/0", "ln(-1)")
DIAGNOSED: Final = ("choice", "multi_select")  # a wrong pick is a mistake of its own, and has its why
_MOST_FAILURES_KEPT: Final = 20


@dataclass(slots=True)
class Report:
    """What the proof of one family found; `failures` is empty where it holds."""

    slug: str
    space: int
    note: str = ""
    seeds: int = 0
    rejected: int = 0
    fell_back: int = 0
    misconceptions: int = 0
    coincided: int = 0
    draw_ns: list[int] = field(default_factory=list)
    grade_ns: list[int] = field(default_factory=list)
    distinct: set[str] = field(default_factory=set)
    arisen: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> float:
        """The share of drawings that were served without a redraw."""
        return self.seeds / (self.seeds + self.rejected) if self.seeds else 0.0

    def fail(self, where: str, what: str) -> None:
        """Note a broken promise; the first few are enough to mend it."""
        if len(self.failures) < _MOST_FAILURES_KEPT:
            self.failures.append(f"{where}: {what}")


def check(family: Family[Any], seeds: int = SEEDS) -> Report:
    """Return the proof of a family over `seeds` drawings, spread over its levels, and over all its presets."""
    report = Report(family.slug, family.variants, few(family))
    levels = sorted(family.levels)
    for number in range(seeds):
        level = levels[number % len(levels)]
        _check_drawing(report, family, level, f"{number:x}")
    for name in family.presets:
        _check_variant(report, f"preset {name}", preset(family, name))
    report.failures[:0] = _whole(report, family)
    return report


def check_all(slugs: Sequence[str], seeds: int = SEEDS) -> Iterator[Report]:
    """Yield the proofs of the families of these slugs, in their order, each as soon as it is done; on all processors."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(_check_slug, slugs, repeat(seeds))


def _check_slug(slug: str, seeds: int) -> Report:
    return check(registered(slug), seeds)


def _check_drawing(report: Report, family: Family[Any], level: int, seed: str) -> None:
    started = perf_counter_ns()
    drawing = draw(family, level, seed)
    report.draw_ns.append(perf_counter_ns() - started)
    report.seeds += 1
    report.rejected += drawing.rejected
    report.fell_back += drawing.fell_back
    shown = show_parameters(drawing.variant.parameters)
    report.distinct.add(str(shown))
    where = f"level {level}, seed {seed}"
    if read_parameters(family.parameters, shown) != drawing.variant.parameters:
        report.fail(where, "its parameters don't come back from what is displayed")
    report.arisen.update(wrong.code for wrong in drawing.variant.wrong)
    _check_variant(report, where, drawing.variant)


def _whole(report: Report, family: Family[Any]) -> Iterator[str]:
    """Yield the broken promises of the family as a whole."""
    if report.accepted < LEAST_ACCEPTED:
        yield f"drawing: only {report.accepted:.0%} are accepted at once"
    if report.fell_back:
        yield f"drawing: {report.fell_back} seeds ended in the fallback"
    if family.variants < LEAST_VARIANTS and not family.few_because:
        yield f"drawing: {family.variants} variants are fewer than {LEAST_VARIANTS}"
    if len(report.distinct) < expected_distinct(report.seeds, family.variants):
        yield f"drawing: {len(report.distinct)} different problems from {report.seeds} seeds"
    if never := set(family.misconception_codes) - report.arisen - LOG_BASE_CODES:
        yield f"misconceptions: no drawing gives a value of {sorted(never)}"
    if set(family.fallbacks) != set(family.levels):
        yield "fallbacks: each level needs one"
    if rendering.hint_count(family) < LEAST_HINTS:
        yield f"texts: fewer than {LEAST_HINTS} hints"


def few(family: Family[Any]) -> str:
    """Return what the proof says of a family with few variants."""
    return f"{family.variants} variants, for {family.few_because}" if family.few_because else ""


def expected_distinct(seeds: int, variants: int) -> float:
    """Return how many different problems that many seeds give at the least, of so many equally likely ones."""
    expected = variants * (1 - (1 - 1 / variants) ** seeds)
    return 0.9 * expected


def _check_variant(report: Report, where: str, variant: Variant[Any]) -> None:
    for part in variant.parts:
        forms = numeric_forms(variant, part) if isinstance(part, Part) else choice_forms(part)
        for form, answer, results in forms:
            _expect(report, f"{where}, {part.name} {form}", variant, {part.name: answer}, results)
        garbage = GARBAGE[report.seeds % len(GARBAGE)]
        answer = repeated(part.truth, garbage) if isinstance(part, Part) else garbage
        _expect_unreadable(report, f"{where}, {part.name}", variant, {part.name: answer})
    _check_mistakes(report, where, variant)
    _check_texts(report, where, variant)


def _check_mistakes(report: Report, where: str, variant: Variant[Any]) -> None:
    for wrong in variant.wrong:
        answer = over_text(wrong.value, repr)
        _expect_diagnosis(report, f"{where}, {wrong.code} = {wrong.value!r}", variant, wrong.part, wrong.code, answer)
    for part in variant.parts:
        if isinstance(part, ChoicePart) and part.spec.kind in DIAGNOSED:
            for letter, code in part.letters.items():
                if code not in part.truth:
                    _expect_diagnosis(report, f"{where}, option {code}", variant, part.name, code, letter)


def _attempt(report: Report, variant: Variant[Any], answers: Mapping[str, object]) -> Any:  # noqa: ANN401 - as grade does
    whole = {
        part.name: as_answer(part.truth) if isinstance(part, Part) else with_text(part, letters_of(part))
        for part in variant.parts
    } | dict(answers)
    started = perf_counter_ns()
    verdict = grade(variant, whole)
    report.grade_ns.append(perf_counter_ns() - started)
    return verdict


def _expect(report: Report, where: str, variant: Variant[Any], answers: dict[str, object], results: set[str]) -> None:
    (name,) = answers
    try:
        verdict = _attempt(report, variant, answers)
    except UnreadableAnswersError as error:
        report.fail(where, f"{answers} can't be read: {error}")
        return
    result = next(part.result for part in verdict.parts if part.name == name)
    if result not in results:
        report.fail(where, f"{answers[name]!r} is {result}")


def _expect_unreadable(report: Report, where: str, variant: Variant[Any], answers: dict[str, object]) -> None:
    try:
        _attempt(report, variant, answers)
    except UnreadableAnswersError as error:
        for language in LANGUAGES:
            for each in error.errors:
                each.detail(language)
        return
    report.fail(where, f"{answers} is read as a number")


def _expect_diagnosis(report: Report, where: str, variant: Variant[Any], name: str, code: str, answer: object) -> None:
    verdict = _attempt(report, variant, {name: answer})
    part = next(part for part in verdict.parts if part.name == name)
    report.misconceptions += 1
    found = part.diagnosis
    if part.result == "right" or found is None or code not in (found.code, *found.also):
        report.fail(where, f"{part.result}, diagnosed as {found}")
    elif found.code != code:
        report.coincided += 1


def _check_texts(report: Report, where: str, variant: Variant[Any]) -> None:
    for language in LANGUAGES:
        try:
            hints = _all_texts(variant, language)
        except (FormulaError, KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            report.fail(f"{where}, {language}", f"a text doesn't render: {error!r}")
            continue
        for text, is_hint in hints:
            _check_text(report, f"{where}, {language}", variant, text, is_hint=is_hint)


def _all_texts(variant: Variant[Any], language: Any) -> list[tuple[rendering.Rendered, bool]]:  # noqa: ANN401
    codes = dict.fromkeys(wrong.code for wrong in variant.wrong)
    choices = [part for part in variant.parts if isinstance(part, ChoicePart)]
    picks = dict.fromkeys(code for part in choices for code in (*part.options, *part.items))
    mistakes = dict.fromkeys(
        code for part in choices if part.spec.kind in DIAGNOSED for code in part.options if code not in part.truth
    )
    hints = range(1, rendering.hint_count(variant.family) + 1)
    return [
        (rendering.prompt(variant, language), True),
        (rendering.formula(variant.family, language), False),
        (rendering.solution(variant, language), False),
        (rendering.follow_up(variant, language), False),
        *((rendering.why(variant, code, language), True) for code in (*codes, *mistakes)),
        *((rendering.option_text(variant, code, language), True) for code in picks),
        *((rendering.hint(variant, number, language), True) for number in hints),
    ]


def _check_text(report: Report, where: str, variant: Variant[Any], text: rendering.Rendered, *, is_hint: bool) -> None:
    if not text.text or any(mark in text.text for mark in ("«", "»", "$", "{%", "\\")):
        report.fail(where, f"a text is empty or has something left to fill in: {text.text!r}")
    if is_hint:
        shown = str(show_parameters(variant.parameters))
        for part in variant.numeric.values():
            for number in components(part.truth):
                given = f"{abs(number):.4g}"
                if len(given.strip("0.")) >= 4 and given in text.text and given not in shown:
                    report.fail(where, f"the truth {given} stands in a text that comes before it: {text.text!r}")


HEAD: Final = (
    f"{'family':28} {'space':>11} {'seeds':>6} {'accepted':>8} {'distinct':>8} {'mistakes':>8} {'coincide':>8}"
    f" {'draw µs':>8} {'grade µs':>8}  result"
)


def row(report: Report) -> str:
    """Return a report as a line of the table whose head is HEAD."""
    coincide = report.coincided / report.misconceptions if report.misconceptions else 0.0
    draw_us, grade_us = (median(times) / 1000 if times else 0.0 for times in (report.draw_ns, report.grade_ns))
    return (
        f"{report.slug:28} {report.space:11,} {report.seeds:6} {report.accepted:8.1%} {len(report.distinct):8}"
        f" {len(report.arisen):8} {coincide:8.1%} {draw_us:8.0f} {grade_us:8.1f}  {'FAILED' if report.failures else 'proven'}"
    )


def summary(reports: Sequence[Report]) -> str:
    """Return what stands below the table: notes, each broken promise, and how many families fail."""
    lines = [f"  {report.slug}: {report.note}" for report in reports if report.note]
    lines += [f"  {report.slug}: {failure}" for report in reports for failure in report.failures]
    failed = sum(bool(report.failures) for report in reports)
    return "\n".join([*lines, f"{len(reports)} families, {failed} failing"])
