"""Sockets that listen before the server starts: the greeting can name the port, and whoever calls early waits."""

from __future__ import annotations

import os
import socket
from errno import EADDRNOTAVAIL

BACKLOG = 2048

Address = tuple[str, int] | tuple[str, int, int, int]


def listening(host: str, port: int) -> list[socket.socket]:
    """Return a socket for each address of `host`, all on one port; 0 takes a free one, and an empty host is every address.

    A name may have addresses of a kind that this machine lacks (`localhost` without IPv6): one that works is enough.

    Raises
    ------
    OSError
        The name is unknown, an address is in use or not this machine's, or the port needs a right that is missing.
    """
    found = socket.getaddrinfo(host.strip("[]") or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    for family, kind, protocol, _, address in found:
        chosen = (address[0], sockets[0].getsockname()[1] if sockets else port, *address[2:])
        try:
            sockets.append(_bound(socket.socket(family, kind, protocol), chosen))
        except OSError as error:
            if error.errno != EADDRNOTAVAIL:
                raise
            missing = error
    if missing is not None and not sockets:
        raise missing
    return sockets


def _bound(sock: socket.socket, address: tuple[object, ...]) -> socket.socket:
    try:
        if os.name == "posix":  # a restart needn't wait for old connections; elsewhere the option lets two servers share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:  # IPv4 has its own socket
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def url_of(host: str, sock: socket.socket) -> str:
    """Return the address to call: `host` as it was given, an IPv6 address in its short form and in brackets."""
    address, port, *_ = sock.getsockname()
    name = f"[{address}]" if ":" in host else host or "localhost"
    return f"http://{name}:{port}"
