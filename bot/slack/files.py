"""Files that people give to the bot and get from it. What is in them is not known here.

The token opens everything that the bot may read, so it goes to Slack's own hosts only, and never along with a redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.slack.mrkdwn import disarm, escape

_SECONDS = 20.0
_PIECE = 65_536
_MOST_REDIRECTS = 3
# Slack's hosts, each with those below it; the second is that of its offer for governments.
_SLACK = ("slack.com", "slack-gov.com")
NOT_READ = "Slack didn't hand that file over. Upload it again."
NOT_WHOLE = "Slack handed over something else than the whole file. Nothing was read of it; upload it again."
KEPT_ELSEWHERE = "That file is kept outside Slack, where I don't go. Upload the file itself, then it can be checked."


async def read_file(client: AsyncWebClient, file_id: str, most: int, too_large: str) -> bytes:
    """A file's bytes, all of them.

    Raises UserError where it is kept elsewhere or can't be had whole, and `too_large` for one of more than `most`.
    """
    try:
        file: Mapping[str, Any] = (await client.files_info(file=file_id))["file"]
    except SlackApiError as error:
        raise UserError(NOT_READ) from error
    if file.get("is_external") or file.get("mode") == "external":
        raise UserError(KEPT_ELSEWHERE)
    size = int(file.get("size") or 0)
    if size > most:
        raise UserError(too_large)
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    try:
        content = await _fetch(client, address, size)
    except aiohttp.ClientPayloadError as error:
        raise UserError(NOT_WHOLE) from error
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UserError(NOT_READ) from error
    if len(content) != size:
        # A file that ends early may end with a whole line, and would read like one from which much was taken out.
        raise UserError(NOT_WHOLE)
    return content


async def _fetch(client: AsyncWebClient, address: str, size: int) -> bytes:
    """What stands at an address of Slack's, to its end, or a little more than `size`."""
    headers = {"Authorization": f"Bearer {client.token}"}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
        for _ in range(_MOST_REDIRECTS + 1):
            if not is_slacks(address, client.base_url):
                raise UserError(NOT_READ)
            async with session.get(address, headers=headers, allow_redirects=False) as reply:
                if reply.status in {301, 302, 303, 307, 308}:
                    address = urljoin(address, reply.headers.get("Location", ""))
                    continue
                if reply.status != 200:
                    raise UserError(NOT_READ)
                return await _read_to_the_end(reply, size)
    raise UserError(NOT_READ)


async def _read_to_the_end(reply: aiohttp.ClientResponse, size: int) -> bytes:
    """`read` alone would return what has arrived so far."""
    content = bytearray()
    async for piece in reply.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > size:
            break
    return bytes(content)


def is_slacks(address: str, api_url: str) -> bool:
    """Whether the token may go to this address: one of Slack's hosts by https, or where the Web API itself is."""
    there = urlsplit(address)
    if there.username is not None or there.password is not None:
        return False
    host = (there.hostname or "").rstrip(".")
    is_one_of_them = any(host == one or host.endswith(f".{one}") for one in _SLACK)
    if there.scheme == "https" and there.port in {None, 443} and is_one_of_them:
        return True
    return _origin(address) == _origin(api_url)


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual


async def give_file(
    client: AsyncWebClient, user_id: str, name: str, content: str | bytes, words: str, *, title: str | None = None
) -> None:
    """Puts a text file into somebody's direct message with the bot. `words` stand beside it, without marks."""
    channel = str((await client.conversations_open(users=user_id))["channel"]["id"])
    await client.files_upload_v2(
        channel=channel,
        filename=name,
        content=content,
        title=disarm(title or name),
        initial_comment=escape(words),
    )
