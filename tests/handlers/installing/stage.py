"""The bot over HTTP, for every workspace that installs it, beside a Slack with two: the same people and channels, by
the same ids, in each."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from pydantic import SecretStr

from bot.addresses import LOOPBACK, Address
from bot.app import Bot, running_bot
from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import Person, RequestUrls, Sandbox, SandboxClock, Town, Workspace
from bot.sandbox import Settings as SandboxSettings
from bot.sealing import new_key
from bot.services.access import Actor, operator
from bot.settings import Settings, read_settings
from bot.slack.manifest import manifest
from tests.services.stage import rest_meetings

DEMO, RIVER = "T0DEMO", "T0RIVER"
ADMIN = "priya"


def workspace(sample: Record, team_id: str) -> Workspace:
    """The sample's people and channels as a workspace of this id."""
    found = workspace_of(sample)
    for user in found.users.values():
        user.team_id = team_id if user.team_id == found.team_id else user.team_id
    found.team_id, found.name = team_id, f"Workspace {team_id}"
    return found


@dataclass
class Answered:
    """What a browser got at last."""

    status: int
    text: str


@dataclass
class Installed:
    """A running bot and its Slack."""

    town: Town
    bot: Bot
    settings: Settings
    url: str
    calendar: FixedCalendar

    def sandbox(self, team_id: str) -> Sandbox:
        return self.town.sandboxes[team_id]

    def person(self, team_id: str, member: str) -> Person:
        return self.sandbox(team_id).person(user_id_of(member))

    def coalition_id(self, team_id: str) -> int:
        found = self.bot.workspaces.of_workspace(None, team_id)
        assert found is not None, f"{team_id} is not served"
        return found.coalition_id

    def operator(self, team_id: str) -> Actor:
        return operator(self.coalition_id(team_id))

    async def install(self, team_id: str, *, declined: bool = False) -> Answered:
        """Somebody opens the install link, is led to Slack, chooses, and is led back: in one browser."""
        async with browser() as session:
            where = await self.begin(session)
            query = dict(parse_qsl(urlsplit(where).query))
            async with session.get(where) as page:
                assert page.status == 200, await page.text()
                assert "Allow in" in await page.text()
            admin = user_id_of(ADMIN)
            back = self.town.decline(query) if declined else self.town.allow(query, team_id, admin)
            return await visit(session, back)

    async def begin(self, session: aiohttp.ClientSession) -> str:
        """Opens the install link; returns where it leads to."""
        async with session.get(f"{self.url}/slack/install", allow_redirects=False) as reply:
            assert reply.status == 302
            return reply.headers["Location"]

    async def move_in(self, team_id: str, coalition: str) -> None:
        """As `backbeat workspaces bind` does, and what housekeeping takes over then."""
        services = self.bot.services
        found = await services.coalitions.find(coalition)
        installation = await services.installations.of_team(team_id)
        assert installation is not None
        await services.people.bind_workspace(installation.workspace, found.id)
        await self.bot.refresh_directory(team_id)

    async def go_live(self, team_id: str) -> None:
        services, actor = self.bot.services, self.operator(team_id)
        await rest_meetings(services, actor.coalition_id)
        await services.coalitions.go_live(actor)

    def dms(self, team_id: str, member: str) -> list[str]:
        """What the bot wrote to somebody."""
        found = self.sandbox(team_id).workspace.im_with(user_id_of(member))
        return [] if found is None else [one.text for one in found.messages.values() if one.from_bot]


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def visit(session: aiohttp.ClientSession, url: str) -> Answered:
    async with session.get(url) as reply:
        found = re.search(r"<p>(.*?)</p>", await reply.text())
        return Answered(reply.status, unescape(found.group(1)) if found else "")


@asynccontextmanager
async def installed(
    url: str, sample: Record, calendar: FixedCalendar, *, rotating: bool = False, **settings: object
) -> AsyncIterator[Installed]:
    """The bot on this database, with no workspace yet, at rest. `settings` are those of the program."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    public = f"http://{LOOPBACK}:{port}"
    app = manifest(url=public)
    app["settings"]["token_rotation_enabled"] = rotating
    patient = SandboxSettings(ack_seconds=30.0, retry_scale=0.0)
    workspaces = [workspace(sample, team_id) for team_id in (DEMO, RIVER)]
    clock = SandboxClock(calendar.now(), running=False)
    async with await Town.start(app, workspaces, settings=patient, clock=clock) as town:
        chosen = read_settings(
            _env_file=None,
            slack_client_id=town.client_id,
            slack_client_secret=SecretStr(town.client_secret),
            slack_signing_secret=SecretStr(town.signing_secret),
            slack_api_url=town.api_url,
            token_keys=SecretStr(new_key()),
            public_url=public,
            database_url=url,
            post_spacing_seconds=0,
            **settings,
        )
        async with running_bot(chosen, calendar=calendar, http=Address(LOOPBACK, port)) as bot:
            assert bot.requests_at is not None
            patient.request_urls = RequestUrls(bot.requests_at)
            yield Installed(town, bot, chosen, public, calendar)
