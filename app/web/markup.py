"""Markdown with formulas as HTML: formulas are MathML, which needs no script; scripts may set them more finely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

# The policy of the pages allows no inline style; what these styles say is in the style sheet.
_STYLE: Final = re.compile(r'\s+style="[^"]*"')
# Browsers break a line between a formula and the full stop behind it, unless both are kept together.
_FORMULA: Final = r'<span class="math inline"(?:(?!</math>).)*</math></span>'
_ENDED: Final = re.compile(rf"({_FORMULA})([,.;:!?)\]，。、；：！？）”…]+)", re.DOTALL)


@lru_cache(maxsize=4096)
def math(tex: str, *, block: bool = False) -> Markup:
    """Return a formula as MathML in an element that keeps its source for scripts."""
    kind, tag = ("block", "div") if block else ("inline", "span")
    mathml = _STYLE.sub("", convert(tex.strip(), display=kind))
    # The converter escapes what it takes from the formula; the rest is its own markup.
    return Markup('<{tag} class="math {kind}" data-tex="{tex}">{mathml}</{tag}>').format(
        tag=tag,
        kind=kind,
        tex=tex.strip(),
        mathml=Markup(mathml),  # noqa: S704 — see above
    )


def _set_math(_: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return str(math(tokens[index].content, block=tokens[index].type != "math_inline"))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=True)
    for kind in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(kind, _set_math)
    return parser


_PARSER: Final = _parser()


def _kept(html: str) -> str:
    """Return HTML with each formula kept together with the punctuation behind it."""
    return _ENDED.sub(r'<span class="kept">\1\2</span>', html)


@lru_cache(maxsize=4096)
def prose(markdown: str) -> Markup:
    """Return Markdown as HTML; HTML in it is shown, not obeyed."""
    return Markup(_kept(_PARSER.render(markdown)))  # noqa: S704 — the parser escapes what isn't its own markup


@lru_cache(maxsize=4096)
def line(markdown: str) -> Markup:
    """Return one line of Markdown as HTML, without a paragraph around it."""
    return Markup(_kept(_PARSER.renderInline(markdown)))  # noqa: S704 — as above


def code(text: str) -> Markup:
    """Return text as it was typed."""
    return Markup("<code>{}</code>").format(escape(text))
