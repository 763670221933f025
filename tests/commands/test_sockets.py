from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from errno import EADDRINUSE, EADDRNOTAVAIL

import pytest

from app.commands.sockets import listening, url_of

Listen = Callable[[str, int], list[socket.socket]]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 to listen on")


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Listen, and close every socket afterwards."""
    with ExitStack() as stack:

        def start(host: str, port: int) -> list[socket.socket]:
            return [stack.enter_context(sock) for sock in listening(host, port)]

        yield start


def test_port_0_is_a_free_one_that_the_url_names(listen: Listen) -> None:
    [sock] = listen("127.0.0.1", 0)
    assert url_of("127.0.0.1", sock) == f"http://127.0.0.1:{sock.getsockname()[1]}"
    assert not url_of("127.0.0.1", sock).endswith(":0")


def test_whoever_calls_before_the_server_runs_is_queued(listen: Listen) -> None:
    [sock] = listen("127.0.0.1", 0)
    with socket.create_connection(sock.getsockname()) as caller:
        assert caller.getpeername() == sock.getsockname()


def test_all_addresses_of_a_name_share_one_port(listen: Listen) -> None:
    sockets = listen("localhost", 0)
    assert len({sock.getsockname()[1] for sock in sockets}) == 1
    assert url_of("localhost", sockets[0]).startswith("http://localhost:")


def test_the_sockets_name_their_protocol(listen: Listen) -> None:
    """Event loops switch off the delay of small packets only for sockets that say that they are TCP."""
    assert [sock.proto for sock in listen("127.0.0.1", 0)] == [socket.IPPROTO_TCP]


@needs_ipv6
@pytest.mark.parametrize("host", ["::1", "[::1]", "0:0:0:0:0:0:0:1"])
def test_an_ipv6_address_stands_in_brackets(listen: Listen, host: str) -> None:
    [sock] = listen(host, 0)
    assert url_of(host, sock) == f"http://[::1]:{sock.getsockname()[1]}"


def test_no_host_is_every_address_and_called_by_this_machines_name(listen: Listen) -> None:
    sockets = listen("", 0)
    assert sockets[0].getsockname()[0] in {"0.0.0.0", "::"}  # noqa: S104 — what is asked for
    assert url_of("", sockets[0]).startswith("http://localhost:")


def test_an_address_in_use_is_refused(listen: Listen) -> None:
    [sock] = listen("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use") as caught:
        listen("127.0.0.1", sock.getsockname()[1])
    assert caught.value.errno == EADDRINUSE


def test_an_address_of_another_machine_is_refused(listen: Listen) -> None:
    with pytest.raises(OSError, match="assign") as caught:
        listen("203.0.113.7", 0)  # an address kept for documentation
    assert caught.value.errno == EADDRNOTAVAIL
