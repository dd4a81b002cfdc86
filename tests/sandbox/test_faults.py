"""Faults on demand: what the bot sees of each, and what the sandbox then has in its channels."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.conftest import client_of, error_of


def texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.channel("C1").messages.values()]


@pytest.mark.parametrize(("kind", "accepted"), [("drop_after_accept", True), ("drop_before_accept", False)])
async def test_drop(sandbox: Sandbox, client: AsyncWebClient, kind: str, accepted: bool) -> None:
    sandbox.faults.add("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="x")
    assert texts(sandbox) == (["x"] if accepted else [])
    assert len(sandbox.record.posts) == accepted
    await client.chat_postMessage(channel="C1", text="y")


async def test_default_client_posts_twice_after_a_drop(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "drop_after_accept")
    await AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url).chat_postMessage(channel="C1", text="x")
    assert texts(sandbox) == ["x", "x"]


@pytest.mark.parametrize(("kind", "accepted"), [("error_500", False), ("error_500_after_accept", True)])
async def test_error_500(sandbox: Sandbox, client: AsyncWebClient, kind: str, accepted: bool) -> None:
    sandbox.faults.add("chat.postMessage", kind)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    assert caught.value.response.status_code == 500
    assert texts(sandbox) == (["x"] if accepted else [])


async def test_internal_error_after_accept(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "internal_error", times=2)
    for _ in range(2):
        assert await error_of(client.chat_postMessage(channel="C1", text="x")) == "internal_error"
    await client.chat_postMessage(channel="C1", text="x")
    assert texts(sandbox) == ["x"] * 3


async def test_rate_limited(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "rate_limited", seconds=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert texts(sandbox) == []


async def test_delay(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("*", "delay", seconds=0.05)
    started = time.monotonic()
    await client.chat_postMessage(channel="C1", text="x")
    assert time.monotonic() - started >= 0.05


async def test_withhold_until_released(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "withhold")
    call = asyncio.create_task(client.chat_postMessage(channel="C1", text="x"))
    await sandbox.until(lambda: texts(sandbox) == ["x"])
    assert not call.done()
    sandbox.faults.release()
    assert (await call)["ok"]


async def test_withhold_for_a_while(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "withhold", seconds=0.05)
    assert (await client.chat_postMessage(channel="C1", text="x"))["ok"]


async def test_only_the_calls_that_are_meant(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    sandbox.faults.add("chat.postMessage", "error_500", where=lambda args: args.get("channel") == "C3")
    await client.chat_postMessage(channel="C1", text="x")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C3", text="x")
    sandbox.faults.add("chat.postMessage", "error_500")
    sandbox.faults.clear()
    await client.chat_postMessage(channel="C3", text="x")
    with pytest.raises(ValueError, match="no kind of fault"):
        sandbox.faults.add("chat.postMessage", "explode")
    with pytest.raises(ValueError, match="at least once"):
        sandbox.faults.add("chat.postMessage", "delay", times=0)


@pytest.mark.parametrize(("kind", "length"), [("in_pieces", 16), ("cut", 8)])
async def test_a_file_in_pieces_and_cut_at_a_line(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, length: int
) -> None:
    await client.files_upload_v2(channel="C1", filename="note.txt", content="1\n2\n3\n4\n5\n6\n7\n8\n")
    [file] = sandbox.workspace.files.values()
    sandbox.faults.add("download", kind)
    for expected in (length, 16):
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{sandbox.url}/files/{file.id}/{file.name}") as reply,
        ):
            assert len(await reply.read()) == expected


def test_files_have_faults_of_their_own(sandbox: Sandbox) -> None:
    for method, kind in (("chat.postMessage", "cut"), ("*", "in_pieces"), ("download", "delay")):
        with pytest.raises(ValueError, match="download"):
            sandbox.faults.add(method, kind)
