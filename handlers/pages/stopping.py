"""The page on which copies of a digest, or a kind of message, are stopped: by a press there, or by one in the reader's
mail program, whose server then sends what RFC 8058 says. A GET only asks.

Whoever has such a link can stop or start these to one person, and nothing else: so it asks nobody who they are.
"""

from __future__ import annotations

from collections.abc import Collection
from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.domain.digests import Overview
from bot.domain.sending import IN_WORDS
from bot.domain.vocabularies import MessageKind
from bot.errors import ConfigurationError, UserError
from bot.pages import Posted, stop_page
from bot.services import Services
from bot.services.people import ABOUT, OpenedLink
from bot.slack.blocks.digests import edition_name
from handlers.pages.showing import Answer, refusal

STOP_PRESS, AGAIN_PRESS = "stop", "again"
# What a mail program's server sends in place of a press (RFC 8058, section 3.2), as a form of either kind.
ONE_CLICK = ("List-Unsubscribe", "One-Click")
MULTIPART = b"multipart/form-data"


class Stopping:
    """The pages of links that stop something."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def look(self, token: str) -> Answer:
        """Asks. Nothing is changed."""
        try:
            link, what = await self._services.answer_links.open_stop(token)
            return await self._asked(link, what)
        except (UserError, ConfigurationError) as error:
            return refusal(error)

    async def press(self, token: str, posted: Posted) -> Answer:
        """Stops it, or has it sent again; shows what is so now."""
        try:
            link, what = await self._services.answer_links.open_stop(token)
            pressed = (posted.get("press") or ("",))[0]
            is_stop = pressed == STOP_PRESS or (posted.get(ONE_CLICK[0]) or ("",))[0] == ONE_CLICK[1]
            if not is_stop and pressed != AGAIN_PRESS:
                return await self.look(token)
            if what.startswith(ABOUT):
                await self._services.own_settings.want(link.actor, what.removeprefix(ABOUT), wanted=not is_stop)
            else:
                await self._services.digests.subscribe(link.actor, what, active=not is_stop)
            return await self._asked(link, what)
        except (UserError, ConfigurationError) as error:
            return refusal(error)

    async def _asked(self, link: OpenedLink, what: str) -> Answer:
        if what.startswith(ABOUT):
            settings = await self._services.own_settings.page(link.actor)
            return _asked_of_kind(link, what.removeprefix(ABOUT), settings.no_messages_about)
        return _asked_of_edition(link, what, await self._services.digests.overview(link.actor))


def _asked_of_kind(link: OpenedLink, kind: str, unwanted: Collection[str]) -> Answer:
    if kind not in set(MessageKind):
        raise UserError("This link is from another version. Take that of a newer e-mail.")
    name = IN_WORDS[MessageKind(kind)]
    if kind in unwanted:
        words = f"It isn't sent to {link.name} anymore, and waits on their own page. Everything else stays as it is."
        shown = (f"E-mails about {name} are stopped", words, AGAIN_PRESS, "Send them again")
    else:
        words = (
            f"They come to {link.name} by e-mail. Stopped, it waits on their own page. Everything else stays as it is."
        )
        shown = (f"Stop e-mails about {name}?", words, STOP_PRESS, "Stop them")
    return Answer(200, stop_page(link.coalition, f"{link.name}, {link.organization}", *shown))


def _asked_of_edition(link: OpenedLink, edition: str, overview: Overview) -> Answer:
    copy = next((one for one in overview.copies if one.edition.key == edition), None)
    name = edition_name(copy.edition) if copy is not None else "Digest"
    who = f"{link.name}, {link.organization}"
    if copy is not None and copy.is_subscribed:
        words = f"With each digest it comes to {link.name} by e-mail. Everything else that is sent stays as it is."
        shown = (f"Stop “{name}”?", words, STOP_PRESS, "Stop it")
    else:
        words = f"It isn't sent to {link.name} anymore. Everything else that is sent stays as it is."
        shown = (f"“{name}” is stopped", words, AGAIN_PRESS, "Send it again")
    return Answer(200, stop_page(link.coalition, who, *shown))


def posted_in_parts(kind: bytes, body: bytes) -> Posted:
    """The fields of a form that came as multipart/form-data, with `kind` as its Content-Type."""
    form = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body, policy=policy.HTTP)
    found: dict[str, list[str]] = {}
    for part in form.iter_parts() if isinstance(form, EmailMessage) else ():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            found.setdefault(name, []).append(value.decode(errors="replace").strip())
    return found
