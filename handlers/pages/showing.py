"""What a browser gets: a message or somebody's own page, the form on top of it, a question before something is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.errors import ConfigurationError, UserError
from bot.pages import Asked, Notice, Posted, Screen, as_page, pressable, question_page, words_page
from bot.services import Services
from bot.services.people import ANSWER_PATH, CHOICES, SIGN_IN, OpenedLink
from bot.slack.blocks.home import home_view
from bot.slack.blocks.what_comes import WHAT_COMES_TITLE
from bot.slack.identifiers import Action
from bot.slack.kept_words import NOTICES as KEPT_NOTICES
from bot.slack.mrkdwn import unmark
from bot.slack.rendering import render_whole, title_of
from handlers.pages.client import View, new_view_id
from handlers.pages.pressing import Pressing
from handlers.pages.sealed import Sealed, State
from handlers.what_comes import what_comes

log = structlog.get_logger(__name__)

MY_WEEK = "My week"
# The pages of whoever is known to a browser: what they are called, and where they are.
OWN_PAGES = {SIGN_IN: (MY_WEEK, f"{ANSWER_PATH}{SIGN_IN}"), CHOICES: (WHAT_COMES_TITLE, f"{ANSWER_PATH}{CHOICES}")}
# What only keeps what stands in a form.
KEEPING = frozenset({Action.KEEP_WORDS, Action.SETUP_KEEP})
REPORTS = frozenset(Action) - KEEPING


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser gets. `cookie`: who sits before it from now on; `location`: where it goes on to."""

    status: int
    body: str = ""
    cookie: str | None = None
    location: str | None = None


class Showing:
    """Makes the pages. Nothing is changed by it."""

    def __init__(self, services: Services, sealed: Sealed, pressing: Pressing) -> None:
        self._services, self._sealed, self._pressing = services, sealed, pressing

    def door(self, link: OpenedLink) -> Screen:
        """Before the own page that a link opens once: whoever looks ahead must not use it up."""
        return Screen(
            title=OWN_PAGES[link.page][0],
            coalition=link.coalition,
            who=f"{link.name}, {link.organization}",
            state=self._sealed.state(link, State([], base=[])),
            blocks=(),
            asks_who=link.name,
        )

    async def message(
        self,
        link: OpenedLink,
        cookies: Mapping[str, str],
        notice: Notice | None = None,
        home: View | None = None,
    ) -> Answer:
        """What the link leads to, as it is now, with a question who sits there where that isn't known."""
        is_known = self._sealed.is_known(link, cookies)
        heading: str | None
        if link.page == CHOICES and not is_known:
            return Answer(200, as_page(self.door(link)))
        if link.page == CHOICES:
            listed = (await what_comes(self._services, link.actor)).view(WHAT_COMES_TITLE)
            return await self.form(link, [{**listed.payload(), "id": new_view_id()}], notice=notice)
        if link.delivery_id is None or link.kind is None:
            page = await self._services.home.page(link.actor, whole=True) if home is None else None
            blocks = list(home_view(page).blocks if page is not None else (home or {})["blocks"])
            heading = MY_WEEK
        else:
            content = await self._services.contents.as_now(link.actor, link.delivery_id)
            if content is None:
                words = "There is nothing left to do about this message. Thank you."
                return Answer(200, words_page(link.coalition, words))
            blocks = [block for message in render_whole(link.kind, content) for block in message.blocks]
            heading = title_of(link.kind, content)
        screen = Screen(
            title=heading or _heading(blocks) or link.coalition,
            coalition=link.coalition,
            who=f"{link.name}, {link.organization}",
            state=self._sealed.state(link, State([], base=list(blocks))),
            blocks=blocks if heading is not None else _without_heading(blocks),
            can_press=is_known,
            notice=notice,
            mine=_others(link) if is_known else (),
        )
        if is_known or not pressable(blocks):
            return Answer(200, as_page(screen))
        return Answer(200, as_page(replace(screen, asks_who=link.name)))

    async def form(
        self,
        link: OpenedLink,
        stack: Sequence[View],
        *,
        errors: Mapping[str, str] | None = None,
        sought: tuple[str, Posted] | None = None,
        notice: Notice | None = None,
    ) -> Answer:
        """The top form. `sought`: which of its lists was searched, and what was typed there."""
        top = stack[-1]
        blocks = await self._offered(link, stack, sought)
        shown = [*stack[:-1], {**top, "blocks": blocks}]
        # The list of what comes to somebody lies on nothing.
        is_root = link.page == CHOICES and len(stack) == 1
        submit = str((top.get("submit") or {}).get("text") or "") or None
        screen = Screen(
            title=str((top.get("title") or {}).get("text") or link.coalition),
            coalition=link.coalition,
            who=f"{link.name}, {link.organization}",
            state=self._sealed.state(link, State(shown)),
            blocks=blocks,
            submit=submit,
            back=None if is_root else "Back" if submit else "Done",
            mine=_others(link) if is_root else (),
            notice=notice,
            keeps="Keep for later" if any(one["action_id"] in KEEPING for _, one in pressable(blocks)) else None,
            reports=REPORTS,
            errors=errors or {},
        )
        return Answer(200, as_page(screen))

    async def _offered(
        self, link: OpenedLink, stack: Sequence[View], sought: tuple[str, Posted] | None
    ) -> list[dict[str, Any]]:
        """The top form's blocks, in which lists that are searched hold what there is to choose from."""
        blocks = []
        # What a form says of keeping words in Slack.
        told = [block for block in stack[-1]["blocks"] if block["type"] != "context" or not _is_about_keeping(block)]
        for number, block in enumerate(told):
            element = block.get("element") or {}
            if element.get("type") in {"external_select", "multi_external_select"}:
                is_sought = sought is not None and sought[0] == str(number)
                text = (sought[1].get(f"q{number}") or ("",))[0] if is_sought and sought is not None else ""
                if is_sought or "options" not in element:
                    options = await self._pressing.find(link, stack, str(element["action_id"]), text[:200])
                    block = {**block, "element": {**element, "options": options}}
            blocks.append(block)
        return blocks

    def ask(
        self,
        link: OpenedLink,
        stack: list[View],
        base: list[dict[str, Any]] | None,
        pressed: str,
        confirm: Mapping[str, Any],
    ) -> Answer:
        """The question before something is done."""
        state = self._sealed.state(link, State(stack, asked=pressed, base=base))
        asked = Asked(
            title=confirm["title"]["text"],
            words=unmark(confirm["text"]["text"]),
            yes=confirm["confirm"]["text"],
            no=confirm["deny"]["text"],
            press=pressed,
        )
        who = f"{link.name}, {link.organization}"
        screen = Screen(title=asked.title, coalition=link.coalition, who=who, state=state, blocks=())
        return Answer(200, question_page(asked, screen))


def refusal(error: UserError | ConfigurationError) -> Answer:
    """The page in place of one that can't be shown."""
    if isinstance(error, UserError):
        return Answer(404, words_page("This page can't be opened", error.message))
    log.warning("page_not_shown", why=str(error))
    return Answer(503, words_page("Not now", "I can't get at what I need at the moment. Try again in a minute."))


def _others(link: OpenedLink) -> list[tuple[str, str]]:
    """The other pages of the same person."""
    here = link.page if link.delivery_id is None else None
    return [one for page, one in OWN_PAGES.items() if page != here]


def _is_about_keeping(block: Mapping[str, Any]) -> bool:
    return any(one.get("text") in KEPT_NOTICES for one in block["elements"])


def _heading(blocks: Sequence[Mapping[str, Any]]) -> str | None:
    return next((str(block["text"]["text"]) for block in blocks if block["type"] == "header"), None)


def _without_heading(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks without the heading that the page has as its title; nothing that can be pressed stands in one."""
    first = next((block for block in blocks if block["type"] == "header"), None)
    return [block for block in blocks if block is not first]
