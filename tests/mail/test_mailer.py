"""What a mail server does, and what is made of it: sent, later, refused with the mend, or nobody knows."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.domain.sending import Ambiguous, Later, Mailed, NotTried, Outcome, Person, Rejected
from bot.errors import Unavailable
from bot.mail import Mailer, MailServer, letter_of, mailer
from tests.mail.test_letters import BLOCKS, ENVELOPE
from tests.mailbox import SENDER, Mailbox, mailbox

LETTER = letter_of([BLOCKS], ENVELOPE)


async def yes() -> bool:
    return True


async def send(box: Mailbox, **how: float) -> Outcome | NotTried:
    return await box.mailer(**how).send(LETTER, ENVELOPE, may_post=yes)


async def test_a_letter_is_taken_once() -> None:
    async with mailbox() as box:
        assert await send(box) == Mailed()
    assert [mail["Subject"] for mail in box.taken] == [LETTER.subject]


async def test_what_does_not_arrive_goes_back_to_the_mailbox_for_it() -> None:
    async with mailbox() as box:
        assert await send(box) == Mailed()
        mailer = box.mailer(bounces_to=Person(name="", address="bounces@partner.example"))
        assert await mailer.send(LETTER, ENVELOPE, may_post=yes) == Mailed()
    assert box.back_to == [SENDER.address, "bounces@partner.example"]
    assert {str(mail["From"]).rpartition("<")[2] for mail in box.taken} == {"backbeat@partner.example>"}


async def test_it_is_asked_for_only_once_the_server_would_take_it_and_a_no_sends_nothing() -> None:
    heard: list[str] = []

    async def no() -> bool:
        assert heard == ["lorna@harrow.example"]
        return False

    async with mailbox() as box:
        box.at_rcpt = lambda address: heard.append(address)
        assert await box.mailer().send(LETTER, ENVELOPE, may_post=no) == NotTried()
    assert box.taken == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 no such user", Rejected("address", mailer.NO_SUCH_ADDRESS, True)),
        ("450 try again", Later(mailer.AGAIN, mailer.ASKED_TO_WAIT)),
    ],
)
async def test_an_address_that_is_refused(answer: str, expected: Outcome) -> None:
    async with mailbox() as box:
        box.at_rcpt = lambda _address: answer
        assert await send(box) == expected
    assert box.taken == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("554 looks like spam", Rejected("554", mailer.REFUSED)),
        ("451 greylisted", Later(mailer.AGAIN, mailer.ASKED_TO_WAIT)),
    ],
)
async def test_a_letter_that_is_refused(answer: str, expected: Outcome) -> None:
    async def refuse(_mail: EmailMessage) -> str:
        return answer

    async with mailbox() as box:
        box.at_data = refuse
        assert await send(box) == expected
    assert box.taken == []


@pytest.mark.parametrize("is_taken", [True, False])
async def test_a_connection_that_ends_before_the_answer_leaves_it_unclear(is_taken: bool) -> None:
    async def drop_it(_mail: EmailMessage) -> str | None:
        return None if is_taken else "451 never read"

    async with mailbox() as box:
        box.at_data = drop_it
        box.drops = lambda _mail: True
        assert await send(box) == Ambiguous(mailer.UNANSWERED)
    assert len(box.taken) == is_taken


async def test_an_answer_that_doesn_t_come_leaves_it_unclear() -> None:
    async def wait(_mail: EmailMessage) -> None:
        await asyncio.sleep(5)

    async with mailbox() as box:
        box.at_data = wait
        assert await send(box, answer=0.05) == Ambiguous(mailer.UNANSWERED)


async def test_while_the_server_takes_its_time_the_claim_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailer, "KEEP", 0.01)
    asked = 0

    async def count() -> bool:
        nonlocal asked
        asked += 1
        return True

    async def until_kept(_mail: EmailMessage) -> None:
        while asked < 3:
            await asyncio.sleep(0.005)

    async with mailbox() as box:
        box.at_data = until_kept
        assert await box.mailer().send(LETTER, ENVELOPE, may_post=count) == Mailed()


async def test_a_server_that_is_away_is_asked_later() -> None:
    async with mailbox() as box:
        pass
    assert await send(box) == Later(mailer.AGAIN, mailer.AWAY)


async def test_a_server_that_says_nothing_is_asked_later() -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    box = Mailbox()
    box.port = server.sockets[0].getsockname()[1]
    assert await send(box, before=0.05) == Later(mailer.AGAIN, mailer.AWAY)
    server.close()


@pytest.mark.parametrize("error", [Unavailable("the database"), TimeoutError(), LookupError()])
async def test_what_goes_wrong_here_is_not_said_of_the_server(error: Exception) -> None:
    async def ask() -> bool:
        raise error

    async with mailbox() as box:
        with pytest.raises(type(error)):
            await box.mailer().send(LETTER, ENVELOPE, may_post=ask)
    assert box.taken == []


async def test_a_mistake_of_ours_is_no_server_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_how: object) -> None:
        raise LookupError

    monkeypatch.setattr(mailer.aiosmtplib, "SMTP", broken)
    with pytest.raises(LookupError):
        await Mailbox().mailer().ask()
    with pytest.raises(LookupError):
        await send(Mailbox())


async def test_how_a_connection_ends_once_the_letter_is_taken_says_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_session: object) -> None:
        raise OSError

    async with mailbox() as box:
        monkeypatch.setattr(mailer.aiosmtplib.SMTP, "close", broken)
        assert await send(box) == Mailed()


async def test_without_encryption_nothing_is_said_to_a_server_elsewhere() -> None:
    async with mailbox() as box:
        server = MailServer(host="127.0.0.1", port=box.port, is_tls=False)
        assert await Mailer(server, SENDER).send(LETTER, ENVELOPE, may_post=yes) == Rejected(
            "encryption", mailer.NO_ENCRYPTION, True
        )
    assert box.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine's name that nobody has signed, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


@pytest.mark.parametrize("is_tls", [True, False])
@pytest.mark.parametrize("is_trusted", [True, False])
async def test_only_to_the_right_server_it_is_sent_encrypted(
    certificate: tuple[Path, ssl.SSLContext], is_tls: bool, is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, context = certificate
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    opened = mailbox(context) if is_tls else mailbox(tls_context=context, require_starttls=True)
    async with opened as box:
        server = MailServer(host="localhost", port=box.port, is_tls=is_tls)
        outcome = await Mailer(server, SENDER).send(LETTER, ENVELOPE, may_post=yes)
    assert outcome == (Mailed() if is_trusted else Rejected("certificate", mailer.NO_CERTIFICATE, True))
    assert len(box.taken) == is_trusted


async def test_a_server_that_knows_no_users_is_no_place_for_a_password() -> None:
    async with mailbox() as box:
        server = MailServer(
            host="127.0.0.1", port=box.port, is_tls=False, in_the_clear=True, user="me", password="right"
        )
        assert await Mailer(server, SENDER).ask() == mailer.NO_LOGIN


@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_a_user_is_known_by_a_password(password: str) -> None:
    async with mailbox(auth_require_tls=False) as box:
        box.users["me"] = "right"
        server = MailServer(
            host="127.0.0.1", port=box.port, is_tls=False, in_the_clear=True, user="me", password=password
        )
        outcome = await Mailer(server, SENDER).send(LETTER, ENVELOPE, may_post=yes)
    assert outcome == (Mailed() if password == "right" else Rejected("login", mailer.NO_LOGIN, True))


@pytest.mark.parametrize("address", ["lörna@harrow.example", "no address", "a@b\r\nRCPT TO:<all@example.org>"])
async def test_an_address_that_can_t_be_used_is_refused_with_the_mend(address: str) -> None:
    envelope = replace(ENVELOPE, to=Person(name="Lorna", address=address))
    async with mailbox() as box:
        outcome = await box.mailer().send(LETTER, envelope, may_post=yes)
    assert outcome == Rejected("address", mailer.UNUSABLE_ADDRESS, True)
    assert box.taken == []


async def test_the_server_can_be_asked_without_sending_anything() -> None:
    async with mailbox() as box:
        assert await box.mailer().ask() is None
        gone = box.mailer()
    assert await gone.ask() == mailer.AWAY
    assert box.taken == []


async def test_no_more_than_so_many_are_under_way_at_once() -> None:
    at_once: list[int] = []
    under_way = 0

    async def count(_mail: EmailMessage) -> None:
        nonlocal under_way
        under_way += 1
        at_once.append(under_way)
        await asyncio.sleep(0.01)
        under_way -= 1

    async with mailbox() as box:
        box.at_data = count
        sending = box.mailer(at_once=2)
        await asyncio.gather(*(sending.send(LETTER, ENVELOPE, may_post=yes) for _ in range(6)))
    assert len(box.taken) == 6
    assert max(at_once) <= 2
