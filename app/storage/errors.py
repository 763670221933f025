from __future__ import annotations


class StorageError(Exception):
    """The database is none that this version can serve; the message says what to do. Met at start-up and by commands."""
