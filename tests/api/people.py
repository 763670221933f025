"""Learners of a test, with their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.services import accounts
from app.storage.ids import new_id
from tests.api.contract import storage_of


@dataclass(frozen=True, slots=True)
class Person:
    """A learner and what they call with."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a call."""
        return {"authorization": f"Bearer {self.token}"}

    def with_key(self, key: str) -> dict[str, str]:
        """Return the headers of a call that may be sent again."""
        return {**self.headers, "idempotency-key": key}


def enrolled(client: TestClient, name: str, *, role: str = "learner", language: str = "en") -> Person:
    """Return a new learner, made as the command line makes one: past the rules of who may."""

    def enrol(connection: Connection) -> Person:
        now, secret = datetime.now(UTC), new_id().hex
        learner, token = accounts.enrol(connection, name=name, role=role, language=language, secret=secret, now=now)
        return Person(str(learner.id), token.text)

    assert client.portal is not None
    return client.portal.call(storage_of(client).write, enrol)
