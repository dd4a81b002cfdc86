"""What a browser keeps for a page: the page's own state, and who sits there; sealed, so nobody changes it."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sealing import Broken, Seal
from bot.services import Services
from bot.services.people import ANSWER_PATH, OpenedLink
from handlers.pages.client import View, new_view_id

COOKIE = "backbeat-me"
# Seconds for which a browser is known, and in which a page that stands open can be sent.
KNOWN_FOR = 30 * 86400
OPEN_FOR = 86400
_WHO, _PAGE = "who answers", "page"


@dataclass(slots=True)
class State:
    """What a page holds of itself: forms, the top one last, and the number of what was asked about before it is
    pressed."""

    stack: list[View]
    asked: str | None = None
    base: list[dict[str, Any]] | None = None  # the message's blocks, where no form lies on it
    page: str = field(default_factory=new_view_id)  # what is pressed on it twice is done once


class Sealed:
    """Seals and opens both. `is_https`: cookies go over such connections only."""

    def __init__(self, services: Services, seal: Seal, *, is_https: bool) -> None:
        self._services, self._seal, self._is_https = services, seal, is_https

    def state(self, link: OpenedLink, state: State) -> str:
        """A page's state, as a field of its form."""
        told = {"of": _of(link), "page": state.page, "stack": state.stack, "asked": state.asked, "base": state.base}
        packed = b85encode(zlib.compress(json.dumps(told).encode(), 6)).decode()
        return self._seal.close(_PAGE, packed, at=self._now)

    def read_state(self, link: OpenedLink, sealed: str) -> State | None:
        """The state again; None where it is too old, or another page's."""
        try:
            packed = self._seal.open(_PAGE, sealed, at=self._now, within=OPEN_FOR)
        except Broken:
            return None
        told = json.loads(zlib.decompress(b85decode(packed)))
        return State(told["stack"], told["asked"], told["base"], told["page"]) if told["of"] == _of(link) else None

    def cookie(self, link: OpenedLink) -> str:
        """By which this browser is known to be that of the link's member, as a Set-Cookie value."""
        since = self._services.calendar.now().timestamp()
        sealed = self._seal.close(_WHO, json.dumps([*_person(link), since]), at=self._now)
        secure = "; Secure" if self._is_https else ""
        # A link in a mail leads here from another site, and the strict kind would not come along.
        return f"{COOKIE}={sealed}; Path={ANSWER_PATH}; Max-Age={KNOWN_FOR}; HttpOnly; SameSite=Lax{secure}"

    def is_known(self, link: OpenedLink, cookies: Mapping[str, str]) -> bool:
        """Whether whoever sits before this browser has said that they are this person."""
        told = self.who(cookies)
        return told is not None and list(told[:2]) == _person(link) and told[2] > link.called_back_at

    def who(self, cookies: Mapping[str, str]) -> tuple[int, int, float] | None:
        """(coalition, member, since when) of whoever has said who they are."""
        try:
            words = self._seal.open(_WHO, cookies.get(COOKIE, ""), at=self._now, within=KNOWN_FOR)
        except Broken:
            return None
        coalition_id, member_id, since = json.loads(words)
        return coalition_id, member_id, since

    @property
    def _now(self) -> float:
        return self._services.deliveries.elapsed.epoch()


def _of(link: OpenedLink) -> list[int | str | None]:
    return [link.actor.coalition_id, link.actor.member_id, link.delivery_id, link.page]


def _person(link: OpenedLink) -> list[int | None]:
    return [link.actor.coalition_id, link.actor.member_id]
