"""What a container of the image does: with a read-only root, one volume, and whoever runs it."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.contracts.sessions import as_text, run_steps, sessions
from tests.image.container import Container, Image, Server, serving

STRANGER = 12345  # a number that the image has no name for


def token_of(container: Container) -> str:
    return container.said("crossdrill", "token", "create", "--role", "admin")


def problems_of(server: Server, token: str) -> list[dict[str, Any]]:
    connection = HTTPConnection(server.address)
    connection.request("GET", "/v1/problems", headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    assert response.status == 200, body
    items: list[dict[str, Any]] = body["items"]
    return items


def test_a_life_in_two_containers_as_a_user_that_it_does_not_know(image: Image, volume: Path, tmp_path: Path) -> None:
    """It migrates, serves the README's session, says that it is well, stops with 0, and goes on where it was."""
    [session, *_] = sessions()
    with serving(image, volume, STRANGER) as server:
        token = token_of(server.container)
        with_token = f"curl() {{ command curl -H 'Authorization: Bearer {token}' \"$@\"; }}"
        steps = run_steps([with_token, *(step.command for step in session)], server.address, tmp_path)
        assert as_text(steps[1:]) == as_text(session)
        assert healthy(image, server.container)
        before = problems_of(server, token)
        assert server.stop() == 0, server.log.read_text()
        assert not healthy(image, server.container)
    with serving(image, volume, STRANGER) as server:
        assert problems_of(server, token) == before
    assert len(before) == 1


def healthy(image: Image, container: Container) -> bool:
    """Whether the image's own check of its health succeeds."""
    kind, *command = image.config["Healthcheck"]["Test"]
    assert kind == "CMD"
    return container.run(*command).returncode == 0


def test_nothing_can_be_written_outside_the_volume(image: Image, volume: Path) -> None:
    outside = ["/tmp/x", "/opt/crossdrill/x", "/etc/x", "/x"]  # noqa: S108 — they are not written to
    with image.container(volume, STRANGER) as container:
        said = container.run("touch", *outside, "/data/x").stderr
    assert said.count("Read-only file system") == len(outside)
    assert (volume / "x").exists()


def test_a_backup_is_written_to_the_volume_while_it_serves_as_its_own_user(image: Image, volume: Path) -> None:
    with serving(image, volume, int(image.config["User"].split(":")[0])) as server:
        server.container.said("crossdrill", "backup", "/data/backup.sqlite3")
    assert (volume / "backup.sqlite3").stat().st_size > 0


def test_the_database_may_be_named_in_a_secret_file(image: Image, volume: Path) -> None:
    (volume / "crossdrill_database_url").write_text("sqlite:////data/elsewhere.sqlite3")
    with image.container(volume, STRANGER, secrets_dir="/data") as container:
        container.said("crossdrill", "migrate")
    assert (volume / "elsewhere.sqlite3").exists()
