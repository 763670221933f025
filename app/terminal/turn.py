"""One problem of a drill: its questions, the keys that work meanwhile, and what the answers got."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.terminal.asking import Asker
from app.terminal.client import Client
from app.terminal.clock import Stopwatch
from app.terminal.documents import Attempt, Option, Part, Problem
from app.terminal.errors import Fault, RefusedError
from app.terminal.screen import Screen
from app.terminal.status import Status
from app.terminal.texts import say
from app.terminal.typed import Value, at, components, confidence, folded, rows, shaped, shown

KEYS: Final = frozenset("?hsnpq")


class SkipError(Exception):
    """On to the next problem."""


class FinishError(Exception):
    """The drill is to end, or has ended."""


class Turn:
    """Asks one problem until it is solved, over, or left."""

    def __init__(
        self, client: Client, asker: Asker, screen: Screen, status: Status, problem: Problem, *, asks_confidence: bool
    ) -> None:
        self._client = client
        self._asker = asker
        self._screen = screen
        self._status = status
        self._problem = problem
        self._asks_confidence = asks_confidence
        self._watch = Stopwatch()
        self._answers: dict[str, Value] = {}
        self.answered = False

    async def play(self) -> None:
        """Ask until no further answer is wanted; raises SkipError or FinishError where a key or the clock says so."""
        self._screen.problem(self._problem, self._status.drill.total)
        open_parts: Sequence[Part] = self._problem.parts
        while open_parts:
            for part in open_parts:
                self._answers[part.name] = await self._value(part, self._default(part))
            attempt = await self._submitted()
            self.answered = True
            self._watch = Stopwatch()
            self._screen.attempt(attempt, self._problem.parts)
            open_parts = await self._still_open(attempt)

    async def _still_open(self, attempt: Attempt) -> Sequence[Part]:
        """Return the parts to be asked again: what isn't right yet, where another answer counts."""
        self._status.take(await self._client.drill(self._status.drill.id))
        if self._status.drill.state == "finished":
            raise FinishError
        if attempt.withheld or attempt.verdict == "right":
            return ()
        if not self._status.drill.is_open(self._problem.id):
            await self._pause_to_read("go-on-or-solution")
            return ()
        missed = [part for part in self._problem.parts if attempt.parts[part.name].verdict != "right"]
        for part in missed:
            if attempt.parts[part.name].verdict == "wrong" and not part.shape:
                del self._answers[part.name]
        return missed

    def _default(self, part: Part) -> str:
        return shown(self._answers[part.name]) if part.name in self._answers else ""

    async def _submitted(self) -> Attempt:
        """Send the answers until they can be read: what is refused stands there again to be edited."""
        is_judged = all(part.kind != "rubric" for part in self._problem.parts)
        sure = await self._sure() if self._asks_confidence and is_judged else None
        while True:
            answer: dict[str, Any] = {"answers": self._answers, "duration_ms": self._watch.milliseconds}
            try:
                return await self._client.answer(self._problem.id, answer | ({} if sure is None else {"confidence": sure}))
            except RefusedError as refusal:
                if refusal.code == "drill-paused":
                    await self._stand_still()
                else:
                    await self._mend(refusal)

    async def _mend(self, refusal: RefusedError) -> None:
        faults = [fault for fault in refusal.faults if self._part_of(fault)]
        if not faults:
            raise refusal
        for fault in faults:
            part, path = self._place(fault)
            self._screen.refusal(at(self._answers[part.name], path), fault)
        for part in self._problem.parts:
            if any(self._part_of(fault) is part for fault in faults):
                self._answers[part.name] = await self._value(part, self._default(part))

    def _place(self, fault: Fault) -> tuple[Part, list[int]]:
        part = self._part_of(fault)
        assert part is not None  # noqa: S101 - only faults of parts come here
        return part, [int(step) for step in fault.pointer.split("/")[3:] if step.isdecimal()]

    def _part_of(self, fault: Fault) -> Part | None:
        names = [step.replace("~1", "/").replace("~0", "~") for step in fault.pointer.split("/")[2:3]]
        return next((part for part in self._problem.parts if part.name in names), None)

    async def _value(self, part: Part, default: str) -> Value:
        if part.kind == "rubric":
            return await self._assessed(part)
        if not part.shape:
            return (await self._line(self._question(part), part, default)).strip()
        return await self._components(part, default)

    async def _components(self, part: Part, default: str) -> Value:
        """Return the components of a vector or a matrix, in one line or one after another."""
        first = await self._line(self._question(part), part, default)
        if len(part.shape) > 1 and len(typed := rows(first)) > 1:
            return typed
        leaves = components(first)
        count = part.shape[0] * (part.shape[1] if len(part.shape) > 1 else 1)
        while len(leaves) < count:
            place = f"[{len(leaves) + 1}/{count}]"
            leaves += components(await self._line(f"{part.label} {place}", part))
        return shaped(leaves, part.shape)

    async def _assessed(self, part: Part) -> Value:
        """Return somebody's own words and, once they are said, what they tick."""
        words = await self._line(self._question(part), part, empty=True)
        self._screen.choices(part)
        points = await self._line(say("points", self._screen.language), part, empty=True)
        return {"text": words.strip(), "points": points.strip()}

    def _question(self, part: Part) -> str:
        language, shape = self._screen.language, part.shape
        asked = [part.unit, part.digits and say("digits", language, count=part.digits)]
        if len(shape) == 1:
            asked.insert(0, say("vector", language, count=shape[0]))
        elif shape:
            asked.insert(0, say("matrix", language, rows=shape[0], columns=shape[1]))
        elif part.digits is None:
            asked = [say(part.kind, language)]
        wanted = say("comma", language).join(str(each) for each in asked if each)
        return say("asked", language, label=part.label, wanted=wanted)

    async def _sure(self) -> float | None:
        while True:
            typed = await self._line(say("sure", self._screen.language), empty=True)
            sure = confidence(typed)
            if sure is not None or not typed.strip():
                return sure
            self._screen.say("not-sure", "yellow")

    async def _line(self, question: str, part: Part | None = None, default: str = "", *, empty: bool = False) -> str:
        """Return a line that is an answer; a key does what it does, and then it is asked again."""
        while True:
            typed = await self._asker.ask(question, default)
            key = _key(typed, part.options if part else ())
            if key is not None:
                await self._press(key)
            elif typed.strip() or empty:
                return typed
            elif self._status.clock.over:
                raise FinishError

    async def _press(self, key: str) -> None:
        if key == "n":
            raise SkipError
        try:
            await {"?": self._help, "h": self._hint, "s": self._solution, "p": self._pause, "q": self._quit}[key]()
        except RefusedError as refusal:
            if refusal.code == "drill-finished":
                raise FinishError from None
            self._screen.line(refusal.detail, "yellow")

    async def _help(self) -> None:
        self._screen.help()

    async def _hint(self) -> None:
        self._screen.say("hint", "cyan", text=await self._client.hint(self._problem.id))

    async def _solution(self) -> None:
        self._screen.passage(await self._client.solution(self._problem.id))
        await self._pause_to_read("go-on")
        raise SkipError

    async def _pause(self) -> None:
        try:
            self._status.take(await self._client.change(self._status.drill.id, "pause"))
        except RefusedError as refusal:
            if refusal.code != "drill-paused":  # it may be paused from elsewhere
                raise
        await self._stand_still()

    async def _stand_still(self) -> None:
        self._watch.stop()
        await self._asker.ask(say("paused-now", self._screen.language))
        try:
            self._status.take(await self._client.change(self._status.drill.id, "resume"))
        except RefusedError as refusal:
            if refusal.code == "drill-finished":
                raise FinishError from None
            if refusal.code != "drill-running":  # it may have been resumed from elsewhere
                raise
        self._watch.go_on()

    async def _quit(self) -> None:
        if self._asker.interactive:
            typed = await self._asker.ask(say("really", self._screen.language))
            if folded(typed) not in {"y", "yes", "是"}:
                return
        raise FinishError

    async def _pause_to_read(self, code: str) -> None:
        if self._asker.interactive:
            await self._line(say(code, self._screen.language), empty=True)


def _key(typed: str, options: Iterable[Option]) -> str | None:
    """Return the key that was typed; None for an answer, which the letter of an option is."""
    plain = folded(typed)
    if plain[:1] == ":" and plain[1:] in KEYS:
        return plain[1:]
    return plain if plain in KEYS and all(plain != option.letter.lower() for option in options) else None
