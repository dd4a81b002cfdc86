"""Reads reports about mails that weren't delivered (RFC 3464), however a server wrote them: of which mail one speaks,
of whom, and what became of it. Pure.

A report is anybody's word: whoever knows the address of the mailbox can write one. Nothing here says that it is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from itertools import islice

# Parts of one mail that are looked at, and people in one report.
MOST_PARTS = 200
MOST_PEOPLE = 50
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ID = re.compile(r"<([^<>\s]{1,250})>")
_ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
# Whoever answers without being asked says so in one of these; the last is what older programs write.
_AUTOMATIC = ("auto-submitted", "x-autoreply", "x-autorespond")


@dataclass(frozen=True, slots=True)
class Failure:
    """That a mail didn't get to somebody, or takes its time. `status` is the server's, such as 5.1.1; "" where it gave
    none."""

    message_ids: tuple[str, ...]  # without brackets; the mail itself first
    recipients: tuple[str, ...]  # as it was written to, and as the last server knew it
    is_final: bool
    status: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one mail in the mailbox is: `failures` of a report, or none; `is_automatic`: no person wrote it."""

    failures: tuple[Failure, ...]
    is_automatic: bool


NOTHING = Report((), is_automatic=False)


def read_report(raw: bytes) -> Report:
    """What a mail says, also where it is cut off, huge or broken: then it says as much as can be read of it."""
    try:
        mail = message_from_bytes(raw)
        parts = list(islice(_parts(mail), MOST_PARTS))
        failures = tuple(_failures(mail, parts))
        return Report(failures, is_automatic=bool(failures) or _is_automatic(mail))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The parser of Python's own stumbles over some of what is written to it.
        return NOTHING


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail, none of what a mail within it consists of: a report that somebody passed on is none."""
    if not mail.is_multipart() or mail.get_content_maintype() == "message":
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _failures(mail: Message, parts: list[Message]) -> Iterator[Failure]:
    told = [one for part in parts if part.get_content_type() in _STATUSES for one in _people(part)]
    if not told:
        return
    message_ids = tuple(dict.fromkeys([*_of_originals(parts), *_answered(mail)]))
    for about in told[:MOST_PEOPLE]:
        action = _text(about, "Action").casefold()
        if action not in {"failed", "delayed"}:
            continue
        recipients = dict.fromkeys(
            one for one in (_address(about, "Original-Recipient"), _address(about, "Final-Recipient")) if one
        )
        status = _STATUS.search(_text(about, "Status")) or _STATUS.search(_text(about, "Diagnostic-Code"))
        if message_ids and recipients:
            yield Failure(message_ids, tuple(recipients), action == "failed", status[0] if status else "")


def _people(part: Message) -> Iterable[Message]:
    """What a report says of each receiver; what it says of the mail as a whole is left out."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else [message_from_string(str(payload))]
    for block in blocks:
        if isinstance(block, Message) and ("Action" in block or "Final-Recipient" in block):
            yield block


def _of_originals(parts: list[Message]) -> Iterator[str]:
    """Message-IDs of the mails that come along, whole or as their head alone."""
    for part in parts:
        if part.get_content_type() not in _ORIGINALS:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            heads = [one for one in payload if isinstance(one, Message)]
        else:
            decoded = part.get_payload(decode=True)
            heads = [message_from_bytes(decoded if isinstance(decoded, bytes) else b"")]
        for head in heads:
            yield from _ID.findall(_text(head, "Message-ID"))[:1]


def _answered(mail: Message) -> Iterator[str]:
    """What the report itself says that it answers."""
    for name in ("In-Reply-To", "References"):
        yield from _ID.findall(_text(mail, name))[:10]


def _address(about: Message, name: str) -> str:
    """An address behind its kind: "rfc822; lorna@harrow.example"."""
    kind, _, address = _text(about, name).partition(";")
    return (address or kind).strip().strip("<>").casefold()


def _is_automatic(mail: Message) -> bool:
    if any(_text(mail, name).casefold() not in {"", "no"} for name in _AUTOMATIC):
        return True
    return mail.get_content_type() == "multipart/report" or _text(mail, "Return-Path").strip() == "<>"


def _text(mail: Message, name: str) -> str:
    """A header as words on one line; whatever its bytes are."""
    return " ".join(str(mail.get(name) or "").split())
