"""A real IMAP server on this machine, in place of a provider's: its folder is filled and looked into by tests."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pysasl
from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

from bot.mail import Bounces, Box

# For each connection it reads what every installed package says of itself.
pysasl.entry_points = cache(pysasl.entry_points)  # type: ignore[attr-defined,assignment]

USER, PASSWORD = "bounces", "s3cret-of-the-box"
REPORTS = Path(__file__).parent / "mail" / "reports"


def sample(name: str, key: str, to: str) -> bytes:
    """A report, or another mail, about the mail with this key to this address."""
    text = (REPORTS / f"{name}.eml").read_text(encoding="utf-8")
    text = text.replace("@ID@", f"<{key}@partner.example>").replace("@TO@", to)
    return text.replace("\n", "\r\n").encode()


class ImapBox:
    """The folder INBOX of one user."""

    def __init__(self, port: int, tls: bool) -> None:
        self.port, self.is_tls = port, tls

    def bounces(self, **how: Any) -> Bounces:
        """What reads it."""
        return Bounces(Box(**({"password": PASSWORD} | self._where() | how)))

    def _where(self) -> dict[str, Any]:
        host = "localhost" if self.is_tls else "127.0.0.1"
        in_the_clear = not self.is_tls
        return {
            "host": host, "port": self.port, "user": USER, "is_tls": self.is_tls, "in_the_clear": in_the_clear,
        }  # fmt: skip

    async def put(self, *mails: bytes) -> None:
        """Lets these arrive."""
        await asyncio.to_thread(self._put, mails)

    async def flags(self) -> list[tuple[str, bool]]:
        """What is there: each mail's subject, and whether it is marked as read."""
        return await asyncio.to_thread(self._flags)

    def _client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def _put(self, mails: tuple[bytes, ...]) -> None:
        client = self._client()
        for mail in mails:
            kind, why = client.append("INBOX", "", "", mail)
            assert kind == "OK", why
        client.logout()

    def _flags(self) -> list[tuple[str, bool]]:
        client = self._client()
        _kind, found = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        client.logout()
        told = []
        for one in found:
            if isinstance(one, tuple):
                told.append((one[1].decode().partition(":")[2].strip(), b"\\Seen" in one[0]))
        return told


@asynccontextmanager
async def imap_box(tls: ssl.SSLContext | None = None) -> AsyncIterator[ImapBox]:
    """A server that listens on this machine, encrypted from the first byte with `tls`."""
    args = Namespace(
        host=None, port="0", debug=False, cert=None, key=None, tls=False, proxy_protocol=None, inherited_sockets=None,
        demo_data=False, demo_user=USER, demo_password=PASSWORD, passlib_cfg=None,
    )  # fmt: skip
    # By itself it works 80 ms on each password, so that nobody guesses what it keeps.
    backend, config = await DictBackend.init(args, hash_context=BuiltinHash(rounds=1))
    config.apply_context()
    imap, conversations = IMAPServer(backend.login, config), set[object]()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, about: SocketInfo) -> None:
        # A loop holds its tasks weakly, and nobody else holds this one: it was taken for garbage where it waited, and
        # its connection ended.
        this = asyncio.current_task()
        conversations.add(this)
        try:
            await imap(reader, writer, about)
        finally:
            conversations.discard(this)

    serving = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(converse)
    server = await asyncio.start_server(serving, "127.0.0.1", 0, ssl=tls)
    try:
        yield ImapBox(server.sockets[0].getsockname()[1], tls is not None)
    finally:
        server.close()
