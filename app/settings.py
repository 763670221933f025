"""Every setting of the service, in one frozen class, read from `CROSSDRILL_…` variables."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

MASK = "***"
SECRET_QUERY_KEYS = frozenset({"password", "sslpassword", "passfile"})


class Settings(BaseSettings):
    """What can be chosen from outside; `crossdrill settings` prints it."""

    # An invalid URL may hold a password: validation errors never repeat what was given.
    model_config = SettingsConfigDict(env_prefix="CROSSDRILL_", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite:///./var/crossdrill.sqlite3",
        description="Where everything is stored: an SQLite file (relative to the working directory) or a PostgreSQL URL.",
    )
    host: str = Field("127.0.0.1", description="The address to listen on. Local access allows loopback only.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes. SQLite allows one.")
    access: Literal["local", "tokens"] = Field(
        "local",
        description="local: callers on this machine need no token and have every role. "
        "tokens: every call but those of the catalogue needs one.",
    )
    registration: Literal["open", "admin"] = Field(
        "admin", description="Who may create learners: anyone, or holders of an admin token."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least severe line to log.")
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people, or one JSON a line.")
    body_limit: int = Field(64 * 1024, ge=1024, description="The largest request body, in bytes.")
    queue_limit: int = Field(2048, ge=1, description="Writes that may wait; more are refused with 503.")
    readers: int = Field(2, ge=1, le=64, description="Database connections held for reading, in each process.")
    analytics_seconds: int = Field(
        300, ge=1, le=86400, description="How old the figures may get that coaches and admins see of everybody, in seconds."
    )

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = "unknown"
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("Give a URL such as sqlite:///./var/crossdrill.sqlite3 or postgresql://user@host/name.")
        return value

    @model_validator(mode="after")
    def _local_access_stays_local(self) -> Self:
        if self.access == "local" and not is_loopback(self.host):
            raise ValueError(
                f"CROSSDRILL_ACCESS=local gives every caller every role, so it can't listen on {self.host}. "
                "Set CROSSDRILL_HOST=127.0.0.1 to serve this machine alone, "
                "or CROSSDRILL_ACCESS=tokens to serve others."
            )
        return self

    @model_validator(mode="after")
    def _sqlite_has_one_process(self) -> Self:
        if self.workers > 1 and make_url(self.database_url).get_backend_name() == "sqlite":
            raise ValueError(
                "Several processes on one SQLite file wait for each other. "
                "Set CROSSDRILL_WORKERS=1, or CROSSDRILL_DATABASE_URL to a PostgreSQL database."
            )
        return self

    def masked(self) -> dict[str, object]:
        """Every setting by its name, the password in the database URL hidden."""
        return {**self.model_dump(), "database_url": masked_url(make_url(self.database_url))}


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine only."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def masked_url(url: URL) -> str:
    """Return the URL as text without its password, wherever that stands."""
    secrets = {key: MASK for key in url.query if key.lower() in SECRET_QUERY_KEYS}
    return url.update_query_dict(secrets).render_as_string(hide_password=True)
