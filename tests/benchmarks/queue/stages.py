"""A coalition with many people and letters to them by the thousand, on either database, and what sends them. Nothing is
measured here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from sqlalchemy import insert, select, update

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.outbox import Kind, State
from bot.domain.people import Workspace
from bot.services import Services
from bot.services.access import operator
from bot.slack import directory
from bot.slack.client import client_of, kept_connections
from bot.slack.gateway import Gateway
from bot.slack.pace import Pace
from bot.slack.workspaces import ServedWorkspace, Workspaces
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryRow
from bot.store.people import LetterRow, MemberRow, SlackAccountRow
from schedules.scheduler import Heartbeat, Ticks
from tests.benchmarks.stage import BOT, LIVE, TEAM, large_record
from tests.services.stage import rest_meetings

DATABASES = ("postgres", "sqlite")
PEOPLE = 100
# A coordinator, who may write to whomever she wants to.
SENDER, SENDER_ID = "dana", "U0DANA"
# Rows that go into one INSERT.
CHUNK = 2000
WORDS = "The second offer is out, and the contract is signed. Evening pay stays below the market: who can help?"


@dataclass
class Sending:
    """One process's share of the bot: services on a database, and a gateway to a Slack. Nothing is sent by itself."""

    services: Services
    calendar: FixedCalendar
    workspaces: Workspaces
    coalition_id: int
    heartbeat: Heartbeat
    connections: aiohttp.ClientSession

    @classmethod
    def of(
        cls,
        url: str,
        api_url: str,
        coalition_id: int,
        *,
        at_once: int,
        owner: str = "bench",
        pace: Pace | None = None,
    ) -> Sending:
        """Sends for a coalition that lives there, to the Slack at this address, by a client as the product makes it."""
        connections = kept_connections(10.0)
        client = client_of("xoxb-bench", api_url, connections)
        elapsed, calendar = SystemElapsedTime(), FixedCalendar(LIVE)
        services = Services(Database(database_url(url)), calendar, elapsed, owner=owner)
        gateway = Gateway(client, elapsed, spacing=0.0, at_once=at_once, pace=pace)
        token = directory.Token(team_id=TEAM, team=None, enterprise_id=None, bot_user_id=BOT, scopes=frozenset())
        workspaces = Workspaces(ServedWorkspace(token, client, gateway, coalition_id=coalition_id))
        # As after a start: Slack has just said of all people whether their accounts are active.
        workspaces.only.accounts_read_at = elapsed.monotonic()
        services.deliveries.coalitions = workspaces.coalitions
        heartbeat = Heartbeat(services, workspaces, elapsed, ticks=Ticks())
        return cls(services, calendar, workspaces, coalition_id, heartbeat, connections)

    async def close(self) -> None:
        await self.services.database.close()
        await self.connections.close()


async def settle_people(url: str, people: int = PEOPLE) -> int:
    """A live coalition in which so many people have an account and a conversation, and nothing is due; its id."""
    calendar = FixedCalendar(LIVE)
    database = Database(database_url(url))
    services = Services(database, calendar, SystemElapsedTime(), owner="filling")
    result = await services.coalitions.import_record(large_record(people))
    actor = operator(result.coalition_id or 0)
    workspace = Workspace(team_id=TEAM, name="bench", enterprise_id=None, bot_user_id=BOT)
    await services.people.bind_workspace(workspace, actor.coalition_id)
    await rest_meetings(services, actor.coalition_id, "reminder", "preview")
    await services.coalitions.go_live(actor)
    await services.people.link(actor, SENDER, TEAM, SENDER_ID, by="command")
    for number in range(people):
        await services.people.link(actor, f"owner-{number:03}", TEAM, f"U0OWNER{number:03}", by="command")
    async with database.writer.begin() as connection:
        # As after the first message: each has a conversation, and nothing of the beginning is owed.
        for number in range(people):
            await connection.execute(
                update(SlackAccountRow)
                .where(SlackAccountRow.user_id == f"U0OWNER{number:03}")
                .values(dm_channel_id=f"D0OWNER{number:03}")
            )
        await connection.execute(
            update(DeliveryRow).where(DeliveryRow.state == State.PLANNED).values(state=State.DROPPED, reason="bench")
        )
    await database.close()
    return actor.coalition_id


async def write_letters(url: str, coalition_id: int, count: int, *, due_in: timedelta, name: str) -> list[str]:
    """So many letters, each owed by a message of its own that is due so long after the stage's moment, to everybody in
    turns; their keys. Rows as the product's, written at once."""
    database = Database(database_url(url))
    due = LIVE + due_in
    async with database.writer.begin() as connection:
        members = list(
            await connection.scalars(
                select(MemberRow.id)
                .where(MemberRow.coalition_id == coalition_id, MemberRow.key.like("owner-%"))
                .order_by(MemberRow.id)
            )
        )
        own = {"coalition_id": coalition_id}
        keys = []
        for start in range(0, count, CHUNK):
            numbers = range(start, min(count, start + CHUNK))
            given = await connection.scalars(
                insert(LetterRow).returning(LetterRow.id, sort_by_parameter_order=True),
                [
                    own
                    | {"submission_key": f"{name}:{number}", "sender_id": members[0], "about": "", "written_at": LIVE}
                    | {"receiver_id": members[number % len(members)], "text": f"{WORDS} ({number})"}
                    for number in numbers
                ],
            )
            some = [(number, letter) for number, letter in zip(numbers, given, strict=True)]
            keys += [f"{name}:{number}" for number in numbers]
            blank = {"transport": "slack", "operation": "post", "part_no": 0, "subject": {}, "state": State.PLANNED}
            blank |= {"waiting": False, "held_back": False, "version": 0, "attempts": 0, "looks": 0}
            await connection.execute(
                insert(DeliveryRow),
                [
                    own
                    | blank
                    | {"key": f"{name}:{number}", "kind": Kind.LETTER, "about": str(letter), "planned_at": LIVE}
                    | {"member_id": members[number % len(members)], "due_at": due}
                    for number, letter in some
                ],
            )
    async with database.writer.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("ANALYZE")
    await database.close()
    return keys
