"""Whom a request comes from where a proxy stands in between, and how this service is reached from outside."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNIX: Final = "unix"
"""Stands for whoever connects through a socket in the file system and so has no address."""

SUBSCRIBER: Final = 64
"""How many leading bits of an IPv6 address belong to one connection to the Internet."""


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies whose word counts."""

    networks: tuple[Network, ...] = ()
    unix: bool = False

    def __bool__(self) -> bool:
        return bool(self.networks) or self.unix

    def trust(self, peer: str | None) -> bool:
        """Whether whoever connects from an address, or without one, is one of them."""
        if peer is None:
            return self.unix
        address = address_of(peer)
        return address is not None and self._have(address)

    def _have(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def client(self, peer: str | None, forwarded: str) -> str | None:
        """Return whom a trusted `peer` forwards for: the rightmost address in `X-Forwarded-For` that is no proxy of ours.

        Whatever stands to the left of it was claimed by a stranger. Something unreadable ends the search, as if it weren't
        there: the proxy next to it is then the nearest that is known.
        """
        nearest = peer
        for text in reversed(forwarded.split(",")):
            address = address_of(text)
            if address is None:
                return nearest
            nearest = str(address)
            if not self._have(address):
                return nearest
        return nearest


def proxies_of(text: str) -> Proxies:
    """Return the proxies that a setting names: addresses, networks and `unix`, with commas between them.

    Raises
    ------
    ValueError
        Something in the text is none of these.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        networks = tuple(ip_network(name) for name in names if name != UNIX)
    except ValueError:
        raise ValueError("Give addresses or networks such as 10.0.0.7, 10.0.0.0/8, fd00::/8, or unix.") from None
    return Proxies(networks, UNIX in names)


def address_of(text: str) -> Address | None:
    """Read an address as proxies write it: with or without a port, IPv6 in brackets or not; None if it isn't one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def subscriber_of(address: str) -> str:
    """Return what stands for whoever has an address: of IPv6 the first half, for the other is theirs to choose."""
    if ":" not in address:
        return address
    found = address_of(address)
    if not isinstance(found, IPv6Address):
        return address if found is None else str(found)
    return str(IPv6Network((found, SUBSCRIBER), strict=False).network_address)


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """How the service is reached from outside."""

    scheme: str
    host: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"


def public_address_of(text: str) -> PublicAddress | None:
    """Return the address in a setting such as `https://drill.example.org`; None for an empty text.

    Raises
    ------
    ValueError
        The text is no such address, or has a path or more behind the host.
    """
    if not text:
        return None
    complaint = "Give a scheme and a host, such as https://drill.example.org, and no path."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(complaint) from None
    host = parts.hostname or ""
    plain = parts.scheme in {"http", "https"} and host and host.isascii() and host.isprintable() and " " not in host
    if not plain or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(complaint)
    name = f"[{host}]" if ":" in host else host
    return PublicAddress(parts.scheme, name if port is None else f"{name}:{port}")
