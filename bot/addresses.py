"""Where a server of this program listens: an address as people write it, `[HOST:]PORT`. Nothing is opened here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

LOOPBACK = "127.0.0.1"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; port 0 takes a free one."""

    host: str
    port: int

    @classmethod
    def read(cls, written: str) -> Self:
        """`3000`, `0.0.0.0:3000`, `[::1]:3000`; without a host it is this machine alone. Raises ValueError."""
        host, colon, port = written.strip().rpartition(":")
        if host.startswith("[") and host.endswith("]"):
            host = str(ip_address(host[1:-1]))
        elif colon and not _HOST.fullmatch(host):
            raise ValueError(f"{written!r} is no address")
        if not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65_535:
            raise ValueError(f"{written!r} has no port")
        return cls(host or LOOPBACK, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine is meant."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
