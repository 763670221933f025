"""Parts with options: multi-select, ordering, matching and a rubric are graded exactly, and credit follows the rule."""

from __future__ import annotations

import pytest

from quiz_bank.grading.choices import judge_choice, read_choice
from quiz_bank.grading.errors import AnswerError
from quiz_bank.problem import ChoiceKind, ChoicePart, ChoiceSpec, Codes, PartVerdict

OPTIONS = ("convex", "bounded", "symmetric", "linear")


def part(kind: ChoiceKind, truth: Codes, items: Codes = ()) -> ChoicePart:
    return ChoicePart(ChoiceSpec("p", kind), OPTIONS, truth, items)


def mark(asked: ChoicePart, answer: object) -> PartVerdict:
    errors: list[AnswerError] = []
    picked = read_choice(asked, answer, errors)
    assert errors == []
    return judge_choice(asked, picked, answer)


def complaint(asked: ChoicePart, answer: object) -> AnswerError:
    errors: list[AnswerError] = []
    read_choice(asked, answer, errors)
    (error,) = errors
    assert error.detail("en")
    assert error.detail("zh")
    return error


@pytest.mark.parametrize(
    ("answer", "result", "credit"),
    [
        ("a d", "right", 1.0),
        (["d", "a"], "right", 1.0),
        ("a", "partly_right", 0.5),
        ("a, b, d", "partly_right", 0.5),
        ("a b", "wrong", 0.0),
        ("b c", "wrong", 0.0),
    ],
)
def test_multi_select_credit_is_right_less_wrong_over_total(answer: object, result: str, credit: float) -> None:
    verdict = mark(part("multi_select", ("convex", "linear")), answer)
    assert verdict.result == result
    assert verdict.credit == credit


@pytest.mark.parametrize("answer", ["(a) (d)", "a) d)", "A and D", "a/d", "a > d", "a + d", "ａ、ｄ", "a和d", "[a, d]"])
def test_picks_are_read_however_they_are_set_apart(answer: str) -> None:
    assert mark(part("multi_select", ("convex", "linear")), answer).result == "right"


def test_an_ordering_is_right_only_as_a_whole() -> None:
    asked = part("ordering", ("linear", "convex", "symmetric", "bounded"))
    assert mark(asked, "dacb").result == "right"
    swapped = mark(asked, "dabc")
    assert (swapped.result, swapped.credit) == ("wrong", 0.0)
    assert swapped.states == ("right", "right", "wrong", "wrong")


def test_a_matching_has_credit_for_each_item() -> None:
    asked = part("matching", ("convex", "convex", "linear"), items=("one", "two", "three"))
    assert mark(asked, "a, a, d").result == "right"
    assert mark(asked, ["a", "b", "d"]).credit == pytest.approx(2 / 3)


def test_a_rubric_counts_the_ticks_and_keeps_the_text_unjudged() -> None:
    asked = part("rubric", OPTIONS)
    answer = {"text": "Any words at all.", "points": ["a", "b"]}
    verdict = mark(asked, answer)
    assert (verdict.credit, verdict.submitted) == (0.5, answer)
    assert mark(asked, {"text": "", "points": ["a", "b", "c", "d"]}).result == "right"


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("multi_select", "a e", "unknown-letter"),
        ("multi_select", ["a", "a"], "letter-twice"),
        ("multi_select", ["a", 1], "letters-expected"),
        ("multi_select", {"a": 1}, "letters-expected"),
        ("multi_select", "a" * 201, "letters-expected"),
        ("multi_select", "", "letters-expected"),
        ("multi_select", [], "letters-expected"),
        ("ordering", "abc", "letter-count"),
        ("ordering", "abca", "letter-twice"),
        ("matching", "ab", "letter-count"),
        ("choice", "ab", "one-letter"),
        ("choice", None, "letters-expected"),
    ],
)
def test_what_is_no_pick_is_refused_with_its_reason(kind: ChoiceKind, answer: object, code: str) -> None:
    truth = OPTIONS[:1] if kind == "choice" else OPTIONS
    assert complaint(part(kind, truth, items=OPTIONS), answer).code == code


@pytest.mark.parametrize(
    "answer", ["my words", {"text": "words"}, {"text": 1, "points": []}, {"text": "w" * 10_001, "points": []}]
)
def test_a_rubric_needs_words_and_ticks(answer: object) -> None:
    assert complaint(part("rubric", OPTIONS), answer).code == "rubric-expected"
