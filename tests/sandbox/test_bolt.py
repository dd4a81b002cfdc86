"""A tiny Bolt app against the sandbox, sync and async, over Socket Mode and HTTP, with only its addresses changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from bot.sandbox import RequestUrls, Sandbox
from tests.sandbox.conftest import Start, buttons, client_of, modal, text_input

JSON = dict[str, Any]
Running = Callable[[Sandbox], Any]


def async_app(sandbox: Sandbox) -> AsyncApp:
    """An app that repeats what it hears."""
    app = AsyncApp(client=client_of(sandbox), signing_secret=sandbox.signing_secret)

    @app.message()
    async def echo(message: JSON, say: Any) -> None:
        await say(text=f"You said {message['text']}", blocks=[buttons("again")])

    @app.command("/echo")
    async def command(ack: Any, body: JSON, client: Any) -> None:
        await ack(f"Hello {body['text']}")
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))

    @app.view("form")
    async def submitted(ack: Any, view: JSON, body: JSON, client: Any) -> None:
        name = view["state"]["values"]["name"]["text"]["value"]
        if name == "nobody":
            await ack(response_action="errors", errors={"name": "Somebody, please."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Got {name}")

    @app.action("again")
    async def again(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Pressed", replace_original=True)

    @app.event("app_home_opened")
    async def home(event: JSON, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [buttons("again")]})

    return app


def sync_app(sandbox: Sandbox) -> App:
    """The same, with threads."""
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    app = App(client=client, signing_secret=sandbox.signing_secret)

    @app.message()
    def echo(message: JSON, say: Any) -> None:
        say(text=f"You said {message['text']}", blocks=[buttons("again")])

    @app.command("/echo")
    def command(ack: Any, body: JSON, client: Any) -> None:
        ack(f"Hello {body['text']}")
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))

    @app.view("form")
    def submitted(ack: Any, view: JSON, body: JSON, client: Any) -> None:
        name = view["state"]["values"]["name"]["text"]["value"]
        if name == "nobody":
            ack(response_action="errors", errors={"name": "Somebody, please."})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Got {name}")

    @app.action("again")
    def again(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Pressed", replace_original=True)

    @app.event("app_home_opened")
    def home(event: JSON, client: Any) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [buttons("again")]})

    return app


@asynccontextmanager
async def async_socket(sandbox: Sandbox) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(async_app(sandbox), sandbox.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await sandbox.connected()
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def sync_socket(sandbox: Sandbox) -> AsyncIterator[None]:
    # The app asks auth.test while it is built: in a thread, since this loop answers.
    app = await asyncio.to_thread(sync_app, sandbox)
    handler = SocketModeHandler(app, sandbox.app_token, logger=logging.getLogger("tests.sandbox.quiet"))
    await asyncio.to_thread(handler.connect)
    await sandbox.connected()
    yield
    await asyncio.to_thread(handler.close)


@asynccontextmanager
async def serving(sandbox: Sandbox, server: web.Application) -> AsyncIterator[None]:
    """Serve a bot's request URL, and have the sandbox use it."""
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.settings.request_urls = RequestUrls(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    assert await sandbox.verify_request_url()
    yield
    await runner.cleanup()


@asynccontextmanager
async def async_http(sandbox: Sandbox) -> AsyncIterator[None]:
    async with serving(sandbox, async_app(sandbox).web_app()):
        yield


@asynccontextmanager
async def sync_http(sandbox: Sandbox) -> AsyncIterator[None]:
    app = await asyncio.to_thread(sync_app, sandbox)

    async def take(request: web.Request) -> web.Response:
        body, headers = await request.text(), dict[str, str | Sequence[str]](request.headers)
        reply = await asyncio.to_thread(lambda: app.dispatch(BoltRequest(body=body, headers=headers)))
        return web.Response(status=reply.status, text=reply.body, headers=reply.first_headers_without_set_cookie())

    server = web.Application()
    server.router.add_post("/slack/events", take)
    async with serving(sandbox, server):
        yield


WAYS = pytest.mark.parametrize("running", [async_socket, sync_socket, async_http, sync_http])


@WAYS
async def test_an_unchanged_bot(sandbox: Sandbox, running: Running) -> None:
    ana = sandbox.person("U1")
    async with running(sandbox):
        await ana.says("hello")
        heard = await ana.hears()
        assert [m.text for m in heard] == ["You said hello"]
        assert (await ana.press(heard[0], "Again")).ok
        await ana.until(lambda: heard[0].text == "Pressed")

        assert (await ana.command("/echo", "there", channel="general")).ok
        assert ana.ephemerals[-1].text == "Hello there"
        await ana.sees_modal("Form")
        assert await ana.submit() == {"name": "Please complete this required field."}
        await ana.fill({"Name": "nobody"})
        assert await ana.submit() == {"name": "Somebody, please."}
        await ana.fill({"Name": "Ana"})
        assert await ana.submit() is None
        assert (await ana.hears(2))[-1].text == "Got Ana"
        assert ana.modal is None

        await ana.open_home()
        await ana.until(ana.home)
        await sandbox.settled()


async def test_reconnects_when_asked_to(start: Start) -> None:
    sandbox = await start(socket_close_seconds=0.05)
    ana = sandbox.person("U1")
    async with async_socket(sandbox):
        await sandbox.disconnect()
        await sandbox.connected()
        await ana.says("still there?")
        assert [m.text for m in await ana.hears()] == ["You said still there?"]
