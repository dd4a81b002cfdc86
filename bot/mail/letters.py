"""A letter: what a message says, for a reader who can't press anything, in plain words and as HTML with one look.

Answers go to the coordinators by replying, and the letter says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cache
from typing import Any

import css_inline
from jinja2 import Template

from bot.domain.sending import Envelope, Person
from bot.domain.wording import cut, once_stopped, one_line
from bot.markup import Line, Part, parted, parts_of, template_of

SUBJECT = 120
OPEN_PAGE = "Open and answer"
CHOICES = "What comes to you, and what of it you can stop"


class _InOneLine(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]
    """A header whose words are never parted or coded, however long they are: it holds an address."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _InOneLine)
    return registry


# Old servers and what stands between them take no more than ASCII.
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers())


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a letter, with its title and its words for those who don't see it."""

    title: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What calendar programs take from a mail, with what is meant by it (RFC 5546), such as REQUEST."""

    method: str
    ics: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `text` says all that `html` says."""

    subject: str
    text: str
    html: str
    picture: Picture | None = None
    calendars: tuple[CalendarPart, ...] = ()


def letter_of(
    messages: Iterable[Sequence[Mapping[str, Any]]],
    envelope: Envelope,
    picture: Picture | None = None,
    title: str | None = None,
    calendars: tuple[CalendarPart, ...] = (),
) -> Letter:
    """The letter that says what these messages' blocks say, one below the other. The picture stands below the first
    words. `title` is what they are about, where their first words don't say it."""
    articles = [parts_of(blocks) for blocks in messages]
    subject = _subject(title or _first_words(articles), envelope)
    footer = _footer(envelope)
    page = _template().render(
        title=subject,
        # Whoever reads with their ears jumps to it.
        heading=None if any(part.kind == "heading" for part in articles[0]) else (title or subject),
        articles=articles,
        picture=picture,
        cid=_picture_id(envelope.key),
        footer=footer,
        link=envelope.link,
        stop=envelope.stop,
        stop_it=envelope.stop_words,
        choices=envelope.choices,
        choices_words=CHOICES,
        parted=parted,
        open_page=OPEN_PAGE,
    )
    text = once_stopped(_plain(articles, picture, footer, envelope))
    return Letter(subject, text, _inlined(once_stopped(page)), picture, calendars)


def mail_of(letter: Letter, envelope: Envelope, sender: Person) -> EmailMessage:
    """The letter as it goes to the server. The same delivery has the same Message-ID however often it is sent, by which
    readers' programs know it again."""
    mail = EmailMessage(policy=_POLICY)
    domain = sender.address.rpartition("@")[2]
    mail["From"] = _address(Person(name=f"{envelope.coalition} (Backbeat)", address=sender.address))
    mail["To"] = _address(envelope.to)
    if envelope.coordinators:
        mail["Reply-To"] = [_address(one) for one in envelope.coordinators]
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(envelope.sent_at)
    mail["Message-ID"] = f"<{envelope.key}@{domain}>"
    # What answers by itself, such as a note about a vacation, leaves it alone.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if envelope.stop is not None:
        # By these a reader's program offers a button, behind which its server stops them (RFC 8058).
        mail["List-Unsubscribe"] = f"<{envelope.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.picture is not None:
        page = mail.get_payload(1)
        assert isinstance(page, EmailMessage)
        page.add_related(letter.picture.png, "image", "png", cid=f"<{_picture_id(envelope.key)}>", disposition="inline")
    for number, part in enumerate(letter.calendars, 1):
        about = {"method": part.method}
        if number == 1:
            # Another form of the same word: so programs show it with buttons of their own.
            mail.add_alternative(part.ics.decode(), subtype="calendar", params=about)
        else:
            name = f"meeting-{number}.ics"
            mail.add_attachment(part.ics.decode(), subtype="calendar", filename=name, params=about)
    return mail


def _address(person: Person) -> Address:
    name = one_line(person.name)
    return Address(display_name=name, addr_spec=person.address)


def _picture_id(key: str) -> str:
    return f"{key}.picture@backbeat"


def _subject(about: str, envelope: Envelope) -> str:
    """What it is about, after the coalition's name where that isn't said already."""
    words, name = one_line(about), one_line(envelope.coalition)
    return cut(words if name in words or not words else f"{name}: {words}", SUBJECT) or name


def _first_words(articles: Sequence[Sequence[Part]]) -> str:
    parts = [part for article in articles for part in article if part.lines]
    first = next((part for part in parts if part.kind == "heading"), None) or next(iter(parts), None)
    return first.lines[0].words if first is not None else ""


def _footer(envelope: Envelope) -> str:
    why = f"You get this since you take part in {one_line(envelope.coalition)} by e-mail."
    if not envelope.coordinators:
        return why
    name = one_line(envelope.coordinators[0].name)
    if envelope.link is not None:
        return f"The page is yours alone: please don't pass it on. Or reply to this e-mail: it goes to {name}. {why}"
    return (
        f"To answer, reply to this e-mail in your own words: it goes to {name}, who enters your answer for you. {why}"
    )


def _plain(articles: Sequence[Sequence[Part]], picture: Picture | None, footer: str, envelope: Envelope) -> str:
    way = [f"{OPEN_PAGE}:\n{envelope.link}"] if envelope.link is not None else []
    stop = [f"{envelope.stop_words}:\n{envelope.stop}"] if envelope.stop is not None else []
    choices = [f"{CHOICES}:\n{envelope.choices}"] if envelope.choices is not None else []
    return "\n\n".join([*_told(articles, picture), *way, "-- \n" + footer, *stop, *choices]) + "\n"


def _told(articles: Sequence[Sequence[Part]], picture: Picture | None) -> Iterator[str]:
    for number, article in enumerate(articles):
        if number:
            yield "* * *"
        for part in article:
            if part.kind == "rule":
                yield "* * *"
                continue
            lines = [_plain_line(line) for line in part.lines]
            yield "\n".join([*lines, "=" * min(len(lines[0]), 70)] if part.kind == "heading" else lines)
        if not number and picture is not None:
            yield f"[{picture.title}: {picture.alt}]"


def _plain_line(line: Line) -> str:
    marks = {"bullet": "• ", "quote": "> "}
    return f"{marks.get(line.kind, '')}{line.words}"


def _inlined(page: str) -> str:
    """The page with each rule of its style at what it is about: many readers' programs drop the rest."""
    return css_inline.inline(page, keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _template() -> Template:
    return template_of("bot.mail", "letter")
