from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam

from app.storage.ids import new_id
from app.storage.models import idempotency
from app.storage.prepared import Prepared

CALLER: Final = "readyz"
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_INSERT = Prepared(
    idempotency.insert().values({name: bindparam(name) for name in ("caller", "key", "fingerprint", "created_at")})
)
_DELETE = Prepared(idempotency.delete().where(idempotency.c.caller == CALLER))


def probe(connection: Connection) -> None:
    """Write something and take it away again, to find out whether the database takes what is written; it waits for nobody."""
    _INSERT.run(connection, {"caller": CALLER, "key": new_id().hex, "fingerprint": "", "created_at": _LONG_AGO})
    _DELETE.run(connection, {})
