"""Every setting of the service, in one frozen class, read from `CROSSDRILL_…` variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.proxies import proxies_of, public_address_of
from app.rates import rate_of

MASK = "***"
SECRET_QUERY_KEYS = frozenset({"password", "sslpassword", "passfile"})

RATES: Final[Mapping[str, str]] = {
    "rate_caller": "600/minute",
    "rate_address": "3000/minute",
    "rate_failures": "60/minute",
    "rate_registrations": "30/minute",
    "rate_joins": "600/minute",
    "rate_expensive": "30/minute",
}
"""The limits where callers need tokens; with local access there are none, unless they are set."""


class Settings(BaseSettings):
    """What can be chosen from outside; `crossdrill settings` prints it."""

    # An invalid URL may hold a password: validation errors never repeat what was given.
    model_config = SettingsConfigDict(env_prefix="CROSSDRILL_", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite:///./var/crossdrill.sqlite3",
        description="Where everything is stored: an SQLite file (relative to the working directory) or a PostgreSQL URL.",
    )
    secrets_dir: str = Field(
        "",
        description="A folder with a file for each setting that is secret, such as crossdrill_database_url; it counts more "
        "than the variable.",
    )
    host: str = Field("127.0.0.1", description="The address to listen on. Local access allows loopback only.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes. SQLite allows one.")
    access: Literal["local", "tokens"] = Field(
        "local",
        description="local: callers on this machine need no token and have every role. "
        "tokens: every call but those of the catalogue needs one.",
    )
    registration: Literal["open", "admin", "closed"] = Field(
        "admin",
        description="Who may create learners: anyone, holders of an admin token, or nobody over the network. "
        "Guests of a room need its code alone.",
    )
    token_days: int = Field(
        0, ge=0, le=36500, description="Days after which an account's new token ends at the latest; 0 for never."
    )
    audit_days: int = Field(0, ge=0, le=36500, description="Days for which the audit trail is kept; 0 for ever.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least severe line to log.")
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people, or one JSON a line.")
    public_url: str = Field(
        "", description="How the service is reached from outside, such as https://drill.example.org; empty: as a request says."
    )
    trusted_proxies: str = Field(
        "",
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto count: addresses, networks, or unix, with commas.",
    )
    redis_url: str = Field("", description="A Redis in which processes share their counts of requests; empty: each its own.")
    rate_caller: str = Field("", description=f"Requests by one caller. With tokens: {RATES['rate_caller']}. Empty: no limit.")
    rate_address: str = Field(
        "", description=f"Requests from one address without a token that works. With tokens: {RATES['rate_address']}."
    )
    rate_failures: str = Field(
        "", description=f"Wrong tokens and room codes from one address. With tokens: {RATES['rate_failures']}."
    )
    rate_registrations: str = Field(
        "", description=f"Learners that strangers create from one address. With tokens: {RATES['rate_registrations']}."
    )
    rate_joins: str = Field(
        "", description=f"Joins of rooms with a name alone from one address. With tokens: {RATES['rate_joins']}."
    )
    rate_expensive: str = Field("", description=f"Exports and figures by one caller. With tokens: {RATES['rate_expensive']}.")
    otlp_endpoint: str = Field(
        "",
        description="Where traces go, by OTLP over HTTP, such as http://127.0.0.1:4318; or empty. Needs the extra otel.",
    )
    metrics: Literal["admin", "open", "off"] = Field(
        "admin",
        description="Who may read /metrics: admins (with local access that is everyone on this machine), everyone, or nobody.",
    )
    body_limit: int = Field(64 * 1024, ge=1024, description="The largest request body, in bytes.")
    queue_limit: int = Field(2048, ge=1, description="Writes that may wait; more are refused with 503.")
    queue_seconds: float = Field(10, gt=0, description="How long work may wait for the database before it is refused with 503.")
    request_limit: int = Field(512, ge=1, description="Requests in progress in each process; more are refused with 503.")
    stream_limit: int = Field(64, ge=0, description="Rooms watched at once in each process; more are refused with 503.")
    head_seconds: float = Field(10, gt=0, description="How long a client may take to send the head of a request.")
    body_seconds: float = Field(10, gt=0, description="How long a client may take to send the body of a request.")
    answer_seconds: float = Field(30, gt=0, description="How long a client may leave an answer unread.")
    keep_alive_seconds: int = Field(75, ge=1, description="How long a connection is kept open without a request.")
    readers: int = Field(2, ge=1, le=64, description="Database connections held for reading, in each process.")
    writers: int = Field(
        4, ge=1, le=64, description="PostgreSQL connections held for writing, in each process; SQLite has one."
    )
    checkpoints: bool = Field(
        True, description="Whether the service moves SQLite's log into the file; false where Litestream does so beside it."
    )
    analytics_seconds: int = Field(
        300, ge=1, le=86400, description="How old the figures may get that coaches and admins see of everybody, in seconds."
    )

    oidc_issuer: str = Field(
        "", description="An OpenID Connect provider to sign in through, as https://login.example.org; empty: none."
    )
    oidc_client_id: str = Field("", description="What the provider calls this service.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="What this service shows the provider.")
    oidc_name: str = Field("", description="What the provider is called on the sign-in page; empty: its host.")
    oidc_scopes: str = Field("openid email profile", description="What is asked of the provider, separated by spaces.")
    oidc_domains: str = Field(
        "", description="Domains of the e-mail addresses that may sign in, separated by commas; empty: any account there."
    )
    oidc_role_claim: str = Field(
        "", description="The claim that says what people may do, as groups or realm_access.roles; empty: roles are given here."
    )
    oidc_coaches: str = Field("", description="Values of that claim that make coaches, separated by commas.")
    oidc_admins: str = Field("", description="Values of that claim that make admins, separated by commas.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let a secret file count more than a variable: a container's image sets defaults in its environment."""
        folder = os.environ.get("CROSSDRILL_SECRETS_DIR", "")
        files = SecretsSettingsSource(settings_cls, folder if Path(folder).is_dir() else ())
        return init_settings, files, env_settings

    @field_validator("secrets_dir")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        if value and not Path(value).is_dir():
            raise ValueError("There is no such folder.")
        return value

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

    @field_validator(*RATES)
    @classmethod
    def _is_a_rate(cls, value: str) -> str:
        rate_of(value)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_proxies(cls, value: str) -> str:
        proxies_of(value)
        return value

    @field_validator("otlp_endpoint")
    @classmethod
    def _is_a_collector(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (
            address.scheme not in {"http", "https"} or not address.hostname or "@" in address.netloc or address.query
        ):
            raise ValueError("Give a URL such as http://127.0.0.1:4318; keys go into OTEL_EXPORTER_OTLP_HEADERS.")
        if value and find_spec("opentelemetry.sdk") is None:
            raise ValueError("Traces need the extra otel: pip install 'crossdrill[otel]'.")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_a_public_address(cls, value: str) -> str:
        return str(public_address_of(value) or "")

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: str) -> str:
        try:
            scheme = make_url(value).drivername if value else "redis"
        except ArgumentError:
            scheme = "unknown"
        if scheme not in {"redis", "rediss", "redis+unix"}:
            raise ValueError("Give a URL such as redis://:password@host:6379/0, rediss://… or redis+unix:///path.")
        return value

    @model_validator(mode="before")
    @classmethod
    def _strangers_are_limited(cls, given: Any) -> Any:  # noqa: ANN401 — whatever pydantic collected
        return {**RATES, **given} if given.get("access") == "tokens" else given

    @model_validator(mode="after")
    def _local_access_has_no_proxy(self) -> Self:
        if self.access == "local" and self.trusted_proxies:
            raise ValueError(
                "CROSSDRILL_ACCESS=local gives every caller every role, so nobody may come through a proxy. "
                "Leave CROSSDRILL_TRUSTED_PROXIES empty, or set CROSSDRILL_ACCESS=tokens."
            )
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not (self.oidc_client_id and self.oidc_client_secret.get_secret_value()):
            raise ValueError("CROSSDRILL_OIDC_ISSUER needs CROSSDRILL_OIDC_CLIENT_ID and CROSSDRILL_OIDC_CLIENT_SECRET.")
        parts = urlsplit(self.oidc_issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("CROSSDRILL_OIDC_ISSUER has to begin with https://: what it says decides who somebody is.")
        if self.access == "local":
            raise ValueError("CROSSDRILL_ACCESS=local lets everybody in without signing in: set it to tokens, or no issuer.")
        return self

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

    @property
    def longest_token(self) -> timedelta | None:
        """The longest life of a new token, None where it may last for ever."""
        return timedelta(days=self.token_days) if self.token_days else None

    def masked(self) -> dict[str, object]:
        """Every setting by its name, the passwords in URLs hidden."""
        redis_url = masked_url(make_url(self.redis_url)) if self.redis_url else ""
        return {**self.model_dump(), "database_url": masked_url(make_url(self.database_url)), "redis_url": redis_url}


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
