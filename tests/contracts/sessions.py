"""The README's console sessions: what they say, and what their commands really print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
PRINTED_ADDRESS = "127.0.0.1:8000"
MARK = "\x1e"

SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^\$ ", re.MULTILINE)
# What differs from run to run.
VARYING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
)


@dataclass(frozen=True)
class Step:
    """A command and what it prints."""

    command: str
    output: str


def sessions() -> list[list[Step]]:
    """Return the steps of each session of the README."""
    found = [printed_steps(session) for session in SESSION.findall(README.read_text("utf-8"))]
    assert found, "the README has no console session"
    return found


def printed_steps(session: str) -> list[Step]:
    """Return the steps of a session: lines that start with `$ ` are commands, those below one are its output."""
    before, *blocks = PROMPT.split(session)
    assert not before, "a session starts with a command"
    return [Step(command, output.rstrip("\n")) for command, _, output in (block.partition("\n") for block in blocks)]


def run_steps(commands: list[str], address: str, folder: Path) -> list[Step]:
    """Run the commands in one shell, as someone who types them would, and return each with what it printed."""
    script = "\n".join(f"printf '{MARK}'\n{command}" for command in commands).replace(PRINTED_ADDRESS, address)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    outputs = done.stdout.replace(address, PRINTED_ADDRESS).split(MARK)[1:]
    return [Step(command, output.rstrip("\n")) for command, output in zip(commands, outputs, strict=True)]


def as_text(steps: list[Step]) -> str:
    """Return the steps as they are printed, with placeholders for what differs from run to run."""
    text = "\n".join(f"$ {step.command}\n{step.output}" for step in steps)
    for pattern, placeholder in VARYING:
        text = pattern.sub(placeholder, text)
    return text
