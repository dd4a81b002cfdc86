"""Gives letters to a mail server, each once, and says what became of it. The only caller of the server.

Until the server was told that the whole letter is there, it has nothing. Where the connection ends after that and
before its answer, nobody can know: it is never sent again by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from email.errors import HeaderParseError
from email.message import EmailMessage

import aiosmtplib
import structlog

from bot.domain.sending import Ambiguous, Envelope, Later, Mailed, MayPost, NotTried, Outcome, Person, Rejected
from bot.mail.letters import Letter, mail_of
from bot.mail.servers import MailServer

log = structlog.get_logger(__name__)

# Elapsed seconds: for everything before the letter itself, and for the server's answer to it, which looks through it
# first.
BEFORE = 20.0
ANSWER = 60.0
# How often, while the server looks through a letter, it is made known that this goes on.
KEEP = 5.0
# How long a server that is away, or asks to come back later, is left alone.
AGAIN = 60.0

UNANSWERED = "the mail server didn't say whether it took it"
AWAY = "the mail server can't be reached now"
ASKED_TO_WAIT = "the mail server asks to wait"
NO_LOGIN = "the mail server doesn't know this user or password: set BACKBEAT_SMTP_URL right"
NO_ENCRYPTION = "the mail server offers no encryption: use smtps:// in BACKBEAT_SMTP_URL, or another server"
NO_CERTIFICATE = "the mail server's certificate isn't one of its name: write the right name into BACKBEAT_SMTP_URL"
NO_SENDER = "the mail server doesn't send for this sender: set BACKBEAT_MAIL_FROM to an address that it knows"
NO_SUCH_ADDRESS = "the mail server refuses this address: correct it with /coalition members"
UNUSABLE_ADDRESS = "mail can't be sent to an address with such characters: correct it with /coalition members"
REFUSED = "the mail server refused it; the log says more"


class Mailer:
    """One server and one sender; what doesn't arrive goes back to `bounces_to`. At most `at_once` letters are under
    way."""

    def __init__(
        self,
        server: MailServer,
        sender: Person,
        *,
        bounces_to: Person | None = None,
        at_once: int = 4,
        before: float = BEFORE,
        answer: float = ANSWER,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._server = server
        self.sender = sender
        self._bounces_to = (bounces_to or sender).address
        self._before, self._answer, self._sleep = before, answer, sleep
        self.at_once = at_once
        self._gate = asyncio.Semaphore(at_once)

    async def send(self, letter: Letter, envelope: Envelope, *, may_post: MayPost) -> Outcome | NotTried:
        """Sends a letter once. It is asked whether it still may go right before the server gets it, and while the
        server takes its time."""
        try:
            envelope.to.address.encode("ascii")
            mail = mail_of(letter, envelope, self.sender)
        except (ValueError, IndexError, HeaderParseError):
            return Rejected("address", UNUSABLE_ADDRESS, mendable=True)
        async with self._gate:
            return await self._send(mail, envelope.to.address, may_post)

    async def ask(self) -> str | None:
        """Why the server would take no letter now; None where it would. Sends nothing."""
        try:
            async with asyncio.timeout(self._before), self._session():
                return None
        except TROUBLE as error:
            return _before_it(error).reason

    async def _send(self, mail: EmailMessage, address: str, may_post: MayPost) -> Outcome | NotTried:
        async with contextlib.AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self._before):
                    session = await stack.enter_async_context(self._session())
                    await session.mail(self._bounces_to)
                    await session.rcpt(address)
            except TROUBLE as error:
                outcome = _before_it(error)
                log.warning("mail_not_taken", error=type(error).__name__, code=getattr(error, "code", None))
                return outcome
            # What goes wrong in asking is no word of the server's: whoever sends has to hear of it.
            if not await may_post():
                return NotTried()
            return await self._hand_over(session, mail.as_bytes(), may_post)

    async def _hand_over(self, session: aiosmtplib.SMTP, mail: bytes, may_post: MayPost) -> Outcome:
        keeping = asyncio.create_task(self._keep(may_post), name="keeping a letter's lease")
        try:
            await session.data(mail, timeout=self._answer)
        except aiosmtplib.SMTPDataError as error:
            # It answered: it took nothing.
            return Later(AGAIN, ASKED_TO_WAIT) if _is_for_now(error.code) else Rejected(str(error.code), REFUSED)
        except Exception as error:
            log.warning("mail_unclear", error=type(error).__name__)
            return Ambiguous(UNANSWERED)
        finally:
            keeping.cancel()
        return Mailed()

    async def _keep(self, may_post: MayPost) -> None:
        while True:
            await self._sleep(KEEP)
            with contextlib.suppress(Exception):
                await may_post()

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection that is encrypted and known to the server."""
        server = self._server
        session = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.is_tls,
            start_tls=False,
            timeout=self._before,
            # The machine's own name says nothing to anybody, and asking for it may take long.
            local_hostname=self.sender.address.rpartition("@")[2],
        )
        try:
            await session.connect()
            await session.ehlo()
            if not (server.is_tls or server.in_the_clear):
                if not session.supports_extension("starttls"):
                    raise _NoEncryption
                await session.starttls()
            if server.user is not None and server.password is not None:
                if not session.supports_extension("auth"):
                    raise _NoLogin
                await session.login(server.user, server.password)
            yield session
            with contextlib.suppress(Exception):
                await session.quit(timeout=2.0)
        finally:
            # The letter may be taken by now: how the connection ends says nothing of it.
            with contextlib.suppress(Exception):
                session.close()


class _NoEncryption(Exception):
    pass


class _NoLogin(Exception):
    pass


# What a server, or the way to it, can come to before it has the letter.
TROUBLE = (OSError, TimeoutError, aiosmtplib.SMTPException, _NoEncryption, _NoLogin)


def _is_for_now(code: int) -> bool:
    return 400 <= code < 500


def _before_it(error: Exception) -> Later | Rejected:
    """What it means that the server could not be told of a letter: it certainly has none."""
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Later(AGAIN, ASKED_TO_WAIT) if _is_for_now(error.code) else Rejected("login", NO_LOGIN, True)
        case aiosmtplib.SMTPSenderRefused():
            return Later(AGAIN, ASKED_TO_WAIT) if _is_for_now(error.code) else Rejected("sender", NO_SENDER, True)
        case aiosmtplib.SMTPRecipientRefused():
            if _is_for_now(error.code):
                return Later(AGAIN, ASKED_TO_WAIT)
            return Rejected("address", NO_SUCH_ADDRESS, True)
        case _NoEncryption():
            return Rejected("encryption", NO_ENCRYPTION, True)
        case _NoLogin():
            return Rejected("login", NO_LOGIN, True)
        case aiosmtplib.SMTPResponseException():
            return Later(AGAIN, ASKED_TO_WAIT) if _is_for_now(error.code) else Rejected(str(error.code), REFUSED)
    if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
        return Rejected("certificate", NO_CERTIFICATE, True)
    return Later(AGAIN, AWAY)
