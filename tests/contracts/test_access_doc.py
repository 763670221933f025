"""docs/access.md names what there is: settings, commands and calls."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from app.cli import program
from app.settings import Settings
from tests.api.contract import document

TEXT = (Path(__file__).parents[2] / "docs/access.md").read_text("utf-8")


def test_every_setting_that_it_names_is_one_and_it_names_those_of_access() -> None:
    named = set(re.findall(r"CROSSDRILL_([A-Z_]+)", TEXT))
    known = {name.upper() for name in Settings.model_fields}
    own = {name for name in known if name.startswith("OIDC_") or name in {"ACCESS", "REGISTRATION", "TOKEN_DAYS", "AUDIT_DAYS"}}
    assert named <= known
    assert own - {"OIDC_SCOPES"} <= named


def test_every_command_that_it_names_is_one() -> None:
    whole = typer.main.get_command(program())
    named = re.findall(r"(?:crossdrill |`)((?:learners|token) [a-z]+|audit\b)", TEXT)
    assert len(set(named)) > 5
    for words in named:
        command = whole
        for word in words.split():
            command = getattr(command, "commands", {})[word]


def test_every_call_that_it_names_is_one() -> None:
    paths = document()["paths"]
    named = re.findall(r"`(GET|POST|PATCH|DELETE) (/v1/[a-z/{}]+)`", TEXT)
    assert len(named) > 5
    for method, path in named:
        alike = {re.sub(r"\{\w+\}", "{id}", known): operations for known, operations in paths.items()}
        assert method.lower() in alike[path]
