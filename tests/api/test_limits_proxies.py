"""A service behind proxies, and one that strangers pretend is behind some."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from pydantic import ValidationError
from starlette.requests import Request
from starlette.testclient import TestClient

from app.api.bodies import rest_router
from app.api.outside import LONGEST
from app.settings import Settings
from tests.api.conftest import Refused, Serve

PROXY = "10.0.0.1"
router = rest_router("seen")


@router.get("/seen")
async def seen(request: Request) -> dict[str, Any]:
    """Say how a request looks to a route."""
    return {"client": request.client.host if request.client else None, "url": str(request.url)}


class Ask(Protocol):
    def __call__(self, peer: str | None, *headers: tuple[str, str], **settings: str) -> dict[str, Any]: ...


@pytest.fixture
def ask(serve: Serve) -> Ask:
    """Ask how a request looks that comes from an address with these headers, to a service with these settings."""
    start: Callable[..., TestClient] = serve

    def ask(peer: str | None, *headers: tuple[str, str], **settings: str) -> dict[str, Any]:
        client = from_address(start(router, **{**settings, "access": "tokens"}), peer)
        found: dict[str, Any] = client.get("/v1/seen", headers=list(headers)).json()
        return found

    return ask


def from_address(client: TestClient, peer: str | None) -> TestClient:
    """Let a client come from an address, or through a socket that has none."""
    client._transport.client = None if peer is None else (peer, 50000)  # type: ignore[attr-defined]
    return client


def test_without_trusted_proxies_what_a_caller_says_of_itself_counts_for_nothing(ask: Ask) -> None:
    claims = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example.org")]
    assert ask("127.0.0.1", *claims, ("forwarded", "for=6.6.6.6;proto=https;host=evil")) == {
        "client": "127.0.0.1",
        "url": "http://localhost:8000/v1/seen",
    }


def test_a_trusted_proxy_says_whom_it_forwards_for_and_how_they_came(ask: Ask) -> None:
    told = ask(PROXY, ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), trusted_proxies="10.0.0.0/8")
    assert told == {"client": "203.0.113.9", "url": "https://localhost:8000/v1/seen"}


def test_whoever_is_no_trusted_proxy_is_not_believed(ask: Ask) -> None:
    told = ask("11.0.0.1", ("x-forwarded-for", "6.6.6.6"), ("x-forwarded-proto", "https"), trusted_proxies="10.0.0.0/8")
    assert told == {"client": "11.0.0.1", "url": "http://localhost:8000/v1/seen"}


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9", "10.0.0.2"], "203.0.113.9"),
        (["2001:db8::7"], "2001:db8::7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["garbage"], PROXY),
        ([""], PROXY),
    ],
)
def test_of_many_values_the_rightmost_stranger_is_the_client(ask: Ask, lines: list[str], client: str) -> None:
    told = ask(PROXY, *(("x-forwarded-for", line) for line in lines), trusted_proxies="10.0.0.0/8")
    assert told["client"] == client


def test_a_long_claim_is_read_from_its_end(ask: Ask) -> None:
    claim = ", ".join(["6.6.6.6"] * LONGEST)
    assert ask(PROXY, ("x-forwarded-for", f"{claim}, 203.0.113.9"), trusted_proxies=PROXY)["client"] == "203.0.113.9"


def test_an_address_that_is_cut_off_where_reading_began_is_none(ask: Ask) -> None:
    read = f"203.0.113.9{', 10.0.0.2':>{LONGEST - 11}}"
    assert ask(PROXY, ("x-forwarded-for", f"1{read}"), trusted_proxies="10.0.0.0/8")["client"] == "10.0.0.2"
    assert ask(PROXY, ("x-forwarded-for", read), trusted_proxies="10.0.0.0/8")["client"] == "203.0.113.9"


@pytest.mark.parametrize("schemes", [["javascript"], ["https, http"], ["https", "http"], [""]])
def test_a_scheme_is_https_or_http_and_said_once(ask: Ask, schemes: list[str]) -> None:
    told = ask(PROXY, *(("x-forwarded-proto", scheme) for scheme in schemes), trusted_proxies=PROXY)
    assert told["url"].startswith("http:")


def test_forwarded_and_the_forwarded_host_are_passed_over_even_from_a_proxy(ask: Ask) -> None:
    claims = [("forwarded", "for=6.6.6.6;proto=https;host=evil"), ("x-forwarded-host", "evil.example.org")]
    assert ask(PROXY, *claims, trusted_proxies=PROXY) == {"client": PROXY, "url": "http://localhost:8000/v1/seen"}


def test_a_proxy_on_a_socket_is_trusted_by_name(ask: Ask) -> None:
    assert ask(None, ("x-forwarded-for", "203.0.113.9"), trusted_proxies="unix")["client"] == "203.0.113.9"
    assert ask(None, ("x-forwarded-for", "203.0.113.9"), trusted_proxies=PROXY)["client"] is None


def test_the_public_address_stands_in_every_link_whatever_host_is_asked_for(ask: Ask) -> None:
    told = ask("203.0.113.9", ("host", "evil.example.org"), public_url="https://drill.example.org")
    assert told == {"client": "203.0.113.9", "url": "https://drill.example.org/v1/seen"}


def test_with_a_public_address_of_https_cookies_are_for_https_alone(serve: Serve) -> None:
    page = {"accept": "text/html"}
    for public_url, secure in (("", False), ("https://drill.example.org", True)):
        cookie = serve(access="tokens", public_url=public_url).get("/topics", headers=page).headers["set-cookie"]
        assert ("Secure" in cookie) is secure


def test_callers_behind_one_proxy_have_limits_of_their_own(serve: Serve, refused: Refused) -> None:
    client = from_address(serve(access="tokens", trusted_proxies="unix", rate_address="1/day"), None)
    asked = [client.get("/v1/topics", headers={"x-forwarded-for": f"203.0.113.{host}"}) for host in (1, 2, 1)]
    assert [response.status_code for response in asked] == [200, 200, 429]
    refused(asked[2], 429, "rate-limited")


def test_callers_of_one_ipv6_network_count_together(serve: Serve) -> None:
    client = from_address(serve(access="tokens", trusted_proxies="unix", rate_address="1/day"), None)
    asked = [client.get("/v1/topics", headers={"x-forwarded-for": f"2001:db8::{host}"}).status_code for host in (1, 2)]
    assert asked == [200, 429]


def test_local_access_goes_through_no_proxy() -> None:
    with pytest.raises(ValidationError, match="CROSSDRILL_TRUSTED_PROXIES empty"):
        Settings(trusted_proxies="127.0.0.1")


@pytest.mark.parametrize(
    ("setting", "text", "help_given"),
    [
        ("trusted_proxies", "everybody", "Give addresses or networks"),
        ("public_url", "drill.example.org", "Give a scheme and a host"),
        ("redis_url", "http://:hunter2@redis", "Give a URL such as redis://"),
        ("redis_url", "hunter2", "Give a URL such as redis://"),
        ("rate_caller", "many", "Give a rate such as 600/minute"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_what_to_write(setting: str, text: str, help_given: str) -> None:
    with pytest.raises(ValidationError, match=help_given) as caught:
        Settings.model_validate({"access": "tokens", setting: text})
    assert "hunter2" not in str(caught.value)


def test_the_masked_view_hides_the_password_of_the_redis() -> None:
    masked = Settings(redis_url="redis://:hunter2@redis:6379/0").masked()
    assert masked["redis_url"] == "redis://:***@redis:6379/0"
