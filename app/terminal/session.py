"""A whole drill: it is started, joined or gone on with, played, and its report is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.terminal.asking import Asker
from app.terminal.client import Client, give_up
from app.terminal.clock import Clock, minutes
from app.terminal.documents import Drill, Problem
from app.terminal.errors import RefusedError, TerminalError, UnreachableError
from app.terminal.report import show_report
from app.terminal.screen import Screen
from app.terminal.status import Status
from app.terminal.texts import Language, say
from app.terminal.turn import FinishError, SkipError, Turn
from app.terminal.typed import folded


@dataclass(frozen=True, slots=True)
class Wish:
    """What drill is wanted: a new one of a preset or a blueprint, a room's, or the newest that isn't finished."""

    preset: str | None = None
    blueprint: Mapping[str, Any] = field(default_factory=dict)
    room: str | None = None
    name: str | None = None
    language: Language | None = None
    resume: bool = False
    confidence: bool = False
    command: str = "crossdrill drill"
    """What is typed to come to the same server again."""


class Session:
    """Plays drills. `drill` is the one that goes on, `token` the one that a room gave; both for whoever says goodbye."""

    def __init__(self, client: Client, screen: Screen, asker_for: Callable[[Callable[[], str]], Asker], wish: Wish) -> None:
        self._client = client
        self._screen = screen
        self._wish = wish
        self._status: Status | None = None
        self._asker = asker_for(self._toolbar)
        self._left: str | None = None
        self.token: str | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether there is a drill to come back to."""
        return self._status is not None and self._status.drill.state != "finished"

    async def play(self) -> None:
        """Play a drill to its end, and show its report."""
        if self._wish.language:
            self._client.speak(self._wish.language)
        drill = await self._chosen()
        self._screen.language = self._wish.language or drill.language
        self._client.speak(self._screen.language)
        self._client.unreachable = self._unreachable if self._asker.interactive else give_up
        status = self._status = Status(drill, Clock(), self._screen.language)
        self._greet(drill)
        if drill.state == "paused":
            status.take(await self._client.change(drill.id, "resume"))
        with suppress(FinishError):
            while problem := await self._problem(status):
                await self._turn(status, problem)
        status.take(await self._client.change(drill.id, "finish"))
        report = await self._client.report(drill.id)
        show_report(self._screen, report, self._wish.command)
        if self._asker.interactive:
            await self._look_up({str(item.position): item.problem_id for item in report.items})

    async def _chosen(self) -> Drill:
        wish = self._wish
        if wish.room:
            drill, self.token = await self._client.join(wish.room, wish.name, wish.language)
            if self.token:
                self._client.show(self.token)
                self._screen.say("your-token")
                self._screen.copyable(f"  {self.token}", "bold")
            return drill
        unfinished = await self._client.unfinished()
        if wish.resume:
            if unfinished is None:
                raise TerminalError(say("none-unfinished", wish.language or "en"))
            return unfinished
        if unfinished is not None and self._asker.interactive and await self._is_wanted(unfinished):
            return unfinished
        given = {"preset": wish.preset, "blueprint": dict(wish.blueprint), "language": wish.language}
        return await self._client.start({name: value for name, value in given.items() if value})

    async def _is_wanted(self, drill: Drill) -> bool:
        language = self._wish.language or drill.language
        answer = await self._asker.ask(say("unfinished", language, which=_name(drill, language)))
        return folded(answer) not in {"n", "no", "否"}

    async def _problem(self, status: Status) -> Problem | None:
        """Return the problem that was handed out last, where it still waits for an answer, else the next one."""
        waiting = status.drill.waiting
        if waiting is not None and waiting != self._left:
            return await self._client.problem(waiting)
        try:
            return await self._client.next(status.drill.id)
        except RefusedError as refusal:
            if refusal.code in {"drill-complete", "drill-finished"}:
                return None
            raise

    async def _turn(self, status: Status, problem: Problem) -> None:
        status.position = problem.position
        self._left = problem.id
        turn = Turn(self._client, self._asker, self._screen, status, problem, asks_confidence=self._wish.confidence)
        with suppress(SkipError):
            await turn.play()
        if turn.answered and status.drill.interview:
            await self._follow_up(problem)

    async def _follow_up(self, problem: Problem) -> None:
        """Ask what an interviewer would ask next; some drills keep that for their end."""
        try:
            question = await self._client.follow_up(problem.id)
        except RefusedError:
            return
        self._screen.say("asked-next", "bold")
        self._screen.passage(question)
        words = (await self._asker.ask(say("your-words", self._screen.language))).strip()
        if words:
            await self._client.answer_follow_up(problem.id, words)
            self._screen.say("kept", "cyan")

    async def _look_up(self, problems: Mapping[str, str]) -> None:
        """Show the solutions that are asked for; none of them changes a result any more."""
        while (number := folded(await self._asker.ask(say("look-up", self._screen.language)))) not in {"", "q"}:
            if number in problems:
                self._screen.passage(await self._client.solution(problems[number]))

    def _greet(self, drill: Drill) -> None:
        language = self._screen.language
        limit = drill.remaining_seconds
        terms = (
            say("no-limit", language) if limit is None else say("left", language, time=minutes(limit)),
            say("how-many", language, count=drill.total),
            say(drill.feedback, language),
            say("keys", language),
        )
        self._screen.say("started", "bold", which=_name(drill, language), terms=" · ".join(terms))

    async def _unreachable(self, error: UnreachableError) -> None:
        await self._asker.ask(say("try-again", self._screen.language, reason=error))

    def _toolbar(self) -> str:
        return "" if self._status is None else self._status.toolbar()


def _name(drill: Drill, language: Language) -> str:
    return drill.preset or say("own-choice", language)
