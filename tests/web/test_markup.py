from __future__ import annotations

import pytest

from app.web.markup import line, math, prose
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES, family


def test_a_formula_is_mathml_that_keeps_its_source() -> None:
    html = prose("so $q_t < 1$.")
    assert '<span class="math inline" data-tex="q_t &lt; 1"><math' in html
    assert "</math></span>" in html


@pytest.mark.parametrize("stop", [".", "。", "），"])
def test_a_formula_is_kept_together_with_the_punctuation_behind_it(stop: str) -> None:
    html = prose(f"$p$ and $q${stop} On it goes.")
    assert html.count('<span class="kept">') == html.count('<span class="kept"><span class="math inline" data-tex="q">') == 1
    assert f"</math></span>{stop}</span> On it goes." in html


def test_a_formula_on_lines_of_its_own_is_a_block() -> None:
    assert '<div class="math block"' in prose("$$\\ln 2$$")


@pytest.mark.parametrize("typed", ["<script>x</script>", "[a](javascript:alert)", '<img src="x" onerror="y">'])
def test_markup_in_a_text_is_shown_not_obeyed(typed: str) -> None:
    html = str(prose(typed))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_line_has_no_paragraph() -> None:
    assert line("of $q$ and `1/2`").startswith("of <span")


@pytest.mark.parametrize("slug", sorted(FAMILIES))
def test_every_formula_of_the_bank_is_mathml_without_inline_style(slug: str) -> None:
    for language in ("en", "zh"):
        html = prose(rendering.formula(family(slug), language).markdown)
        assert "<math" in html
        assert " style=" not in html
        assert "merror" not in html


def test_what_is_no_formula_fails_loudly() -> None:
    with pytest.raises(Exception, match=r".*"):
        math(r"\frac{1}{")
