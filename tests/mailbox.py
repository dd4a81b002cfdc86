"""A real mail server on this machine, in place of a provider's: keeps what it takes, and can be as bad as one."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from bot.domain.sending import Person
from bot.mail import Mailer, MailServer

SENDER = Person(name="Backbeat", address="backbeat@partner.example")


class Mailbox:
    """What the server took, oldest first. What it does at a moment of a delivery is set by name: `at_rcpt`, `at_data`
    give an answer in place of its own, or take their time before None; `before_rcpt` and `before_answer` only take
    their time, the latter once the mail is taken; `drops` ends the connection without an answer."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.back_to: list[str] = []  # where each goes that doesn't arrive
        self.at_rcpt: Callable[[str], str | None] = lambda _address: None
        self.at_data: Callable[[EmailMessage], Awaitable[str | None]] | None = None
        self.before_rcpt: Callable[[], Awaitable[None]] | None = None
        self.before_answer: Callable[[EmailMessage], Awaitable[None]] | None = None
        self.drops: Callable[[EmailMessage], bool] = lambda _mail: False
        self.users: dict[str, str] = {}
        self.port = 0

    def to(self, address: str) -> list[EmailMessage]:
        """What was taken for this address."""
        return [mail for mail in self.taken if address in str(mail["To"])]

    @property
    def doubled(self) -> list[str]:
        """Message-IDs that were taken more than once."""
        ids = [str(mail["Message-ID"]) for mail in self.taken]
        return sorted({one for one in ids if ids.count(one) > 1})

    def mailer(self, **how: Any) -> Mailer:
        """What sends to it."""
        server = MailServer(host="127.0.0.1", port=self.port, is_tls=False, in_the_clear=True)
        return Mailer(server, SENDER, **how)

    def keep(self, raw: bytes, back_to: str) -> None:
        """Takes a mail."""
        self.taken.append(_read(raw))
        self.raw.append(raw)
        self.back_to.append(back_to)

    # As the server calls it.
    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.before_rcpt is not None:
            await self.before_rcpt()
        answer = self.at_rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mail = _read(envelope.content)
        answer = await self.at_data(mail) if self.at_data is not None else None
        if answer is None:
            self.keep(envelope.content, envelope.mail_from)
            if self.before_answer is not None:
                await self.before_answer(mail)
        if self.drops(mail):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer or "250 OK"

    def knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Whether this user has this password."""
        is_right = self.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=is_right, handled=False, auth_data=data)


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@asynccontextmanager
async def mailbox(tls: ssl.SSLContext | None = None, **how: Any) -> AsyncIterator[Mailbox]:
    """A server that listens on this machine, encrypted from the first byte with `tls`; `how` is what aiosmtpd's server
    takes."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="mail.partner.example", authenticator=box.knows, **how), "127.0.0.1", 0, ssl=tls
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


def words_of(mail: EmailMessage) -> str:
    """The plain words of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
