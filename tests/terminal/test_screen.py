"""What a problem and a verdict look like."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from app.terminal.documents import Attempt, Part, PartVerdict
from app.terminal.errors import Fault
from app.terminal.screen import Screen, number

LOSS = Part("loss", "Loss", "number", (), "nats", 3, (), ())


@pytest.fixture
def screen() -> Screen:
    return Screen(Console(file=io.StringIO(), width=60, highlight=False), "en")


def text_of(screen: Screen) -> str:
    assert isinstance(screen.console.file, io.StringIO)
    return screen.console.file.getvalue()


def attempt(verdict: str | None, *, counted: bool = True, late: bool = False, **part: object) -> Attempt:
    fields = {"submitted": "0.5", "read_as": 0.5, "components": None, "message": "", "why": "", **part}
    return Attempt(verdict, counted, late, verdict is None, {"loss": PartVerdict(verdict=verdict, **fields)})  # type: ignore[arg-type]  # a test's shorthand


def test_what_comes_from_elsewhere_is_no_markup(screen: Screen) -> None:
    screen.line("[bold]0.5[/bold]")
    assert text_of(screen) == "[bold]0.5[/bold]\n"


def test_a_caret_stands_below_the_character_at_fault(screen: Screen) -> None:
    screen.refusal("0.5x", Fault("/answers/loss", "No such name.", 3))
    assert text_of(screen) == "  0.5x\n     ^\n  No such name.\n"


def test_wide_characters_move_the_caret_by_two(screen: Screen) -> None:
    screen.refusal("０．５x", Fault("/answers/loss", "No such name.", 3))
    assert text_of(screen).splitlines()[1] == "        ^"


def test_a_fault_of_the_whole_has_no_caret(screen: Screen) -> None:
    screen.refusal("1, 2", Fault("/answers/loss", "Three are wanted."))
    assert text_of(screen) == "  Three are wanted.\n"


@pytest.mark.parametrize(
    ("submitted", "read_as", "shown"),
    [
        ("-ln 0.7", 0.35667494393873245, "-ln 0.7 → 0.3567"),
        ("1/3", 1 / 3, "1/3 → 0.3333"),
        ("∞", "inf", "∞ → inf"),
    ],
)
def test_what_was_read_is_shown(screen: Screen, submitted: str, read_as: object, shown: str) -> None:
    screen.attempt(attempt("right", submitted=submitted, read_as=read_as), [LOSS])
    assert shown in text_of(screen)


@pytest.mark.parametrize(("submitted", "read_as"), [("0.5", 0.5), (".5", 0.5), ("-inf", "-inf")])
def test_a_plain_number_is_not_repeated(screen: Screen, submitted: str, read_as: object) -> None:
    screen.attempt(attempt("right", submitted=submitted, read_as=read_as), [LOSS])
    assert text_of(screen).rstrip() == "✓ right"


def test_a_withheld_answer_is_acknowledged_and_nothing_else(screen: Screen) -> None:
    screen.attempt(attempt(None, submitted="1/2"), [LOSS])
    assert text_of(screen).rstrip() == "· noted  1/2 → 0.5"


def test_an_answer_that_does_not_count_says_so(screen: Screen) -> None:
    screen.attempt(attempt("right", counted=False), [LOSS])
    assert "It is stored, but doesn't count." in text_of(screen)


def test_a_coarse_answer_is_not_said_to_be_lost(screen: Screen) -> None:
    screen.attempt(attempt("too_coarse", counted=False, message="Give more digits."), [LOSS])
    assert "doesn't count" not in text_of(screen)
    assert "Give more digits." in text_of(screen)


@pytest.mark.parametrize(("value", "shown"), [(-0.000123456, "−0.0001235"), (3, "3"), ("inf", "inf"), (12345.67, "12345.7")])
def test_numbers_have_as_many_digits_as_help(value: object, shown: str) -> None:
    assert number(value) == shown
