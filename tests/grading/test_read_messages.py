"""Every refusal has its sentence, in both languages, with the place counted as people count."""

import pickle
import string

import pytest

from quiz_bank.grading import unreadable
from quiz_bank.grading.read import UnreadableError, read
from quiz_bank.grading.unreadable import explain


def explained(text: str, language: str = "en") -> str:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    return explain(caught.value, language)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0,357", "Character 2: use a point, not a comma: 0.357."),
        ("1,234", "Character 2: use a point, not a comma: 1.234. If you mean thousands, leave it out: 1234."),
        ("1 2", "Character 3: two numbers stand side by side. Write one, or a sign (+ - * /) between them."),
        (
            "2pi",
            "Character 2: nothing is multiplied by standing side by side. If you mean a product, write 2*pi.",
        ),
        ("sgrt(2)", "Character 1: “sgrt” is no known function. Did you mean sqrt?"),
        ("ln(-1)", "Character 1: ln(-1) is no real number."),
        ("-ln(0)", "Character 2: ln(0) is no number. If the answer is infinite, write inf or -inf."),
        ("1+", "A number is missing at the end, after character 2."),
        ("", "There is no number here. Write one, such as 0.25, 1/3 or 2*ln(3)."),
    ],
)
def test_a_message_says_what_is_wrong_where_and_what_to_write(text: str, sentence: str) -> None:
    assert explained(text) == sentence


def test_the_chinese_message_says_the_same() -> None:
    assert explained("0,357", "zh") == "第 2 个字符\uff1a小数点请用点号\uff0c不要用逗号\uff1a0.357。"


def test_another_language_is_answered_in_english() -> None:
    assert explained("1 2", "fr") == explained("1 2", "en")


def test_braces_in_an_answer_are_no_placeholders() -> None:
    assert "“{”" in explained("{at}")


def test_both_languages_know_the_same_reasons_and_use_the_same_values() -> None:
    def fields(table: dict[str, str]) -> dict[str, set[str | None]]:
        return {code: {part[1] for part in string.Formatter().parse(text)} - {None} for code, text in table.items()}

    assert fields(unreadable._ENGLISH) == fields(unreadable._CHINESE)


def test_an_error_survives_its_way_between_processes() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("0,357")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (made one line above)
    assert (copy.code, copy.position, copy.values) == (caught.value.code, caught.value.position, caught.value.values)
