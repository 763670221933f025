from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

LOCAL_LEARNER = UUID("00000000-0000-7000-8000-000000000001")
"""The learner of the local mode, made by the first migration."""


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562); those of one process ascend, so that ids sort by the time they were made."""
    return uuid7()
