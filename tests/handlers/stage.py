"""A bot on a stage: the sandbox with the sample's people, a real Bolt app by Socket Mode, and a calendar to set."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import NOT_SET_UP, Bot
from bot.clock import FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of, workspace_of
from bot.domain.metric_charts import MetricChart
from bot.domain.record import Record
from bot.sandbox import Person, Sandbox, SandboxClock
from bot.sandbox.record import Post
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.services import Services
from bot.services.actors import operator
from bot.slack import directory
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from bot.slack.metadata import encode_question
from bot.slack.pictures import Pictures
from handlers import register_handlers
from handlers.context import Edge
from schedules.dispatch import Dispatcher
from schedules.reconcile import Reconciler
from schedules.scheduler import Heartbeat
from tests.services.stage import rest_meetings

# What somebody enters into the weekly form, by label or block id; a blocker is needed with it.
SAID = {
    "How does this priority stand today?": "at_risk",
    encode_question("confidence"): "6",
    "What changed since last week?": "The second offer is out.",
    "What will be true by next week?": "The second contract is signed.",
}
BLOCKER = "What is in the way?"
CONNECTED = ("yolanda", "helen", "tom", "renata", "ben")


def at(text: str) -> datetime:
    """A moment of November or December 2026 in the sample's zone, such as "11-23 09:00"."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}:00-06:00")


@dataclass
class Stage:
    """Everything that a test of the handlers touches."""

    sandbox: Sandbox
    services: Services
    calendar: FixedCalendar
    dispatcher: Dispatcher
    reconciler: Reconciler
    bot: Bot
    bolt: AsyncApp
    edge: Edge
    refreshes: list[int] = field(default_factory=list)
    wakes: list[int] = field(default_factory=list)

    def person(self, member: str) -> Person:
        return self.sandbox.person(user_id_of(member))

    async def go(self, text: str) -> None:
        """Sets the calendar and sends everything that is due."""
        self.calendar.set(at(text))
        await self.settle()

    async def settle(self) -> None:
        """Plans and sends everything that is due now, by the real dispatcher."""
        while True:
            await self.services.rhythm.plan()
            await self.services.rhythm.close()
            await self.dispatcher.run()
            await self.reconciler.run()
            if await self.services.deliveries.is_settled():
                return
            await asyncio.sleep(0.02)

    async def link_connected(self) -> None:
        """Links those who come without an e-mail address."""
        for member in CONNECTED:
            user = self.person(member).user
            await self.services.people.link(
                operator(self.bot.coalition_id), member, user.team_id, user.id, by="command"
            )

    async def go_live(self, *, meetings: bool = False) -> None:
        """Starts. Meetings rest unless a test is about them: their agendas and reminders would stand in every week."""
        await self.link_connected()
        if not meetings:
            await rest_meetings(self.services, self.bot.coalition_id)
        await self.services.coalitions.go_live(operator(self.bot.coalition_id))

    def show_pictures(self, draw: Callable[[MetricChart], Awaitable[bytes]]) -> None:
        """From now on cards and digests have pictures, drawn by `draw`."""
        pictures = Pictures(self.bot.client, self.bot.token.team_id, draw, self.services.pictures)
        self.edge.pictures = self.dispatcher.pictures = pictures

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What the bot called of Slack's Web API, oldest first."""
        return [entry for entry in self.sandbox.wire.after() if entry["name"] == method]


@dataclass(frozen=True)
class Still:
    """What Slack holds at one moment of a stage; the rest is in the stage's database."""

    workspace: bytes
    posts: tuple[Post, ...]
    slack_time: datetime
    calendar: datetime

    @classmethod
    def of(cls, stage: Stage) -> Still:
        sandbox = stage.sandbox
        return cls(
            pickle.dumps(sandbox.workspace), tuple(sandbox.record.posts), sandbox.clock.now(), stage.calendar.now()
        )


@asynccontextmanager
async def stage_of(
    services: Services, calendar: FixedCalendar, sample: Record, still: Still | None = None
) -> AsyncIterator[Stage]:
    """The bot, connected; nothing is sent by itself until a test says `go`. With a still it goes on from there."""
    if still is None:
        workspace = workspace_of(sample)
        workspace.add_user("outsider", id="U0OUTSIDER", real_name="Otis Outsider", email="otis@elsewhere.example")
    else:
        workspace = pickle.loads(still.workspace)
        calendar.set(still.calendar)
    clock = SandboxClock(still.slack_time if still else calendar.now())
    async with await Sandbox.start(manifest(), workspace, clock=clock) as sandbox:
        if still is not None:
            sandbox.record.posts.extend(still.posts)
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=5, retry_handlers=[])
        token = await directory.check_token(client)
        elapsed = SystemElapsedTime()
        gateway = Gateway(client, elapsed, spacing=0.0)
        heartbeat = Heartbeat(services, gateway, elapsed, token.team_id)
        bot = Bot(services, heartbeat, client, token, NOT_SET_UP)
        await bot.move_in()
        bolt = AsyncApp(client=client)
        dispatcher, reconciler = Dispatcher(services, gateway, token.team_id), Reconciler(services, gateway)
        # Nothing is sent by itself: a test says when, and may count how often the dispatcher was woken.
        services.deliveries.on_change = lambda: stage.wakes.append(1)

        async def refresh() -> None:
            stage.refreshes.append(1)
            await bot.refresh_directory()

        edge = register_handlers(bolt, services, refresh)
        stage = Stage(sandbox, services, calendar, dispatcher, reconciler, bot, bolt, edge)
        if still is None:
            await bot.refresh_directory()
        handler = AsyncSocketModeHandler(bolt, sandbox.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await sandbox.connected()
        try:
            yield stage
        finally:
            # What a last press set off is done before its database goes away.
            await edge.drain()
            await handler.close_async()  # type: ignore[no-untyped-call]


async def answer_to(person: Person, command: str, text: str) -> Message | View:
    """What a command is answered with: the modal that it opened, which is closed again, or what only they see."""
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok
    await person.until(
        lambda: len(person.ephemerals) > before or (person.modal is not None and "Opening" not in words(person.modal))
    )
    opened = person.modal
    if opened is None:
        return person.ephemerals[-1]
    await person.close(is_cleared=True)
    return opened


def words(surface: Message | View | None) -> str:
    """Everything that is written on a message or view, a line a block."""
    if surface is None:
        return ""
    lines = [line for block in surface.blocks or [] for line in _texts(block)]
    return "\n".join(lines)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn"}:
            return [str(value["text"])]
        return [line for item in value.values() for line in _texts(item)]
    if isinstance(value, list):
        return [line for item in value for line in _texts(item)]
    return []
