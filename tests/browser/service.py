"""The service as it is started from a shell, on an SQLite file that the tests write to as well."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine

from app.services import accounts
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import LOCAL_LEARNER
from quiz_bank.problem import Language

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who practises; without a token it is the one whose machine it is."""

    id: UUID
    token: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that answers at `address`, and its database."""

    address: str
    engine: Engine

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, once it is committed."""
        with self.engine.begin() as connection:
            return work(connection)

    def enrol(self, name: str = "Ada", *, role: str = "learner", language: Language = "en") -> Person:
        """Return somebody new."""
        secret, now = secrets.token_hex(16), datetime.now(UTC)

        def work(connection: Connection) -> Person:
            terms = {"name": name, "role": role, "language": language, "secret": secret, "now": now}
            learner, token = accounts.enrol(connection, **terms)  # type: ignore[arg-type]
            return Person(learner.id, token.text)

        return self.write(work)


ALONE = Person(LOCAL_LEARNER)


@contextmanager
def served(database: Path, *, access: str) -> Iterator[Service]:
    """Start a service on a database that is at head, and end it afterwards."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDRILL_")}
    url = f"sqlite:///{database}"
    chosen = {"CROSSDRILL_DATABASE_URL": url, "CROSSDRILL_ACCESS": access, "CROSSDRILL_LOG_LEVEL": "error"}
    command: list[str | Path] = [Path(sys.executable).with_name("crossdrill"), "serve", "--port", "0"]
    with database.with_suffix(".log").open("w") as log:
        server = subprocess.Popen(command, env={**own, **chosen}, stdout=subprocess.PIPE, stderr=log, text=True)
    assert server.stdout is not None
    try:
        greeting = server.stdout.readline()
        assert greeting, database.with_suffix(".log").read_text()
        engine = make_engine(parse_url(url), Purpose.WRITE)
        yield Service(greeting.split(" on ")[1].partition(",")[0], engine)
        engine.dispose()
    finally:
        server.terminate()
        server.communicate(timeout=60)
