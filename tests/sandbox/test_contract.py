"""The page's contract, asked over HTTP as the page asks: every route, its shape, and its errors."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.sandbox import Sandbox, SandboxClock
from tests.sandbox.apps import connected
from tests.sandbox.conftest import Start, buttons, client_of, modal, plain, section, text_input

JSON = dict[str, Any]


def who(user: str) -> JSON:
    """The argument that names the person acting."""
    return {"as": user}


class Page:
    """The page's side of the contract."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.url, self.session = f"{sandbox.url}/page/", session

    async def get(self, route: str, /, status: int = 200, **args: Any) -> JSON:
        async with self.session.get(self.url + route, params=args) as reply:
            assert reply.status == status, await reply.text()
            body: JSON = await reply.json()
            return body

    async def post(self, route: str, /, status: int = 200, **body: Any) -> JSON:
        async with self.session.post(self.url + route, json=body) as reply:
            assert reply.status == status, await reply.text()
            answer: JSON = await reply.json()
            return answer


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(sandbox, session)


async def test_state(page: Page, sandbox: Sandbox) -> None:
    state = await page.get("state", **who("U1"))
    assert set(state) >= {"me", "team", "app", "users", "channels", "commands", "shortcuts", "clock"}
    assert state["app"]["connections"] == 0
    assert [u["kind"] for u in state["users"]] == ["member", "member", "single_channel_guest", "connected"]
    channels = {c["name"]: c for c in state["channels"]}
    assert set(channels) == {"general", "random", "secret", "old", "U1"}
    assert (channels["U1"]["kind"], channels["U1"]["user"]) == ("im", "U1")
    assert state["commands"][0] == {"command": "/echo", "description": "Say it again", "usage_hint": "words"}
    assert {s["type"] for s in state["shortcuts"]} == {"global", "message"}
    assert set(state["clock"]) == {"now", "iso", "running", "rate", "zone", "hooked", "busy"}
    seen_by_bo = {c["name"] for c in (await page.get("state", **who("U2")))["channels"]}
    assert seen_by_bo == {"general", "random", "hidden", "old", "U2"}
    seen_by_guest = {c["name"] for c in (await page.get("state", **who("U3")))["channels"]}
    assert seen_by_guest == {"U3"}
    from_elsewhere = await page.get("state", **who("U4"))
    assert from_elsewhere["commands"] == from_elsewhere["shortcuts"] == [], "nothing is offered that Slack would refuse"


async def test_messages_and_unread(page: Page, sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    posted = await client.chat_postMessage(channel="C1", text="one", blocks=[section()])
    said = await page.post("message", **who("U1"), channel="C1", text="a reply", thread_ts=posted["ts"])
    await client.chat_postEphemeral(channel="C1", user="U1", text="psst")
    shown = (await page.get("messages", **who("U1"), channel="C1"))["messages"]
    assert [(m["text"], m["ephemeral"], m["reply_count"]) for m in shown] == [("one", False, 1), ("psst", True, 0)]
    keys = {"ts", "user", "username", "text", "blocks", "thread_ts", "reply_count", "edited", "ephemeral", "files"}
    assert set(shown[0]) >= keys
    assert (shown[0]["bot_id"], shown[0]["username"]) == ("B0SANDBOT", "Echo")
    assert len((await page.get("messages", **who("U2"), channel="C1"))["messages"]) == 1
    thread = (await page.get("messages", **who("U1"), channel="C1", thread_ts=posted["ts"]))["messages"]
    assert [m["ts"] for m in thread] == [posted["ts"], said["ts"]]

    async def unread(user: str) -> int:
        channels = (await page.get("state", **who(user)))["channels"]
        return int(next(c["unread"] for c in channels if c["id"] == "C1"))

    assert await unread("U2") == 1
    await page.post("read", **who("U2"), channel="C1")
    assert await unread("U2") == 0


async def test_command_button_modal_and_home(page: Page, sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    me = who("U1")
    failed = await page.post("command", **me, channel="C1", command="/echo", text="")
    assert failed == {"ok": False, "error": '/echo failed with the error "dispatch_failed"'}
    posted = await client.chat_postMessage(channel="C1", text="x", blocks=[buttons("go")])
    async with connected(sandbox) as bot:
        assert await page.post("command", **me, channel="C1", command="/echo", text="x") == {"ok": True}
        container = {"type": "message", "channel": "C1", "message_ts": posted["ts"]}
        ids: JSON = {"block_id": "buttons", "action_id": "go"}
        assert (await page.post("action", **me, container=container, **ids, value={"value": "go"}, state={}))["ok"]
        assert (await page.post("shortcut", **me, callback_id="global"))["ok"]
        shortcut: JSON = {"callback_id": "message", "channel": "C1", "message_ts": posted["ts"]}
        assert (await page.post("shortcut", **me, **shortcut))["ok"]
        trigger = [p["trigger_id"] for p in bot.payloads if "trigger_id" in p][-1]
        await client.views_open(trigger_id=trigger, view=modal(text_input(), buttons("go")))
        stack = (await page.get("views", **me))["stack"]
        view_id = stack[0]["id"]
        empty = await page.post("submit", **me, view_id=view_id, state={})
        assert empty == {"ok": False, "errors": {"name": "Please complete this required field."}}
        state = {"name": {"text": {"type": "plain_text_input", "value": "Ana"}}}
        in_view: JSON = {"container": {"type": "view", "view_id": view_id}, "value": {"value": "go"}, "state": state}
        assert (await page.post("action", **me, **ids, **in_view))["ok"]
        assert bot.payloads[-1]["view"]["state"]["values"]["name"]["text"]["value"] == "Ana"
        sent = await page.post("submit", **me, view_id=view_id, state=state)
        assert sent == {"ok": True, "errors": None}
        await page.post("close", status=409, **me, view_id=view_id, is_cleared=False)
        await page.post("open_home", **me)
        assert await page.get("home", **me) == {"view": None}
        await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section()]})
        assert (await page.get("home", **me))["view"]["type"] == "home"


async def test_options_close_and_upload(page: Page, sandbox: Sandbox) -> None:
    me = who("U1")
    menu: JSON = {"type": "external_select", "action_id": "find", "min_query_length": 0}
    found = [{"text": plain("One"), "value": "1"}]
    is_search = "block_suggestion"
    async with connected(
        sandbox, lambda e: {"options": found} if e["payload"].get("type") == is_search else None
    ) as bot:
        await page.post("command", **me, channel="C1", command="/echo", text="")
        view = modal({"type": "section", "block_id": "b", "text": plain("x"), "accessory": menu})
        shown = await client_of(sandbox).views_open(trigger_id=bot.payloads[0]["trigger_id"], view=view)
        container = {"type": "view", "view_id": shown["view"]["id"]}
        answer = await page.post("options", **me, container=container, block_id="b", action_id="find", value="o")
        assert answer == {"options": found}
        assert await page.post("close", **me, view_id=shown["view"]["id"], is_cleared=True) == {}
        assert (await page.get("views", **me))["stack"] == []
    content = base64.b64encode(b"a,b\n1,2\n").decode()
    file = (await page.post("upload", **me, channel="C1", name="t.csv", content_base64=content))["file"]
    async with page.session.get(file["url_private"]) as reply:
        assert await reply.read() == b"a,b\n1,2\n"
    assert (await page.get("messages", **me, channel="C1"))["messages"][-1]["files"][0]["name"] == "t.csv"


async def test_pictures_have_an_address(page: Page, sandbox: Sandbox) -> None:
    me = who("U1")
    content = base64.b64encode(b"png").decode()
    file = (await page.post("upload", **me, channel="C1", name="p.png", content_base64=content))["file"]
    block = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "A picture"}
    await client_of(sandbox).chat_postMessage(channel="C1", text="x", blocks=[block])
    shown = (await page.get("messages", **me, channel="C1"))["messages"][-1]["blocks"][0]
    assert shown["image_url"] == file["url_private"]


async def test_wire_fault_and_disconnect(page: Page, sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    await page.post("fault", method="chat.postMessage", kind="error_500", times=1)
    with pytest.raises(Exception, match="500"):
        await client.chat_postMessage(channel="C1", text="x")
    await client.chat_postMessage(channel="C1", text="y")
    entries = (await page.get("wire", after="0"))["entries"]
    assert [(e["kind"], e["name"], e["error"]) for e in entries] == [
        ("web_api", "chat.postMessage", "fault: error_500"),
        ("web_api", "chat.postMessage", None),
    ]
    assert set(entries[0]) == {
        *("n", "at", "direction", "kind", "name", "summary", "request", "response", "ms", "error")
    }
    assert (await page.get("wire", after=str(entries[-1]["n"])))["entries"] == []
    assert "error" in await page.post("fault", status=400, method="chat.postMessage", kind="explode")
    for kind in ("release", "clear"):
        assert "withhold" in (await page.post("fault", kind=kind))["kinds"]
    async with connected(sandbox) as bot:
        assert await page.post("disconnect") == {}
        await sandbox.until(lambda: sandbox.connections == 0)
        await bot.socket.close()


async def test_clock(start: Start) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    clock = SandboxClock(begin, running=False)
    sandbox = await start(clock=clock, zone="Europe/Berlin")
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session)
        to = (begin + timedelta(days=1)).timestamp()
        assert (await page.post("clock", mode="sleep", to=to))["now"] == to
        await page.post("clock", mode="jump", to=to + 60)
        await sandbox.until(lambda: clock.now().timestamp() == to + 60)
        assert (await page.post("clock", status=409, mode="jump", to=to))["error"] == "The clock does not go back."
        live = await page.post("clock", mode="live", rate=60)
        assert (live["running"], live["rate"], live["zone"]) == (True, 60, "Europe/Berlin")
        assert (await page.post("clock", mode="hold"))["running"] is False
        await page.post("clock", status=400, mode="backwards")


async def test_stream(page: Page, sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    async with page.session.get(page.url + "stream", params=who("U1")) as stream:
        assert stream.content_type == "text/event-stream"

        async def until(kind: str) -> JSON:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    change: JSON = json.loads(line[6:])
                    if change["type"] == kind:
                        return change
            raise AssertionError("The stream ended.")

        async def next_change(kind: str) -> JSON:
            return await asyncio.wait_for(until(kind), 5)

        await stream.content.readuntil(b"\n\n")
        await client.chat_postMessage(channel="C1", text="x")
        posted = await client.chat_postMessage(channel="C3", text="x")
        assert (await next_change("message"))["channel"] == "C1"
        assert await next_change("message") == {
            "type": "message",
            "channel": "C3",
            "ts": posted["ts"],
            "thread_ts": None,
        }
        await client.chat_update(channel="C3", ts=posted["ts"], text="y")
        assert (await next_change("message_changed"))["ts"] == posted["ts"]
        await client.chat_delete(channel="C3", ts=posted["ts"])
        assert (await next_change("message_deleted"))["ts"] == posted["ts"]
        await client.chat_postEphemeral(channel="C1", user="U2", text="not for Ana")
        await client.chat_postEphemeral(channel="C1", user="U1", text="x")
        await next_change("ephemeral")
        await client.views_publish(user_id="U1", view={"type": "home", "blocks": []})
        assert (await next_change("home"))["view"]["type"] == "home"
        await sandbox.person("U1").command("/nope")
        assert await next_change("toast") == {
            "type": "toast",
            "text": "/nope is not a valid command.",
            "level": "error",
        }
        sandbox.clock.hold()
        assert (await next_change("clock"))["running"] is False
        async with connected(sandbox) as bot:
            await next_change("state")
            await sandbox.person("U1").command("/echo")
            await client.views_open(trigger_id=bot.payloads[-1]["trigger_id"], view=modal())
            assert len((await next_change("view"))["stack"]) == 1
        assert (await next_change("wire"))["n"] > 0


async def test_errors_have_a_sentence(page: Page) -> None:
    assert (await page.get("home", status=400))["error"] == "as is missing."
    assert "no person" in (await page.get("home", status=409, **who("U9")))["error"]
    assert "deactivated" in (await page.get("home", status=409, **who("U5")))["error"]
    assert "cannot see" in (await page.get("messages", status=409, **who("U1"), channel="C4"))["error"]
    assert "error" in await page.get("wire", status=400, after="many")
    assert "error" in await page.post("upload", status=400, **who("U1"), channel="C1", name="x", content_base64="!")


async def test_files_of_the_page(page: Page, sandbox: Sandbox) -> None:
    async with page.session.get(f"{sandbox.url}/") as reply:
        assert reply.status == 200
        assert reply.content_type == "text/html"
    for name in ("..%2fserver.py", "nothing.js", ".hidden"):
        async with page.session.get(URL(f"{page.url}static/{name}", encoded=True)) as reply:
            assert reply.status == 404
