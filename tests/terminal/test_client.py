"""The way to the server: what fails is sent again, once and no more than once to the server's mind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from app.terminal.client import TRIES, Client
from app.terminal.errors import ForeignServerError, RefusedError, TerminalError, UnreachableError

DRILL: dict[str, object] = {
    "id": "d1",
    "preset": None,
    "language": "en",
    "state": "running",
    "remaining_seconds": None,
    "length": 1,
    "shown": 0,
    "blueprint": {"feedback": "at-once", "interview": False},
    "problems": [],
}
REFUSAL = {
    "type": "/errors/unreadable-answer",
    "detail": "The answer can't be read.",
    "errors": [{"pointer": "/answers/loss", "position": 3, "detail": "Use a point."}],
}

Step = httpx2.Response | Exception


class Server:
    """Answers with one step after another, and remembers what it was asked and how long was waited."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx2.Request] = []
        self.waits: list[float] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def call(self, work: Callable[[Client], Awaitable[object]]) -> object:
        async def run() -> object:
            transport = httpx2.MockTransport(self.answer)
            async with httpx2.AsyncClient(transport=transport, base_url="http://drill.test/v1/") as http:
                return await work(Client(http, wait=self.wait, name="The service"))

        return asyncio.run(run())


def drill() -> httpx2.Response:
    return httpx2.Response(201, json=DRILL)


def start(client: Client) -> Awaitable[object]:
    return client.start({"preset": "warm-up"})


def test_what_was_lost_is_sent_again_with_the_same_key() -> None:
    server = Server(httpx2.ReadTimeout("lost"), httpx2.ConnectError("refused"), drill())
    server.call(start)
    keys = {request.headers["idempotency-key"] for request in server.requests}
    assert (len(server.requests), len(keys)) == (3, 1)


def test_each_request_has_a_key_of_its_own() -> None:
    server = Server(drill(), drill())

    async def twice(client: Client) -> None:
        await start(client)
        await start(client)

    server.call(twice)
    first, second = (request.headers["idempotency-key"] for request in server.requests)
    assert first != second


def test_a_busy_server_is_given_the_time_that_it_asks_for() -> None:
    server = Server(httpx2.Response(503, headers={"retry-after": "2"}), httpx2.Response(503), drill())
    server.call(start)
    assert server.waits[0] == 2
    assert server.waits[1] < 2


def test_no_wait_is_endless() -> None:
    server = Server(httpx2.Response(503, headers={"retry-after": "86400"}), drill())
    server.call(start)
    assert server.waits[0] <= 5


def test_a_server_that_stays_away_is_given_up_after_some_tries() -> None:
    server = Server(*[httpx2.ConnectError("Connection refused")] * TRIES)
    with pytest.raises(UnreachableError, match=r"^The service can't be reached: Connection refused\.$"):
        server.call(start)
    assert len(server.waits) == TRIES - 1


def test_whoever_is_there_may_have_it_tried_again() -> None:
    server = Server(*[httpx2.ConnectError("refused")] * TRIES, drill())
    told: list[UnreachableError] = []

    async def note(error: UnreachableError) -> None:
        told.append(error)

    def work(client: Client) -> Awaitable[object]:
        client.unreachable = note
        return start(client)

    server.call(work)
    assert len(told) == 1
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 1


def test_a_refusal_keeps_its_faults_with_their_places() -> None:
    server = Server(httpx2.Response(422, json=REFUSAL))
    with pytest.raises(RefusedError) as caught:
        server.call(lambda client: client.answer("p1", {}))
    (fault,) = caught.value.faults
    assert (caught.value.code, fault.pointer, fault.position) == ("unreadable-answer", "/answers/loss", 3)
    assert str(caught.value) == "/answers/loss: Use a point."


@pytest.mark.parametrize(
    "response",
    [
        httpx2.Response(200, text="<html>"),
        httpx2.Response(404, text="Not Found"),
        httpx2.Response(404, json={"detail": "Not Found"}),
        httpx2.Response(404, json={"type": "/errors/not-found", "detail": "There is nothing here."}),
        httpx2.Response(201, json={"id": "d1"}),
        httpx2.Response(201, json=[1]),
        httpx2.Response(301, headers={"location": "/"}),
    ],
)
def test_what_is_no_crossdrill_of_this_version_is_named(response: httpx2.Response) -> None:
    with pytest.raises(ForeignServerError, match=r"The service doesn't answer as this version of Crossdrill does"):
        Server(response).call(start)


def test_a_server_that_knows_no_drills_is_named_at_the_first_call() -> None:
    response = httpx2.Response(404, json={"type": "/errors/not-found", "detail": "There is nothing here."})
    with pytest.raises(ForeignServerError, match="The service doesn't answer"):
        Server(response).call(lambda client: client.unfinished())


def test_without_a_valid_token_it_is_said_where_to_give_one() -> None:
    response = httpx2.Response(401, json={"type": "/errors/unauthenticated", "detail": "Send a valid token."})
    with pytest.raises(TerminalError, match=r"^The service takes valid tokens only: give yours with --token or in"):
        Server(response).call(start)


def test_a_room_code_can_name_nothing_but_a_room() -> None:
    joined = httpx2.Response(201, json={"drill": DRILL, "token": "t"})
    server = Server(joined)
    server.call(lambda client: client.join("../x?y", "Ada", None))
    assert server.requests[0].url.raw_path == b"/v1/rooms/..%2Fx%3Fy/drills"


def test_a_guests_token_that_was_lost_on_the_way_is_not_passed_over() -> None:
    server = Server(httpx2.Response(201, json={"drill": DRILL, "token": None}))
    with pytest.raises(TerminalError, match="join once more"):
        server.call(lambda client: client.join("ABC", "Ada", None))
