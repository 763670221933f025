"""Formulas as plain text."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from quiz_bank.texts.plain import FormulaError, formula, plain
from quiz_bank.texts.templates import Texts, latex, number


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"H(p, q) = -\sum_k p_k \ln q_k", "H(p, q) = −Σₖ pₖ ln qₖ"),
        (r"\frac{1}{1 + e^{-z}}", "1/(1 + e^(−z))"),
        (r"\frac12", "1/2"),
        (r"e^{-10}", "e⁻¹⁰"),
        (r"9.1 \times 10^{-5}", "9.1 × 10⁻⁵"),
        (r"\log_2 0.7", "log₂ 0.7"),
        (r"-\ln(0.3) + \ln 2", "−ln(0.3) + ln 2"),
        (r"\sqrt{2}", "√(2)"),
        (r"x_{\text{max}}", "x_ₘₐₓ".replace("_", "")),
        (r"\sigma(z)(1 - \sigma(z))", "σ(z)(1 − σ(z))"),
    ],
)
def test_the_banks_latex_reads_as_unicode(source: str, text: str) -> None:
    assert formula(source) == text


@pytest.mark.parametrize("source", [r"\begin{matrix}", r"\frac{1}", r"{x", "x}", r"x^"])
def test_latex_beyond_the_banks_part_is_an_error(source: str) -> None:
    with pytest.raises(FormulaError):
        formula(source)


def test_markdown_loses_its_marks_and_code_keeps_them() -> None:
    assert plain("The **loss** of $q_1$, *not* `a_b*c*`.") == "The loss of q₁, not `a_b*c*`."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.35667494393873245, "0.356675"),
        (-9.078749373e-5, r"-9.07875 \times 10^{-5}"),
        (0.0, "0"),
        (8.75, "8.75"),
        (1234567.0, "1234570"),
        (1e12, r"1 \times 10^{12}"),
        (float("inf"), r"\infty"),
        (0.5, "0.5"),
    ],
)
def test_a_number_has_six_significant_digits_and_no_empty_zeros(value: float, text: str) -> None:
    assert number(value) == text


def test_vectors_stand_in_brackets() -> None:
    assert latex((0.5, -1.0)) == "[0.5, -1]"


def test_a_text_that_lacks_a_value_is_an_error_and_not_a_gap() -> None:
    texts = Texts("# Title\n\n## prompt\n«missing»\n")
    with pytest.raises(UndefinedError):
        texts.render("prompt")
    assert texts.title == "Title"


def test_a_branch_that_ends_with_its_line_keeps_the_line_break() -> None:
    source = "## solution\n1. «% if x %»a«% else %»b«% endif %»\n2. «x»\n«% if x %»\n3. c\n«% endif %»\n4. d\n"
    assert Texts(source).render("solution", {"x": 7}) == "1. a\n2. 7\n3. c\n4. d"
