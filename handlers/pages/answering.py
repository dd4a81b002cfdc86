"""The pages behind the links in mails: a GET shows and changes nothing, since scanners follow links; a POST presses.

A page is its whole state, sealed in it: which forms lie on each other, and what can be pressed. Nobody but the person
whose link it is should answer by it, so a browser is asked once who sits before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.errors import ConfigurationError, UserError
from bot.pages import (
    Asked,
    Notice,
    Posted,
    Screen,
    Values,
    as_page,
    entered_in,
    pressable,
    problems_of,
    question_page,
    shown_with,
    sign_in_page,
    touched,
    words_page,
)
from bot.sealing import Seal
from bot.services import Services
from bot.services.people import ANSWER_PATH, SIGN_IN, USED, OpenedLink
from bot.slack.blocks.home import home_view
from bot.slack.identifiers import Action
from bot.slack.kept_words import NOTICES as KEPT_NOTICES
from bot.slack.mrkdwn import unmark
from bot.slack.rendering import render_whole, title_of
from handlers.context import Edge
from handlers.pages.client import View
from handlers.pages.pressing import OUT_OF_DATE, Outcome, Pressing
from handlers.pages.sealed import Sealed, State

log = structlog.get_logger(__name__)

OWN_PAGE = f"{ANSWER_PATH}{SIGN_IN}"
ON_ITS_WAY = (
    "If somebody takes part by e-mail with this address, a link is on its way there. It opens their page once, within "
    "half an hour. Nothing came? Ask a coordinator which address your coalition has."
)
_IT_IS_ME, _IT_IS_NOT = "me", "not-me"
# What a page says above the message, by what was done.
SAID = {
    "done": "Thank you, that is noted.",
    "kept": "What you wrote is kept for you. It isn't sent yet.",
}
NOT_KEPT = "What you wrote can't be kept at the moment. It still stands here: try again in a minute."
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


class Answering:
    """The pages of everybody's links. `is_https`: cookies go over such connections only."""

    def __init__(self, services: Services, edge: Edge, seal: Seal, *, is_https: bool) -> None:
        self._services = services
        self._sealed = Sealed(services, seal, is_https=is_https)
        self._pressing = Pressing(edge)

    async def look(self, token: str, cookies: Mapping[str, str], *, said: str = "", once: str = "") -> Answer:
        """The message, or somebody's own page, as it is now. Nothing is changed."""
        try:
            notice = Notice(SAID[said]) if said in SAID else None
            if token != SIGN_IN:
                link = await self._services.answer_links.open(token)
                return await self._message(link, cookies, notice)
            if once:
                link, _used = await self._services.answer_links.open_sign_in(once)
                return Answer(200, as_page(self._door(link)))
            known = await self._mine(cookies)
            return await self._message(known, cookies, notice) if known is not None else Answer(200, sign_in_page())
        except (UserError, ConfigurationError) as error:
            return refusal(error)

    async def press(self, token: str, cookies: Mapping[str, str], posted: Posted, *, once: str = "") -> Answer:
        """Does what was pressed."""
        try:
            if token != SIGN_IN:
                link = await self._services.answer_links.open(token)
                return await self._press(link, token, cookies, posted)
            pressed = (posted.get("press") or ("",))[0]
            if pressed == "sign-in":
                await self._services.answer_links.ask_to_sign_in((posted.get("address") or ("",))[0][:254])
                return Answer(200, words_page("Look into your mailbox", ON_ITS_WAY))
            if once and pressed == _IT_IS_ME:
                link, used = await self._services.answer_links.open_sign_in(once)
                if not await self._services.inbox.first_time(used):
                    raise UserError(USED)
                return Answer(303, cookie=self._sealed.cookie(link), location=f"{ANSWER_PATH}{SIGN_IN}")
            known = await self._mine(cookies)
            return (
                await self._press(known, token, cookies, posted) if known is not None else Answer(200, sign_in_page())
            )
        except (UserError, ConfigurationError) as error:
            return refusal(error)

    async def _press(self, link: OpenedLink, token: str, cookies: Mapping[str, str], posted: Posted) -> Answer:
        pressed = (posted.get("press") or ("",))[0]
        if pressed == _IT_IS_NOT:
            helper = await self._services.home.coordinator_of(link.team_id or "")
            who = helper or "a coordinator"
            return Answer(
                200,
                words_page(
                    "Nothing was answered",
                    f"This link was sent to {link.name}. Please give it back to them, or tell {who}, who can call it "
                    "back.",
                ),
            )
        if pressed == _IT_IS_ME:
            return Answer(303, cookie=self._sealed.cookie(link), location=f"{ANSWER_PATH}{token}")
        if not self._sealed.is_known(link, cookies):
            return await self._message(link, cookies)
        state = self._sealed.read_state(link, (posted.get("state") or ("",))[0])
        if state is None:
            return await self._message(link, cookies, Notice(OUT_OF_DATE, is_wrong=True))
        if not state.stack:
            return await self._press_message(link, state, token, pressed, cookies)
        top = state.stack[-1]
        blocks: list[dict[str, Any]] = top["blocks"]
        values = entered_in(blocks, posted)
        kept = [*state.stack[:-1], {**top, "blocks": shown_with(blocks, values)}]
        if pressed == "back":
            if state.asked is not None:
                return await self._form(link, state.stack)
            return await self._after(link, Outcome(state.stack[:-1]), token, is_done=False)
        if pressed.startswith("find:"):
            return await self._form(link, kept, sought=(pressed.removeprefix("find:"), posted))
        if pressed == "keep":
            keeping = next((one for one in pressable(blocks) if one[1].get("action_id") in KEEPING), None)
            if keeping is None:
                return await self._form(link, kept)
            outcome = await self._pressing.press(link, state.page, state.stack, *keeping, values)
            if not outcome.is_kept:
                return await self._form(link, kept, errors={"": NOT_KEPT})
            return Answer(303, location=f"{ANSWER_PATH}{token}?said=kept")
        if pressed == "submit":
            if problems := problems_of(blocks, values):
                return await self._form(link, kept, errors=problems)
            outcome = await self._pressing.submit(link, state.stack, values)
            if outcome.errors:
                outcome.stack[-1:] = kept[-1:]
            return await self._after(link, outcome, token)
        found = _number(pressed, pressable(blocks))
        if found is None:
            return await self._form(link, kept)
        if "confirm" in found[1] and state.asked != pressed:
            return self._ask(link, kept, None, pressed, found[1]["confirm"])
        outcome = await self._pressing.press(link, state.page, state.stack, *found, values)
        outcome.stack[:] = _with_entered(outcome.stack, top, blocks, values)
        return await self._after(link, outcome, token)

    async def _press_message(
        self, link: OpenedLink, state: State, token: str, pressed: str, cookies: Mapping[str, str]
    ) -> Answer:
        found = _number(pressed, pressable(state.base or ()))
        if found is None:
            return Answer(303, location=f"{ANSWER_PATH}{token}")
        if "confirm" in found[1] and state.asked != pressed:
            return self._ask(link, [], state.base, pressed, found[1]["confirm"])
        outcome = await self._pressing.press(link, state.page, [], *found, {})
        if outcome.errors and not outcome.stack:
            # Nothing was done, and there is no form beside which to say so.
            return await self._message(link, cookies, Notice(" ".join(outcome.errors.values()), is_wrong=True))
        if outcome.home is not None and not outcome.stack and link.delivery_id is None:
            return await self._message(link, cookies, home=outcome.home)
        return await self._after(link, outcome, token)

    async def _after(self, link: OpenedLink, outcome: Outcome, token: str, *, is_done: bool = True) -> Answer:
        """The top form, or the message as it is by now."""
        if not outcome.stack and outcome.said:
            # What would have been said to them stands on a page of its own.
            last = outcome.said[-1]
            blocks = list(last.get("blocks") or ())
            outcome.stack.append({"type": "modal", "id": "", "blocks": blocks, "title": {"text": link.coalition}})
        if outcome.stack:
            return await self._form(link, outcome.stack, errors=outcome.errors)
        # Somebody who presses Reload must not send it again.
        return Answer(303, location=f"{ANSWER_PATH}{token}{'?said=done' if is_done else ''}")

    def _door(self, link: OpenedLink) -> Screen:
        """Before the own page that a link opens once: whoever looks ahead must not use it up."""
        return Screen(
            title="My week",
            coalition=link.coalition,
            who=f"{link.name}, {link.organization}",
            state=self._sealed.state(link, State([], base=[])),
            blocks=(),
            asks_who=link.name,
        )

    async def _mine(self, cookies: Mapping[str, str]) -> OpenedLink | None:
        """The own page of whoever sits before this browser; None where nobody has said so."""
        told = self._sealed.who(cookies)
        if told is None:
            return None
        try:
            return await self._services.answer_links.mine(*told)
        except UserError:
            return None

    async def _message(
        self,
        link: OpenedLink,
        cookies: Mapping[str, str],
        notice: Notice | None = None,
        home: View | None = None,
    ) -> Answer:
        is_known = self._sealed.is_known(link, cookies)
        heading: str | None
        if link.delivery_id is None or link.kind is None:
            page = await self._services.home.page(link.actor, whole=True) if home is None else None
            blocks = list(home_view(page).blocks if page is not None else (home or {})["blocks"])
            heading = "My week"
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
            mine=OWN_PAGE if is_known and link.delivery_id is not None else None,
        )
        if is_known or not pressable(blocks):
            return Answer(200, as_page(screen))
        return Answer(200, as_page(replace(screen, asks_who=link.name)))

    async def _form(
        self,
        link: OpenedLink,
        stack: Sequence[View],
        *,
        errors: Mapping[str, str] | None = None,
        sought: tuple[str, Posted] | None = None,
    ) -> Answer:
        top = stack[-1]
        blocks = await self._offered(link, stack, sought)
        shown = [*stack[:-1], {**top, "blocks": blocks}]
        submit = str((top.get("submit") or {}).get("text") or "") or None
        screen = Screen(
            title=str((top.get("title") or {}).get("text") or link.coalition),
            coalition=link.coalition,
            who=f"{link.name}, {link.organization}",
            state=self._sealed.state(link, State(shown)),
            blocks=blocks,
            submit=submit,
            back="Back" if submit else "Done",
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

    def _ask(
        self,
        link: OpenedLink,
        stack: list[View],
        base: list[dict[str, Any]] | None,
        pressed: str,
        confirm: Mapping[str, Any],
    ) -> Answer:
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


def _is_about_keeping(block: Mapping[str, Any]) -> bool:
    return any(one.get("text") in KEPT_NOTICES for one in block["elements"])


def _number(pressed: str, offered: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, Mapping[str, Any]] | None:
    if not (pressed.isascii() and pressed.isdigit() and len(pressed) < 5):
        return None
    return offered[int(pressed)] if int(pressed) < len(offered) else None


def _heading(blocks: Sequence[Mapping[str, Any]]) -> str | None:
    return next((str(block["text"]["text"]) for block in blocks if block["type"] == "header"), None)


def _without_heading(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks without the heading that the page has as its title; nothing that can be pressed stands in one."""
    first = next((block for block in blocks if block["type"] == "header"), None)
    return [block for block in blocks if block is not first]


def _with_entered(
    stack: Sequence[View], before: View, blocks: Sequence[Mapping[str, Any]], values: Values
) -> list[View]:
    """The forms after a press in one of them: that one shows what was entered in it, as Slack keeps it."""
    changed = touched(blocks, values)
    return [
        {**view, "blocks": shown_with(view["blocks"], changed)} if view["id"] == before["id"] else view
        for view in stack
    ]
