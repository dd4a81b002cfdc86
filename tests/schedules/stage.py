"""A stage for sending: the sample on a database, a small Slack, the real dispatcher, and clocks that tests move."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select, update

from bot.app import Bot
from bot.charts.drawing import draw_chart
from bot.clock import ElapsedTime, FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of, workspace_of
from bot.domain.outbox import State
from bot.domain.people import Workspace
from bot.domain.record import Record
from bot.mail import Mailer
from bot.sandbox import Sandbox, SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.record import Post
from bot.sandbox.workspace import Message
from bot.sealing import Seal
from bot.services import Services
from bot.services.access import Actor, operator
from bot.services.sending import Timing
from bot.services.sending.turns import AHEAD
from bot.slack import directory
from bot.slack.blocks.charts import Chart
from bot.slack.canvases import CanvasWriter
from bot.slack.client import client_of, kept_connections
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from bot.slack.workspaces import ServedWorkspace, Workspaces
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from schedules.dispatch import Dispatcher
from schedules.mailing import Mailing
from schedules.reconcile import Reconciler
from schedules.scheduler import Heartbeat
from tests.clocks import MovedClock
from tests.services.stage import rest_meetings

TEAM = "T0DEMO"
# Leases end when a test says so, never because a machine is busy.
QUICK = Timing(lease=60.0, post_timeout=20.0, looks=(0.01, 0.03, 0.06), retry=0.02)
# For tests in which Slack does not answer at all.
IMPATIENT = replace(QUICK, post_timeout=0.4)
START = datetime.fromisoformat("2026-11-23T07:00:00-06:00")


def at(text: str) -> datetime:
    """A moment of November or December 2026 in the sample's zone, such as "11-23 09:00"."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}:00-06:00")


def key_of(post: Post) -> str | None:
    """The delivery key that a post carries."""
    return ((post.metadata or {}).get("event_payload") or {}).get("key")


async def until(condition: Callable[[], Awaitable[bool]], limit: float = 10.0, pause: float = 0.005) -> None:
    """Polls until something is so."""
    deadline = time.monotonic() + limit
    while not await condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(pause)


def _database(url: str, number: int, *, has_mail: bool) -> Database:
    """The engines of the process of this number. They outlive a test, since they remember how to say each statement."""
    key = (url, number, has_mail)
    if key not in _DATABASES:
        _DATABASES[key] = Database(database_url(url), has_mail=has_mail)
    return _DATABASES[key]


_DATABASES: dict[tuple[str, int, bool], Database] = {}
_DRAWN: dict[str, bytes] = {}  # pictures by what they show: it takes a while to draw one, and many tests have the same


@dataclass
class Process:
    """What one process of the bot has of its own: services under its name, a gateway, the two passes."""

    services: Services
    gateway: Gateway
    workspaces: Workspaces
    dispatcher: Dispatcher
    reconciler: Reconciler
    database: Database

    async def round(self) -> None:
        """Plans, closes, sends and looks once."""
        await self.services.rhythm.plan()
        await self.services.rhythm.close()
        await self.dispatcher.run()
        await self.reconciler.run()


@dataclass
class Stage:
    """Everything that a test of sending touches. `main` is the process that the test drives."""

    sandbox: Sandbox
    clock: SandboxClock
    calendar: FixedCalendar
    url: str
    client: AsyncWebClient
    timing: Timing
    mailer: Mailer | None = None
    seal: Seal | None = None
    address: str | None = None
    coalition_id: int = 0
    processes: list[Process] = field(default_factory=list)

    @property
    def main(self) -> Process:
        return self.processes[0]

    @property
    def services(self) -> Services:
        return self.main.services

    @property
    def operator(self) -> Actor:
        return operator(self.coalition_id)

    def mailing(self, services: Services) -> Mailing | None:
        return Mailing(services, self.mailer, self.draw) if self.mailer is not None else None

    async def draw(self, chart: Chart) -> bytes:
        if chart.key not in _DRAWN:
            _DRAWN[chart.key] = draw_chart(chart)
        return _DRAWN[chart.key]

    def process(self, name: str = "second", elapsed: ElapsedTime | None = None, **timing: Any) -> Process:
        """Another process on the same database and Slack."""
        database = _database(self.url, len(self.processes), has_mail=self.mailer is not None)
        elapsed = elapsed or MovedClock()
        services = Services(
            database,
            self.calendar,
            elapsed,
            owner=name,
            timing=replace(self.timing, **timing) if timing else self.timing,
            seal=self.seal,
            address=self.address,
        )
        gateway = Gateway(self.client, elapsed, spacing=0.0)
        token = directory.Token(
            team_id=TEAM, team=None, enterprise_id=None, bot_user_id=self.sandbox.bot_user_id, scopes=frozenset()
        )
        workspace = ServedWorkspace(token, self.client, gateway, canvases=CanvasWriter(self.client, elapsed))
        workspace.coalition_id = self.coalition_id
        workspaces = Workspaces(workspace)
        services.deliveries.coalitions = workspaces.coalitions or None
        dispatcher = Dispatcher(services, workspaces, mailing=self.mailing(services))
        reconciler = Reconciler(services, workspaces)
        process = Process(services, gateway, workspaces, dispatcher, reconciler, database)
        self.processes.append(process)
        return process

    def slow_process(self) -> Process:
        """Another process, for which Slack takes nearly half of a lease for each post, one after the other. Meanwhile
        others look for leases that have ended."""
        clock = MovedClock()
        slow, other = self.process("slow", clock), self.process("other", clock)
        slow.gateway.at_once = 1
        slow.gateway._gate = asyncio.Semaphore(1)
        slow.gateway._client = client = copy(self.client)
        say = client.chat_postMessage

        @wraps(say)
        async def post(**message: Any) -> Any:
            answer = await say(**message)
            clock.ahead += self.timing.lease * 0.45
            await other.services.unclear_posts.expire_leases()
            return answer

        client.chat_postMessage = post  # type: ignore[method-assign]
        return slow

    def heartbeat(self, **how: Any) -> Heartbeat:
        """The real heartbeat over the main process's services."""
        mailing = self.mailing(self.services)
        return Heartbeat(self.services, self.main.workspaces, SystemElapsedTime(), mailing=mailing, **how)

    async def bind(self) -> None:
        """Moves the coalition into the workspace, and takes over people and channels."""
        token = await directory.check_token(self.client)
        about = Workspace(team_id=token.team_id, name=None, enterprise_id=None, bot_user_id=token.bot_user_id)
        self._lives_here(await self.services.people.bind_workspace(about, None))
        await self.refresh()

    async def begin(self) -> None:
        """Goes on where the coalition lives in the workspace already, whose people and channels it knows; else moves
        it in."""
        about = Workspace(team_id=TEAM, name=None, enterprise_id=None, bot_user_id=self.sandbox.bot_user_id)
        known = await self.services.people.known_workspace(about)
        if known is None:
            await self.bind()
        else:
            self._lives_here(known)

    def _lives_here(self, coalition_id: int) -> None:
        self.coalition_id = self.main.workspaces.only.coalition_id = coalition_id
        self.services.deliveries.coalitions = self.main.workspaces.coalitions

    async def refresh(self) -> None:
        """Takes over people and channels from Slack, as the bot does now and then.

        As if it had done so a while ago: nothing here hears of changes, so each account is asked about.
        """
        await Bot(self.services, self.heartbeat(), self.main.workspaces).refresh_directory()
        self.main.workspaces.only.accounts_read_at = float("-inf")

    async def link(self, *members: str) -> None:
        """Links these members to their accounts; without names, everybody who has one."""
        for member in (await self.record()).members:
            if member.access == "email_only" or (members and member.id not in members):
                continue
            user = self.sandbox.workspace.users[user_id_of(member.id)]
            await self.services.people.link(self.operator, member.id, user.team_id, user.id, by="command")

    async def go_live(self) -> None:
        """Starts a week of check-ins and digests; meetings, action lists and owners' previews rest."""
        await rest_meetings(self.services, self.operator.coalition_id, "reminder", "preview")
        await self.services.coalitions.go_live(self.operator)

    async def record(self) -> Record:
        return await self.services.coalitions.record(self.operator)

    async def change(self, record: Record) -> None:
        """Lets the coalition be as this record says."""
        await self.services.coalitions.import_record(record, prefer_file=True)

    async def actor(self, key: str) -> Actor:
        """This member, acting in Slack."""
        actor = await self.services.people.actor_of(TEAM, user_id_of(key))
        assert actor is not None, key
        return actor

    def set(self, text: str) -> None:
        """Moves both clocks to a wall time of the sample's zone; what is due there is not done yet."""
        self.calendar.set(at(text))
        self.clock.sleep(at(text))

    async def go(self, text: str) -> None:
        """Moves both clocks and does everything that is due."""
        self.set(text)
        await self.settle()

    async def settle(self, *, limit: float = 15.0) -> None:
        """Does everything that is due, looks included."""
        deadline = time.monotonic() + limit
        while True:
            await self.main.round()
            if await self.services.deliveries.is_settled() and await self.services.rhythm.is_settled():
                return
            assert time.monotonic() < deadline, [str(row) for row in await self.unsettled()]
            await asyncio.sleep(0.01)

    async def go_to_rest(self, text: str) -> None:
        """Moves both clocks and does what can be done at once; what has to wait is left waiting."""
        self.set(text)
        posts = -1
        while posts != len(self.posts):
            posts = len(self.posts)
            await self.main.round()

    async def hurry(self) -> None:
        """Lets what rests for a while of elapsed time be tried again at once."""
        self.main.gateway._paused.clear()
        async with self.services.database.write() as session:
            await session.execute(update(DeliveryRow).values(next_attempt_at=None))

    async def expire(self) -> None:
        """Lets every lease end at once, as if its process were dead for long."""
        # What a killed process had under way ends first: its database may have been told to renew a lease already, by
        # a task that was cancelled or by the one that asks for several of them together.
        if dying := {task for task in asyncio.all_tasks() if task.cancelling() or task.get_name() == "together"}:
            await asyncio.wait(dying)
        async with self.services.database.write() as session:
            await session.execute(update(DeliveryRow).where(DeliveryRow.lease_until.is_not(None)).values(lease_until=0))
        self.wait_a_moment()

    def wait_a_moment(self) -> None:
        """Until no process takes the answer from before for true, whether a post may go."""
        for process in self.processes:
            if isinstance(process.services.deliveries.elapsed, MovedClock):
                process.services.deliveries.elapsed.ahead += AHEAD

    async def unsettled(self) -> list[tuple[str, str, str | None]]:
        return [(row.kind, row.state, row.reason) for row in await self.rows() if row.state not in {State.SENT}]

    async def rows(self, *kinds: str, operation: str = "post", to: str | None = None) -> list[DeliveryRow]:
        """Deliveries in the order in which they are due; `to` is a member's id or a channel's name."""
        query = select(DeliveryRow).where(DeliveryRow.operation == operation)
        if kinds:
            query = query.where(DeliveryRow.kind.in_(kinds))
        if to is not None:
            members = select(MemberRow.id).where(MemberRow.key == to)
            query = query.where((DeliveryRow.channel == to) | DeliveryRow.member_id.in_(members))
        async with self.services.database.read() as session:
            return list(await session.scalars(query.order_by(DeliveryRow.due_at, DeliveryRow.id)))

    async def one(self, *kinds: str, operation: str = "post", to: str | None = None) -> DeliveryRow:
        rows = await self.rows(*kinds, operation=operation, to=to)
        assert len(rows) == 1, [(row.kind, row.state, row.reason) for row in rows]
        return rows[0]

    async def ask(self, member: str) -> DeliveryRow:
        """The first message with prompts for this member."""
        return (await self.rows("prompts", to=member))[0]

    @property
    def posts(self) -> list[Post]:
        """Every post that Slack accepted, oldest first."""
        return self.sandbox.record.posts

    @property
    def doubled(self) -> list[str]:
        """Keys that were posted more than once."""
        return [key for key, count in self.sandbox.record.by_key("key").items() if count > 1]

    def dm(self, member: str) -> list[Message]:
        """The messages in the bot's conversation with a member."""
        channel = self.sandbox.workspace.im_with(user_id_of(member))
        return [] if channel is None else [message for message in channel.messages.values() if message.from_bot]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What the bot called of Slack's Web API, oldest first."""
        return [entry for entry in self.sandbox.wire.after() if entry["name"] == method]

    async def close(self) -> None:
        for process in self.processes:
            await process.database.close()


@dataclass(frozen=True)
class Still:
    """What Slack and the mail server have at one moment of a stage; the rest is in the stage's database."""

    workspace: bytes
    posts: tuple[Post, ...]
    now: datetime
    mails: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, stage: Stage, mails: Sequence[bytes] = ()) -> Still:
        sandbox = stage.sandbox
        return cls(pickle.dumps(sandbox.workspace), tuple(sandbox.record.posts), stage.calendar.now(), tuple(mails))


@asynccontextmanager
async def opened(
    url: str,
    sample: Record,
    *,
    still: Still | None = None,
    timing: Timing = QUICK,
    settings: SandboxSettings | None = None,
    clock_file: Path | None = None,
    mailer: Mailer | None = None,
    seal: Seal | None = None,
    address: str | None = None,
) -> AsyncIterator[Stage]:
    """The coalition of a database and a Slack for it, on Monday at seven or where a still stands; nothing is sent by
    itself."""
    now = START if still is None else still.now
    workspace = workspace_of(sample) if still is None else pickle.loads(still.workspace)
    clock = SandboxClock(now, running=False, clock_file=clock_file)
    async with (
        await Sandbox.start(manifest(), workspace, settings=settings, clock=clock) as sandbox,
        kept_connections(5.0) as connections,
    ):
        client = client_of(sandbox.bot_token, sandbox.api_url, connections)
        if still is not None:
            sandbox.record.posts.extend(still.posts)
        stage = Stage(sandbox, clock, FixedCalendar(now), url, client, timing, mailer, seal, address)
        stage.process("main")
        try:
            await stage.begin()
            yield stage
        finally:
            await stage.close()
