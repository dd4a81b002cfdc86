"""The mailbox to which mail goes back: read by a real client from a real server, whatever that server does."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, Unavailable
from bot.mail import Box, bounce_box, bounces
from bot.mail.bounces import AT_ONCE, _quoted
from tests.imap_box import PASSWORD, ImapBox, imap_box, sample
from tests.mail.test_mailer import certificate
from tests.mail.test_reports import KEY, TO
from tests.tables import on_each

__all__ = ["certificate"]


async def look(box: ImapBox, reader: bounces.Bounces | None = None) -> int:
    """How many mails are looked at, each marked as it should be."""
    async with (reader or box.bounces()).open() as opened:
        found = await opened.unread()
        for one in found:
            await opened.done_with(one)
        return len(found)


async def test_reports_are_marked_as_read_and_what_a_person_wrote_stays() -> None:
    async with imap_box() as box:
        await box.put(*(sample(name, KEY, TO) for name in ("postfix", "a-person", "out-of-office", "complaint")))
        reader = box.bounces()
        assert await look(box, reader) == 4
        assert await look(box, reader) == 0, "not even the person's is fetched again"
        assert [is_read for _subject, is_read in await box.flags()] == [True, False, True, True]
        assert await look(box) == 1, "another process looks at it once"


async def test_what_is_not_done_with_comes_again() -> None:
    async with imap_box() as box:
        await box.put(sample("postfix", KEY, TO))
        async with box.bounces().open() as opened:
            assert len(await opened.unread()) == 1
        assert await look(box) == 1


async def test_many_are_looked_at_in_several_goes() -> None:
    async with imap_box() as box:
        await box.put(*[sample("a-person", KEY, TO)] * AT_ONCE, *[sample("gmail", KEY, TO)] * 5)
        reader = box.bounces()
        assert [await look(box, reader) for _ in range(3)] == [AT_ONCE, 5, 0]


async def test_a_huge_mail_is_read_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounces, "LARGEST", 4000)
    async with imap_box() as box:
        await box.put(sample("postfix", KEY, TO) + b"x" * 2_000_000)
        async with box.bounces().open() as opened:
            (found,) = await opened.unread()
            assert found.report.failures[0].status == "5.1.1"


async def test_a_mailbox_that_can_t_be_read_names_the_mend() -> None:
    async with imap_box() as box:
        assert await box.bounces().ask() is None
        assert await box.bounces(password="wrong").ask() == bounces.NO_LOGIN
        assert await box.bounces(folder="Elsewhere").ask() == bounces.NO_FOLDER
        assert await box.bounces(in_the_clear=False).ask() == bounces.NO_ENCRYPTION
        gone = box.bounces(port=1)
    assert await gone.ask() == bounces.AWAY
    with pytest.raises(Unavailable):
        async with gone.open():
            pass


@pytest.mark.parametrize("said", [b"", b"* BYE no\r\n", b"nonsense\r\n" * 3])
async def test_a_server_that_says_nothing_or_nonsense_is_away(said: bytes) -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await asyncio.sleep(0.5)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = Box(host="127.0.0.1", port=port, user="me", password="x", is_tls=False, in_the_clear=True)
    assert await bounces.Bounces(box, step=0.2).ask() == bounces.AWAY
    server.close()


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_only_the_right_server_hears_the_password(
    certificate: tuple[Path, ssl.SSLContext], is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, context = certificate
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    async with imap_box(context) as box:
        assert await box.bounces().ask() == (None if is_trusted else bounces.NO_CERTIFICATE)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "imaps://me%40x:s%2Fcret@mail.example.org",
            Box(host="mail.example.org", port=993, user="me@x", password="s/cret"),
        ),
        (
            "imaps://me:x@mail.example.org:1993/Bounces/Mail",
            Box(host="mail.example.org", port=1993, user="me", password="x", folder="Bounces/Mail"),
        ),
        (
            "imap://me:x@127.0.0.1:143/",
            Box(host="127.0.0.1", port=143, user="me", password="x", is_tls=False, in_the_clear=True),
        ),
        ("imap://me:x@h", Box(host="h", port=143, user="me", password="x", is_tls=False)),
    ],
)
def test_a_mailbox_is_read_from_its_address(url: str, expected: Box) -> None:
    assert bounce_box(url) == expected


@on_each(
    "url",
    ["", "mail.example.org", "imaps://mail.example.org", "imaps://me@h", "smtp://me:x@h", "imaps://me:x@h/%0d%0aA"],
)
def test_what_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Try imaps://user:password@mail\.example\.org/INBOX"):
        bounce_box(url)


def test_the_password_is_told_nowhere() -> None:
    assert PASSWORD not in repr(bounce_box(f"imaps://me:{PASSWORD}@h"))
    with pytest.raises(ConfigurationError) as refused:
        bounce_box(f"http://me:{PASSWORD}@h")
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(("name", "coded"), [("Zurück", "Zur&APw-ck"), ("A & B", "A &- B"), ('a"b\\', 'a\\"b\\\\')])
def test_a_folder_s_name_is_written_as_imap_has_it(name: str, coded: str) -> None:
    assert _quoted(name) == coded
