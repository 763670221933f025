"""The report of a drill, as far as the terminal shows it. A document that lacks something raises KeyError or TypeError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.terminal.documents import Json


@dataclass(frozen=True, slots=True)
class Score:
    """The result; `counts` are of problems by what they got, but `late` of answers. Times are in seconds."""

    credit: float
    possible: int
    share: float | None
    counts: Mapping[str, int]
    late: int
    seconds: float
    seconds_allowed: float | None


@dataclass(frozen=True, slots=True)
class Item:
    """A problem with what its last counted answer got; `truth` by part, where it is told."""

    problem_id: str
    position: int
    title: str
    verdict: str
    seconds: float | None
    expected_seconds: float
    truth: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """The problems of a topic."""

    title: str
    problems: int
    credit: float
    first_right: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception, in how many problems of a family, and why it is tempting."""

    title: str
    problems: int
    why: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure the learner was, scored: the log loss in nats, "inf" where somebody was sure of what was wrong."""

    count: int
    log_loss: float | str | None
    brier: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """How a drill went; `weak` are the families to practise next, by slug, and `change` is the share since the drill before."""

    score: Score
    items: tuple[Item, ...]
    topics: tuple[Group, ...]
    mistakes: tuple[Mistake, ...]
    weak: Mapping[str, str]
    change: float | None
    calibration: Calibration


_COUNTS = ("right", "partly_right", "wrong", "too_coarse", "unanswered")


def report_of(document: Json) -> Report:
    """Return the report of a document."""
    calibration = document["calibration"]
    return Report(
        _score_of(document["score"]),
        tuple(map(_item_of, document["problems"])),
        tuple(Group(each["title"], each["problems"], each["credit"], each["first_right"]) for each in document["topics"]),
        tuple(Mistake(each["title"], each["problems"], _text_of(each["why"])) for each in document["mistakes"]),
        {each["family"]: each["title"] for each in document["advice"]["weaknesses"]},
        document["comparison"]["change"],
        Calibration(calibration["count"], calibration["log_loss"], calibration["brier"]),
    )


def _score_of(score: Json) -> Score:
    counts = {name: score[name] for name in _COUNTS}
    times = (score["seconds"], score["seconds_allowed"])
    return Score(score["credit"], score["possible"], score["share"], counts, score["late"], *times)


def _item_of(item: Json) -> Item:
    times = (item["seconds"], item["expected_seconds"])
    return Item(
        item["problem_id"], item["position"], item["title"], item["verdict"] or "unanswered", *times, item["truth"] or {}
    )


def _text_of(why: Json | None) -> str:
    return str(why["text"]) if why else ""
