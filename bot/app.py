"""The composition root: the only place where clocks, database, services, Slack, handlers and schedules meet."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import Address
from bot.charts.drawing import Drawing
from bot.clock import Calendar, SystemElapsedTime
from bot.connection import Connection, TakesRoutes
from bot.connection.traffic import Refusal, Traffic
from bot.domain.canvases import APART
from bot.domain.installations import Installation
from bot.domain.people import Workspace
from bot.errors import ConfigurationError, NoCoalitionYet
from bot.opening import bounces_of, mailer_of, open_services, seal_of, series_of
from bot.sealing import Seal
from bot.services import Services
from bot.services.access import clock as clock_actor
from bot.services.meetings import CALENDAR_PATH
from bot.services.people import ANSWER_PATH
from bot.serving import Serving
from bot.settings import Settings
from bot.single_instance import SingleInstance
from bot.slack import directory
from bot.slack.canvases import CanvasWriter
from bot.slack.client import client_of, kept_connections
from bot.slack.gateway import Gateway
from bot.slack.manifest import REDIRECT_PATH
from bot.slack.oauth import AppCredentials
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.slack.workspaces import NOT_SET_UP, ServedWorkspace, Workspaces
from bot.store.database import database_url, sqlite_file
from bot.waiting import Patience
from handlers import kept_words, register_handlers
from handlers.acknowledging import acknowledge_by_event
from handlers.context import Edge
from handlers.installing import Installing
from handlers.owed_words import OwedWords
from handlers.pages import Answering, AnswerPages, CalendarPages, Stopping
from handlers.tenancy import by_what_is_known, only_installed
from handlers.throttle import Throttle
from schedules.bounces import BounceReader
from schedules.canvases import CanvasKeeper
from schedules.mailing import Mailing
from schedules.scheduler import Heartbeat, Ticks
from schedules.series import SeriesWatch
from schedules.watchdog import Watchdog

if TYPE_CHECKING:
    from bot.monitoring import Monitor

log = structlog.get_logger(__name__)

ASKING_TIMEOUT = 10.0
# Elapsed seconds without a mark after which a database may be a copy of what has gone on elsewhere.
SILENCE = 600.0


@dataclass(slots=True)
class Bot:
    """The running bot, in every workspace that it speaks to."""

    services: Services
    heartbeat: Heartbeat
    workspaces: Workspaces
    instance: SingleInstance | None = None
    requests_at: str | None = None  # the address for Slack's requests; None with Socket Mode
    traffic: Traffic = field(default_factory=Traffic)
    watched_at: str | None = None  # the address for health and numbers, where there is one
    serving: Serving | None = None  # where workspaces come by being installed
    keep_days: int | None = None  # for how long messages that ended are kept; None: for ever

    # Of the workspace of the settings' token.
    @property
    def client(self) -> AsyncWebClient:
        return self.workspaces.only.client

    @property
    def token(self) -> directory.Token:
        return self.workspaces.only.token

    @property
    def coalition_id(self) -> int:
        """The coalition that lives there; NOT_SET_UP until one does."""
        return self.workspaces.only.coalition_id

    async def move_in(self, wanted: int | None = None) -> None:
        """Finds the coalition of the settings' workspace: the wanted one, else the only one without a workspace.

        Raises ConfigurationError where it is not clear which; that there is none yet is no error.
        """
        await self._move_in(self.workspaces.only, wanted)

    async def _move_in(self, workspace: ServedWorkspace, wanted: int | None = None) -> None:
        about = workspace_of(workspace.token)
        if self.serving is not None:
            workspace.coalition_id = await self.services.people.known_workspace(about) or NOT_SET_UP
        with contextlib.suppress(NoCoalitionYet):
            if self.serving is None:
                workspace.coalition_id = await self.services.people.bind_workspace(about, wanted)
        # What belongs to coalitions elsewhere is left to processes that speak to their workspaces.
        self.services.deliveries.coalitions = self.workspaces.coalitions

    async def refresh_directory(self, team_id: str | None = None) -> None:
        """Takes over people and channels from Slack, and lets waiting deliveries have another look: of one workspace,
        or of each."""
        for one in self.workspaces:
            if team_id is None or one.team_id == team_id:
                try:
                    await self.begin(one)
                except ConfigurationError as error:
                    if self.serving is None:
                        raise
                    # One workspace's trouble is no other's.
                    log.warning("workspace_not_read", team=one.team_id, why=str(error))

    async def begin(self, workspace: ServedWorkspace) -> None:
        if not workspace.is_set_up:
            await self._move_in(workspace)
        if not workspace.is_set_up:
            return
        actor, client = clock_actor(workspace.coalition_id), workspace.client
        began = self.services.deliveries.elapsed.monotonic()
        await self.services.people.sync_accounts(actor, await directory.accounts(client, workspace.team_id))
        workspace.accounts_read_at = began
        channels = await directory.joined_channels(client)
        lost = await self.services.people.lost_channels(actor, [channel.channel_id for channel in channels])
        channels += await directory.archived_channels(client, lost)
        await self.services.people.sync_channels(actor, channels)
        await self.services.deliveries.wake_waiting(workspace.coalition_id)

    async def mark(self) -> None:
        """Leaves a mark in the database, and beside it, of how far it knows."""
        number = await self.services.runs.mark()
        if self.instance is not None:
            self.instance.remember(number)

    async def keep_house(self) -> None:
        """What is done now and then: Slack's people and channels, ids of events that can't come again, and once a day
        what is not kept for ever."""
        if self.instance is not None:
            self.instance.require_file()
        await self.mark()
        await self.services.inbox.forget_old()
        if self.serving is not None:
            await self.services.deliveries.rest_where_not_installed()
        await self.refresh_directory()
        # A clock that is wrong would take for old what isn't.
        if self.keep_days is not None and await self.heartbeat.clock.is_right():
            await self.services.forgetting.forget(self.keep_days)

    # The two that follow are what a clock beside the bot asks of it.
    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        """The first moment in (after, until] at which anything is due."""
        return await self.services.rhythm.next_due(after, until)

    async def settle(self) -> None:
        """Does everything that is due at this moment of the calendar."""
        await self.heartbeat.settle()


@asynccontextmanager
async def running_bot(
    settings: Settings,
    *,
    calendar: Calendar | None = None,
    coalition: str | None = None,
    stop: asyncio.Event | None = None,
    http: Address | None = None,
) -> AsyncIterator[Bot]:
    """The whole bot, connected by Socket Mode, or over HTTP at this address, until the context ends.

    Database and Slack are waited for, as long as they are only away: until they are there, or ToldToEnd by `stop`.
    Raises ConfigurationError for what has to be mended.
    """
    traffic = Traffic()
    is_installed = settings.slack_client_id is not None
    installs = _install_settings(settings, coalition, http) if is_installed else None
    bot_token = None if is_installed else _required(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    connection = _connection(settings, http, traffic)
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret is not None else None
    async with AsyncExitStack() as stack:
        # Closed last: whatever ends may have a word for Slack.
        connections = await stack.enter_async_context(kept_connections(ASKING_TIMEOUT))
        client_with = partial(client_of, address=settings.slack_api_url, connections=connections)
        monitor = await _monitor(stack, settings, connection, traffic)
        stack.push_async_callback(connection.close)
        await connection.start()
        file = sqlite_file(database_url(settings.database_url))
        instance = stack.enter_context(SingleInstance(file)) if file is not None else None
        insist = Patience(stop).insist
        services = await insist(lambda: stack.enter_async_context(open_services(settings, calendar)))
        beside = instance.number if instance is not None else None
        silence = max(SILENCE, 3 * settings.tick_housekeeping)
        number = await insist(lambda: services.runs.begin(beside, silence=silence))
        if instance is not None:
            instance.remember(number)
        client = client_with(bot_token)
        elapsed = SystemElapsedTime()
        watchdog = Watchdog(elapsed, limit=settings.silence_seconds)
        drawing = Drawing()
        stack.callback(drawing.close)
        connect = partial(_workspace, settings, elapsed, drawing, services)
        wanted = None
        if installs is None:
            token = await insist(lambda: directory.check_token(client))
            if coalition is not None:
                wanted = (await insist(lambda: services.coalitions.find(coalition))).id
            workspaces = Workspaces(connect(client, token))
        else:
            workspaces = Workspaces()
        mailer, bounces, series = mailer_of(settings), bounces_of(settings), series_of(settings)
        heartbeat = Heartbeat(
            services,
            workspaces,
            elapsed,
            mailing=Mailing(services, mailer, drawing.draw) if mailer is not None else None,
            bounces=BounceReader(services, bounces) if bounces is not None else None,
            series=SeriesWatch(services, series) if series is not None else None,
            ticks=Ticks(
                plan=settings.tick_plan,
                dispatch=settings.tick_dispatch,
                reconcile=settings.tick_reconcile,
                housekeeping=settings.tick_housekeeping,
            ),
            watchdog=watchdog,
            # As with the pace: minutes pass as quickly as posts may follow each other.
            canvases=CanvasKeeper(services, workspaces, apart=APART * settings.post_spacing_seconds),
        )
        bot = Bot(services, heartbeat, workspaces, instance, connection.requests_at, traffic)
        bot.keep_days = settings.keep_deliveries_days
        stack.push_async_callback(_leave_mark, bot)
        if installs is None:
            await insist(lambda: bot.move_in(wanted))
        else:
            bot.serving = Serving(
                services,
                workspaces,
                client,
                installs.app,
                elapsed,
                lambda one: connect(client_with(one.tokens.bot), _token_of(one)),
                bot.begin,
            )
            services.deliveries.coalitions = workspaces.coalitions
        heartbeat.housekeeping = bot.keep_house

        bolt = acknowledge_by_event(
            AsyncApp(
                # Without a name Bolt reads the source of every caller to find one, which takes a quarter of a second.
                name="backbeat",
                # Without a token, which comes with each authorization: Bolt would say that it ignores it.
                client=client_with(None),
                signing_secret=secret,
                before_authorize=(
                    only_installed(bot.serving.find, lambda: traffic.refused.update([Refusal.WORKSPACE]))
                    if bot.serving is not None
                    else None
                ),
                authorize=by_what_is_known(workspaces),
                logger=logging.getLogger("slack_bolt"),
                raise_error_for_unhandled_request=False,
            )
        )
        edge = register_handlers(bolt, services, bot.refresh_directory, workspaces)
        edge.throttle = Throttle(settings.presses_per_minute, elapsed, traffic.count_throttled)
        heartbeat.answer_owed = OwedWords(bolt, edge, workspaces).run
        stack.push_async_callback(_write_down, services)
        stack.push_async_callback(edge.drain)
        if bot.serving is not None and installs is not None:
            edge.on_taken_away = bot.serving.end
            await insist(bot.serving.look)
            if isinstance(connection, TakesRoutes):
                pages = Installing(services, client, installs.app, installs.seal, elapsed, bot.serving.serve)
                for path, application in pages.routes.items():
                    connection.add_route(path, application)
            heartbeat.installations = bot.serving.look
        await _serve_pages(stack, settings, services, connection, traffic)
        stack.push_async_callback(connection.close)
        await insist(lambda: connection.open(bolt, client, watchdog))
        await insist(heartbeat.clock.is_right)
        if bot.serving is None:
            await insist(bot.refresh_directory)
        heartbeat.start()
        stack.push_async_callback(heartbeat.stop)
        drawing.warm()
        stack.push_async_callback(connection.finish)
        if monitor is not None:
            monitor.watch(services, watchdog, client)
            monitor.health.is_up()
            bot.watched_at = monitor.served_at(connection.requests_at)
            stack.callback(monitor.health.drain)
        coalitions = sorted(workspaces.coalitions)
        log.info("ready", workspaces=len(workspaces), coalitions=coalitions, watched_at=bot.watched_at)
        yield bot


def freeze_heap() -> None:
    """Takes what lives at the start out of the collector's sight.

    A full collection walks all that SQLAlchemy, Bolt and the handlers hold, and stops every acknowledgement under way
    for a fifth of a second. Nothing of it is garbage before the process ends.
    """
    gc.collect()
    gc.freeze()


def workspace_of(token: directory.Token) -> Workspace:
    """The workspace that the token belongs to."""
    return Workspace(
        team_id=token.team_id, name=token.team, enterprise_id=token.enterprise_id, bot_user_id=token.bot_user_id
    )


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None:
        raise ConfigurationError(f"{name} is not set. Put it into .env; `backbeat doctor` says where it comes from.")
    return secret.get_secret_value()


def _connection(settings: Settings, http: Address | None, traffic: Traffic) -> Connection:
    """The one way in which payloads come. What the other one needs is not imported."""
    if http is None:
        from bot.connection.socket_mode import SocketMode

        return SocketMode(_required(settings.slack_app_token, "SLACK_APP_TOKEN"), traffic)
    from bot.http import HttpConnection

    secret = _required(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
    return HttpConnection(
        http,
        secret,
        traffic,
        patience=settings.http_patience_seconds,
        trusted_proxies=settings.http_trusted_proxies,
    )


def _workspace(
    settings: Settings,
    elapsed: SystemElapsedTime,
    drawing: Drawing,
    services: Services,
    client: AsyncWebClient,
    token: directory.Token,
) -> ServedWorkspace:
    """What speaks to the workspace of this token."""
    spacing = settings.post_spacing_seconds
    # Whoever lets posts follow each other more quickly, as on a simulated calendar, lets minutes pass so as well.
    pace = Pace(elapsed, 60.0 * spacing) if spacing > 0 else None
    gateway = Gateway(client, elapsed, spacing=spacing, at_once=settings.posts_at_once, pace=pace)
    gateway.hear_time(token.date)
    pictures = Pictures(client, token.team_id, drawing.draw, services.pictures)
    return ServedWorkspace(token, client, gateway, pictures, CanvasWriter(client, elapsed, pace))


@dataclass(frozen=True, slots=True)
class _Installs:
    """What installing takes: the app's credentials, and what seals its tokens."""

    app: AppCredentials
    seal: Seal


def _install_settings(settings: Settings, coalition: str | None, http: Address | None) -> _Installs:
    """Raises ConfigurationError naming what is missing, or stands beside what it can't stand beside."""
    if settings.slack_bot_token is not None:
        raise ConfigurationError(
            "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: one workspace by its token, or several by installing. "
            "Leave one of them out."
        )
    if coalition is not None:
        raise ConfigurationError(
            "--coalition is for one workspace. Where several install the app, `backbeat workspaces bind` says which "
            "coalition lives where."
        )
    if http is None and settings.slack_app_token is None:
        raise ConfigurationError("Workspaces are installed over HTTP: start it with `backbeat run --http`.")
    secret = _required(settings.slack_client_secret, "SLACK_CLIENT_SECRET")
    seal = seal_of(settings)
    if seal is None:
        raise ConfigurationError(
            "BACKBEAT_TOKEN_KEYS is not set, with which workspaces' tokens are kept. `backbeat keys new` makes a key."
        )
    if settings.public_url is None:
        raise ConfigurationError(
            "BACKBEAT_PUBLIC_URL is not set: where people and Slack reach it, such as https://bot.example.org."
        )
    url = f"{settings.public_url.rstrip('/')}{REDIRECT_PATH}"
    return _Installs(AppCredentials(settings.slack_client_id or "", secret, url), seal)


def _token_of(installation: Installation) -> directory.Token:
    workspace = installation.workspace
    return directory.Token(
        team_id=workspace.team_id,
        team=workspace.name,
        enterprise_id=workspace.enterprise_id,
        bot_user_id=workspace.bot_user_id or "",
        scopes=installation.scopes,
    )


async def _serve_pages(
    stack: AsyncExitStack, settings: Settings, services: Services, connection: Connection, traffic: Traffic
) -> None:
    """Answer pages and calendars, where people can reach them: beside Slack's requests, or by themselves."""
    seal = seal_of(settings)
    if not services.answer_links.are_made or seal is None:
        return
    elapsed = SystemElapsedTime()
    edge = Edge(services, _nothing_of_slack, fill=kept_words.fill)
    edge.throttle = Throttle(settings.presses_per_minute, elapsed, traffic.count_throttled)
    is_https = urlsplit(settings.public_url or "").scheme == "https"
    pages = AnswerPages(
        Answering(services, edge, seal, is_https=is_https),
        Stopping(services),
        elapsed,
        patience=settings.http_patience_seconds,
    )
    stack.push_async_callback(edge.drain)
    routes: dict[str, Callable[[Any, Any, Any], Awaitable[None]]]
    routes = {ANSWER_PATH: pages, CALENDAR_PATH: CalendarPages(services, elapsed)}
    if isinstance(connection, TakesRoutes):
        for path, application in routes.items():
            connection.add_route(path, application)
        return
    from bot.http import PagesServer

    server = PagesServer(
        traffic,
        routes,
        patience=settings.http_patience_seconds,
        trusted_proxies=settings.http_trusted_proxies,
    )
    stack.push_async_callback(server.finish)
    await server.start(settings.http_address)


async def _nothing_of_slack(_team_id: str) -> None:
    """What is pressed on a page changes nobody's account and no channel."""


async def _monitor(
    stack: AsyncExitStack, settings: Settings, connection: Connection, traffic: Traffic
) -> Monitor | None:
    """Health and numbers at their own address, where there is one; else beside Slack's requests whether it works."""
    if settings.metrics_address is None and connection.requests_at is None:
        return None
    from bot.http import HttpConnection
    from bot.monitoring import Monitor

    monitor = Monitor(traffic, SystemElapsedTime())
    if settings.metrics_address is not None:
        stack.push_async_callback(monitor.close)
        await monitor.start(settings.metrics_address)
    elif isinstance(connection, HttpConnection):
        for path, page in monitor.routes_for_anybody.items():
            connection.add_route(path, page)
    return monitor


async def _write_down(services: Services) -> None:
    """Who has taken part in an anonymous check-in and is held in memory only, where the database still takes it."""
    try:
        await services.pulses.write_down(everything=True)
    except ConfigurationError as error:
        log.warning("participation_not_written", why=str(error))


async def _leave_mark(bot: Bot) -> None:
    """The last mark of a clean end, where the database still takes one."""
    try:
        await bot.mark()
    except ConfigurationError as error:
        log.warning("no_last_mark", why=str(error))
