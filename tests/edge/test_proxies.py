"""Whom a request comes from, where proxies stand in between."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.proxies import Proxies, address_of, proxies_of, public_address_of, subscriber_of

PROXIES = proxies_of("10.0.0.0/8, fd00::/8, 192.0.2.1, unix")
LISTED = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60)


@pytest.mark.parametrize("peer", ["10.1.2.3", "fd12::1", "192.0.2.1", "::ffff:10.1.2.3", None])
def test_addresses_networks_and_sockets_that_are_named_are_trusted(peer: str | None) -> None:
    assert PROXIES.trust(peer)


@pytest.mark.parametrize("peer", ["11.1.2.3", "2001:db8::1", "192.0.2.2", "testclient", "", "10.1.2.3.example.org"])
def test_nobody_else_is(peer: str) -> None:
    assert not PROXIES.trust(peer)


def test_without_a_name_nobody_is() -> None:
    none = proxies_of("")
    assert not none
    assert not none.trust("127.0.0.1")
    assert not none.trust(None)
    assert none == Proxies()


@pytest.mark.parametrize("text", ["*", "localhost", "10.0.0.0/33", "10.0.0.1/8", "proxy.example.org", "0.0.0.0:80"])
def test_what_is_no_address_or_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Give addresses or networks"):
        proxies_of(text)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:50111", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 , 10.0.0.2", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.3, fd00::2", "203.0.113.9"),
        ("10.0.0.9", "10.0.0.9"),
        ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("6.6.6.6, unknown", "10.0.0.1"),
        ("6.6.6.6, unknown, 10.0.0.5", "10.0.0.5"),
        ("6.6.6.6,", "10.0.0.1"),
        ("[::1", "::1"),
        ("300.1.1.1", "10.0.0.1"),
        ("_hidden", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_proxy(forwarded: str, client: str) -> None:
    assert PROXIES.client("10.0.0.1", forwarded) == client


def test_a_proxy_behind_a_socket_has_no_address_of_its_own() -> None:
    assert PROXIES.client(None, "203.0.113.9") == "203.0.113.9"
    assert PROXIES.client(None, "nonsense") is None


@given(LISTED)
def test_whatever_a_stranger_claims_the_proxy_that_saw_them_is_believed(claimed: str) -> None:
    assert PROXIES.client("10.0.0.1", f"{claimed}, 203.0.113.9, 10.0.0.2") == "203.0.113.9"


@given(LISTED)
def test_any_text_at_all_is_read_without_failing(forwarded: str) -> None:
    client = PROXIES.client("10.0.0.1", forwarded)
    assert client is not None
    assert address_of(client) is not None


@given(st.ip_addresses(), st.integers(0, 65535))
def test_an_address_is_read_with_or_without_a_port(address: IPv4Address | IPv6Address, port: int) -> None:
    named = f"[{address}]" if address.version == 6 else str(address)
    assert address_of(str(address)) == address_of(named) == address_of(f"{named}:{port}")


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
        ("no:address", "no:address"),
    ],
)
def test_of_an_ipv6_address_the_half_counts_that_nobody_can_choose(address: str, stands_for: str) -> None:
    assert subscriber_of(address) == stands_for


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("https://drill.example.org", "https://drill.example.org"),
        ("https://drill.example.org/", "https://drill.example.org"),
        ("http://Drill.example.org:8080", "http://drill.example.org:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_a_public_address_is_a_scheme_and_a_host(text: str, public: str) -> None:
    assert str(public_address_of(text)) == public


def test_no_text_is_no_public_address() -> None:
    assert public_address_of("") is None


@pytest.mark.parametrize(
    "text",
    [
        "drill.example.org",
        "ftp://drill.example.org",
        "https://drill.example.org/crossdrill",
        "https://drill.example.org?x",
        "https://user@drill.example.org",
        "https://drill.example.org:99999",
        "https://",
        "https://dr ill",
        "https://[::1",
    ],
)
def test_what_is_more_or_less_than_that_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        public_address_of(text)
