"""How long people wait in the sandbox: from a command or press to the modal, and from a submit to the message.

Beside each stands an empty Bolt handler that opens a view or posts a text, in a sandbox of its own, in the same run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo import Demo, RunningDemo, user_id_of
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace import Message, Workspace
from bot.slack.identifiers import Action
from bot.slack.manifest import manifest
from bot.slack.metadata import encode_question
from tests.benchmarks.delivery import NINE
from tests.benchmarks.series import Series

EMPTY = {"type": "modal", "callback_id": "empty", "title": {"type": "plain_text", "text": "Empty"}}
FIELD = {
    "type": "input",
    "block_id": "said",
    "label": {"type": "plain_text", "text": "Said"},
    "element": {"type": "plain_text_input", "action_id": "said"},
}


@dataclass
class Waits:
    """What one form took, in seconds: until a modal was there, until it was filled, and from its submit on."""

    name: str
    opened: Series = field(default_factory=lambda: Series("modal there"))
    filled: Series = field(default_factory=lambda: Series("modal filled"))
    seen: Series = field(default_factory=lambda: Series("submit → message"))

    async def open(self, person: Person, act: Callable[[], Awaitable[Any]]) -> None:
        """Does what opens a modal, and waits for it and for what it shows."""
        began = time.perf_counter()
        acting = asyncio.ensure_future(act())
        await person.until(lambda: person.modal is not None)
        self.opened.values.append(time.perf_counter() - began)
        await person.until(lambda: person.modal is not None and "Opening" not in str(person.modal.blocks))
        self.filled.values.append(time.perf_counter() - began)
        await acting

    async def submit(self, person: Person, shows: Callable[[], bool]) -> None:
        """Sends the modal, and waits for what comes of it."""
        began = time.perf_counter()
        errors = await person.submit()
        assert errors is None, errors
        await person.until(shows, timeout=10)
        self.seen.values.append(time.perf_counter() - began)


async def measure(folder: Path, rounds: int = 30) -> list[str]:
    """Opens, fills and sends each form again and again; lines for a person."""
    empty = await _empty(rounds)
    async with RunningDemo(database=folder / "modals.db") as demo:
        await demo.sandbox.clock.jump(NINE)
        ours = [
            await _action(demo, rounds),
            await _figure(demo, rounds),
            await _checkin(demo, rounds),
            await _decision(demo, rounds),
            await _notes(demo, rounds),
        ]
    lines = [f"in the sandbox, milliseconds, {rounds} times each                  p50      p99   to an empty handler"]
    for waits in (empty, *ours):
        for series, beside in (
            (waits.opened, empty.opened),
            (waits.filled, empty.opened),
            (waits.seen, empty.seen),
        ):
            if series.values and not (waits is empty and series is empty.filled):
                ratio = series.at(0.5) / beside.at(0.5)
                name = f"{waits.name}: {series.name}"
                lines.append(f"  {name:<52} {series.at(0.5):8.1f} {series.at(0.99):8.1f}   {ratio:.1f} times")
    return lines


def _person(demo: Demo, member: str) -> Person:
    return demo.sandbox.person(user_id_of(member))


async def _action(demo: Demo, rounds: int) -> Waits:
    omar, waits = _person(demo, "omar"), Waits("/action add")
    for number in range(rounds):
        await waits.open(omar, lambda: omar.command("/action", "add"))
        await omar.fill({encode_question("title"): f"Call {number}", encode_question("owner"): _chosen("omar")})
        await waits.submit(omar, lambda: "Added as A-" in str(omar.modal and omar.modal.blocks))
        await omar.close(is_cleared=True)
    waits.seen.name = "submit → what became of it"
    return waits


async def _figure(demo: Demo, rounds: int) -> Waits:
    priya, waits = _person(demo, "priya"), Waits("/metric update")
    for _number in range(rounds):
        await waits.open(priya, lambda: priya.command("/metric", "update"))
        await priya.close(is_cleared=True)
    return waits


async def _checkin(demo: Demo, rounds: int) -> Waits:
    """Grant answers, and edits his answer again and again; his message shows it each time."""
    grant, waits = _person(demo, "grant"), Waits("check-in by its button")
    await grant.hears()
    message = next(one for one in grant.dm() if Action.ANSWER in str(one.blocks))
    for number in range(rounds):
        button = "Answer" if number == 0 else "Edit"
        await waits.open(grant, lambda button=button: grant.press(message, button))  # type: ignore[misc]
        said = f"Forecast {number} is in."
        usual = {"assessment": "on_track", "confidence": "7", "moved": said, "next": "Two more are in."}
        await grant.fill({encode_question(name): value for name, value in usual.items()})
        await waits.submit(grant, lambda said=said: said in str(message.blocks))  # type: ignore[misc]
        if grant.modal is not None:
            await grant.close(is_cleared=True)
    return waits


async def _decision(demo: Demo, rounds: int) -> Waits:
    """Proposes decisions; each is posted in the group's channel."""
    omar, waits = _person(demo, "omar"), Waits("/decision add")
    channel = _channel(demo, "lb-steering")
    for number in range(rounds):
        await waits.open(omar, lambda: omar.command("/decision", "add"))
        title = f"Pay for evening {number}."
        values = {"title": title, "decider": "steering", "needed_by": "2026-12-11", "options": "Pay\nWait"}
        await omar.fill({encode_question(name): value for name, value in values.items()})
        await waits.submit(omar, lambda title=title: title in _said(channel()))  # type: ignore[misc]
        await omar.close(is_cleared=True)
    return waits


async def _notes(demo: Demo, rounds: int) -> Waits:
    """Posts the notes of a meeting that was, and edits them again and again."""
    omar, waits = _person(demo, "omar"), Waits("/meeting notes talent")
    channel = _channel(demo, "lb-talent")
    for number in range(rounds):
        await waits.open(omar, lambda: omar.command("/meeting", "notes talent"))
        said = f"Evening cohort {number} starts."
        await omar.fill({encode_question("decided"): said, encode_question("present"): [_chosen("priya")]})
        errors = await omar.submit()
        assert errors is None, errors
        await waits.submit(omar, lambda said=said: said in _said(channel()))  # type: ignore[misc]
        await omar.close(is_cleared=True)
    return waits


def _chosen(member: str) -> dict[str, Any]:
    """Somebody picked from a search."""
    return {"text": {"type": "plain_text", "text": member}, "value": member}


def _channel(demo: Demo, name: str) -> Callable[[], list[Message]]:
    found = demo.sandbox.workspace.channel_called(name)
    assert found is not None
    return lambda: list(found.messages.values())


def _said(messages: list[Message]) -> str:
    return " ".join(str(message.blocks) for message in messages)


async def _empty(rounds: int) -> Waits:
    """A handler that opens a view with one field, and posts what was entered there."""
    waits = Waits("empty Bolt handler")
    workspace = Workspace()
    workspace.add_user("una", id="U0UNA", real_name="Una", email="una@example.org")
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(await Sandbox.start(manifest(), workspace))
        app = AsyncApp(
            name="bench", client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        )
        view = {**EMPTY, "submit": {"type": "plain_text", "text": "Send"}, "blocks": [FIELD]}

        @app.command("/action")
        async def open_view(ack: Callable[..., Awaitable[Any]], body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        @app.view("empty")
        async def post(ack: Callable[..., Awaitable[Any]], body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            said = body["view"]["state"]["values"]["said"]["said"]["value"]
            await client.chat_postMessage(channel=una.im.id, text=said)

        handler = AsyncSocketModeHandler(app, sandbox.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        stack.push_async_callback(handler.close_async)
        await sandbox.connected()
        una = sandbox.person("U0UNA")
        for number in range(rounds):
            await waits.open(una, lambda: una.command("/action"))
            said = f"Said {number}."
            await una.fill({"said": said})
            await waits.submit(una, lambda said=said: any(one.text == said for one in una.dm()))  # type: ignore[misc]
    return waits
