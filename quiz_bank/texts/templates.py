"""Text files: sections of Markdown under `## key` headings, with «expressions» that a template engine fills in.

Guillemets mark what is filled in because braces and brackets belong to the formulas. A number comes out as a learner would
write it: exact numbers as displayed, floats to six significant digits, vectors in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import isinf, isnan
from typing import Final

from jinja2 import Environment, StrictUndefined, Template

from quiz_bank.problem import Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_HEADING: Final = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_TITLE: Final = re.compile(r"^# +(.+?) *$", re.MULTILINE)
_INLINE_END: Final = re.compile(r"(?<=\S)(«% end(?:if|for) )%»$", re.MULTILINE)
"""A branch that ends with its line: unlike a tag alone on its line, it keeps the line break (Jinja's `+`)."""


def number(exact: float | Decimal | Fraction, digits: int = 6) -> str:
    r"""Return a number in LaTeX, rounded to significant digits: `0.356675`, `-9.07875 \times 10^{-5}`, `\infty`."""
    value = float(exact)
    if isnan(value):
        return r"\text{nan}"
    if isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -5 < power < digits + 3:
        return _without_zeros(format(Decimal(f"{mantissa}e{exponent}"), "f"))
    return rf"{_without_zeros(mantissa)} \times 10^{{{power}}}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def latex(value: object) -> str:
    """Return a value as a formula shows it."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(latex(item) for item in value) + "]"
    return str(value)


def _signed(value: object) -> str:
    """Return a number for use behind an operator: a negative one in parentheses."""
    text = latex(value)
    return f"({text})" if text.startswith("-") else text


def _environment() -> Environment:
    environment = Environment(
        variable_start_string="«",
        variable_end_string="»",
        block_start_string="«%",
        block_end_string="%»",
        comment_start_string="«#",
        comment_end_string="#»",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=latex,
        autoescape=False,  # noqa: S701 - what comes out is Markdown; whoever makes HTML of it escapes there
    )
    environment.filters["digits"] = number
    environment.filters["signed"] = _signed
    return environment


_ENVIRONMENT: Final = _environment()


class Texts:
    """One text file: its title and its sections, compiled once."""

    __slots__ = ("_sections", "_sources", "title")

    def __init__(self, source: str) -> None:
        head, *rest = _HEADING.split(source)
        title = _TITLE.search(head)
        self.title = title[1] if title else ""
        self._sources = {key: body.strip() for key, body in zip(rest[::2], rest[1::2], strict=True)}
        self._sections: dict[str, Template] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._sources

    @property
    def sources(self) -> Mapping[str, str]:
        """The sections as they are written, by key."""
        return self._sources

    def count(self, prefix: str) -> int:
        """Return how many sections have a key that starts so."""
        return sum(key.startswith(prefix) for key in self._sources)

    def render(self, key: str, context: Mapping[str, object] | None = None) -> str:
        """Return a section with its expressions filled in; KeyError where there is no such section."""
        if "«" not in self._sources[key]:
            return self._sources[key]
        template = self._sections.get(key)
        if template is None:
            template = self._sections[key] = _ENVIRONMENT.from_string(_INLINE_END.sub(r"\1+%»", self._sources[key]))
        return template.render(context or {}).strip()  # a branch ends with a line break of its own


@cache
def load(package: str, language: Language) -> Texts:
    """Return the texts that a package keeps in a language."""
    return Texts(files(package).joinpath(f"{language}.md").read_text("utf-8"))


def common(language: Language) -> Texts:
    """Return the texts that all families share."""
    return load(__package__, language)
