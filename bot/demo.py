"""The demo: the sandbox and the bot in one process, with the sample coalition, live on its first Monday."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.addresses import LOOPBACK, Address
from bot.app import Bot, running_bot
from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.domain.rhythm import to_utc
from bot.domain.vocabularies import Access, CoalitionState
from bot.errors import ConfigurationError, UserError
from bot.files import load_coalition_file, sample_text
from bot.log import configure_logging
from bot.opening import open_services
from bot.sandbox import RequestUrls, Sandbox, SandboxClock, Workspace
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.core import BOT_USER_ID
from bot.services.access import operator
from bot.settings import Settings, read_settings
from bot.single_instance import lock_of
from bot.slack.manifest import manifest
from bot.waiting import stop_signal

# The one channel of the demo's workspace that everybody may read.
PUBLIC_CHANNEL = "lb-talent"
FIRST_HOUR = time(7, 0)
# What the page says first: who to be, what to press, where the digest will be.
GUIDE = (
    "Be Omar Castellanos, the coordinator: choose him at the top left. In Home, pick the account of Yolanda Briggs.",
    "Be Yolanda Briggs, an owner: open Messages, press Jump to…, take Monday 9:00 AM, and answer what arrives.",
    "Press Jump to…, take Tuesday 4:00 PM, and be Omar again: the brief in his Messages says what needs a look.",
    "Press Jump to…, take Wednesday 7:30 AM, and be Marcus Teal: the digest stands in #lb-steering.",
    "Write anything to Backbeat for a menu. Nothing leaves this machine.",
)
GUIDE_OF_AN_EMPTY_ONE = (
    "Be Dana Whitlock, who administers this workspace: no coalition is here yet. In Home, press Set up.",
    "Name it, then add priorities: one of Yolanda Briggs in lb-talent, one of Tom Delacroix in lb-job-quality.",
    "Say who takes part, name their organizations, choose the days: what is typed is kept. Then press Start.",
    "Press Jump to…, take Tuesday 9:00 AM, and be one of the owners: the first question stands in Messages.",
    "Press Jump to…, take Friday 7:30 AM: the digest stands in the channels that you chose.",
)


def workspace_of(record: Record, *, shared: bool = True) -> Workspace:
    """A workspace for a coalition: its people by their kind of access, its channels with their groups' members.

    `shared`: each channel is shared with other workspaces; otherwise those in which somebody comes from one.
    """
    name = record.coalition.short_name or record.coalition.name
    workspace = Workspace(name, domain=record.coalition.id, team_id="T0DEMO")
    organizations = {item.id: item.name for item in record.everything.organizations}
    ids: dict[str, str] = {}
    for member in record.members:
        if member.access == Access.EMAIL_ONLY:
            continue
        connected = member.access == Access.SLACK_CONNECT
        user = workspace.add_user(
            member.id,
            id=user_id_of(member.id),
            real_name=member.name,
            email=None if connected else member.email,
            tz=member.timezone or record.coalition.timezone,
            kind="connected" if connected else member.access,
            team_id=f"T0{member.organization.upper().replace('-', '')}" if connected else None,
            team_name=organizations[member.organization] if connected else None,
            title=member.title or "",
            is_admin=any(role.role == "admin" for role in member.roles),
        )
        ids[member.id] = user.id
    for group in record.groups:
        if group.channel is None:
            continue
        members = [ids[key] for key in group.members if key in ids]
        workspace.add_channel(
            group.channel,
            private=group.channel != PUBLIC_CHANNEL,
            members=[*members, BOT_USER_ID],
            topic=group.name,
            is_ext_shared=shared or any(workspace.users[one].is_connected for one in members if one in workspace.users),
        )
    return workspace


def user_id_of(member: str) -> str:
    """The sandbox's user id of a member."""
    return f"U0{member.upper().replace('-', '').replace('_', '')}"


class Demo:
    """A running demo: its sandbox and its bot."""

    def __init__(self, sandbox: Sandbox, bot: Bot, record: Record, first_day: date) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.record = record
        self.first_day = first_day

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.sandbox.url


class RunningDemo:
    """Starts a demo and ends it again. `database` None means a temporary file; `empty`: without a coalition; `http`:
    its small Slack sends requests over HTTP, instead of by Socket Mode."""

    def __init__(
        self,
        *,
        database: Path | None = None,
        port: int = 0,
        empty: bool = False,
        http: bool = False,
        **settings: object,
    ) -> None:
        self._http = http
        self._empty = empty
        self._database = database
        self._port = port
        self._settings = settings
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Demo:
        try:
            return await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> Demo:
        loaded = load_coalition_file(sample_text())
        record = loaded.record
        if record is None or record.as_of is None:
            raise ConfigurationError("The sample that ships with Backbeat can't be read. Install Backbeat again.")
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="backbeat-demo-"))
        database = self._database or Path(folder) / "demo.db"
        if not database.exists():
            # Whoever deletes a demo wants a new one.
            lock_of(database).unlink(missing_ok=True)
        start = to_utc(datetime.combine(record.as_of, FIRST_HOUR), record.coalition.timezone)
        start = await self._resumed(database, start)
        clock = SandboxClock(start, running=False)
        try:
            sandbox = await Sandbox.start(
                # The sandbox is told where to send requests once it is known.
                manifest(url=f"http://{LOOPBACK}" if self._http else None),
                workspace_of(record, shared=False),
                self._port,
                settings=SandboxSettings(
                    zone=record.coalition.timezone, guide=GUIDE_OF_AN_EMPTY_ONE if self._empty else GUIDE
                ),
                clock=clock,
            )
        except OSError as error:
            raise ConfigurationError(
                f"Port {self._port} is taken. Choose another one with --port, or --port 0 for any."
            ) from error
        self._stack.push_async_callback(sandbox.stop)
        settings = read_settings(
            _env_file=None,
            slack_bot_token=SecretStr(sandbox.bot_token),
            slack_app_token=SecretStr(sandbox.app_token),
            slack_signing_secret=SecretStr(sandbox.signing_secret),
            slack_api_url=sandbox.api_url,
            database_url=f"sqlite:///{database}",
            # Nothing leaves the machine, whatever the environment says.
            series=False,
            **{"post_spacing_seconds": 0.0, "look_after_seconds": (1.0, 2.0, 4.0), **self._settings},
        )
        if not self._empty:
            await _prepare(settings, clock, record)
        at = Address(LOOPBACK, 0) if self._http else None
        bot = await self._stack.enter_async_context(running_bot(settings, calendar=clock, http=at))
        if bot.requests_at is not None:
            sandbox.settings.request_urls = RequestUrls(bot.requests_at)
        clock.hook = bot
        clock.live()
        return Demo(sandbox, bot, record, record.as_of)

    async def _resumed(self, database: Path, start: datetime) -> datetime:
        """A demo that is kept goes on where it was: never before its last delivery, or the week would repeat."""
        if not await asyncio.to_thread(database.exists):
            return start
        settings = read_settings(_env_file=None, database_url=f"sqlite:///{database}")
        async with open_services(settings, FixedCalendar(start)) as services:
            last = await services.coalitions.last_moment()
        return max(start, last + timedelta(minutes=1)) if last is not None else start


async def _prepare(settings: Settings, clock: SandboxClock, record: Record) -> None:
    """Imports the sample and goes live, unless the database has it already."""
    async with open_services(settings, clock) as services:
        try:
            found = await services.coalitions.find(record.coalition.id)
        except UserError:
            if await services.coalitions.all():
                # Somebody has set one up there: the demo goes on with it.
                return
            result = await services.coalitions.import_record(record)
            actor = operator(result.coalition_id or 0)
            await services.coalitions.go_live(actor)
            return
        if found.state == CoalitionState.DRAFT:
            await services.coalitions.go_live(operator(found.id))


async def run_demo(
    *,
    check: bool,
    database: Path | None,
    port: int,
    echo: Callable[[str], Any],
    empty: bool = False,
    http: bool = False,
) -> int:
    """The command `demo`: runs until it is told to stop; with `check`, tries the first hours and ends; with `empty`,
    leaves it to somebody to set a coalition up; with `http`, over HTTP."""
    if check and empty:
        raise ConfigurationError("--check tries the sample's first hours, and --empty has none. Leave one of them out.")
    configure_logging(os.environ.get("BACKBEAT_LOG_LEVEL", "WARNING"))
    stop = stop_signal()
    if database is not None:
        await asyncio.to_thread(_require_folder, database)
    async with RunningDemo(database=database, port=0 if check else port, empty=empty, http=http) as demo:
        if check:
            return await _check(demo, echo)
        where = "a workspace without a coalition" if empty else demo.record.coalition.name
        echo(f"Open {demo.url} in your browser. It is Monday, 7:00 AM, in {where}.")
        echo(
            "Act as Dana Whitlock first: open the app's Home and press Set up."
            if empty
            else "Act as Omar Castellanos first: open the app's Home and pick the accounts of those not linked yet."
        )
        echo("Ctrl-C ends it.")
        await stop.wait()
    echo("Ended.")
    return 0


def _require_folder(database: Path) -> None:
    folder = database.absolute().parent
    if not folder.is_dir():
        raise ConfigurationError(f"There is no folder {folder}. Make it, or name another file with --database.")


async def _check(demo: Demo, echo: Callable[[str], Any]) -> int:
    """The smoke run: is everybody asked by Monday 9:30, and does the digest stand on Wednesday?"""
    zone = demo.record.coalition.timezone
    as_of = demo.first_day
    monday = to_utc(datetime.combine(as_of, time(9, 30)), zone)
    await demo.sandbox.clock.jump(monday)
    asked = len(demo.sandbox.record.posts)
    wednesday = to_utc(datetime.combine(as_of + timedelta(days=2), time(7, 31)), zone)
    await demo.sandbox.clock.jump(wednesday)
    posted = len(demo.sandbox.record.posts) - asked
    echo(f"{asked} check-in messages by Monday 9:30 AM, {posted} more by Wednesday 7:31 AM, the digest among them.")
    leadership = demo.sandbox.workspace.channel_called("lb-steering")
    if not asked or leadership is None or not any(message.from_bot for message in leadership.top_level()):
        echo("The demo did not work: the check-in or the digest is missing.")
        return 1
    echo("The demo works.")
    return 0
