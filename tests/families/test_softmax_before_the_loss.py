"""Eight lines with one mistake: every planted form is found, explained and put right."""

from __future__ import annotations

import ast
import textwrap

import pytest

from quiz_bank import rendering
from quiz_bank.families.softmax_before_the_loss.scripts import LINES, PLANTED, SCRIPTS, SOURCES
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.registry import family
from quiz_bank.variants import explicit, preset

FAMILY = family("softmax-before-the-loss")
SHOWN = show_parameters(preset(FAMILY, "one-more-softmax").parameters)
ALL = [f"line-{number}" for number in range(1, LINES + 1)]


def with_mistake(code: str) -> list[str]:
    """Return the lines of the script that knows a planted form, with that form in its place."""
    script = next(script for script in SCRIPTS.values() if any(code in dict(forms) for forms in script))
    return [code if code in dict(forms) else forms[0][0] for forms in script]


def test_every_script_has_eight_lines_of_code_that_parses() -> None:
    for script in SCRIPTS.values():
        assert len(script) == LINES
        source = "\n".join(forms[0][1].format(width=64, classes=10) for forms in script)
        ast.parse(textwrap.dedent(source))


@pytest.mark.parametrize("code", sorted(PLANTED))
def test_a_planted_form_is_the_mistake_and_is_put_right(code: str) -> None:
    lines = with_mistake(code)
    variant = explicit(FAMILY, 1, SHOWN | {"lines": lines, "options": ALL})
    assert variant.truths["line"] == (ALL[lines.index(code)],)
    for language in ("en", "zh"):
        text = rendering.solution(variant, language).text
        assert SOURCES[code].format(width=64, classes=10).strip() in text


def test_the_first_form_of_a_line_is_never_a_planted_one() -> None:
    assert not PLANTED & {forms[0][0] for script in SCRIPTS.values() for forms in script}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": with_mistake("c-net-softmax")[:7]}, "no-script"),
        ({"lines": with_mistake("c-net-softmax")[::-1]}, "no-script"),
        ({"lines": ["c-net-linear", *with_mistake("c-net-softmax")[1:]]}, "one-mistake"),
        ({"options": ["line-2", "line-3"]}, "one-right-option"),
        ({"options": ["line-1", "line-9"]}, "unknown-option"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, SHOWN | changes)
    assert caught.value.code == code
    assert rendering.parameter_message(caught.value, "zh")
