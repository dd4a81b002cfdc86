"""The pages behind the links in mails: a GET shows and changes nothing, since scanners follow links; a POST presses.

A page is its whole state, sealed in it: which forms lie on each other, and what can be pressed. Nobody but the person
whose link it is should answer by it, so a browser is asked once who sits before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import ConfigurationError, UserError
from bot.pages import (
    Notice,
    Posted,
    Values,
    as_page,
    entered_in,
    pressable,
    problems_of,
    shown_with,
    sign_in_page,
    touched,
    words_page,
)
from bot.sealing import Seal
from bot.services import Services
from bot.services.people import ANSWER_PATH, CHOICES, CHOICES_LINK, SIGN_IN, USED, OpenedLink
from handlers.context import Edge
from handlers.pages.client import View
from handlers.pages.pressing import OUT_OF_DATE, Outcome, Pressing
from handlers.pages.sealed import Sealed, State
from handlers.pages.showing import KEEPING, OWN_PAGES, Answer, Showing, refusal

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


class Answering:
    """The pages of everybody's links. `is_https`: cookies go over such connections only."""

    def __init__(self, services: Services, edge: Edge, seal: Seal, *, is_https: bool) -> None:
        self._services = services
        self._sealed = Sealed(services, seal, is_https=is_https)
        self._pressing = Pressing(edge)
        self._showing = Showing(services, self._sealed, self._pressing)

    async def look(self, token: str, cookies: Mapping[str, str], *, said: str = "", once: str = "") -> Answer:
        """The message, or somebody's own page, as it is now. Nothing is changed."""
        try:
            notice = Notice(SAID[said]) if said in SAID else None
            if token not in OWN_PAGES:
                return await self._showing.message(await self._open(token), cookies, notice)
            if once:
                link, _used = await self._services.answer_links.open_sign_in(once)
                return Answer(200, as_page(self._showing.door(link)))
            known = await self._mine(token, cookies)
            return (
                await self._showing.message(known, cookies, notice)
                if known is not None
                else Answer(200, sign_in_page())
            )
        except (UserError, ConfigurationError) as error:
            return refusal(error)

    async def press(self, token: str, cookies: Mapping[str, str], posted: Posted, *, once: str = "") -> Answer:
        """Does what was pressed."""
        try:
            if token not in OWN_PAGES:
                return await self._press(await self._open(token), token, cookies, posted)
            pressed = (posted.get("press") or ("",))[0]
            if pressed == "sign-in":
                await self._services.answer_links.ask_to_sign_in((posted.get("address") or ("",))[0][:254])
                return Answer(200, words_page("Look into your mailbox", ON_ITS_WAY))
            if once and pressed == _IT_IS_ME:
                link, used = await self._services.answer_links.open_sign_in(once)
                if not await self._services.inbox.first_time(used):
                    raise UserError(USED)
                return Answer(303, cookie=self._sealed.cookie(link), location=f"{ANSWER_PATH}{SIGN_IN}")
            known = await self._mine(token, cookies)
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
            return await self._showing.message(link, cookies)
        state = self._sealed.read_state(link, (posted.get("state") or ("",))[0])
        if state is None:
            return await self._showing.message(link, cookies, Notice(OUT_OF_DATE, is_wrong=True))
        if not state.stack:
            return await self._press_message(link, state, token, pressed, cookies)
        top = state.stack[-1]
        blocks: list[dict[str, Any]] = top["blocks"]
        values = entered_in(blocks, posted)
        kept = [*state.stack[:-1], {**top, "blocks": shown_with(blocks, values)}]
        if pressed == "back":
            if state.asked is not None:
                return await self._showing.form(link, state.stack)
            return await self._after(link, Outcome(state.stack[:-1]), token, is_done=False)
        if pressed.startswith("find:"):
            return await self._showing.form(link, kept, sought=(pressed.removeprefix("find:"), posted))
        if pressed == "keep":
            keeping = next((one for one in pressable(blocks) if one[1].get("action_id") in KEEPING), None)
            if keeping is None:
                return await self._showing.form(link, kept)
            outcome = await self._pressing.press(link, state.page, state.stack, *keeping, values)
            if not outcome.is_kept:
                return await self._showing.form(link, kept, errors={"": NOT_KEPT})
            return Answer(303, location=f"{ANSWER_PATH}{token}?said=kept")
        if pressed == "submit":
            if problems := problems_of(blocks, values):
                return await self._showing.form(link, kept, errors=problems)
            outcome = await self._pressing.submit(link, state.stack, values)
            if outcome.errors:
                outcome.stack[-1:] = kept[-1:]
            return await self._after(link, outcome, token)
        found = _number(pressed, pressable(blocks))
        if found is None:
            return await self._showing.form(link, kept)
        if "confirm" in found[1] and state.asked != pressed:
            return self._showing.ask(link, kept, None, pressed, found[1]["confirm"])
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
            return self._showing.ask(link, [], state.base, pressed, found[1]["confirm"])
        outcome = await self._pressing.press(link, state.page, [], *found, {})
        if outcome.errors and not outcome.stack:
            # Nothing was done, and there is no form beside which to say so.
            return await self._showing.message(link, cookies, Notice(" ".join(outcome.errors.values()), is_wrong=True))
        if outcome.home is not None and not outcome.stack and link.delivery_id is None:
            return await self._showing.message(link, cookies, home=outcome.home)
        return await self._after(link, outcome, token)

    async def _after(self, link: OpenedLink, outcome: Outcome, token: str, *, is_done: bool = True) -> Answer:
        """The top form, or the message as it is by now."""
        if not outcome.stack and outcome.said:
            # What would have been said to them stands on a page of its own.
            last = outcome.said[-1]
            blocks = list(last.get("blocks") or ())
            outcome.stack.append({"type": "modal", "id": "", "blocks": blocks, "title": {"text": link.coalition}})
        is_root = link.page == CHOICES and len(outcome.stack) == 1 and not outcome.errors
        if outcome.stack and not is_root:
            return await self._showing.form(link, outcome.stack, errors=outcome.errors)
        # Somebody who presses Reload must not send it again.
        return Answer(303, location=f"{ANSWER_PATH}{token}{'?said=done' if is_done else ''}")

    async def _open(self, token: str) -> OpenedLink:
        links = self._services.answer_links
        return await (links.open_choices(token) if token.startswith(CHOICES_LINK) else links.open(token))

    async def _mine(self, page: str, cookies: Mapping[str, str]) -> OpenedLink | None:
        """An own page of whoever sits before this browser; None where nobody has said so."""
        told = self._sealed.who(cookies)
        if told is None:
            return None
        try:
            return replace(await self._services.answer_links.mine(*told), page=page)
        except UserError:
            return None


def _number(pressed: str, offered: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, Mapping[str, Any]] | None:
    if not (pressed.isascii() and pressed.isdigit() and len(pressed) < 5):
        return None
    return offered[int(pressed)] if int(pressed) < len(offered) else None


def _with_entered(
    stack: Sequence[View], before: View, blocks: Sequence[Mapping[str, Any]], values: Values
) -> list[View]:
    """The forms after a press in one of them: that one shows what was entered in it, as Slack keeps it."""
    changed = touched(blocks, values)
    return [
        {**view, "blocks": shown_with(view["blocks"], changed)} if view["id"] == before["id"] else view
        for view in stack
    ]
