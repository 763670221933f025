from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])  # noqa: S104 — what must be refused
def test_local_access_listens_on_loopback_only_and_says_what_to_do(host: str) -> None:
    with pytest.raises(ValidationError, match=r"CROSSDRILL_HOST=127\.0\.0\.1"):
        Settings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_every_loopback_address_suits_local_access(host: str) -> None:
    assert Settings(host=host).host == host


def test_token_access_listens_anywhere() -> None:
    assert Settings(host="0.0.0.0", access="tokens").access == "tokens"  # noqa: S104 — that is the point


def test_sqlite_has_one_process() -> None:
    with pytest.raises(ValidationError, match="CROSSDRILL_WORKERS=1"):
        Settings(workers=2)


def test_postgresql_has_several_processes() -> None:
    assert Settings(workers=2, database_url="postgresql://drill@db/drill").workers == 2


@pytest.mark.parametrize("url", ["mysql://db/x", "nonsense", ""])
def test_an_unknown_database_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="sqlite:///"):
        Settings(database_url=url)


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(database_url="mysql://me:hunter2@db/x")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["postgresql://me:hunter2@db/drill", "postgresql://me@db/drill?password=hunter2", "postgresql://:hunter2@db/d"]
)
def test_the_masked_view_hides_the_password(url: str) -> None:
    masked = Settings(database_url=url).masked()
    assert "hunter2" not in str(masked)
    assert masked["database_url"] != url


def test_the_masked_view_leaves_the_rest_as_it_is() -> None:
    settings = Settings()
    assert settings.masked() == settings.model_dump()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_PORT", "8123")
    assert Settings().port == 8123


def test_a_secret_file_counts_more_than_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crossdrill_database_url").write_text("postgresql://drill:hunter2@db/drill\n")
    monkeypatch.setenv("CROSSDRILL_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", "sqlite:////data/crossdrill.sqlite3")
    assert Settings().database_url == "postgresql://drill:hunter2@db/drill"


def test_what_no_secret_file_says_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("CROSSDRILL_PORT", "8123")
    assert Settings().port == 8123


def test_a_folder_of_secrets_that_is_missing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(ValidationError, match="no such folder"):
        Settings()


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]  # what mypy refuses too
