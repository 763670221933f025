"""One way of logging: structured lines, from the service and from the libraries below it alike.

No line holds what somebody wrote, a name, a token or a cookie. What goes into a line is chosen where it is written; errors
are the exception, for their messages may repeat a value, and so most of them are not repeated here.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final, TextIO, cast

import structlog
from pydantic_core import PydanticSerializationError, to_json
from structlog.typing import ExcInfo, Processor

from app.errors import CrossdrillError
from app.settings import Settings

# These speak of names in the program, of codes and of tables, never of what was given.
SAFE_MESSAGES: Final = (CrossdrillError, sqlite3.Error, AttributeError, ImportError, MemoryError, NameError, RecursionError)


def described(error: BaseException | None) -> str:
    """Return the class of an error, and what it says where that can't be somebody's words."""
    if error is None:
        return "none"
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    said = _said(error)
    return f"{name}: {said}" if said else name


def _said(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, SAFE_MESSAGES):
        return str(error)
    if type(error).__module__.partition(".")[0] == "psycopg":
        return _said_by_postgres(error)
    return ""


def _said_by_postgres(error: BaseException) -> str:
    """Return the code and the constraint: the message and its detail may hold a value. Without a code nobody was reached."""
    code = getattr(error, "sqlstate", None)
    if code is None:
        return str(error) if type(error).__name__ == "OperationalError" else ""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return f"SQLSTATE {code}" + (f", constraint {constraint}" if constraint else "")


def trace(exc_info: ExcInfo) -> str:
    """Return where an error came from and what it followed from, the first cause first."""
    return "\n".join(_traced(error) for error in reversed(list(_chain(exc_info[1]))))


def _traced(error: BaseException) -> str:
    lines = [*traceback.format_tb(error.__traceback__), described(error)]
    if isinstance(error, BaseExceptionGroup):
        lines += [f"\n  with {described(each)}" for each in error.exceptions]
    return "".join(lines)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


SHARED: Final[tuple[Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(trace),
)


def first_line(record: logging.LogRecord) -> bool:
    """Keep the first line of a message: asyncio lists below it what a task, its error and its result hold."""
    record.msg, record.args = record.getMessage().partition("\n")[0], ()
    return True


class Lossy:
    """Standard error that loses a line where the disk of the log is full, rather than the request that the line tells of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write what can be written."""
        try:
            self._stream.write(text)
        except OSError:
            return

    def flush(self) -> None:
        """Write what was held back."""
        try:
            self._stream.flush()
        except OSError:
            return


def configure_logging(settings: Settings) -> None:
    """Send every line of the process to standard error, in the form and from the level that the settings name.

    The service's own lines take the short way: through the standard library's logging each would cost five times as
    much, and there is one for every request. Libraries log as they do, and their lines are given the same form; but from
    warnings on alone, for below that they tell of statements, rows and addresses.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[*SHARED, _rendering(settings)],
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Lossy(sys.stderr))),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(sys.stderr)
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    processors = [strip, _rendering(settings)]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=processors))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(max(level, logging.INFO))  # when it starts and stops
    logging.getLogger("asyncio").addFilter(first_line)


def _rendering(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(serializer=_as_json)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _as_json(line: Any, **_: object) -> str:  # noqa: ANN401 - whatever was logged
    """Return a line in a tenth of the time that the standard library takes, but for text that UTF-8 has not."""
    try:
        return to_json(line, fallback=repr, inf_nan_mode="strings").decode()
    except PydanticSerializationError:
        return json.dumps(line, default=repr)
