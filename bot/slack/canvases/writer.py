"""The calls that make, change and look at canvases, and what came of each. It never tries twice by itself.

Making one is like posting: where the answer is lost, nobody knows. Changing one is not: whoever does it again does no
harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ElapsedTime
from bot.slack.gateway import AMBIGUOUS_CODES, LATER_CODES, asked_wait, code_of
from bot.slack.pace import Pace

log = structlog.get_logger(__name__)

CREATE, EDIT, INFO, FILE = "conversations.canvases.create", "canvases.edit", "conversations.info", "files.info"
ACCESS, LINK = "canvases.access.set", "chat.getPermalink"
# Slack is waited for so many elapsed seconds.
WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Made:
    canvas_id: str


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no. `code` is its own."""

    code: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing was done: not before so many elapsed seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was done, since Slack could not be reached."""


@dataclass(frozen=True, slots=True)
class Lost:
    """It may have been done: the answer didn't come, or says nothing."""


Outcome = Made | Done | Refused | Wait | Failed | Lost


@dataclass(frozen=True, slots=True)
class Tab:
    """A canvas in a channel's tab, as its file says. `user` is who made it; None where nobody can tell."""

    canvas_id: str
    user: str | None
    title: str | None


class CanvasWriter:
    """One workspace's canvases."""

    def __init__(self, client: AsyncWebClient, elapsed: ElapsedTime, pace: Pace | None = None) -> None:
        self._client = client
        self._elapsed = elapsed
        self._pace = pace
        self._paused: dict[str, float] = {}
        self._links: dict[tuple[str, str], str] = {}

    async def make(self, channel_id: str, title: str, markdown: str) -> Outcome:
        """A canvas in a tab of the channel, with its text at once."""
        content = {"type": "markdown", "markdown": markdown}
        found = await self._call(
            CREATE,
            lambda: self._client.conversations_canvases_create(
                channel_id=channel_id, title=title, document_content=content
            ),
        )
        if not isinstance(found, Mapping):
            return found
        canvas_id = found.get("canvas_id")
        return Made(str(canvas_id)) if canvas_id else Lost()

    async def write(self, canvas_id: str, markdown: str) -> Outcome:
        """Puts this in the place of all that stands on it."""
        change = {"operation": "replace", "document_content": {"type": "markdown", "markdown": markdown}}
        return await self._edit(canvas_id, change)

    async def rename(self, canvas_id: str, title: str) -> Outcome:
        change = {"operation": "rename", "title_content": {"type": "markdown", "markdown": title}}
        return await self._edit(canvas_id, change)

    async def _edit(self, canvas_id: str, change: dict[str, Any]) -> Outcome:
        found = await self._call(EDIT, lambda: self._client.canvases_edit(canvas_id=canvas_id, changes=[change]))
        return Done() if isinstance(found, Mapping) else found

    async def let_read(self, canvas_id: str, channel_id: str) -> None:
        """Lets the channel's people only read it, where the plan has such a thing: what is replaced anyway is better
        not written. Without it all goes on as well."""
        found = await self._call(
            ACCESS,
            lambda: self._client.canvases_access_set(
                canvas_id=canvas_id, access_level="read", channel_ids=[channel_id]
            ),
        )
        if isinstance(found, Refused):
            log.info("canvas_stays_open", code=found.code)

    async def tabs(self, channel_id: str) -> tuple[Tab, ...] | Refused | Wait | Failed | Lost:
        """The canvases in a channel's tabs that are there: a tab outlives its canvas, and names its file only."""
        found = await self._call(INFO, lambda: self._client.conversations_info(channel=channel_id))
        if not isinstance(found, Mapping):
            return found if not isinstance(found, Made | Done) else Lost()
        properties = found["channel"].get("properties") or {}
        keys = [(one.get("data") or {}).get("file_id") for one in properties.get("tabs") or [] if _is_canvas(one)]
        # As older clients are told of the one that a channel had then.
        keys.append((properties.get("canvas") or {}).get("file_id"))
        tabs = []
        for key in dict.fromkeys(str(one) for one in keys if one):
            tab = await self._tab(key)
            if isinstance(tab, Wait | Failed | Lost):
                return tab
            tabs += [tab] if tab is not None else []
        return tuple(tabs)

    async def _tab(self, canvas_id: str) -> Tab | Wait | Failed | Lost | None:
        found = await self._call(FILE, lambda: self._client.files_info(file=canvas_id))
        if isinstance(found, Mapping):
            file = found["file"]
            return Tab(canvas_id, file.get("user") or None, file.get("title") or None)
        if isinstance(found, Refused):
            return None if found.code in {"file_deleted", "file_not_found"} else Tab(canvas_id, None, None)
        return found if isinstance(found, Wait | Failed) else Lost()

    async def link(self, channel_id: str, ts: str) -> str | None:
        """Where a message can be opened; None where Slack doesn't say."""
        known = self._links.get((channel_id, ts))
        if known is None:
            found = await self._call(LINK, lambda: self._client.chat_getPermalink(channel=channel_id, message_ts=ts))
            if not isinstance(found, Mapping):
                return None
            known = self._links[channel_id, ts] = str(found["permalink"])
        return known

    async def _call(self, method: str, call: Callable[[], Awaitable[Any]]) -> Mapping[str, Any] | Outcome:
        rest = self._paused.get(method, float("-inf")) - self._elapsed.monotonic()
        if rest <= 0 and self._pace is not None:
            rest = self._pace.wait(method)
        if rest > 0:
            return Wait(rest)
        try:
            async with asyncio.timeout(WITHIN):
                reply = await call()
            data: Mapping[str, Any] = reply.data
            return data
        except SlackApiError as error:
            return self._refusal(method, error)
        except aiohttp.ClientConnectorError:
            return Failed()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            log.warning("slack_did_not_answer", method=method, error=type(error).__name__)
            return Lost()

    def _refusal(self, method: str, error: SlackApiError) -> Outcome:
        status, code = getattr(error.response, "status_code", 200), code_of(error)
        if status == 429 or code in LATER_CODES:
            seconds = asked_wait(error)
            self._paused[method] = self._elapsed.monotonic() + seconds
            return Wait(seconds)
        if status >= 500 or code in AMBIGUOUS_CODES or not code:
            return Lost()
        log.info("canvas_call_refused", method=method, code=code)
        return Refused(code)


def _is_canvas(tab: Any) -> bool:
    return isinstance(tab, Mapping) and tab.get("type") in {"canvas", "channel_canvas"}
