"""Brings pictures to Slack: drawn, uploaded without being shared, awaited; then an image block shows them by file id.

A picture that can't be had in time is none: what it belongs to goes without it. Drawing and memory are passed in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks.charts import Chart
from bot.slack.mrkdwn import disarm

log = structlog.get_logger(__name__)

WITHIN = 8.0  # elapsed seconds for drawing and uploading together
_LOOK_AGAIN = 0.3


class Memory(Protocol):
    """Remembers what was uploaded to a workspace."""

    async def find(self, team_id: str, key: str) -> str | None: ...
    async def keep(self, team_id: str, key: str, file_id: str) -> None: ...
    async def forget(self, team_id: str, key: str) -> None: ...


class Pictures:
    """One workspace's pictures of metrics and of money."""

    def __init__(
        self,
        client: AsyncWebClient,
        team_id: str,
        draw: Callable[[Chart], Awaitable[bytes]],
        memory: Memory,
        *,
        within: float = WITHIN,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._team_id = team_id
        self._draw = draw
        self._memory = memory
        self._within = within
        self._sleep = sleep
        self._under_way: dict[str, asyncio.Lock] = {}

    async def file_of(self, chart: Chart) -> str | None:
        """The id of the picture's file in Slack; None where it can't be had now. Never raises."""
        key = chart.key
        try:
            async with asyncio.timeout(self._within), self._under_way.setdefault(key, asyncio.Lock()):
                known = await self._memory.find(self._team_id, key)
                if known is not None:
                    return known
                file_id = await self._upload(await self._draw(chart), chart)
                await self._memory.keep(self._team_id, key, file_id)
                return file_id
        except Exception as error:
            # Whatever it is, the words go out without the picture.
            log.warning("picture_left_out", error=type(error).__name__)
            return None
        finally:
            self._under_way.pop(key, None)

    async def forget(self, chart: Chart) -> None:
        """Slack refused to show the file: it is uploaded anew the next time."""
        await self._memory.forget(self._team_id, chart.key)

    async def _upload(self, png: bytes, chart: Chart) -> str:
        place = await self._client.files_getUploadURLExternal(
            filename=f"{chart.key}.png", length=len(png), alt_txt=disarm(chart.alt[:1000])
        )
        file_id = str(place["file_id"])
        async with aiohttp.ClientSession() as session, session.post(str(place["upload_url"]), data=png) as reply:
            reply.raise_for_status()
        await self._client.files_completeUploadExternal(files=[{"id": file_id, "title": disarm(chart.title[:200])}])
        while not await self._is_ready(file_id):
            await self._sleep(_LOOK_AGAIN)
        return file_id

    async def _is_ready(self, file_id: str) -> bool:
        """Slack takes a moment to see that an upload is a picture; before that no block can show it."""
        found = await self._client.files_info(file=file_id)
        return str(found["file"].get("mimetype") or "").startswith("image/")
