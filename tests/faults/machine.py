"""People who do anything in any order, on a clock that jumps: all is answered, and what is stored holds together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar, Final
from uuid import UUID

from httpx2 import Response
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from starlette.testclient import TestClient

from app import chores
from app.main import create_app
from app.settings import Settings
from quiz_bank.registry import FAMILIES
from tests.api.contract import MOCK, held, storage_of
from tests.api.drilling import on_a_clock_of_its_own
from tests.api.people import enrolled
from tests.faults.findings import Row
from tests.invariants import broken

Json = dict[str, Any]

STEPS: Final = 50
UNLIMITED: Final = "999999999/second"
RATES: Final = dict.fromkeys(
    ("rate_caller", "rate_address", "rate_failures", "rate_registrations", "rate_joins", "rate_expensive"), UNLIMITED
)
GETS: Final = (
    *("/v1/me", "/v1/me/tokens", "/v1/problems", "/v1/attempts", "/v1/attempts?verdict=wrong", "/v1/drills", "/v1/rooms"),
    *("/v1/reviews", "/v1/daily", "/v1/progress", "/v1/progress/calibration", "/v1/reports", "/v1/learners", "/v1/audit"),
    *("/v1/analytics/families", "/v1/analytics/people", "/v1/attempts/export?format=csv"),
)
JUMPS: Final = (-400 * 86_400, -86_401, -3600, -61, -1, 1, 30, 61, 3600, 86_401, 8 * 86_400, 400 * 86_400)
"""How many seconds the clock is set back or forth."""

NOTHING: Final[Json] = {"id": str(UUID(int=7)), "code": "NONE00", "token": "none", "parts": []}
"""What stands for what was refused: the framework wants the same steps to be possible whatever is answered."""

VALUES: Final = st.sampled_from(
    ["0.356675", "0.36", "0.5146 bits", "0.3", "-1", "1e400", "inf", "nan", "１/3", "", "?", 2, -0.5, True, None]
)
BLUEPRINTS: Final = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name in ("hints", "pause", "interview", "reviews", "missed_only")},
        **{name: st.integers(0, 3) for name in ("length", "minutes", "tries")},
        "feedback": st.sampled_from(["at-once", "at-end"]),
        "levels": st.just([1]),
        "families": st.just(["cross-entropy-one-hot", "softmax"]),
    },
)
WISHES: Final[st.SearchStrategy[Json]] = st.one_of(
    st.just(MOCK),
    st.just({}),
    st.just({"daily": "2026-11-20"}),
    st.fixed_dictionaries(
        {"family": st.sampled_from(sorted(FAMILIES)), "seed": st.text("0123456789abcdef", min_size=1, max_size=4)}
    ),
)


class World:
    """The service on one database, with a count of what it was asked and a clock that only jumps."""

    def __init__(self, client: TestClient) -> None:
        self.client = held(client)
        self.clock = on_a_clock_of_its_own(client)
        self.context = client.app.state.context  # type: ignore[attr-defined]  # the application of this service
        self.coach = enrolled(client, "Coach", role="coach").headers
        self.admin = enrolled(client, "Admin", role="admin").headers
        self.keys = count(1)
        self.requests = 0

    def send(self, method: str, path: str, who: Json, body: object = None, **headers: str) -> Response:
        """Ask for something; a failure of the service, or an answer that its document doesn't promise, is an AssertionError."""
        self.requests += 1
        return self.client.request(method, path, json=body, headers={**who, **headers})

    def faults(self) -> list[str]:
        """Return what is stored and must not be."""
        assert self.client.portal is not None
        return self.client.portal.call(storage_of(self.client).read, broken)


@contextmanager
def world(url: str) -> Iterator[World]:
    """Start the service."""
    given = Settings.model_validate({"database_url": url, "access": "tokens", "registration": "open", **RATES})
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        yield World(client)


class Life(RuleBasedStateMachine):
    """What people do."""

    world: ClassVar[World]
    people = Bundle("people")
    problems = Bundle("problems")
    drills = Bundle("drills")
    rooms = Bundle("rooms")

    def _posted(self, path: str, who: Json, body: object = None, *, twice: bool = False) -> Json:
        """Return what a POST made, `NOTHING` where it was refused; sent twice it must be answered alike."""
        key = f"a key of nobody else: {next(self.world.keys)}"
        replies = [
            self.world.send("POST", path, who, {} if body is None else body, **{"idempotency-key": key})
            for _ in range(1 + twice)
        ]
        assert len({(reply.status_code, reply.json().get("id")) for reply in replies}) == 1, [reply.text for reply in replies]
        made: Json = replies[0].json() if replies[0].status_code in {200, 201} else NOTHING
        return made

    @initialize(target=people)
    def coach(self) -> Json:
        return self.world.coach

    @rule(target=people, twice=st.booleans())
    def register(self, twice: bool) -> Json:
        made = self._posted("/v1/learners", {}, {"name": "Ada"}, twice=twice)
        return _bearer(made["token"])

    @rule(target=problems, who=people, wish=WISHES, twice=st.booleans())
    def pose(self, who: Json, wish: Json, twice: bool) -> tuple[Json, Json]:
        made = self._posted("/v1/problems", who, wish, twice=twice)
        return who, made

    @rule(
        problem=problems,
        value=VALUES,
        confidence=st.none() | st.sampled_from([0, 0.5, 1, 2]),
        ms=st.none() | st.integers(-1, 10**6),
        twice=st.booleans(),
    )
    def attempt(self, problem: tuple[Json, Json], value: object, confidence: float | None, ms: int | None, twice: bool) -> None:
        who, asked = problem
        answers = {part["name"]: _shaped(value, part["shape"]) for part in asked["parts"]}
        self._posted(
            f"/v1/problems/{asked['id']}/attempts",
            who,
            {"answers": answers, "confidence": confidence, "duration_ms": ms},
            twice=twice,
        )

    @rule(problem=problems, what=st.sampled_from(["hints", "solution"]), twice=st.booleans())
    def ask(self, problem: tuple[Json, Json], what: str, twice: bool) -> None:
        who, asked = problem
        self._posted(f"/v1/problems/{asked['id']}/{what}", who, twice=twice)

    @rule(problem=problems, who=people)
    def follow_up(self, problem: tuple[Json, Json], who: Json) -> None:
        own, asked = problem
        for each in (own, who):
            self.world.send("GET", f"/v1/problems/{asked['id']}/follow-up", each)
        self._posted(f"/v1/problems/{asked['id']}/follow-up", own, {"answer": "Through the softmax."})

    @rule(problem=problems, state=st.sampled_from(["confirmed", "rejected", "open", ""]))
    def complain(self, problem: tuple[Json, Json], state: str) -> None:
        who, asked = problem
        made = self._posted(f"/v1/problems/{asked['id']}/reports", who, {"remark": "It is wrong."})
        self.world.send("PATCH", f"/v1/reports/{made['id']}", self.world.coach, {"state": state, "resolution": "Looked at."})

    @rule(
        target=drills,
        who=people,
        preset=st.sampled_from([None, "sprint-60s", "warm-up", "on-site-45min"]),
        blueprint=BLUEPRINTS,
        twice=st.booleans(),
    )
    def start(self, who: Json, preset: str | None, blueprint: Json, twice: bool) -> tuple[Json, Any]:
        wish = {"blueprint": blueprint} | ({"preset": preset} if preset else {})
        made = self._posted("/v1/drills", who, wish, twice=twice)
        return who, made["id"]

    @rule(target=problems, drill=drills, twice=st.booleans())
    def next_of_drill(self, drill: tuple[Json, str], twice: bool) -> tuple[Json, Any]:
        who, drill_id = drill
        made = self._posted(f"/v1/drills/{drill_id}/next", who, twice=twice)
        return who, made

    @rule(
        drill=drills,
        step=st.sampled_from(["pause", "resume", "finish"]),
        form=st.sampled_from(["application/json", "text/csv", "text/markdown"]),
    )
    def turn(self, drill: tuple[Json, str], step: str, form: str) -> None:
        who, drill_id = drill
        self._posted(f"/v1/drills/{drill_id}/{step}", who)
        self.world.send("GET", f"/v1/drills/{drill_id}", who)
        self.world.send("GET", f"/v1/drills/{drill_id}/report", who, accept=form)

    @rule(target=rooms, who=people, blueprint=BLUEPRINTS, listed=st.booleans())
    def open_room(self, who: Json, blueprint: Json, listed: bool) -> tuple[Json, Any]:
        made = self._posted("/v1/rooms", who, {"blueprint": blueprint} | ({"problems": [MOCK, MOCK]} if listed else {}))
        return who, made["code"]

    @rule(target=drills, room=rooms, who=people, guest=st.booleans(), twice=st.booleans())
    def join(self, room: tuple[Json, str], who: Json, guest: bool, twice: bool) -> tuple[Json, Any]:
        made = self._posted(f"/v1/rooms/{room[1]}/drills", {} if guest else who, {"name": "Bob"} if guest else {}, twice=twice)
        return (_bearer(made["token"]) if guest else who), made["id"]

    @rule(room=rooms, closes=st.booleans())
    def look(self, room: tuple[Json, str], closes: bool) -> None:
        who, code = room
        self.world.send("GET", f"/v1/rooms/{code}/results", who)
        if closes:
            self._posted(f"/v1/rooms/{code}/close", who)

    @rule(target=problems, who=people, twice=st.booleans())
    def review(self, who: Json, twice: bool) -> tuple[Json, Any]:
        made = self._posted("/v1/reviews/next", who, twice=twice)
        return who, made

    @rule(who=people, path=st.sampled_from(GETS))
    def read(self, who: Json, path: str) -> None:
        self.world.send("GET", path, who)

    @rule(target=people, who=people, revoked=st.booleans())
    def token(self, who: Json, revoked: bool) -> Json:
        made = self._posted("/v1/me/tokens", who, {"name": "laptop"})
        if revoked:
            self.world.send("DELETE", f"/v1/me/tokens/{made['id']}", who)
        return _bearer(made["token"])

    @rule(who=people, zone=st.sampled_from(["Asia/Shanghai", "Mars/Base"]), language=st.sampled_from(["en", "zh"]))
    def change(self, who: Json, zone: str, language: str) -> None:
        self.world.send("PATCH", "/v1/me", who, {"time_zone": zone, "language": language})

    @rule(who=people)
    def erase(self, who: Json) -> None:
        """Erase a learner; the coach stays."""
        if who != self.world.coach and self.world.send("DELETE", "/v1/me", who).status_code == 204:
            assert self.world.send("GET", "/v1/me", who).status_code == 401

    @rule(seconds=st.sampled_from(JUMPS))
    def jump(self, seconds: int) -> None:
        self.world.clock.advance(seconds)

    @rule(chore=st.sampled_from([chores.end_due, chores.end_abandoned, chores.rate_left, chores.roll_up, chores.purge]))
    def tidy(self, chore: Any) -> None:  # noqa: ANN401 - any chore
        assert self.world.client.portal is not None
        self.world.client.portal.call(chore, self.world.client.app.state.context)  # type: ignore[attr-defined]  # as above


def _bearer(token: str) -> Json:
    return {"authorization": f"Bearer {token}"}


def _shaped(value: object, shape: list[int]) -> object:
    return value if not shape else [_shaped(value, shape[1:]) for _ in range(shape[0])]


def lived(url: str, examples: int) -> Row:
    """Let people live some lives of `STEPS` steps each, and look at what is stored in the end."""
    bounds = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with world(url) as Life.world:
        run_state_machine_as_test(Life, settings=bounds)
        return Row("people who do anything", examples, Life.world.requests, 0, 0, 0, 0, tuple(Life.world.faults()))
