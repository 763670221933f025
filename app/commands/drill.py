"""`crossdrill drill`."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import typer

from app.commands.console import stop

app = typer.Typer()

DEFAULT_PRESET: Final = "warm-up"

Preset: TypeAlias = Annotated[str | None, typer.Option(help="A named drill, such as sprint-60s; warm-up if nothing is said.")]
Url: TypeAlias = Annotated[str | None, typer.Option(help="A running server; without it, the file that the settings name.")]
Token: TypeAlias = Annotated[str | None, typer.Option(envvar="CROSSDRILL_TOKEN", help="What you show the server.")]
Room: TypeAlias = Annotated[str | None, typer.Option(help="Join a room by its code.")]
Name: TypeAlias = Annotated[str | None, typer.Option(help="Your name in the room, where you have no account.")]
In: TypeAlias = Annotated[Literal["en", "zh"] | None, typer.Option("--language", help="en or zh; yours if not given.")]
Length: TypeAlias = Annotated[int | None, typer.Option(help="How many problems.")]
Minutes: TypeAlias = Annotated[float | None, typer.Option(help="How much time.")]
Topics: TypeAlias = Annotated[list[str] | None, typer.Option("--topic", help="A topic; give it once for each.")]
Levels: TypeAlias = Annotated[list[int] | None, typer.Option("--level", help="A level; give it once for each.")]
Families: TypeAlias = Annotated[list[str] | None, typer.Option("--family", help="A family; give it once for each.")]
Feedback: TypeAlias = Annotated[Literal["at-once", "at-end"] | None, typer.Option(help="When results are told.")]
Confidence: TypeAlias = Annotated[bool, typer.Option("--confidence", help="Ask how sure you are of each answer.")]
Resume: TypeAlias = Annotated[bool, typer.Option("--resume", help="Go on with the newest drill that isn't finished.")]


@app.command()
def drill(
    preset: Preset = None,
    url: Url = None,
    token: Token = None,
    room: Room = None,
    name: Name = None,
    language: In = None,
    length: Length = None,
    minutes: Minutes = None,
    topic: Topics = None,
    level: Levels = None,
    family: Families = None,
    feedback: Feedback = None,
    *,
    confidence: Confidence = False,
    resume: Resume = False,
) -> None:
    """Drill at the keyboard, against a running server or on the local file; answers may also be piped in, line by line."""
    chosen = {"length": length, "minutes": minutes, "topics": topic, "levels": level, "families": family, "feedback": feedback}
    blueprint = {key: value for key, value in chosen.items() if value is not None and value != []}
    _require_one_way(room, name, resume=resume, chosen=bool(preset or blueprint))
    if preset is None and not blueprint:
        preset = DEFAULT_PRESET
    command = f"crossdrill drill --url {url}" if url else "crossdrill drill"
    # not at the top: what plays takes a while to import, and every other command starts without it
    from app.commands.playing import play  # noqa: PLC0415
    from app.terminal.session import Wish  # noqa: PLC0415

    raise SystemExit(play(Wish(preset, blueprint, room, name, language, resume, confidence, command), url, token))


def _require_one_way(room: str | None, name: str | None, *, resume: bool, chosen: bool) -> None:
    if resume and (room or chosen):
        stop("--resume goes on with a drill as it is: leave out everything that chooses another one.")
    if room and chosen:
        stop("A room has its own problems: leave out everything that chooses others.")
    if name and not room:
        stop("--name is for a room: give its code with --room.")
