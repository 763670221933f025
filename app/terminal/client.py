"""The calls of a drill. Whatever fails on the way is sent again, with the same key, so that nothing happens twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx2

from app.terminal.documents import Attempt, Drill, Json, Problem, attempt_of, drill_of, problem_of
from app.terminal.errors import Fault, ForeignServerError, RefusedError, TerminalError, TokenError, UnreachableError
from app.terminal.report_documents import Report, report_of

T = TypeVar("T")

TRIES: Final = 5
FIRST_WAIT: Final = 0.2
LONGEST_WAIT: Final = 5.0
"""The seconds before the second try, doubled before each further one, and the most that is waited."""

_AGAIN: Final = frozenset({429, 502, 503, 504})
_PREFIX: Final = "/errors/"


async def give_up(error: UnreachableError) -> None:
    """Raise the error: nobody is there to say that it is worth another try."""
    raise error


class Client:
    """Calls one server as one learner.

    `unreachable` is told when the server stays away; where it returns, the same request is sent again. `name` is what the
    server is called where something is wrong with it.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        unreachable: Callable[[UnreachableError], Awaitable[None]] = give_up,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        name: str,
    ) -> None:
        self._http = http
        self._wait = wait
        self._name = name
        self.unreachable = unreachable

    def speak(self, language: str) -> None:
        """Ask for everything in this language from now on."""
        self._http.headers["accept-language"] = language

    def show(self, token: str) -> None:
        """Call as the one whose token this is from now on."""
        self._http.headers["authorization"] = f"Bearer {token}"

    async def start(self, wish: Json) -> Drill:
        """Start a drill; raises ForeignServerError where the server knows no drills."""
        return self._read(drill_of, await self._known(self._post("/drills", wish)))

    async def join(self, code: str, name: str | None, language: str | None) -> tuple[Drill, str | None]:
        """Join a room; return the drill and, for a guest, the token that is shown this once."""
        wish = {key: value for key, value in (("name", name), ("language", language)) if value is not None}
        try:
            document = await self._post(f"/rooms/{quote(code, safe='')}/drills", wish)
        except RefusedError as refusal:
            if refusal.code == "not-found":
                raise TerminalError(f"There is no room {code}.") from None
            raise
        token: str | None = self._read(lambda joined: joined["token"], document)
        if name and token is None and "authorization" not in self._http.headers:  # a replay never shows it again
            raise TerminalError("The answer with your token was lost on the way: join once more.")
        return self._read(lambda joined: drill_of(joined["drill"]), document), token

    async def unfinished(self) -> Drill | None:
        """Return the newest drill that goes on, running or paused."""
        document = await self._known(self._get("/drills", limit="100"))
        listed = self._read(lambda page: [each["id"] for each in page["items"] if each["state"] != "finished"], document)
        return await self.drill(listed[0]) if listed else None

    async def drill(self, drill_id: str) -> Drill:
        """Return a drill as it is now."""
        return self._read(drill_of, await self._get(f"/drills/{drill_id}"))

    async def change(self, drill_id: str, what: str) -> Drill:
        """Pause, resume or finish a drill."""
        return self._read(drill_of, await self._post(f"/drills/{drill_id}/{what}"))

    async def next(self, drill_id: str) -> Problem:
        """Take the next problem."""
        return self._read(problem_of, await self._post(f"/drills/{drill_id}/next"))

    async def problem(self, problem_id: str) -> Problem:
        """Return a problem as it is now."""
        return self._read(problem_of, await self._get(f"/problems/{problem_id}"))

    async def answer(self, problem_id: str, answer: Json) -> Attempt:
        """Answer a problem."""
        return self._read(attempt_of, await self._post(f"/problems/{problem_id}/attempts", answer))

    async def hint(self, problem_id: str) -> str:
        """Take the next hint."""
        document = await self._post(f"/problems/{problem_id}/hints")
        return self._read(lambda hint: str(hint["hint"]["text"]), document)

    async def solution(self, problem_id: str) -> str:
        """Return the solution; the problem counts no more."""
        document = await self._post(f"/problems/{problem_id}/solution")
        return self._read(lambda shown: str(shown["solution"]["text"]), document)

    async def follow_up(self, problem_id: str) -> str:
        """Return what an interviewer would ask next."""
        document = await self._get(f"/problems/{problem_id}/follow-up")
        return self._read(lambda shown: str(shown["question"]["text"]), document)

    async def answer_follow_up(self, problem_id: str, text: str) -> None:
        """Keep what was said to that."""
        await self._post(f"/problems/{problem_id}/follow-up", {"answer": text})

    async def report(self, drill_id: str) -> Report:
        """Return the report of a drill."""
        return self._read(report_of, await self._get(f"/drills/{drill_id}/report"))

    def _read(self, reader: Callable[[Json], T], document: Json) -> T:
        try:
            return reader(document)
        except (KeyError, TypeError, AttributeError) as error:
            raise ForeignServerError(self._name) from error

    async def _known(self, call: Awaitable[Json]) -> Json:
        """Return what a call brings that every server of this version knows."""
        try:
            return await call
        except RefusedError as refusal:
            if refusal.code in {"not-found", "method-not-allowed"}:
                raise ForeignServerError(self._name) from None
            raise

    async def _get(self, path: str, **query: str) -> Json:
        return await self._sent("GET", path, params=query)

    async def _post(self, path: str, body: Json | None = None) -> Json:
        return await self._sent("POST", path, json=dict(body or {}), headers={"idempotency-key": uuid4().hex})

    async def _sent(self, method: str, path: str, **request: Any) -> Json:  # noqa: ANN401 - as httpx2 has them
        while True:
            try:
                return self._document(await self._patiently(method, path, **request))
            except UnreachableError as error:
                await self.unreachable(error)

    async def _patiently(self, method: str, path: str, **request: Any) -> httpx2.Response:  # noqa: ANN401 - as above
        """Send a request until it is answered: a few times, waiting longer each time or as long as the server says."""
        wait, reason = FIRST_WAIT, ""
        for number in range(1, TRIES + 1):
            told = None
            try:
                response = await self._http.request(method, path.removeprefix("/"), **request)
            except httpx2.TransportError as error:
                reason = str(error) or type(error).__name__
            else:
                if response.status_code not in _AGAIN:
                    return response
                reason, told = f"HTTP {response.status_code}", _retry_after(response.headers)
            if number < TRIES:
                await self._wait(min(LONGEST_WAIT, wait if told is None else told))
            wait *= 2
        raise UnreachableError(f"{self._name} can't be reached: {reason}.")

    def _document(self, response: httpx2.Response) -> Json:
        """Return what a response holds; raises RefusedError for a problem document."""
        try:
            document = response.json()
            if response.is_success:
                return dict(document)
            code = str(document["type"]).removeprefix(_PREFIX)
            faults = (Fault(f["pointer"], f["detail"], f.get("position")) for f in document.get("errors", ()))
            refusal = RefusedError(code, document["detail"], tuple(faults))
        except (ValueError, KeyError, TypeError) as error:
            raise ForeignServerError(self._name) from error
        if code == "unauthenticated":
            raise TokenError(self._name)
        raise refusal


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
