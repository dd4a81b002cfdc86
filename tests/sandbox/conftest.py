"""A sandbox for each test, and clients for it. No bot of this project."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock, Settings, Workspace

JSON = dict[str, Any]

SCOPES = """
    app_mentions:read channels:history channels:join channels:read chat:write commands files:read files:write
    groups:history groups:read im:history im:read im:write team:read users:read users:read.email
"""
EVENTS = """
    app_home_opened app_mention member_joined_channel message.channels message.groups message.im team_join user_change
"""


def manifest(**changes: Any) -> JSON:
    """An app that echoes. `scopes` and `events` replace the lists, `commands` the commands."""
    return {
        "display_information": {"name": "Echo"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Echo"},
            "slash_commands": changes.get(
                "commands",
                [
                    {"command": "/echo", "description": "Say it again", "usage_hint": "words"},
                    {"command": "/escaped", "description": "Escaped", "should_escape": True},
                ],
            ),
            "shortcuts": [
                {"name": "Global", "type": "global", "callback_id": "global", "description": "Anywhere"},
                {"name": "Message", "type": "message", "callback_id": "message", "description": "On a message"},
            ],
        },
        "oauth_config": {"scopes": {"bot": changes.get("scopes", SCOPES.split())}},
        "settings": {
            "event_subscriptions": {"bot_events": changes.get("events", EVENTS.split())},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def workspace() -> Workspace:
    """Ana, Bo and guests; #general and #random (the app is in #general), a private channel, a shared one."""
    built = Workspace("Somewhere", domain="somewhere")
    built.add_user("echo", id="U0SANDBOT", real_name="Echo", is_bot=True)
    built.add_user("ana", id="U1", real_name="Ana Lima", email="ana@example.org", tz="America/New_York")
    built.add_user("bo", id="U2", real_name="Bo Berg", email="bo@example.org", tz="Europe/Berlin", locale="de-DE")
    built.add_user("guest", id="U3", kind="single_channel_guest", email="guest@example.org")
    built.add_user("cleo", id="U4", real_name="Cleo", kind="connected", email="cleo@elsewhere.org")
    built.add_user("gone", id="U5", email="gone@example.org", deleted=True)
    built.add_channel("general", id="C1", members=["U1", "U2", "U0SANDBOT"])
    built.add_channel("random", id="C2", members=["U1"])
    built.add_channel("secret", id="C3", private=True, members=["U1", "U0SANDBOT"])
    built.add_channel("hidden", id="C4", private=True, members=["U2"])
    built.add_channel("old", id="C5", members=["U1", "U0SANDBOT"], is_archived=True)
    return built


Start = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
async def start(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Starts sandboxes and stops them again."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    started: list[Sandbox] = []

    async def start_one(
        app: JSON | None = None, *, clock: SandboxClock | None = None, people: Workspace | None = None, **settings: Any
    ) -> Sandbox:
        sandbox = await Sandbox.start(
            app or manifest(), people or workspace(), settings=Settings(**settings), clock=clock
        )
        started.append(sandbox)
        return sandbox

    yield start_one
    for sandbox in started:
        await sandbox.stop()


@pytest.fixture
async def sandbox(start: Start) -> Sandbox:
    """A sandbox as it comes."""
    return await start()


def client_of(sandbox: Sandbox, token: str | None = None) -> AsyncWebClient:
    """A Web API client that retries nothing."""
    return AsyncWebClient(token=token or sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """A client of the `sandbox` fixture."""
    return client_of(sandbox)


async def refusal(call: Awaitable[Any]) -> JSON:
    """The body of a call that is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body: JSON = caught.value.response.data
    return body


async def error_of(call: Awaitable[Any]) -> str:
    """The error code of a call that is refused."""
    return str((await refusal(call))["error"])


def plain(text: str) -> JSON:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def modal(*blocks: JSON, **fields: Any) -> JSON:
    """A modal with a submit button."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


def text_input(block_id: str = "name", **element: Any) -> JSON:
    """An input block with a text field `text`."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


def section(text: str = "Hello", **fields: Any) -> JSON:
    """A section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def buttons(*names: str) -> JSON:
    """An actions block with a button for each name, which is also its action_id and value."""
    return {
        "type": "actions",
        "block_id": "buttons",
        "elements": [{"type": "button", "action_id": n, "value": n, "text": plain(n.title())} for n in names],
    }
