"""What the server answers, as far as the terminal needs it. A document that lacks something raises KeyError or TypeError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.terminal.texts import Language

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handed:
    """A problem that a drill has handed out; `tries` are the answers that counted."""

    id: str
    state: str
    tries: int


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill as it is: `total` problems, of which some were handed out; no `remaining_seconds` where there is no limit."""

    id: str
    preset: str | None
    language: Language
    state: str
    remaining_seconds: float | None
    total: int
    shown: int
    feedback: str
    interview: bool
    handed: tuple[Handed, ...]

    def is_open(self, problem_id: str) -> bool:
        """Whether answers to a problem of it may still count."""
        return self.state != "finished" and any(each.id == problem_id and each.state == "open" for each in self.handed)

    @property
    def waiting(self) -> str | None:
        """The problem that was handed out last, where it waits for an answer; one that is acknowledged waits no more."""
        if not self.handed:
            return None
        last = self.handed[-1]
        is_noted = self.feedback == "at-end" and last.tries > 0
        return last.id if last.state == "open" and not is_noted else None


def drill_of(document: Json) -> Drill:
    """Return the drill of a document."""
    return Drill(
        document["id"],
        document["preset"],
        "zh" if document["language"] == "zh" else "en",
        document["state"],
        document["remaining_seconds"],
        document["length"],
        document["shown"],
        document["blueprint"]["feedback"],
        document["blueprint"]["interview"],
        tuple(Handed(each["id"], each["state"], each["tries"]) for each in document["problems"]),
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a part, picked by its letter."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a problem; `shape` is empty for a number, (n) for a vector and (rows, columns) for a matrix."""

    name: str
    label: str
    kind: str
    shape: tuple[int, ...]
    unit: str | None
    digits: int | None
    options: tuple[Option, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as it was set."""

    id: str
    topic: str
    level: int
    state: str
    text: str
    parts: tuple[Part, ...]
    expected_seconds: int
    position: int


def problem_of(document: Json) -> Problem:
    """Return the problem of a document."""
    return Problem(
        document["id"],
        document["topic"],
        document["level"],
        document["state"],
        document["prompt"]["text"],
        tuple(map(_part_of, document["parts"])),
        document["expected_seconds"],
        document["position"],
    )


def _part_of(document: Json) -> Part:
    options = tuple(Option(option["letter"], option["text"]["text"]) for option in document.get("options") or ())
    items = tuple(item["text"] for item in document.get("items") or ())
    asked = (document["name"], document["label"], document["kind"], tuple(document["shape"]))
    return Part(*asked, document["unit"], document["significant_digits"], options, items)


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """What the answer to one part got; nothing but what was read of it while the rest is withheld."""

    verdict: str | None
    submitted: Any
    read_as: Any
    components: tuple[str, ...] | None
    message: str
    why: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that was stored, with its verdict."""

    verdict: str | None
    counted: bool
    late: bool
    withheld: bool
    parts: Mapping[str, PartVerdict]


def attempt_of(document: Json) -> Attempt:
    """Return the attempt of a document."""
    parts = {name: _verdict_of(part) for name, part in document["parts"].items()}
    return Attempt(document["verdict"], document["counted"], document["late"], document["withheld"], parts)


def _verdict_of(document: Json) -> PartVerdict:
    components, mistake = document["components"], document["misconception"]
    return PartVerdict(
        document["verdict"],
        document["submitted"],
        document["read_as"],
        None if components is None else tuple(components),
        document["message"],
        mistake["message"] if mistake else "",
    )
