"""Which mail server is used, as the settings say it: `smtp://user:password@mail.example.org:587`."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from bot.addresses import is_loopback
from bot.domain.sending import Person
from bot.errors import ConfigurationError

EXAMPLE = "smtp://user:password@mail.example.org:587"
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes mail. Only on this machine mail goes to it unencrypted (`in_the_clear`)."""

    host: str
    port: int
    is_tls: bool  # from the first byte; else the connection is encrypted once it stands
    in_the_clear: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def mail_server(url: str) -> MailServer:
    """The server that BACKBEAT_SMTP_URL names. Raises ConfigurationError, which repeats nothing of it."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
        # A name that can't be asked for is no name, such as "mail..example".
        (host or "").encode("idna")
    except ValueError:
        host = port = None
        parts = urlsplit("")
    if parts.scheme not in _PORTS or not host:
        raise ConfigurationError(f"BACKBEAT_SMTP_URL is not the address of a mail server. Try {EXAMPLE}.")
    if (parts.username is None) != (parts.password is None):
        raise ConfigurationError(
            f"BACKBEAT_SMTP_URL has a user without a password, or the other way round. Try {EXAMPLE}."
        )
    is_tls = parts.scheme == "smtps"
    return MailServer(
        host=host,
        port=port or _PORTS[parts.scheme],
        is_tls=is_tls,
        in_the_clear=not is_tls and is_loopback(host),
        user=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def sender_of(text: str, setting: str = "BACKBEAT_MAIL_FROM") -> Person:
    """Who sends, as a setting says it. Raises ConfigurationError."""
    _name, address = parseaddr(text)
    try:
        Address(addr_spec=address).addr_spec.encode("ascii")
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ConfigurationError(f"{setting} is not an e-mail address. Try backbeat@partner.example.") from error
    if "@" not in address:
        raise ConfigurationError(f"{setting} is not an e-mail address. Try backbeat@partner.example.")
    return Person(name="Backbeat", address=address)
