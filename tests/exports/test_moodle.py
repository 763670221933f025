"""The question file: which question a problem becomes, what it counts, and how it is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from itertools import combinations, islice
from math import isclose
from typing import Any

import pytest

from app.exports import moodle
from app.exports.html import html, inline
from app.exports.moodle.elements import question
from app.exports.selection import Frozen, Selection, select
from app.exports.texts import text
from quiz_bank import rendering
from quiz_bank.grading.judge import grade
from quiz_bank.grading.tolerance import unit_of_last_place
from quiz_bank.problem import ChoicePart, ChoiceSpec, Language, Part, components
from quiz_bank.registry import FAMILIES
from quiz_bank.texts.templates import common
from quiz_bank.variants import draw, explicit
from tests.exports.reading import Carried, answers_of, by_id, carried, first_met, parsed, whole_bank

KINDS = {
    "cross-entropy-one-hot": "numerical",
    "softmax": "cloze",
    "softmax-jacobian": "cloze",
    "entropy-ce-kl-identity": "cloze",
    "which-reduction": "multichoice",
    "properties": "multichoice",
    "explain-entropy": "multichoice",
    "order-the-derivation": "cloze",
    "where-is-it-used": "cloze",
}

ALL_IGNORED = {"predictions": [["0.5", "0.5"], ["0.9", "0.1"]], "targets": [-100, -100]}


def numerical() -> list[Carried]:
    return [problem for problem in whole_bank() if problem.kind == "numerical"]


def with_options() -> list[Carried]:
    return [p for p in whole_bank() if p.kind == "multichoice" and isinstance(p.variant.parts[0], ChoicePart)]


def with_gaps() -> list[Carried]:
    return [problem for problem in whole_bank() if problem.kind == "cloze"]


def saying(slug: str, key: str, said: str) -> Selection:
    """Return a selection of a family that says something of the test's own."""

    def say(parameters: Any, asked: str, language: Language) -> str | None:  # noqa: ANN401 - whatever the family has
        return said if asked == key else FAMILIES[slug].say(parameters, asked, language)

    return Selection((replace(FAMILIES[slug], say=say),), count=1)


@pytest.mark.parametrize(("slug", "kind"), KINDS.items())
def test_a_problem_becomes_the_type_of_question_that_comes_nearest(slug: str, kind: str) -> None:
    assert {problem.kind for problem in carried(select([slug]))} == {kind}


def test_every_problem_of_the_bank_is_carried() -> None:
    assert {problem.variant.family.slug for problem in whole_bank()} == set(FAMILIES)


@pytest.mark.parametrize("inside", [0.99, -0.99])
def test_a_number_just_inside_the_tolerance_is_right_for_moodle_and_for_the_grader(inside: float) -> None:
    for problem in numerical():
        [part] = problem.variant.numeric.values()
        answers = answers_of(problem.question)
        given = answers[0].number + inside * answers[0].tolerance
        met = first_met(answers, given)
        assert met is answers[0]
        assert met.share == 100
        assert grade(problem.variant, {part.name: repr(given)}).result == "right"


@pytest.mark.parametrize("outside", [1.001, -1.001])
def test_a_number_just_outside_the_tolerance_is_right_for_neither(outside: float) -> None:
    for problem in numerical():
        [part] = problem.variant.numeric.values()
        answers = answers_of(problem.question)
        given = answers[0].number + outside * answers[0].tolerance
        met = first_met(answers, given)
        assert met is None or met.share == 0
        assert grade(problem.variant, {part.name: repr(given)}).result == "wrong"


def test_a_number_one_whole_unit_off_is_wrong_as_the_grader_has_it() -> None:
    problem = next(p for p in numerical() if p.variant.family.slug == "surprisal")
    answers = answers_of(problem.question)
    assert first_met(answers, answers[0].number + answers[0].tolerance / 0.999999) is None


def test_a_misconceptions_value_gets_the_feedback_that_the_grader_would_give() -> None:
    told = 0
    for problem in numerical():
        [part] = problem.variant.numeric.values()
        answers = answers_of(problem.question)
        for answer in answers[1:]:
            met = first_met(answers, answer.number)
            found = grade(problem.variant, {part.name: repr(answer.number)}).parts[0].diagnosis
            assert met is not None
            assert found is not None
            assert met.feedback == html(rendering.why(problem.variant, found.code, "en").markdown)
            told += 1
    assert told > len(numerical())


def test_no_misconception_claims_a_number_that_may_be_meant_as_the_truth() -> None:
    for problem in numerical():
        truth, *wrong = answers_of(problem.question)
        assert all(abs(answer.number - truth.number) >= truth.tolerance + answer.tolerance for answer in wrong)


def test_what_options_count_together_is_what_the_grader_gives_for_them() -> None:
    kinds = set()
    for problem in with_options():
        [part] = problem.variant.parts
        assert isinstance(part, ChoicePart)
        kinds.add(part.spec.kind)
        shares = {
            letter: float(answer.get("fraction", ""))
            for letter, answer in zip(part.letters, problem.question.findall("answer"), strict=True)
        }
        most = 1 if part.spec.kind == "choice" else len(shares)
        for picked in (picks for size in range(1, most + 1) for picks in combinations(shares, size)):
            given: object = {"text": "", "points": list(picked)} if part.spec.kind == "rubric" else list(picked)
            credit = grade(problem.variant, {part.name: given}).credit
            assert isclose(max(0.0, sum(shares[letter] for letter in picked)) / 100, credit, abs_tol=1e-6)
    assert kinds == {"choice", "multi_select", "rubric"}


def test_a_wrong_option_is_told_why() -> None:
    for problem in with_options():
        for answer in problem.question.findall("answer"):
            is_right = float(answer.get("fraction", "")) > 0
            assert bool(answer.findtext("feedback/text")) is not is_right


def picked(problem: Frozen) -> dict[str, str]:
    """Return the values that are to be picked from, with what each counts."""
    element = question(problem, "en")
    assert element.get("type") == "multichoice"
    return {answer.findtext("text", ""): answer.get("fraction", "") for answer in element.findall("answer")}


def test_an_answer_that_is_no_number_is_picked_among_values() -> None:
    variant = explicit(FAMILIES["ignore-index"], 2, ALL_IGNORED)
    values = picked(Frozen(variant, "all-ignored"))
    assert [value for value, share in values.items() if share == "100"] == ["nan (not a number)"]
    assert len(values) >= 4


def test_an_answer_that_moodles_own_rounding_would_cover_is_picked_among_values() -> None:
    variant = explicit(FAMILIES["bce-from-logits"], 2, {"logit": "40", "target": "1"})
    values = picked(Frozen(variant, "tiny"))
    assert [value for value, share in values.items() if share == "100"] == ["4.24835 × 10⁻¹⁸"]
    assert len(values) >= 4


def gaps_of(problem: Carried) -> list[tuple[int, str, list[str]]]:
    """Return weight, type and alternatives of each gap of a question."""
    found = re.findall(r"\{(\d+):([A-Z]+):(.*?)\}", problem.question.findtext("questiontext/text", ""))
    return [(int(weight), kind, inner.split("~")) for weight, kind, inner in found]


def number_gaps(problem: Carried) -> Iterator[tuple[Part, int, str, list[str]]]:
    """Yield each component of a problem, as its part and its place there, with type and alternatives of its gap."""
    gaps = iter(gaps_of(problem))
    for part in problem.variant.parts:
        for place, (_, kind, alternatives) in enumerate(islice(gaps, places(part))):
            if isinstance(part, Part):
                yield part, place, kind, alternatives


def places(part: Part | ChoicePart) -> int:
    if isinstance(part, Part):
        return len(components(part.truth))
    return len(part.truth) if part.spec.kind in ("ordering", "matching") else 1


def test_every_component_has_a_gap_with_its_truth_and_the_graders_tolerance() -> None:
    typed = 0
    for problem in with_gaps():
        for part, place, kind, alternatives in number_gaps(problem):
            if kind == "NUMERICAL":
                number, tolerance = alternatives[0].removeprefix("=").split(":")
                assert isclose(float(number), components(part.truth)[place], rel_tol=1e-11)
                unit = unit_of_last_place(part.truth, part.spec.significant_digits)
                assert Decimal(tolerance) == unit * Decimal("0.999999")
                typed += 1
    assert typed > len(with_gaps())


def test_every_wrong_number_of_a_gap_is_a_misconceptions_and_tells_its_why() -> None:
    for problem in with_gaps():
        for part, place, kind, alternatives in number_gaps(problem):
            for alternative in alternatives[1:] if kind == "NUMERICAL" else []:
                number, _, feedback = alternative.removeprefix("%0%").partition("#")
                value = float(number.partition(":")[0])
                whys = [
                    inline(rendering.why(problem.variant, wrong.code, "en").text)
                    for wrong in problem.variant.wrong
                    if wrong.part == part.name and isclose(components(wrong.value)[place], value, rel_tol=1e-11, abs_tol=1e-300)
                ]
                assert unescape(feedback) in whys


def test_every_part_weighs_the_same_whatever_its_number_of_gaps() -> None:
    for problem in with_gaps():
        gaps = iter(gaps_of(problem))
        weights = [sum(weight for weight, _, _ in islice(gaps, places(part))) for part in problem.variant.parts]
        assert len(set(weights)) == 1
        assert next(gaps, None) is None


def test_an_ordering_and_a_matching_have_a_gap_of_letters_for_each_place() -> None:
    for slug in ("order-the-derivation", "where-is-it-used"):
        for problem in carried(select([slug])):
            [part] = problem.variant.parts
            assert isinstance(part, ChoicePart)
            letters = [
                next(letter.removeprefix("=") for letter in alternatives if letter.startswith("="))
                for _, _, alternatives in gaps_of(problem)
            ]
            assert [part.letters[letter] for letter in letters] == list(part.truth)


def test_an_infinite_component_is_picked_and_no_value_gives_another_part_away() -> None:
    for problem in carried(select(["zero-probability"], count=8)):
        exact, clipped = gaps_of(problem)
        assert exact[1] == "MULTICHOICE"
        assert "=∞" in exact[2]
        shown = clipped[2][0].removeprefix("=").partition(":")[0]
        assert not [value for value in exact[2] if value.startswith(f"%0%{float(shown):.6g}#")]


def test_what_has_a_meaning_in_a_gap_is_written_as_an_entity_there() -> None:
    said = 'a } ~ # / " \\ { & <b> &amp; =5% z'
    [problem] = carried(saying("softmax", f"why {FAMILIES['softmax'].misconception_codes[0]}", said))
    _, _, alternatives = gaps_of(problem)[0]
    feedback = next(alternative.partition("#")[2] for alternative in alternatives if "=5%" in alternative)
    assert not re.search(r'[~}\\"/{]', feedback)
    assert unescape(unescape(feedback)) == said


def test_more_right_options_than_moodle_has_shares_for_go_into_a_gap() -> None:
    codes = tuple(f"statement {number}" for number in range(12))
    family = replace(FAMILIES["properties"], say=lambda _, key, language: key)
    variant = replace(
        draw(family, 1, "many").variant, parts=(ChoicePart(ChoiceSpec("statements", "multi_select"), codes, codes[:11]),)
    )
    element = question(Frozen(variant, "many"), "en")
    assert element.get("type") == "cloze"
    [(weight, kind, alternatives)] = gaps_of(Carried(variant, element))
    assert (weight, kind) == (1, "MULTIRESPONSE")
    assert Counter(alternative.split("%")[1] for alternative in alternatives) == {"9.09091": 11, "-9.09091": 1}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_prompt_asks_for_what_moodle_takes(language: Language) -> None:
    expressions = common(language).render("digits", {"digits": 3})
    letters = common(language).render("how-to choice")
    texts = {p.variant.family.slug: p.question.findtext("questiontext/text", "") for p in whole_bank(language)}
    assert html(expressions)[3:-4] not in texts["surprisal"]
    assert text("moodle digits", language, digits=3) in texts["surprisal"]
    assert letters not in texts["which-reduction"]
    assert text("moodle choice", language) in texts["which-reduction"]
    assert text("moodle multi_select", language) in texts["properties"]


def test_the_solution_with_the_formula_is_the_general_feedback() -> None:
    problem = next(p for p in carried(select(["cross-entropy-one-hot"])))
    feedback = problem.question.findtext("generalfeedback/text", "")
    assert r"\(-\ln(0.7) = 0.356675\)" in feedback
    assert r"\[H(y, q)" in feedback


def test_ids_are_unique_short_enough_for_moodle_and_free_of_texts() -> None:
    file = moodle.questions(select(count=4), "en")
    ids = [question.findtext("idnumber", "") for question in parsed(file) if question.get("type") != "category"]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 100
    assert set(by_id(moodle.questions(saying("surprisal", "prompt", "Reworded"), "en"))) == {"crossdrill/en/surprisal/panda"}


def test_every_topic_has_one_category() -> None:
    categories = [
        q.findtext("category/text") for q in parsed(moodle.questions(select(count=1), "zh")) if q.get("type") == "category"
    ]
    topics = dict.fromkeys(family.topic for family in FAMILIES.values())
    assert categories == [f"$course$/top/Crossdrill/{topic}" for topic in topics]


def test_a_question_is_tagged_with_topic_family_and_level() -> None:
    [problem] = carried(select(["surprisal"], count=1))
    level = f"level-{problem.variant.level}"
    assert [tag.findtext("text") for tag in problem.question.iter("tag")] == ["information", "surprisal", level]


def test_the_same_selection_is_the_same_bytes() -> None:
    first, second = (moodle.questions(select(["softmax", "entropy"]), "zh") for _ in range(2))
    assert first == second
