"""A file in which many people have practised for months: rows as the service would have left them, written past it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from math import exp
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from app.services.problems import Setting, place
from app.services.shelf import Shelf
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import LOCAL_LEARNER
from app.storage.problems import ProblemRow
from quiz_bank.problem import Family
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw

DAYS: Final = 90
PERSISTENCE: Final = 25
"""Each so manieth problem is the first learner's, who thus has answered 450 times a day for 90 days."""
BATCH: Final = 10_000
UNCHANGING: Final = (
    "family",
    "family_version",
    "topic",
    "level",
    "language",
    "seed",
    "parameters",
    "convention",
    "truth",
    "shown",
)
COLUMNS: Final = {
    "problems": "id, learner_id, " + ", ".join(UNCHANGING) + ", engine_version, expected_seconds, state, tries, hints_taken, "
    "created_at, closed_at",
    "attempts": "id, problem_id, learner_id, number, answers, counted, confidence, duration_ms, submitted_at",
    "judgements": "id, attempt_id, verdict, credit, misconception, parts, family_version, engine_version, grader_version, "
    "judged_at",
    "outcomes": "problem_id, learner_id, family, topic, level, happened_at, first_verdict, first_credit, misconception, "
    "confidence, seconds, expected_seconds, tries, hints, solved, credit, closed_at",
    "reviews": "learner_id, family, stability, difficulty, due, last_review, times",
}

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A real problem that many rows repeat: what never changes of it, and a right and several wrong verdicts as JSON."""

    family: str
    topic: str
    level: int
    seconds: int
    unchanging: Row
    answers: str
    right: str
    wrong: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, slots=True)
class Learner:
    """Who practises, and how well: 0 is a fair chance at a family of middling difficulty."""

    id: str
    ability: float


def fill(path: Path, people: list[UUID], attempts: int, now: datetime) -> dict[str, int]:
    """Write that many attempts of these learners into a migrated file, and return how many rows each table got."""
    random = Random(42)  # noqa: S311 - nobody's secret, and the same file each time
    models = _models(path, now)
    learners = [Learner(each.hex, random.gauss(0, 1)) for each in people]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -200000"):  # nothing here survives a crash
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN").close()
        indexes = _drop_indexes(connection)
        rows = _practice(random, models, learners, attempts, now)
        written = {"reviews": _write(connection, "reviews", list(_reviews(random, learners, now)))}
        for table, those in rows:
            written[table] = written.get(table, 0) + _write(connection, table, those)
        for index in indexes:
            connection.execute(index).close()
        connection.execute("COMMIT").close()
    return written


def _models(path: Path, now: datetime) -> list[Model]:
    """Set a problem of every family and level through the service, and take over its rows."""
    with make_engine(parse_url(f"sqlite:///{path}"), Purpose.WRITE).connect() as connection:
        models = [
            _model(family, place(connection, Shelf(), LOCAL_LEARNER, draw(family, level, "1").variant, Setting("en", "1"), now))
            for family in FAMILIES.values()
            for level in family.levels
        ]
        connection.rollback()
    return models


def _model(family: Family[Any], row: ProblemRow) -> Model:
    truth = json.loads(row.truth)
    unchanging = (*(getattr(row, name) for name in UNCHANGING), row.engine_version, row.expected_seconds)
    codes = family.misconception_codes[:3] or (None,)
    wrong = tuple((code, _parts(truth, "wrong", code)) for code in (*codes, None))
    return Model(
        row.family,
        row.topic,
        row.level,
        row.expected_seconds,
        unchanging,
        json.dumps(truth),
        _parts(truth, "right", None),
        wrong,
    )


def _parts(truth: dict[str, object], verdict: str, code: str | None) -> str:
    part = {"verdict": verdict, "states": [verdict], "credit": float(verdict == "right"), "diagnosis": code and [code]}
    rest: dict[str, object] = {"other_unit": False, "carried_from": [], "identity": None}
    return json.dumps({name: {**part, **rest, "submitted": value, "read_as": value} for name, value in truth.items()})


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes and return how they are made: at the end that takes a third of the time."""
    tables = ", ".join(f"'{table}'" for table in COLUMNS)
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"  # noqa: S608 - names above
    indexes = connection.execute(query).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}").close()
    return [sql for _, sql in indexes]


def _write(connection: sqlite3.Connection, table: str, rows: list[Row]) -> int:
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({marks})", rows)  # noqa: S608 - names above
    return len(rows)


def _practice(
    random: Random, models: list[Model], learners: list[Learner], attempts: int, now: datetime
) -> Iterator[tuple[str, list[Row]]]:
    """Yield rows by table, in the order in which they came to be, until there are enough attempts."""
    difficulty = {family: random.gauss(0, 1) for family in FAMILIES}
    start, made = now - timedelta(days=DAYS), 0
    step = timedelta(days=DAYS) / attempts
    rows: dict[str, list[Row]] = {table: [] for table in COLUMNS if table != "reviews"}
    for number in count():
        learner = learners[0] if number % PERSISTENCE == 0 else random.choice(learners)
        model = random.choice(models)
        made += _solve(random, rows, model, learner, difficulty[model.family], start + step * made)
        if made >= attempts or len(rows["problems"]) == BATCH:
            yield from rows.items()
            rows = {table: [] for table in rows}
        if made >= attempts:
            return


def _solve(
    random: Random, rows: dict[str, list[Row]], model: Model, learner: Learner, difficulty: float, begun: datetime
) -> int:
    """Add a problem with its attempts and its outcome; return how many attempts it took. Five in a hundred are given up."""
    first_right = random.random() < 1 / (1 + exp(difficulty - learner.ability))
    tries = 1 if first_right else random.randint(2, 9)
    solved = first_right or random.random() < 0.95
    problem, confidence = _id(random, begun), round(random.random(), 2)
    seconds = model.seconds * random.lognormvariate(-0.3, 0.6)
    ended = begun + timedelta(seconds=seconds * tries)
    first: tuple[str, float, str | None] = ("right", 1.0, None)
    for number in range(1, tries + 1):
        right = solved and number == tries
        code, parts = (None, model.right) if right else random.choice(model.wrong)
        at = begun + timedelta(seconds=seconds * number)
        verdict = ("right", 1.0, None) if right else ("wrong", 0.0, code)
        first = verdict if number == 1 else first
        attempt, said = _id(random, at), confidence if number == 1 else None
        sent = (model.answers, 1, said, round(seconds * 1000), _text(at))
        rows["attempts"].append((attempt, problem, learner.id, number, *sent))
        rows["judgements"].append((_id(random, at), attempt, *verdict, parts, 1, "1", "1", _text(at)))
    end = _text(ended) if solved else None
    state = ("solved" if solved else "open", tries, 0, _text(begun), end)
    rows["problems"].append((problem, learner.id, *model.unchanging, *state))
    of = (problem, learner.id, model.family, model.topic, model.level, _text(begun + timedelta(seconds=seconds)))
    rest = (confidence, seconds, model.seconds, tries, 0, solved, float(solved), end)
    rows["outcomes"].append((*of, *first, *rest))
    return tries


def _reviews(random: Random, learners: list[Learner], now: datetime) -> Iterator[Row]:
    """Yield the review of each learner and each of most families, half of them due; of the first learner none is."""
    for learner in learners:
        for family in random.sample(list(FAMILIES), len(FAMILIES) * 2 // 3):
            due = now + timedelta(days=random.uniform(1 if learner is learners[0] else -10, 10))
            figures = (random.uniform(1, 60), random.uniform(1, 10))
            yield (learner.id, family, *figures, _text(due), _text(due - timedelta(days=12)), random.randint(1, 9))


def _id(random: Random, at: datetime) -> str:
    """Return a UUIDv7 of a time as SQLite has it."""
    milliseconds = int(at.timestamp() * 1000)
    return f"{milliseconds:012x}7{random.getrandbits(12):03x}{0x8 | random.getrandbits(2):x}{random.getrandbits(60):015x}"


def _text(at: datetime) -> str:
    """Return a time as SQLite has it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
