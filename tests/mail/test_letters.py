"""How a letter reads, and how it goes to a server: in plain words, as HTML, once under the same id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from bot.domain.sending import Envelope, Person
from bot.mail import Letter, Picture, letter_of
from bot.mail.letters import mail_of
from bot.slack.blocks import kit
from bot.slack.mrkdwn import quote
from tests.mailbox import SENDER, page_of, words_of
from tests.slack.readable import check_golden

DANA = Person(name="Dana Whitlock", address="dana@lbp.example")
ENVELOPE = Envelope(
    key="0f" * 16,
    member_id=1,
    to=Person(name="Lorna Pruitt", address="lorna@harrow.example"),
    coalition="Limestone Bend",
    sent_at=datetime(2026, 11, 27, 13, 30, tzinfo=UTC),
    coordinators=(DANA,),
)
BLOCKS = (
    kit.header("Weekly digest"),
    kit.section(f"*Moved:* {quote('<script>alert(1)</script> & more')}\n• <https://example.org|the plan>"),
    kit.context("Read by the Steering Committee"),
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURE = Picture(title="The week", alt="A row for each priority.", png=PNG)


def sent(letter: Letter, envelope: Envelope = ENVELOPE) -> EmailMessage:
    """The mail as a reader's program takes it from the wire."""
    found = message_from_bytes(mail_of(letter, envelope, SENDER).as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_letter_reads_as_in_its_golden_file() -> None:
    letter = letter_of([BLOCKS, (kit.section("*Below* it"),)], ENVELOPE, PICTURE)
    check_golden("mail-letter.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    check_golden("mail-letter.html", letter.html)


def test_words_of_people_are_no_markup() -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: set[str] = set()
            self.text = ""

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.found.add(tag)

        def handle_data(self, data: str) -> None:
            self.text += data

    tags = Tags()
    tags.feed(letter_of([BLOCKS], ENVELOPE).html)
    assert "script" not in tags.found
    assert "<script>alert(1)</script> & more" in tags.text


def test_it_asks_the_reader_s_program_for_nothing_from_elsewhere() -> None:
    letter = letter_of([BLOCKS], ENVELOPE, PICTURE)
    assert letter.html.count("src=") == 1
    assert 'src="cid:' in letter.html
    assert "<link" not in letter.html
    assert "url(" not in letter.html


def test_each_rule_of_its_style_stands_at_what_it_is_about() -> None:
    assert '<footer style="' in letter_of([BLOCKS], ENVELOPE).html


def test_the_mail_says_who_and_whom_and_is_the_same_each_time() -> None:
    letter = letter_of([BLOCKS], ENVELOPE, PICTURE)
    mail = sent(letter)
    assert mail["From"] == '"Limestone Bend (Backbeat)" <backbeat@partner.example>'
    assert mail["To"] == "Lorna Pruitt <lorna@harrow.example>"
    assert mail["Reply-To"] == "Dana Whitlock <dana@lbp.example>"
    assert mail["Subject"] == "Limestone Bend: Weekly digest"
    assert mail["Message-ID"] == f"<{ENVELOPE.key}@partner.example>"
    assert mail["Date"] == "Fri, 27 Nov 2026 13:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert words_of(mail).replace("\r\n", "\n") == letter.text
    assert page_of(mail).replace("\r\n", "\n").rstrip() == letter.html
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == PNG
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in page_of(mail)


@pytest.mark.parametrize("name", ["Zoë Müller", "Ben\r\nBcc: all@example.org", '"Quotes", and (more)', "李雷"])
def test_names_are_no_headers(name: str) -> None:
    envelope = Envelope(
        key="k",
        member_id=1,
        to=Person(name=name, address="a@b.example"),
        coalition=name,
        sent_at=ENVELOPE.sent_at,
        coordinators=(Person(name=name, address="c@d.example"),),
    )
    raw = mail_of(letter_of([BLOCKS], envelope), envelope, SENDER).as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["a@b.example"]
    assert mail["To"].addresses[0].display_name == " ".join(name.split())
    raw.decode("ascii")


def test_without_a_coordinator_who_has_an_address_it_offers_no_reply() -> None:
    alone = Envelope(
        key="k",
        member_id=1,
        to=ENVELOPE.to,
        coalition="Limestone Bend",
        sent_at=ENVELOPE.sent_at,
        coordinators=(),
    )
    letter = letter_of([BLOCKS], alone)
    assert sent(letter, alone)["Reply-To"] is None
    assert "reply" not in letter.text


def test_what_it_is_about_goes_before_its_first_words() -> None:
    letter = letter_of([(kit.section("Hi Lorna, I'm Backbeat."),)], ENVELOPE, title="Decision D-1: Pay for it")
    assert letter.subject == "Limestone Bend: Decision D-1: Pay for it"


def test_a_mail_that_can_be_refused_says_where_in_one_line() -> None:
    address = "https://compact.example/answer/stop-" + "gAAAAAB" * 60
    envelope = replace(ENVELOPE, stop=address, stop_words="Stop these digests")
    letter = letter_of([BLOCKS], envelope)
    raw = mail_of(letter, envelope, SENDER).as_bytes()
    assert f"\r\nList-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode() in raw
    assert f"Stop these digests:\n{address}" in letter.text
    assert f'href="{address}"' in letter.html
    assert sent(letter)["List-Unsubscribe"] is None
