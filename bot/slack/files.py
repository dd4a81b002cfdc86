"""Files that people give to the bot and get from it. What is in them is not known here."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError

LARGEST = 4_000_000
_SECONDS = 20.0
NOT_READ = "Slack didn't hand that file over. Upload it again."


async def read_file(client: AsyncWebClient, file_id: str) -> bytes:
    """A file's bytes. Raises UserError where it is too large or can't be had."""
    try:
        file = (await client.files_info(file=file_id))["file"]
    except SlackApiError as error:
        raise UserError(NOT_READ) from error
    if int(file.get("size") or 0) > LARGEST:
        raise UserError(f"That file is larger than {LARGEST // 1_000_000} MB. Is it the right one?")
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
            session.get(address, headers=headers) as reply,
        ):
            if reply.status != 200:
                raise UserError(NOT_READ)
            return await reply.content.read(LARGEST + 1)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UserError(NOT_READ) from error


async def give_file(client: AsyncWebClient, user_id: str, name: str, content: str, words: str) -> None:
    """Puts a text file into somebody's direct message with the bot."""
    channel = str((await client.conversations_open(users=user_id))["channel"]["id"])
    await client.files_upload_v2(channel=channel, filename=name, content=content, title=name, initial_comment=words)
