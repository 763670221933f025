"""Rate limits as callers meet them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.api import rate_limits
from app.api.rate_limits import RateLimits
from app.main import ROUTERS
from app.settings import RATES, Settings
from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK
from tests.api.people import Person, enrolled

ROOM = {"problems": [MOCK]}
TOLD = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')
Limited = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def hour_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no window end in the middle of a test."""
    monkeypatch.setattr("app.api.rate_limits.RateLimits.__init__.__kwdefaults__", {"clock": lambda: 7200.0, "most_known": 100})


@pytest.fixture
def limited(serve: Serve, database_url: str) -> Limited:
    """Serve callers with tokens within the limits that are named."""

    def start(**rates: str) -> TestClient:
        return serve(storage=Database(database_url), access="tokens", registration="open", **rates)

    return start


def me(client: TestClient, who: Person | str | None = None) -> int:
    """Ask who one is, with the token of a person, any other or none."""
    headers = {"authorization": f"Bearer {who}"} if isinstance(who, str) else who.headers if who else {}
    return client.get("/v1/me", headers=headers).status_code


def known(client: TestClient, name: str = "Ann", *, role: str = "learner") -> Person:
    """Return a person whose token the service has seen to work."""
    person = enrolled(client, name, role=role)
    assert me(client, person) == 200
    return person


def test_a_caller_who_asks_too_much_is_told_when_to_come_back(limited: Limited, refused: Refused) -> None:
    client = limited(rate_caller="2/hour")
    ann = known(client)
    assert [me(client, ann), me(client, ann)] == [200, 200]
    response = client.get("/v1/me", headers=ann.headers)
    assert "3600 seconds" in refused(response, 429, "rate-limited")["detail"]
    assert response.headers["retry-after"] == "3600"
    assert response.headers["ratelimit"] == '"caller";r=0;t=3600'


def test_every_answer_tells_of_the_limit(limited: Limited) -> None:
    client = limited(rate_caller="5/hour")
    ann = known(client)
    response = client.get("/v1/me", headers=ann.headers)
    assert response.headers["ratelimit-policy"] == '"caller";q=5;w=3600'
    assert response.headers["ratelimit"] == '"caller";r=4;t=3600'


def test_the_tokens_of_one_learner_count_together(limited: Limited) -> None:
    client = limited(rate_caller="3/hour")
    ann = known(client)
    other = client.post("/v1/me/tokens", json={"name": "other"}, headers=ann.headers).json()["token"]
    assert [me(client, other), me(client, other), me(client, other), me(client, other)] == [200, 200, 200, 429]
    assert me(client, ann) == 429


def test_one_caller_takes_nothing_from_another(limited: Limited) -> None:
    client = limited(rate_caller="1/hour")
    ann, bob = known(client, "Ann"), known(client, "Bob")
    assert [me(client, ann), me(client, ann), me(client, bob)] == [200, 429, 200]


def test_a_session_on_the_pages_is_its_learner(limited: Limited) -> None:
    client = limited(rate_caller="2/hour")
    ann = known(client)
    cookie = {"cookie": f"other=1; crossdrill_session={ann.token}"}
    asked = [client.get("/v1/me", headers=cookie).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    assert me(client, ann) == 429


def test_whoever_is_too_fast_on_the_pages_is_told_on_a_page(limited: Limited) -> None:
    client = limited(rate_address="1/hour")
    asked = [client.get("/topics", headers={"accept": "text/html", "accept-language": "zh"}) for _ in range(2)]
    assert [page.status_code for page in asked] == [200, 429]
    assert "请求过多" in asked[1].text
    assert asked[1].headers["retry-after"] == "3600"


def test_callers_without_a_token_count_for_their_address(limited: Limited) -> None:
    client = limited(rate_address="2/hour")
    assert [client.get("/v1/topics").status_code for _ in range(3)] == [200, 200, 429]


def test_a_caller_whose_token_works_is_not_held_up_by_the_neighbours(limited: Limited) -> None:
    client = limited(rate_address="2/hour")
    ann = known(client)
    assert [client.get("/v1/topics").status_code for _ in range(2)] == [200, 429]
    assert me(client, ann) == 200


def test_head_counts_as_get_does(limited: Limited) -> None:
    client = limited(rate_address="2/hour")
    assert [client.head("/v1/topics").status_code for _ in range(3)] == [200, 200, 429]


def test_health_and_static_files_are_always_answered(limited: Limited) -> None:
    client = limited(rate_address="1/hour")
    style = re.findall(r'"(/static/[^"]+)"', client.get("/topics", headers={"accept": "text/html"}).text)
    asked = [client.get(path) for path in ("/livez", "/readyz", *style)]
    assert len(asked) > 3
    assert {response.status_code for response in asked} == {200}
    assert not any("ratelimit" in response.headers for response in asked)


def test_whoever_guesses_tokens_is_stopped(limited: Limited) -> None:
    client = limited(rate_failures="3/hour")
    assert [me(client, f"guess-{number}") for number in range(5)] == [401, 401, 401, 429, 429]


def test_whoever_guesses_sessions_is_stopped(limited: Limited) -> None:
    client = limited(rate_failures="2/hour")
    asked = [
        client.get(
            "/progress", headers={"accept": "text/html", "cookie": f"crossdrill_session=guess-{number}"}, follow_redirects=False
        )
        for number in range(3)
    ]
    assert [page.status_code for page in asked] == [303, 303, 429]


def test_a_session_that_works_beside_a_guess_hides_no_guess(limited: Limited) -> None:
    client = limited(rate_failures="1/hour")
    ann = known(client)
    page = {"accept": "text/html"}
    assert client.get("/progress", headers={**page, "cookie": f"crossdrill_session={ann.token}"}).status_code == 200
    asked = [
        client.get(
            "/progress",
            headers={**page, "cookie": f"crossdrill_session={ann.token}; crossdrill_session=guess-{number}"},
            follow_redirects=False,
        ).status_code
        for number in range(2)
    ]
    assert asked == [303, 429]


def test_a_header_that_pages_do_not_read_hides_no_caller_and_makes_no_guess_known(limited: Limited) -> None:
    client = limited(rate_caller="2/hour", rate_failures="1/hour")
    ann = known(client)
    page = {"accept": "text/html", "cookie": f"crossdrill_session={ann.token}"}
    asked = [
        client.get("/progress", headers={**page, "authorization": f"Bearer guess-{number}"}).status_code for number in range(4)
    ]
    assert asked == [200, 200, 200, 429]  # the first one before it is known whose session it is
    assert [me(client, f"guess-{number}") for number in range(2)] == [401, 429]


def test_a_session_that_was_revoked_is_nobodys(limited: Limited) -> None:
    client = limited(rate_caller="9/hour", rate_address="9/hour")
    ann = known(client)
    own = client.get("/v1/me/tokens", headers=ann.headers).json()["items"][0]["id"]
    page = {"accept": "text/html", "cookie": f"crossdrill_session={ann.token}"}
    assert client.get("/progress", headers=page).status_code == 200
    assert client.delete(f"/v1/me/tokens/{own}", headers=ann.headers).status_code == 204
    answers = [client.get("/progress", headers=page, follow_redirects=False) for _ in range(2)]
    assert [TOLD.findall(answer.headers["ratelimit"])[0][0] for answer in answers] == ["caller", "address"]


def test_signing_in_with_a_session_that_has_ended_is_no_guess(limited: Limited) -> None:
    client = limited(rate_failures="1/hour")
    ann = enrolled(client, "Ann")
    assert [signed_in(client, ann.token, "ended") for _ in range(2)] == [303, 303]


def signed_in(client: TestClient, token: str, session: str) -> int:
    """Sign in on the pages with a browser that has a session already."""
    client.cookies.set("crossdrill_session", session)
    page = client.get("/sign-in", headers={"accept": "text/html"})
    fields = dict(re.findall(r'name="(seal|once)" value="([^"]*)"', page.text))
    form = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    answer = client.post("/sign-in", data={**fields, "token": token}, headers=form, follow_redirects=False)
    client.cookies.delete("crossdrill_session", domain="localhost.local")
    return answer.status_code


def test_guesses_lock_out_neither_who_is_known_nor_who_only_reads(limited: Limited) -> None:
    client = limited(rate_failures="1/hour")
    ann = known(client)
    assert [me(client, "guess"), me(client, "guess")] == [401, 429]
    assert me(client, ann) == 200
    assert client.get("/v1/topics").status_code == 200
    assert me(client) == 401


def test_whoever_guesses_codes_of_rooms_is_stopped_even_with_a_token(limited: Limited) -> None:
    client = limited(rate_failures="2/hour")
    ann = known(client)
    codes = ("AAAAAA", "BBBBBB", "CCCCCC")
    asked = [client.post(f"/v1/rooms/{code}/drills", json={}, headers=ann.headers).status_code for code in codes]
    assert asked == [404, 404, 429]
    assert me(client, ann) == 200
    assert client.get("/join/AAAAAA", headers={"accept": "text/html"}).status_code == 404


def test_whoever_guesses_tokens_on_the_sign_in_page_is_stopped(limited: Limited) -> None:
    client = limited(rate_failures="1/hour")
    statuses = []
    for token in ("guess-1", "guess-2"):
        page = client.get("/sign-in", headers={"accept": "text/html"})
        fields = dict(re.findall(r'name="(seal|once)" value="([^"]*)"', page.text))
        form = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        statuses.append(client.post("/sign-in", data={**fields, "token": token}, headers=form).status_code)
    assert statuses == [422, 429]


def test_strangers_create_so_many_learners_and_an_admin_any_number(limited: Limited) -> None:
    client = limited(rate_registrations="2/hour")
    admin = known(client, "Root", role="admin")
    strangers = [client.post("/v1/learners", json={"name": "Bob"}).status_code for _ in range(3)]
    assert strangers == [201, 201, 429]
    by_admin = [client.post("/v1/learners", json={"name": "Bob"}, headers=admin.headers).status_code for _ in range(3)]
    assert by_admin == [201, 201, 201]


def test_so_many_join_a_room_with_a_name_alone(limited: Limited) -> None:
    client = limited(rate_joins="2/hour")
    coach = known(client, "Coach", role="coach")
    code = client.post("/v1/rooms", json=ROOM, headers=coach.headers).json()["code"]
    joined = [client.post(f"/v1/rooms/{code}/drills", json={"name": name}).status_code for name in ("Al", "Bo", "Cy")]
    assert joined == [201, 201, 429]
    assert client.post(f"/v1/rooms/{code}/drills", json={}, headers=known(client).headers).status_code == 201


def test_exports_and_figures_have_a_tighter_limit_and_both_are_told(limited: Limited) -> None:
    client = limited(rate_expensive="2/hour", rate_caller="9/hour")
    ann = known(client)
    paths = ("/v1/attempts/export?format=csv", "/v1/export/moodle?count=1", "/v1/export/anki?count=1")
    asked = [client.get(path, headers=ann.headers) for path in paths]
    assert [response.status_code for response in asked] == [200, 200, 429]
    assert TOLD.findall(asked[1].headers["ratelimit"]) == [("expensive", "0", "3600"), ("caller", "7", "3600")]
    assert me(client, ann) == 200


def test_a_token_that_was_revoked_is_nobodys(limited: Limited) -> None:
    client = limited(rate_caller="9/hour", rate_address="9/hour")
    ann = known(client)
    own = client.get("/v1/me/tokens", headers=ann.headers).json()["items"][0]["id"]
    assert client.delete(f"/v1/me/tokens/{own}", headers=ann.headers).status_code == 204
    answers = [client.get("/v1/me", headers=ann.headers) for _ in range(2)]
    assert [TOLD.findall(answer.headers["ratelimit"])[0][0] for answer in answers] == ["caller", "address"]


def test_of_a_bounded_number_of_tokens_it_is_known_whose_they_are(limited: Limited) -> None:
    client = limited(rate_caller="9/hour", rate_address="9999/hour")
    first = known(client, "first")
    for number in range(100):
        known(client, str(number))
    answer = client.get("/v1/me", headers=first.headers)
    assert TOLD.findall(answer.headers["ratelimit"])[0][0] == "address"


def test_with_local_access_nothing_is_limited_unless_it_is_set(serve: Serve) -> None:
    assert "ratelimit" not in serve().get("/v1/topics").headers
    limited = serve(rate_address="1/hour")
    assert [limited.get("/v1/topics").status_code for _ in range(2)] == [200, 429]


def test_with_tokens_there_are_limits_and_each_can_be_switched_off() -> None:
    assert {name: getattr(Settings(access="tokens"), name) for name in RATES} == RATES
    assert not any(getattr(Settings(), name) for name in RATES)
    off = dict.fromkeys(RATES, "")
    assert not RateLimits(Settings.model_validate({"access": "tokens", **off}))


def test_the_log_says_at_the_start_that_each_process_counts_by_itself(serve: Serve) -> None:
    with capture_logs() as lines:
        serve(access="tokens", rate_caller="9/hour")
    assert [line["event"] for line in lines] == ["rate_limits_per_process"]


def test_every_path_that_a_limit_names_is_a_path_of_the_service() -> None:
    paths = {path for router in ROUTERS for route in router.routes if (path := getattr(route, "path", None))}
    named = {*rate_limits.FREE, *rate_limits.EXPENSIVE, *rate_limits.WITH_A_CODE, rate_limits.SIGN_IN, *rate_limits.REGISTERING}
    assert {name for name in named if not any(path.startswith(name) for path in paths)} == set()
    joins = {path for path in paths if rate_limits.JOINING.fullmatch(path)}
    assert joins == {"/v1/rooms/{code}/drills", "/join/{code}/guest"}
