"""The proof that each family owes, through the same code that the service runs: draw, answer, grade, explain, render."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from math import isfinite
from statistics import median
from time import perf_counter_ns
from typing import Any, Final

from quiz_bank import rendering
from quiz_bank.grading.answers import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.grading.tolerance import unit_of_last_place
from quiz_bank.misconceptions import NATS_PER, convert, over
from quiz_bank.parameters import read_parameters, show_parameters
from quiz_bank.problem import Family, Misconception, Part, Value, Variant, WrongValue, components
from quiz_bank.texts.plain import FormulaError
from quiz_bank.texts.templates import LANGUAGES
from quiz_bank.variants import draw, preset

SEEDS: Final = 1000
LEAST_ACCEPTED: Final = 0.5
LEAST_VARIANTS: Final = 1000
LEAST_HINTS: Final = 3
GARBAGE: Final = ("abc", "1 2", "0,357", "", "--", "1/0", "ln(-1)")
_ARITHMETIC: Final = Context(prec=400, traps=[])
_MOST_FAILURES_KEPT: Final = 20


@dataclass(slots=True)
class Report:
    """What the proof of one family found; `failures` is empty where it holds."""

    slug: str
    seeds: int = 0
    rejected: int = 0
    fell_back: int = 0
    misconceptions: int = 0
    coincided: int = 0
    draw_ns: list[int] = field(default_factory=list)
    grade_ns: list[int] = field(default_factory=list)
    distinct: set[str] = field(default_factory=set)
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
    report = Report(family.slug)
    levels = sorted(family.levels)
    for number in range(seeds):
        level = levels[number % len(levels)]
        _check_drawing(report, family, level, f"{number:x}")
    for name in family.presets:
        _check_variant(report, f"preset {name}", preset(family, name))
    report.failures[:0] = _whole(report, family)
    return report


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
    if codes := {m.code for m in family.misconceptions if isinstance(m, Misconception)} - {
        w.code for w in drawing.variant.wrong
    }:
        report.fail(where, f"no value comes of {sorted(codes)}")
    _check_variant(report, where, drawing.variant)


def _whole(report: Report, family: Family[Any]) -> Iterator[str]:
    """Yield the broken promises of the family as a whole."""
    if report.accepted < LEAST_ACCEPTED:
        yield f"drawing: only {report.accepted:.0%} are accepted at once"
    if report.fell_back:
        yield f"drawing: {report.fell_back} seeds ended in the fallback"
    if family.variants < LEAST_VARIANTS:
        yield f"drawing: {family.variants} variants are fewer than {LEAST_VARIANTS}"
    if len(report.distinct) < expected_distinct(report.seeds, family.variants):
        yield f"drawing: {len(report.distinct)} different problems from {report.seeds} seeds"
    if set(family.fallbacks) != set(family.levels):
        yield "fallbacks: each level needs one"
    if rendering.hint_count(family) < LEAST_HINTS:
        yield f"texts: fewer than {LEAST_HINTS} hints"


def expected_distinct(seeds: int, variants: int) -> float:
    """Return how many different problems that many seeds give at the least, of so many equally likely ones."""
    expected = variants * (1 - (1 - 1 / variants) ** seeds)
    return 0.9 * expected


def _check_variant(report: Report, where: str, variant: Variant[Any]) -> None:
    for part in variant.parts:
        for form, answer in _right_forms(variant, part):
            _expect(report, f"{where}, {part.name} {form}", variant, {part.name: answer}, {"right"})
        for form, answer in _wrong_forms(part):
            _expect(report, f"{where}, {part.name} {form}", variant, {part.name: answer}, {"wrong", "partly_right"})
        for garbage in GARBAGE:
            _expect_unreadable(report, f"{where}, {part.name}", variant, {part.name: _repeated(part.truth, garbage)})
    for wrong in variant.wrong:
        _expect_diagnosis(report, where, variant, wrong)
    _check_texts(report, where, variant)


def over_text(value: Value, change: Callable[[float], str]) -> object:
    """Return a value as nested lists of text, as an answer is sent."""
    if isinstance(value, tuple):
        return [over_text(item, change) for item in value]
    return change(value)


def as_answer(value: Value, digits: int = 15) -> object:
    """Return a value as an answer with that many significant digits."""
    return over_text(value, lambda number: f"{number:.{digits}g}")


def _repeated(like: Value, text: str) -> object:
    return over_text(like, lambda _: text)


def _placed(value: Value, unit: Decimal, rounding: str) -> object:
    def text(number: float) -> str:
        return str(Decimal(repr(number)).quantize(unit, rounding, _ARITHMETIC)) if isfinite(number) else repr(number)

    return over_text(value, text)


def _with_unit(value: Value, unit: str) -> object:
    return over_text(value, lambda number: f"{number!r} {unit}")


def _shifted(value: Value, by: float) -> Value:
    return over(value, lambda number: number + by)


def _right_forms(variant: Variant[Any], part: Part) -> Iterator[tuple[str, object]]:
    unit = unit_of_last_place(part.truth, part.spec.significant_digits)
    yield "rounded", _placed(part.truth, unit, ROUND_HALF_EVEN)
    yield "truncated", _placed(part.truth, unit, ROUND_DOWN)
    yield "with 15 digits", as_answer(part.truth)
    if (expression := variant.family.expression(variant.parameters).get(part.name)) is not None:
        yield "as an expression", expression
    if part.unit is not None and not part.spec.unit_fixed:
        for other in NATS_PER:
            yield f"in {other}", _with_unit(convert(part.truth, part.unit, other), other)


def _wrong_forms(part: Part) -> Iterator[tuple[str, object]]:
    """Yield answers whose every component lies just outside the tolerance."""
    if all(map(isfinite, components(part.truth))):
        unit = float(unit_of_last_place(part.truth, part.spec.significant_digits))
        yield "just above", as_answer(_shifted(part.truth, 1.001 * unit))
        yield "just below", as_answer(_shifted(part.truth, -1.001 * unit))


def _attempt(report: Report, variant: Variant[Any], answers: Mapping[str, object]) -> Any:  # noqa: ANN401 - as grade does
    whole = {part.name: as_answer(part.truth) for part in variant.parts} | dict(answers)
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


def _expect_diagnosis(report: Report, where: str, variant: Variant[Any], wrong: WrongValue) -> None:
    verdict = _attempt(report, variant, {wrong.part: over_text(wrong.value, repr)})
    part = next(part for part in verdict.parts if part.name == wrong.part)
    report.misconceptions += 1
    found = part.diagnosis
    if part.result == "right" or found is None or wrong.code not in (found.code, *found.also):
        report.fail(where, f"{wrong.code} = {wrong.value!r} for {wrong.part} is {part.result}, diagnosed as {found}")
    elif found.code != wrong.code:
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
    hints = range(1, rendering.hint_count(variant.family) + 1)
    return [
        (rendering.prompt(variant, language), True),
        (rendering.formula(variant.family, language), False),
        (rendering.solution(variant, language), False),
        (rendering.follow_up(variant, language), False),
        *((rendering.why(variant, code, language), True) for code in codes),
        *((rendering.hint(variant, number, language), True) for number in hints),
    ]


def _check_text(report: Report, where: str, variant: Variant[Any], text: rendering.Rendered, *, is_hint: bool) -> None:
    if not text.text or any(mark in text.text for mark in ("«", "»", "$", "{%", "\\")):
        report.fail(where, f"a text is empty or has something left to fill in: {text.text!r}")
    if is_hint:
        shown = str(show_parameters(variant.parameters))
        for part in variant.parts:
            for number in components(part.truth):
                given = f"{abs(number):.4g}"
                if len(given.strip("0.")) >= 4 and given in text.text and given not in shown:
                    report.fail(where, f"the truth {given} stands in a text that comes before it: {text.text!r}")


def table(reports: list[Report]) -> str:
    """Return the reports as a plain table, with each broken promise below it."""
    head = f"{'family':28} {'seeds':>6} {'accepted':>8} {'distinct':>8} {'coincide':>8} {'draw µs':>8} {'grade µs':>8}  result"
    lines = [head, *map(_row, reports)]
    lines += [f"  {report.slug}: {failure}" for report in reports for failure in report.failures]
    failed = sum(bool(report.failures) for report in reports)
    lines.append(f"{len(reports)} families, {failed} failing")
    return "\n".join(lines) + "\n"


def _row(report: Report) -> str:
    coincide = report.coincided / report.misconceptions if report.misconceptions else 0.0
    draw_us, grade_us = (median(times) / 1000 if times else 0.0 for times in (report.draw_ns, report.grade_ns))
    return (
        f"{report.slug:28} {report.seeds:6} {report.accepted:8.1%} {len(report.distinct):8} {coincide:8.1%}"
        f" {draw_us:8.0f} {grade_us:8.1f}  {'FAILED' if report.failures else 'proven'}"
    )
