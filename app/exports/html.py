r"""The bank's Markdown as HTML, with its formulas in the delimiters `\( \)` and `\[ \]` that MathJax looks for.

It knows what the bank's texts use: paragraphs, lists, quotations, blocks and spans of code, emphasis and formulas. Everything
else is text, and every character of text, code and formulas is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape as _escape
from itertools import takewhile
from typing import Final

_SPAN: Final = re.compile(
    r"`(?P<code>[^`]+)`|\$\$(?P<display>.+?)\$\$|\$(?P<formula>.+?)\$"
    r"|\*\*(?P<strong>.+?)\*\*|(?<![\w*])\*(?P<em>[^*\s][^*]*)\*",
    re.DOTALL,
)
_ITEM: Final = re.compile(r"( *)(?:(\d+)\.|-) +")
_FENCE: Final = "```"
_AFTER_IDEOGRAPH: Final = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])\n")
"""Chinese is written without spaces, and a line break is one in HTML."""


def escape(text: str) -> str:
    """Return plain text as HTML."""
    return _escape(text, quote=False)


def html(markdown: str) -> str:
    """Return a text of the bank as HTML blocks."""
    return "".join(_blocks(markdown.split("\n")))


def inline(markdown: str) -> str:
    """Return a text of the bank that stands inside a paragraph."""
    pieces: list[str] = []
    end = 0
    for span in _SPAN.finditer(markdown):
        pieces += [escape(markdown[end : span.start()]), _span(str(span.lastgroup), span[str(span.lastgroup)])]
        end = span.end()
    return "".join([*pieces, escape(markdown[end:])])


def _span(kind: str, inner: str) -> str:
    if kind == "formula":
        return rf"\({escape(inner)}\)"
    if kind == "display":
        return rf"\[{escape(inner)}\]"
    return f"<{kind}>{escape(inner) if kind == 'code' else inline(inner)}</{kind}>"


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Yield the blocks of some lines; each kind of block says how many lines it takes."""
    start = 0
    while start < len(lines):
        rest = lines[start:]
        if not rest[0].strip():
            start += 1
            continue
        block, taken = _block(rest)
        yield block
        start += taken


def _block(lines: Sequence[str]) -> tuple[str, int]:
    if lines[0].startswith(_FENCE):
        code = list(takewhile(lambda line: not line.startswith(_FENCE), lines[1:]))
        return f"<pre><code>{escape(_joined(code))}</code></pre>", len(code) + 2
    if lines[0].startswith(">"):
        quoted = list(takewhile(lambda line: line.startswith(">"), lines))
        inner = _joined(line[1:].removeprefix(" ") for line in quoted)
        return f"<blockquote>{html(inner)}</blockquote>", len(quoted)
    if item := _ITEM.match(lines[0]):
        return _list(lines, indent=item[1], number=item[2])
    paragraph = [lines[0].strip(), *takewhile(_goes_on, lines[1:])]
    return f"<p>{inline(_AFTER_IDEOGRAPH.sub('', _joined(paragraph)))}</p>", len(paragraph)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.startswith((_FENCE, ">")) and not _ITEM.match(line)


def _list(lines: Sequence[str], indent: str, number: str | None) -> tuple[str, int]:
    """Return the list that begins here: up to a blank line, or to one that is neither an item nor further in."""
    inner = f"{indent} "
    items: list[list[str]] = []
    for line in takewhile(lambda line: line.startswith(inner) or _begins_item(line, indent), lines):
        if _begins_item(line, indent):
            items.append([_ITEM.sub("", line, count=1)])
        else:
            items[-1].append(line)
    name = "ul" if number is None else "ol"
    begins = f' start="{number}"' if number not in (None, "1") else ""
    body = "".join(f"<li>{inline(head)}{''.join(_blocks(rest))}</li>" for head, *rest in items)
    return f"<{name}{begins}>{body}</{name}>", sum(map(len, items))


def _begins_item(line: str, indent: str) -> bool:
    item = _ITEM.match(line)
    return item is not None and item[1] == indent
