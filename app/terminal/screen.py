"""What is shown of a problem and of a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from app.terminal.documents import Attempt, Option, Part, PartVerdict, Problem
from app.terminal.errors import Fault
from app.terminal.layout import Passage, formatted
from app.terminal.texts import Language, keys, say

MARKS: Final = {"right": "✓", "partly_right": "◐", "wrong": "✗", "too_coarse": "…"}
STYLES: Final = {"right": "green", "partly_right": "yellow", "wrong": "red", "too_coarse": "yellow"}


class Screen:
    """Prints; text that comes from elsewhere is never taken for markup."""

    def __init__(self, console: Console, language: Language) -> None:
        self.console = console
        self.language = language

    def say(self, code: str, style: str = "", **values: object) -> None:
        """Print a sentence."""
        self.line(say(code, self.language, **values), style)

    def line(self, text: str, style: str = "") -> None:
        """Print a text as it is."""
        self.console.print(Passage(Text(text, style=style)))

    def copyable(self, text: str, style: str = "") -> None:
        """Print what is to be copied: the terminal breaks its lines, and a copy has none of these breaks."""
        self.console.print(Text(text, style=style), soft_wrap=True)

    def problem(self, problem: Problem, total: int) -> None:
        """Print a problem with its place in the drill, its matrices row below row."""
        said = (
            say("progress", self.language, position=problem.position, total=total),
            say("level", self.language, level=problem.level),
            say("expected", self.language, seconds=problem.expected_seconds),
        )
        self.console.print()
        self.console.print(Rule(Text(" · ".join(said), style="bold"), align="left", style="dim"))
        self.console.print(Passage(formatted(problem.text)))
        for part in problem.parts:
            if part.kind != "rubric":
                self.choices(part)
        self.console.print()

    def choices(self, part: Part) -> None:
        """Print what a part pairs and what it is answered from."""
        if not part.options:
            return
        self.console.print()
        if part.items:
            self.console.print(_listed(Option(str(number), text) for number, text in enumerate(part.items, 1)))
            self.console.print()
        self.console.print(_listed(part.options))

    def passage(self, text: str) -> None:
        """Print a longer text."""
        self.console.print()
        self.console.print(Passage(formatted(text)))
        self.console.print()

    def help(self) -> None:
        """Print the keys."""
        grid = Table.grid(padding=(0, 2))
        for key, meaning in keys(self.language):
            if key:
                grid.add_row(Text(key, style="bold"), Passage(Text(meaning)))
        self.console.print(grid)
        for key, meaning in keys(self.language):
            if not key:
                self.line(meaning)

    def attempt(self, attempt: Attempt, parts: Iterable[Part]) -> None:
        """Print what an answer got, part by part."""
        asked = list(parts)
        for part in asked:
            if attempt.withheld:
                self._noted(attempt.parts[part.name])
            else:
                self._verdict(attempt.parts[part.name], part, part.label if len(asked) > 1 else "")
        if attempt.late:
            self.say("late", "yellow")
        elif not attempt.counted and not attempt.withheld and attempt.verdict != "too_coarse":
            self.say("uncounted", "yellow")

    def _noted(self, part: PartVerdict) -> None:
        self.line(f"· {say('noted', self.language)}{_read(part)}", "cyan")

    def _verdict(self, part: PartVerdict, asked: Part, label: str) -> None:
        verdict = part.verdict or "wrong"
        head = Text.assemble((f"{MARKS[verdict]} {say(verdict, self.language)}", f"bold {STYLES[verdict]}"))
        head.append(f"  {label}" if label else "")
        head.append("" if asked.options else _read(part), "dim")
        self.console.print(head)
        if part.components and not asked.options:
            self.console.print(Padding(_components(part, asked.shape), (0, 2)))
        for text in (_beyond(part.message, say(verdict, self.language)), part.why):
            if text:
                self.console.print(Padding(Passage(formatted(text)), (0, 2)))

    def refusal(self, typed: str, fault: Fault) -> None:
        """Print why an answer can't be read, with a caret below the character at fault."""
        if fault.position is not None:
            before, rest = typed[: fault.position], typed[fault.position :]
            room = self.console.width // 2 - 2
            before = before if cell_len(before) < room else f"…{chop_cells(before[::-1], room - 1)[0][::-1]}"
            self.line(f"  {before}{set_cell_size(rest, min(cell_len(rest), room))}")
            self.line(f"  {' ' * cell_len(before)}^", "bold yellow")
        self.line(f"  {fault.detail}", "yellow")


def _beyond(message: str, verdict: str) -> str:
    """Return what a message says besides the verdict."""
    told = message[: len(verdict) + 1]
    return message[len(told) :].strip() if told.rstrip(".。").lower() == verdict else message


def _listed(options: Iterable[Option]) -> Table:
    grid = Table.grid(padding=(0, 1))
    for option in options:
        grid.add_row(Text(f"  {option.letter})", style="bold"), Passage(formatted(option.text)))
    return grid


def _read(part: PartVerdict) -> str:
    """Return what was read, where that isn't plain from what was typed."""
    if isinstance(part.read_as, list) or not isinstance(part.submitted, str):
        return ""
    try:
        plain = float(part.submitted) == float(part.read_as)
    except ValueError:
        plain = False
    return "" if plain else f"  {part.submitted} → {number(part.read_as)}"


def number(value: Any) -> str:  # noqa: ANN401 - a number, or the text that stands for one
    """Return a number with as many digits as help; the texts of infinities and nan as they are."""
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:.{4 if abs(value) < 1000 else 6}g}".replace("-", "−")


def _components(part: PartVerdict, shape: tuple[int, ...]) -> Text:
    """Return each component with its mark, a matrix row by row."""
    columns = shape[-1] if shape else 1
    result = Text()
    for index, (state, value) in enumerate(zip(part.components or (), _flat(part.read_as), strict=False)):
        gap = "\n" if index and len(shape) > 1 and index % columns == 0 else "   " if index else ""
        result.append(gap).append(f"{MARKS.get(state, '·')} {number(value)}", STYLES.get(state, ""))
    return result


def _flat(value: Any) -> list[Any]:  # noqa: ANN401 - as JSON has it
    return [leaf for item in value for leaf in _flat(item)] if isinstance(value, list) else [value]
