"""Containers of the image, run as an engine would run the strictest of them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from tests.image.buildah import Buildah

START_SECONDS: Final = 60
STOP_SECONDS: Final = 25

# The root is made read-only and every right given up before the image's own program takes over.
CONFINED: Final = """mount --bind /mnt /data && mount -o remount,bind,ro / || exit 125
user=$1; shift
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
"""


@dataclass(frozen=True)
class Image:
    """An image that was built."""

    buildah: Buildah
    name: str

    @cached_property
    def config(self) -> dict[str, Any]:
        """What it says of itself: user, environment, command and health check."""
        config: dict[str, Any] = json.loads(self.buildah("inspect", "--type", "image", self.name))["Docker"]["config"]
        return config

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Give the folder with its files."""
        container = self.buildah("from", "--pull=never", self.name)
        try:
            yield Path(self.buildah("mount", container))
        finally:
            self.buildah("umount", container)
            self.buildah("rm", container)

    @contextmanager
    def container(self, volume: Path, user: int, **settings: str) -> Iterator[Container]:
        """Give a new container with a read-only root and one volume, run by a user without any right."""
        name = self.buildah("from", "--pull=never", self.name)
        environment = {f"CROSSDRILL_{key.upper()}": value for key, value in settings.items()}
        try:
            yield Container(self, name, volume, user, environment)
        finally:
            self.buildah("rm", name)


@dataclass(frozen=True)
class Container:
    """A container; it shares the machine's network, so a server in it has to listen on loopback at a free port."""

    image: Image
    name: str
    volume: Path
    user: int
    environment: dict[str, str]

    def words(self, *command: str) -> list[str]:
        """Return the command that runs another one in the container."""
        confined = ["--isolation", "chroot", "--user", "0:0", "--cap-add", "CAP_SYS_ADMIN"]
        volume = ["--volume", f"{self.volume}:/mnt:rw"]
        environment = [word for key, value in self.environment.items() for word in ("--env", f"{key}={value}")]
        entry = ["sh", "-c", CONFINED, "sh", str(self.user), *command]
        return self.image.buildah.words("run", *confined, *volume, *environment, self.name, "--", *entry)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        own = self.image.buildah.environment()
        return subprocess.run(self.words(*command), capture_output=True, text=True, env=own, check=False)

    def said(self, *command: str) -> str:
        """Run a command that has to succeed, and return what it printed."""
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@dataclass(frozen=True)
class Server:
    """The image's own command at work in a container."""

    container: Container
    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def stop(self) -> int:
        """Send the stop signal to the container's first process, as an engine does, and return its exit status."""
        number = signal.Signals[self.container.image.config.get("StopSignal", "SIGTERM")]
        os.kill(_running(self.process.pid), number)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def serving(image: Image, volume: Path, user: int) -> Iterator[Server]:
    """Run the image's command in a new container until it answers; it is stopped afterwards if it still runs."""
    port = _free_port()
    log = volume.parent / f"{port}.log"
    with image.container(volume, user, host="127.0.0.1", port=str(port)) as container, log.open("wb") as out:
        words = container.words(*image.config["Cmd"])
        process = subprocess.Popen(words, stdout=out, stderr=out, env=image.buildah.environment())
        server = Server(container, process, f"127.0.0.1:{port}", log)
        try:
            _wait_until_ready(server, port)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise AssertionError(f"the container did not serve:\n{server.log.read_text()}")


def _running(process: int) -> int:
    """Return the innermost process below one of buildah's: the one that is the container's first."""
    threads = Path(f"/proc/{process}/task").iterdir()
    below = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    return _running(below[0]) if below else process
