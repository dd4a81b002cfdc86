"""The mailbox to which mail servers write what became of mails, read by IMAP. The only caller of that server.

What was looked at and is a report, or answers by itself, is marked as read; whatever a person wrote there stays as it
is. Nothing is moved or deleted. Python's own client works in a thread, one step at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import structlog

from bot.addresses import is_loopback
from bot.errors import ConfigurationError, Unavailable
from bot.mail.reports import Report, read_report

log = structlog.get_logger(__name__)

EXAMPLE = "imaps://user:password@mail.example.org/INBOX"
_PORTS = {"imaps": 993, "imap": 143}
# Elapsed seconds for each step.
STEP = 20.0
# Mails that are looked at in one go, and bytes of each: a report stands at its beginning, what it is about may be
# large.
AT_ONCE = 50
LARGEST = 512 * 1024

AWAY = "the mailbox for bounces can't be reached now"
NO_LOGIN = "the mailbox for bounces doesn't know this user or password: set BACKBEAT_BOUNCES_URL right"
NO_FOLDER = "the mailbox for bounces has no such folder: write one that is there behind the / in BACKBEAT_BOUNCES_URL"
NO_ENCRYPTION = "the server of the mailbox for bounces offers no encryption: use imaps:// in BACKBEAT_BOUNCES_URL"
NO_CERTIFICATE = (
    "the certificate of the mailbox for bounces isn't one of its name: write the right name into BACKBEAT_BOUNCES_URL"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A folder on a server. Only on this machine it is read unencrypted (`in_the_clear`)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    is_tls: bool = True
    in_the_clear: bool = False


def bounce_box(url: str) -> Box:
    """The mailbox that BACKBEAT_BOUNCES_URL names. Raises ConfigurationError, which repeats nothing of it."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme not in _PORTS or not host or not parts.username or not parts.password or not folder.isprintable():
        raise ConfigurationError(f"BACKBEAT_BOUNCES_URL is not the address of a mailbox. Try {EXAMPLE}.")
    return Box(
        host=host,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=folder,
        is_tls=parts.scheme == "imaps",
        in_the_clear=parts.scheme == "imap" and is_loopback(host),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One mail, under the number by which the server knows it."""

    uid: bytes
    report: Report


class OpenBox:
    """The folder, while a connection to it stands."""

    def __init__(self, client: imaplib.IMAP4, validity: bytes, left: set[tuple[bytes, bytes]]) -> None:
        self._client, self._validity, self._left = client, validity, left

    async def unread(self) -> list[Found]:
        """What wasn't looked at yet, oldest first, some of it where it is much."""
        uids = await _step(lambda: self._search())
        news = [one for one in uids if (self._validity, one) not in self._left][:AT_ONCE]
        found = []
        for uid in news:
            raw = await _step(partial(self._fetch, uid))
            found.append(Found(uid, await asyncio.to_thread(read_report, raw)))
        return found

    async def done_with(self, found: Found) -> None:
        """It was looked at. What a person wrote stays unread, and isn't looked at again as long as this runs."""
        if found.report.is_automatic:
            await _step(lambda: self._client.uid("STORE", found.uid.decode(), "+FLAGS.SILENT", r"(\Seen)"))
        else:
            self._left.add((self._validity, found.uid))

    def _search(self) -> list[bytes]:
        _kind, found = self._client.uid("SEARCH", "UNSEEN")
        return [one for line in found if isinstance(line, bytes) for one in line.split() if one.isdigit()]

    def _fetch(self, uid: bytes) -> bytes:
        _kind, found = self._client.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
        return next((one[1] for one in found if isinstance(one, tuple) and isinstance(one[1], bytes)), b"")


class Bounces:
    """A mailbox that is read again and again."""

    def __init__(self, box: Box, *, step: float = STEP) -> None:
        self._box, self._seconds = box, step
        self._left: set[tuple[bytes, bytes]] = set()

    async def ask(self) -> str | None:
        """Why it can't be read now; None where it can. Nothing is changed."""
        try:
            async with self.open():
                return None
        except ConfigurationError as error:
            return str(error)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[OpenBox]:
        """The folder. Raises Unavailable where it is only away, ConfigurationError for what somebody has to mend."""
        client = await _step(self._connect)
        try:
            yield OpenBox(client, await _step(lambda: self._select(client)), self._left)
        finally:
            with contextlib.suppress(Exception):
                await asyncio.to_thread(client.logout)

    def _connect(self) -> imaplib.IMAP4:
        box = self._box
        context = ssl.create_default_context()
        if box.is_tls:
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=self._seconds)
        else:
            client = imaplib.IMAP4(box.host, box.port, timeout=self._seconds)
        try:
            if not (box.is_tls or box.in_the_clear):
                if "STARTTLS" not in client.capabilities:
                    raise ConfigurationError(NO_ENCRYPTION)
                client.starttls(context)
            try:
                client.login(box.user, box.password)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                raise ConfigurationError(NO_LOGIN) from error
        except BaseException:
            with contextlib.suppress(Exception):
                client.shutdown()
            raise
        return client

    def _select(self, client: imaplib.IMAP4) -> bytes:
        kind, _count = client.select(f'"{_quoted(self._box.folder)}"')
        if kind != "OK":
            raise ConfigurationError(NO_FOLDER)
        _kind, validity = client.response("UIDVALIDITY")
        return validity[0] if validity and isinstance(validity[0], bytes) else b""


async def _step(work: Callable[[], T]) -> T:
    """One exchange with the server, in a thread; it takes no longer than the connection waits."""
    try:
        return await asyncio.to_thread(work)
    except ssl.SSLCertVerificationError as error:
        raise ConfigurationError(NO_CERTIFICATE) from error
    except (OSError, EOFError, imaplib.IMAP4.error) as error:
        # Its words may hold the user's name, or what stands in the mailbox.
        log.info("bounces_not_read", error=type(error).__name__)
        raise Unavailable(AWAY, of="bounces") from None


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: other letters than ASCII in a coding of its own (RFC 3501, 5.1.3)."""
    coded = re.sub(r"&|[^\x20-\x7e]+", _coded, folder)
    return coded.replace("\\", "\\\\").replace('"', '\\"')


def _coded(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    return "&" + found[0].encode("utf-7").decode("ascii")[1:].rstrip("-").replace("/", ",") + "-"
