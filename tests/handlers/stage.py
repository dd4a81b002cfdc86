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
from sqlalchemy import func, select

from bot.app import Bot
from bot.clock import FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import Person, Sandbox, SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.core import VERIFICATION_TOKEN
from bot.sandbox.record import Post
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.services import Services
from bot.services.access import Actor, operator
from bot.slack import directory
from bot.slack.blocks.charts import Chart
from bot.slack.client import client_of, kept_connections
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from bot.slack.metadata import encode_question
from bot.slack.pictures import Pictures
from bot.slack.workspaces import ServedWorkspace, Workspaces
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.database import Database
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from handlers import register_handlers
from handlers.acknowledging import acknowledge_by_event
from handlers.context import Edge
from handlers.tenancy import by_what_is_known
from schedules.dispatch import Dispatcher
from schedules.reconcile import Reconciler
from schedules.scheduler import Heartbeat
from tests.services.stage import rest_meetings

# What somebody enters into the weekly form, by label or block id; a blocker is needed with it.
# A loaded machine must not make an acknowledgement late: these tests are about words, benchmarks measure the time.
ACK_SECONDS = 30.0
SAID = {
    "How does this priority stand today?": "at_risk",
    encode_question("confidence"): "6",
    "What changed since last week?": "The second offer is out.",
    "What will be true by next week?": "The second contract is signed.",
}
BLOCKER = "What is in the way?"
TABLES = (ChangeRow, AuditEntryRow, DeliveryRow, DeliveryItemRow)
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
    handler: AsyncSocketModeHandler
    refreshes: list[int] = field(default_factory=list)
    wakes: list[int] = field(default_factory=list)
    has_ended: bool = False
    when: str = ""  # the moment that was gone to

    def person(self, member: str) -> Person:
        return self.sandbox.person(user_id_of(member))

    async def actor(self, member: str) -> Actor:
        """This member, acting in Slack."""
        found = await self.services.people.actor_of(self.bot.token.team_id, self.person(member).id)
        assert found is not None, member
        return found

    async def go(self, text: str) -> None:
        """Sets the calendar and sends everything that is due."""
        self.when = text
        self.calendar.set(at(text))
        await self.settle()

    async def connect(self) -> None:
        await self.handler.connect_async()  # type: ignore[no-untyped-call]
        await self.sandbox.connected()

    async def disconnect(self) -> None:
        """Ends the bot's workspace. What a last press set off is done before its database goes away."""
        await self.edge.drain()
        if not self.has_ended:
            self.has_ended = True
            await self.handler.close_async()  # type: ignore[no-untyped-call]
        # What came in until then has begun after a turn or two of the loop.
        for _ in range(5):
            await asyncio.sleep(0)
        await self.edge.drain()
        if reading := [one for one in asyncio.all_tasks() if one.get_name() == "directory"]:
            await asyncio.wait(reading, timeout=5)
        if (connections := self.bot.client.session) is not None:
            await connections.close()

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

    async def resume_meetings(self) -> None:
        """From now on meetings take place, where they rested."""
        await rest_meetings(self.services, self.bot.coalition_id, resume=True)

    async def stored(self) -> tuple[int, ...]:
        """How many transactions changed something, how many changes they made, and what is owed to people."""
        async with self.services.database.read() as session:
            counts = [select(func.count()).select_from(table).scalar_subquery() for table in TABLES]
            return tuple((await session.execute(select(*counts))).one())

    def submissions(self) -> list[dict[str, Any]]:
        """The forms that were sent and what the bot answered, oldest first."""
        return [entry for entry in self.sandbox.wire.after() if entry["name"] == "view_submission"]

    async def redeliver(self, entry: dict[str, Any]) -> Any:
        """Delivers an interaction once more, as Slack does when its answer was lost; returns what the bot answers."""
        payload = {**entry["request"]["payload"], "token": VERIFICATION_TOKEN}
        return await self.sandbox._delivery.sockets.send(
            "interactive", payload, accepts_response=True, timeout=3.0, retry=(1, "timeout")
        )

    async def press_old(self, member: str, message: Message, what: str) -> None:
        """Presses a button of a message as it once was: somebody's Slack may not have shown its change yet."""
        person, interactions = self.person(member), self.sandbox.interactions
        block, element = person._element(message.blocks or [], what)
        url = ResponseUrl(message.channel, person.user.id, message_ts=message.ts)
        payload: dict[str, Any] = interactions._envelope(person.user, "block_actions") | {
            "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
            "channel": {"id": message.channel, "name": "directmessage"},
            "message": {"ts": message.ts, "metadata": message.metadata},
            "actions": [interactions._action(block, element, {"value": element["value"]})],
            "response_url": interactions._responses.address(url),
        }
        await self.sandbox._delivery.request("interactions", payload)

    def show_pictures(self, draw: Callable[[Chart], Awaitable[bytes]]) -> None:
        """From now on cards and digests have pictures, drawn by `draw`."""
        pictures = Pictures(self.bot.client, self.bot.token.team_id, draw, self.services.pictures)
        self.bot.workspaces.only.pictures = pictures

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
    async with await Sandbox.start(
        manifest(), workspace, settings=SandboxSettings(ack_seconds=ACK_SECONDS), clock=clock
    ) as sandbox:
        if still is not None:
            sandbox.record.posts.extend(still.posts)
        stage = await _put_up(sandbox, services, calendar)
        if still is None:
            await stage.bot.refresh_directory()
        await stage.connect()
        try:
            yield stage
        finally:
            await stage.disconnect()


async def _put_up(sandbox: Sandbox, services: Services, calendar: FixedCalendar) -> Stage:
    """A bot beside this Slack, not connected yet."""
    connections = kept_connections(5.0)
    client = client_of(sandbox.bot_token, sandbox.api_url, connections)
    token = await directory.check_token(client)
    elapsed = SystemElapsedTime()
    gateway = Gateway(client, elapsed, spacing=0.0)
    workspaces = Workspaces(ServedWorkspace(token, client, gateway))
    bot = Bot(services, Heartbeat(services, workspaces, elapsed), workspaces)
    await bot.move_in()
    bolt = acknowledge_by_event(
        AsyncApp(
            name="backbeat",
            client=client_of(None, sandbox.api_url, connections),
            authorize=by_what_is_known(workspaces),
        )
    )
    dispatcher, reconciler = Dispatcher(services, workspaces), Reconciler(services, workspaces)
    # Nothing is sent by itself: a test says when, and may count how often the dispatcher was woken.
    services.deliveries.on_change = lambda: stage.wakes.append(1)

    async def refresh(team_id: str) -> None:
        stage.refreshes.append(1)
        await bot.refresh_directory(team_id)

    edge = register_handlers(bolt, services, refresh, workspaces)
    handler = AsyncSocketModeHandler(bolt, sandbox.app_token, ping_interval=60)
    stage = Stage(sandbox, services, calendar, dispatcher, reconciler, bot, bolt, edge, handler)
    return stage


@asynccontextmanager
async def restarted(stage: Stage) -> AsyncIterator[Stage]:
    """The same Slack and the same database with another bot, which knows nothing but what stands in them."""
    await stage.disconnect()
    before = stage.services
    database = Database(before.database.url)
    services = Services(
        database, stage.calendar, SystemElapsedTime(), owner="after the restart", timing=before.deliveries.timing
    )
    another = await _put_up(stage.sandbox, services, stage.calendar)
    await another.connect()
    try:
        yield another
    finally:
        await another.disconnect()
        await database.close()


async def only_updates_and_digests(stage: Stage) -> None:
    """A first step of what is lived through: no lists of actions and no previews come, at which a test doesn't look."""
    await rest_meetings(stage.services, stage.bot.coalition_id, "reminder", "preview")


async def only_lists(stage: Stage) -> None:
    """Another first step: no rounds, digests and previews come, only lists of actions."""
    await rest_meetings(stage.services, stage.bot.coalition_id, "preview", "digest", "checkin")


async def nothing_regular(stage: Stage) -> None:
    """Another first step: nothing comes by the week, only what somebody or something else brings about."""
    await rest_meetings(stage.services, stage.bot.coalition_id, "reminder", "preview", "digest", "checkin")


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


async def commanded(person: Person, command: str, text: str = "") -> Message:
    """What only they see in answer to a command."""
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return person.ephemerals[-1]


def words(surface: Message | View | None) -> str:
    """Everything that is written on a message or view, a line a block."""
    if surface is None:
        return ""
    lines = [line for block in surface.blocks or [] for line in _texts(block)]
    return "\n".join(lines)


def answer_words(answer: Any) -> str:
    """What an acknowledgement says: its kind, then every text in it, a line each."""
    if not isinstance(answer, dict):
        return ""
    errors = list((answer.get("errors") or {}).values())
    return "\n".join([str(answer.get("response_action") or ""), *errors, *_texts(answer.get("view"))])


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn", "raw_text"}:
            return [str(value["text"])]
        return [line for item in value.values() for line in _texts(item)]
    if isinstance(value, list):
        return [line for item in value for line in _texts(item)]
    return []
