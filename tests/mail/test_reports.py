"""What mail servers write of mails that didn't arrive, each in its own way; and whatever else comes there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sending import came_back
from bot.mail.reports import MOST_PEOPLE, NOTHING, Failure, Report, read_report
from tests.imap_box import REPORTS, sample
from tests.tables import on_each

KEY, TO = "0123456789abcdef" * 2, "lorna@harrow-county.example"
ABOUT = (f"{KEY}@partner.example",)


@pytest.mark.parametrize(
    ("name", "is_final", "status"),
    [
        ("postfix", True, "5.1.1"),
        ("exim", True, "5.2.2"),
        ("exchange", True, "5.7.133"),
        ("gmail", False, "4.4.1"),
    ],
)
def test_each_server_s_way_of_saying_it_is_read(name: str, is_final: bool, status: str) -> None:
    assert read_report(sample(name, KEY, TO)) == Report((Failure(ABOUT, (TO,), is_final, status),), is_automatic=True)


@pytest.mark.parametrize(("name", "is_automatic"), [("out-of-office", True), ("complaint", True), ("a-person", False)])
def test_what_else_comes_says_nothing_of_a_mail(name: str, is_automatic: bool) -> None:
    assert read_report(sample(name, KEY, TO)) == Report((), is_automatic)


def test_whatever_a_report_lacks_it_is_read_or_left() -> None:
    whole = sample("postfix", KEY, TO)
    assert read_report(whole.replace(b"Status: 5.1.1", b"Status: ")).failures[0].status == "5.1.1", "by its diagnosis"
    unsaid = whole.replace(b"Status: 5.1.1", b"X: ").replace(b"5.1.1", b"")
    assert read_report(unsaid).failures[0].status == ""
    assert read_report(whole.replace(b"Message-ID:", b"X-Other:")).failures == ()
    only_known_there = whole.replace(b"Original-Recipient: rfc822;", b"Original-Recipient: rfc822;other+")
    assert read_report(only_known_there).failures[0].recipients == (f"other+{TO}", TO)
    for action in (b"delivered", b"relayed", b"expanded", b""):
        assert read_report(whole.replace(b"Action: failed", b"Action: " + action)).failures == ()


def test_upper_case_and_angle_brackets_are_the_same_address() -> None:
    told = sample("postfix", KEY, TO).replace(f"rfc822; {TO}".encode(), f"RFC822; <{TO.upper()}>".encode())
    assert read_report(told).failures[0].recipients == (TO,)


@on_each("name", sorted(path.stem for path in REPORTS.glob("*.eml")))
def test_a_mail_that_is_cut_off_anywhere_is_read_as_far_as_it_goes(name: str) -> None:
    whole = sample(name, KEY, TO)
    for end in range(0, len(whole), 7):
        for one in read_report(whole[:end]).failures:
            assert one.message_ids[0].startswith(KEY[:8])


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-16", "\x00", "=?utf-8?q?", "us-ascii; charset=x"])
def test_letters_that_nobody_can_read_do_no_harm(charset: str) -> None:
    told = sample("exim", KEY, TO).replace(b"charset=us-ascii", f"charset={charset}".encode())
    told = told.replace(b"mailbox is full", b"\xff\xfe\xe4 is full").replace(
        b"Mailbox full", b"Postfach \xfcberf\xfcllt"
    )
    assert read_report(told).failures[0].status == "5.2.2"
    odd = sample("postfix", KEY, TO).replace(b"Status: 5.1.1", b"Status: \xff5.1.1\xfe")
    assert read_report(odd).failures[0].status == "5.1.1"
    assert read_report(sample("postfix", KEY, TO).replace(b"Content-Type", b"Content-Type\xff")) is not None


def test_a_report_that_somebody_passes_on_is_none() -> None:
    head = b"From: a@x.example\r\nContent-Type: message/rfc822\r\n\r\n"
    assert read_report(head + sample("postfix", KEY, TO)).failures == ()


def test_huge_and_deep_ones_are_read_within_bounds() -> None:
    whole = sample("postfix", KEY, TO)
    block = f"\r\nFinal-Recipient: rfc822; {TO}\r\nAction: failed\r\nStatus: 5.1.1\r\n".encode()
    many = whole.replace(b"Content-Description: Undelivered", b"", 1)
    many = many.replace(b"    unknown in local recipient table\r\n\r\n--", b"    x\r\n" + block * 5000 + b"\r\n--")
    assert 1 <= len(read_report(many).failures) <= MOST_PEOPLE
    deep = b"".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(3000))
    assert read_report(deep) == NOTHING
    long = b"Subject: " + b"x" * 500_000 + b"\r\n" + whole
    assert read_report(long).failures != ()


@given(st.binary(max_size=400), st.integers(0, 2500))
def test_whatever_stands_in_it_is_no_mistake_of_ours(junk: bytes, at: int) -> None:
    whole = sample("postfix", KEY, TO)
    assert isinstance(read_report(junk), Report)
    assert isinstance(read_report(whole[:at] + junk + whole[at:]), Report)


@on_each(
    ("status", "why", "is_address"),
    [
        ("5.1.1", "this address doesn't exist", True),
        ("5.1.10", "this address doesn't exist", True),
        ("5.2.1", "the mailbox of this address is closed", True),
        ("5.2.2", "the mailbox of this address is full", False),
        ("5.4.4", "the mail server of this address can't be found", True),
        ("5.7.133", "the mail server of this address takes no mail from here", True),
        ("5.0.0", "the mail server of this address sent it back", True),
        ("4.4.7", "the mail server of this address didn't take it for days", False),
        ("", "the mail server of this address didn't take it for days", False),
    ],
)
def test_a_status_in_words(status: str, why: str, is_address: bool) -> None:
    trouble, found = came_back(status)
    assert (trouble.why, found) == (why, is_address)
    assert ("correct it with /coalition members" in trouble.mend) == is_address
