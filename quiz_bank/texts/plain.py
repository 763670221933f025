"""Markdown with LaTeX formulas as plain text, for terminals, logs and screen readers.

The bank writes its formulas in the small part of LaTeX that is listed here; a command outside it is an error that the proof of
the bank reports, so nothing half-translated is ever shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_MATH: Final = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|[^\\{}^_]+", re.DOTALL)

_SYMBOLS: Final = {
    r"\ln": "ln ", r"\log": "log", r"\exp": "exp", r"\max": "max", r"\min": "min", r"\sum": "Σ", r"\prod": "∏",
    r"\cdot": "·", r"\times": "×", r"\approx": "≈", r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\to": "→", r"\pm": "±",
    r"\infty": "∞", r"\partial": "∂", r"\in": "∈", r"\ldots": "…", r"\dots": "…", r"\mid": "|", r"\|": "‖", r"\Vert": "‖",
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\epsilon": "ε", r"\varepsilon": "ε", r"\lambda": "λ",
    r"\eta": "η", r"\sigma": "σ", r"\pi": "π", r"\tau": "τ", r"\top": "ᵀ", r"\odot": "⊙", r"\Rightarrow": "⇒", r"\iff": "⇔",
    r"\left": "", r"\right": "", r"\quad": "  ", r"\qquad": "    ", r"\,": " ", r"\;": " ", r"\!": "", r"\ ": " ",
    r"\%": "%", r"\{": "{", r"\}": "}", r"\\": "; ", r"\displaystyle": "",
}  # fmt: skip
_WRAPPERS: Final = {r"\text", r"\mathrm", r"\operatorname", r"\mathbf", r"\hat", r"\bar"}
_ACCENTS: Final = {r"\hat": "\u0302", r"\bar": "\u0304"}
_SUPERSCRIPTS: Final = dict(zip("0123456789+-−n()Tk", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ⁽⁾ᵀᵏ", strict=True))
_SUBSCRIPTS: Final = dict(zip("0123456789+-−aehijklmnoprstuvx()=", "₀₁₂₃₄₅₆₇₈₉₊₋₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₍₎₌", strict=True))


class FormulaError(ValueError):
    """A formula that uses LaTeX beyond the bank's part of it."""


@lru_cache(maxsize=4096)  # most texts of a family are the same for all its problems
def plain(markdown: str) -> str:
    """Return Markdown as plain text with its formulas in Unicode; raises FormulaError for LaTeX that isn't known."""
    pieces: list[str] = []
    end = 0
    for match in _MATH.finditer(markdown):
        pieces += [_prose(markdown[end : match.start()]), formula(match[1] or match[2])]
        end = match.end()
    return "".join([*pieces, _prose(markdown[end:])])


def _prose(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*|(?<![\w*])\*([^*\s][^*]*)\*", lambda m: m[1] or m[2], text)


def formula(source: str) -> str:
    """Return a LaTeX formula as Unicode text."""
    tokens = _TOKEN.findall(source)
    text, rest = _group(tokens, 0, top=True)
    if rest != len(tokens):
        raise FormulaError(f"a brace closes that was not opened: {source}")
    return re.sub(r" {2,}", " ", text.replace("-", "−").replace("ln (", "ln(")).strip()


def _group(tokens: list[str], start: int, *, top: bool = False) -> tuple[str, int]:
    """Return the text up to the brace that closes this group, and the place behind it."""
    out: list[str] = []
    i = start
    while i < len(tokens):
        if tokens[i] == "}":
            if top:
                return "".join(out), i
            return "".join(out), i + 1
        text, i = _item(tokens, i)
        out.append(text)
    if not top:
        raise FormulaError("a brace is never closed")
    return "".join(out), i


def _item(tokens: list[str], i: int) -> tuple[str, int]:
    head = tokens[i]
    if head == "{":
        return _group(tokens, i + 1)
    if head in ("^", "_"):
        return _script(head, tokens, i + 1)
    if head == r"\frac":
        above, i = _argument(tokens, i + 1)
        below, i = _argument(tokens, i)
        return f"{_bracketed(above)}/{_bracketed(below)}", i
    if head == r"\sqrt":
        inner, i = _argument(tokens, i + 1)
        return f"√({inner})", i
    if head in _WRAPPERS:
        inner, i = _argument(tokens, i + 1)
        return inner + _ACCENTS.get(head, ""), i
    if head.startswith("\\"):
        if head not in _SYMBOLS:
            raise FormulaError(f"{head} is no command that the bank uses")
        return _SYMBOLS[head], i + 1
    return head, i + 1


def _argument(tokens: list[str], i: int) -> tuple[str, int]:
    """Return what a command applies to: a group in braces, a command, or one character."""
    if i == len(tokens):
        raise FormulaError("a command at the end lacks its argument")
    if tokens[i] == "{" or tokens[i].startswith("\\"):
        return _item(tokens, i)
    first, rest = tokens[i][0], tokens[i][1:]
    if rest:
        tokens[i] = rest
        return first, i
    return first, i + 1


def _script(mark: str, tokens: list[str], i: int) -> tuple[str, int]:
    inner, i = _argument(tokens, i)
    table = _SUPERSCRIPTS if mark == "^" else _SUBSCRIPTS
    inner = inner.strip()
    if inner and all(character in table for character in inner):
        return "".join(table[character] for character in inner), i
    return f"{mark}({inner})" if len(inner) > 1 else f"{mark}{inner}", i


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"[\w.∂ₐ-ₜ₀-₉]+", text) else f"({text})"
