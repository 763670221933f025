"""The bank's Markdown as HTML: each construct, and nothing that a browser could take for more than text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from app.exports.html import html, inline
from quiz_bank import rendering
from quiz_bank.problem import Family, Language
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw

KNOWN_TAGS = {"p", "ol", "ul", "li", "blockquote", "pre", "code", "strong", "em"}


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("two\nlines", "<p>two\nlines</p>"),
        ("两行\n一段", "<p>两行一段</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("3. c", '<ol start="3"><li>c</li></ol>'),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("bins:\n- a", "<p>bins:</p><ul><li>a</li></ul>"),
        ("1. a\n   - x\n   - y\n2. b", "<ol><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ol>"),
        ("> said\n> \n> - a", "<blockquote><p>said</p><ul><li>a</li></ul></blockquote>"),
        ("```python\nx = a<b\n\ny = `c`\n```\nafter", "<pre><code>x = a&lt;b\n\ny = `c`</code></pre><p>after</p>"),
    ],
)
def test_each_block_becomes_its_element(markdown: str, expected: str) -> None:
    assert html(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("$a < b$", r"\(a &lt; b\)"),
        ("$$a & b$$", r"\[a &amp; b\]"),
        ("$a * b$ and $c * d$", r"\(a * b\) and \(c * d\)"),
        ("`a * b $c`", "<code>a * b $c</code>"),
        ("**d)** *such*", "<strong>d)</strong> <em>such</em>"),
        ("**$x$**", r"<strong>\(x\)</strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<script>alert(1)</script> & co", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co"),
    ],
)
def test_each_span_becomes_its_element_and_all_else_is_text(markdown: str, expected: str) -> None:
    assert inline(markdown) == expected


class _Tags(HTMLParser):
    """Follows the elements of a fragment: which there are, and whether each closes in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_every_text_of_the_bank_becomes_well_formed_html_of_known_elements(family: Family[Any], language: Language) -> None:
    for level in family.levels:
        variant = draw(family, level, "html").variant
        for rendered in (rendering.prompt(variant, language), rendering.solution(variant, language)):
            tags = _Tags()
            tags.feed(html(rendered.markdown))
            assert tags.open == []
            assert tags.seen <= KNOWN_TAGS
            assert tags.rawdata == ""
