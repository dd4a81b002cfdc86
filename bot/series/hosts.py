"""Which hosts may be asked, and by which addresses they may be reached. No request is made here.

An operator lists hosts for CSV files; FRED, BLS and Census have one each, which no setting changes. A name has to lead
to public addresses: what a machine can reach beside the internet is nobody's to read through Backbeat. Only where the
list itself names such an address, or localhost, may it be asked.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.addresses import is_loopback

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_PORTS = {"https": 443, "http": 80}
# IPv6 addresses that hold an IPv4 one (RFC 6052), by whose rules they then go.
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the providers answer."""

    fred: str = "https://api.stlouisfed.org/fred/series/observations"
    bls: str = "https://api.bls.gov/publicAPI/v2/timeseries/data/"
    census: str = "https://api.census.gov/data"


class NotAllowed(Exception):
    """A host, or the address that it leads to, may not be asked. The text says why, and never more than the host."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may be asked: (name, port), where without a port it is the usual one of the address."""

    listed: frozenset[tuple[str, int | None]] = frozenset()

    def require(self, url: URL, before: URL | None = None) -> None:
        """Raises NotAllowed where an address may not be asked. `before` is the one that redirected here."""
        host = (url.raw_host or "").casefold()
        if not host or url.raw_user is not None or url.raw_password is not None:
            raise NotAllowed("its address can't be read")
        usual = _PORTS.get(url.scheme)
        if usual is None or (url.scheme == "http" and not is_loopback(host)):
            raise NotAllowed(f"{host} would be asked without encryption")
        at = url.port or usual
        if (host, at) not in self.listed and not (at == usual and (host, None) in self.listed):
            raise NotAllowed(f"{host if at == usual else f'{host}:{at}'} isn't among the hosts that may be asked")
        if before is not None and (before.raw_host or "").casefold() != host and _is_private(host):
            # Listed as it is, nobody else may send the question there.
            raise NotAllowed(f"it sends the question to {host}, in a private network")

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _port in self.listed)


def read_hosts(listed: Iterable[str]) -> Hosts:
    """`data.example.org`, `data.example.org:8443`, `10.0.0.5`, `localhost:8080`. Raises ValueError, naming one that is
    none."""
    found = set()
    for one in listed:
        written = one.strip().casefold()
        host, colon, port = written.rpartition(":")
        if written.startswith("[") and written.endswith("]"):
            host, colon, port = written, "", ""
        elif not colon:
            host, port = written, ""
        if colon and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) <= 65_535):
            raise ValueError(one)
        found.add((_host(host, one), int(port) if colon else None))
    return Hosts(frozenset(found))


def _host(host: str, written: str) -> str:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        # A name whose last part is a number would be read as an address by some.
        if not _NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
            raise ValueError(written) from None
    return host


def _is_private(host: str) -> bool:
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return is_loopback(host)


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's, and of no other kind."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo is not None else None)
        if inner is None and found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast and not found.is_reserved


class PublicResolver(AbstractResolver):
    """Looks names up, and gives only addresses that may be asked. The connection takes what stands here, so a name that
    leads elsewhere a moment later leads nowhere."""

    def __init__(self, named: Collection[str], resolver: AbstractResolver | None = None) -> None:
        self._named = named
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises NotAllowed where one of them isn't public."""
        found = await self._resolver.resolve(host, port, family)
        if host == "localhost" and host in self._named:
            return [one for one in found if is_loopback(one["host"])]
        if not all(is_public(one["host"]) or one["host"] in self._named for one in found):
            raise NotAllowed(f"{host} leads into a private network")
        return found

    async def close(self) -> None:
        await self._resolver.close()
