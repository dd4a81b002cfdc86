"""Passing a digest on by hand, where no mail is sent: whom it waits for, its text and files, and that it was done."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.domain.digests import Forwarding, ForwardKey, ToForward
from bot.domain.outbox import Kind
from bot.domain.rights import Right
from bot.domain.sending import Envelope, Person
from bot.mail import Letter, letter_of
from bot.slack.blocks.digests import FORWARD_TITLE, TEXT_TITLE, forward_view, text_view
from bot.slack.blocks.people import notice_message
from bot.slack.files import give_file
from bot.slack.identifiers import Action
from bot.slack.rendering import render_whole
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners


async def to_forward(call: Call) -> None:
    """[Pass it on]: who waits for the digest, since no mail is sent."""
    await call.open(FORWARD_TITLE)
    await call.show(forward_view(await call.services.digests.to_forward(await call.actor())))


async def give_text(call: Call) -> None:
    """[Copy text]: the digest as this reader may read it, to be copied from the modal."""
    await call.open(TEXT_TITLE)
    found = await call.services.digests.forward(await call.actor(), call.pressed(ForwardKey))
    letter = await asyncio.to_thread(_letter, found)
    await call.show(text_view(found, letter.subject, letter.text))


async def _give_files(call: Call, *, html: bool) -> None:
    """[Get HTML]: the same as it would be mailed, in two files; [Get it as a file]: its text alone."""
    actor = await call.actor()
    found = await call.services.digests.forward(actor, call.pressed(ForwardKey))
    letter = await asyncio.to_thread(_letter, found)
    reader = found.reader
    name = f"digest-{reader.member}"
    words = f"For {reader.name} alone, as they may read it. Subject: {letter.subject}"
    await give_file(call.client, call.user_id, f"{name}.txt", letter.text, words)
    said = f"The text for {reader.name} is in your messages with me, as a file."
    if html:
        await give_file(call.client, call.user_id, f"{name}.html", letter.html, f"The same for {reader.name} as HTML")
        said = f"Text and HTML for {reader.name} are in your messages with me, as files."
    if not call.is_in_modal:
        await call.reply(notice_message(said))
    elif html:
        await call.change_view(forward_view(await call.services.digests.to_forward(actor), said))
    else:
        await call.change_view(text_view(found, letter.subject, letter.text, said))


async def note(call: Call) -> None:
    """[I forwarded it]: kept with who pressed and when. Whoever comes second sees who was first."""
    key = call.pressed(ForwardKey)
    await _changed(call, await call.services.digests.note_passed_on(await call.actor(), key))


async def take_back(call: Call) -> None:
    """[Take it back]: it waits again."""
    key = call.pressed(ForwardKey)
    await _changed(call, await call.services.digests.take_passed_on_back(await call.actor(), key))


async def _changed(call: Call, page: ToForward) -> None:
    if call.is_in_modal:
        await call.change_view(forward_view(page))
    else:
        await call.reply(notice_message(f"{len(page.done)} of {len(page.readers)} have it."))
    await refresh_home(call)


def _letter(found: Forwarding) -> Letter:
    messages = [message.blocks for message in render_whole(Kind.DIGEST_COPY, found.post)]
    envelope = Envelope(
        key="by-hand",
        member_id=0,
        to=Person(name=found.reader.name, address=found.reader.address or ""),
        coalition=found.coalition,
        sent_at=found.post.posted_at,
        coordinators=(Person(name=found.by, address=found.by_address or ""),),
    )
    return letter_of(messages, envelope)


LISTENERS = Listeners(
    noun="digest",
    actions={
        Action.DIGEST_FORWARD: to_forward,
        Action.DIGEST_FORWARD_TEXT: give_text,
        Action.DIGEST_FORWARD_TEXT_FILE: partial(_give_files, html=False),
        Action.DIGEST_FORWARD_FILES: partial(_give_files, html=True),
        Action.DIGEST_PASSED_ON: note,
        Action.DIGEST_NOT_PASSED_ON: take_back,
    },
    lines=(
        Line(
            "forward",
            "the newest one, for whoever reads by e-mail while no mail is sent",
            to_forward,
            Right.SEND_DIGEST,
            words=("pass it on",),
            opens_modal=True,
        ),
    ),
)
