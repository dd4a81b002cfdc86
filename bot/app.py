"""The composition root: the only place where clocks, database, services, Slack, handlers and schedules meet."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import Address
from bot.charts.drawing import Drawing
from bot.clock import Calendar, SystemElapsedTime
from bot.connection import Connection
from bot.connection.traffic import Traffic
from bot.domain.people import Workspace
from bot.errors import ConfigurationError, NoCoalitionYet
from bot.opening import open_services
from bot.services import Services
from bot.services.access import clock as clock_actor
from bot.settings import Settings
from bot.single_instance import SingleInstance
from bot.slack import directory
from bot.slack.gateway import Gateway
from bot.slack.pictures import Pictures
from bot.store.database import database_url, sqlite_file
from bot.waiting import Patience
from handlers import register_handlers
from handlers.acknowledging import acknowledge_by_event
from handlers.throttle import Throttle
from schedules.scheduler import Heartbeat, Ticks
from schedules.watchdog import Watchdog

log = structlog.get_logger(__name__)

ASKING_TIMEOUT = 10.0
NOT_SET_UP = 0


@dataclass(slots=True)
class Bot:
    """The running bot of one workspace. `coalition_id` is NOT_SET_UP until a coalition lives in it."""

    services: Services
    heartbeat: Heartbeat
    client: AsyncWebClient
    token: directory.Token
    coalition_id: int
    instance: SingleInstance | None = None
    requests_at: str | None = None  # the address for Slack's requests; None with Socket Mode
    traffic: Traffic = field(default_factory=Traffic)

    async def move_in(self, wanted: int | None = None) -> None:
        """Finds the coalition of this workspace: the wanted one, else the only one without a workspace.

        Raises ConfigurationError where it is not clear which; that there is none yet is no error.
        """
        with contextlib.suppress(NoCoalitionYet):
            self.coalition_id = await self.services.people.bind_workspace(workspace_of(self.token), wanted)
        # The token reaches one workspace, so what belongs to another coalition is left to that one's own process.
        self.services.deliveries.coalition_id = self.coalition_id

    async def refresh_directory(self) -> None:
        """Takes over people and channels from Slack, and lets waiting deliveries have another look."""
        if self.coalition_id == NOT_SET_UP:
            await self.move_in()
        if self.coalition_id == NOT_SET_UP:
            return
        actor = clock_actor(self.coalition_id)
        await self.services.people.sync_accounts(actor, await directory.accounts(self.client, self.token.team_id))
        channels = await directory.joined_channels(self.client)
        lost = await self.services.people.lost_channels(actor, [channel.channel_id for channel in channels])
        channels += await directory.archived_channels(self.client, lost)
        await self.services.people.sync_channels(actor, channels)
        await self.services.deliveries.wake_waiting(self.coalition_id)

    async def keep_house(self) -> None:
        """What is done now and then: Slack's people and channels, and ids of events that can't come again."""
        if self.instance is not None:
            self.instance.require_file()
        await self.services.inbox.forget_old()
        await self.refresh_directory()

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
    bot_token = _required(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    traffic = Traffic()
    connection = _connection(settings, http, traffic)
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret is not None else None
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.close)
        await connection.start()
        file = sqlite_file(database_url(settings.database_url))
        instance = stack.enter_context(SingleInstance(file)) if file is not None else None
        insist = Patience(stop).insist
        services = await insist(lambda: stack.enter_async_context(open_services(settings, calendar)))
        if instance is not None:
            instance.remember()
        client = _client(settings, bot_token, timeout=ASKING_TIMEOUT)
        token = await insist(lambda: directory.check_token(client))
        wanted = (await insist(lambda: services.coalitions.find(coalition))).id if coalition is not None else None
        elapsed = SystemElapsedTime()
        watchdog = Watchdog(elapsed, limit=settings.silence_seconds)
        gateway = Gateway(client, elapsed, spacing=settings.post_spacing_seconds, at_once=settings.posts_at_once)
        gateway.hear_time(token.date)
        drawing = Drawing()
        stack.callback(drawing.close)
        pictures = Pictures(client, token.team_id, drawing.draw, services.pictures)
        heartbeat = Heartbeat(
            services,
            gateway,
            elapsed,
            token.team_id,
            pictures=pictures,
            ticks=Ticks(
                plan=settings.tick_plan,
                dispatch=settings.tick_dispatch,
                reconcile=settings.tick_reconcile,
                housekeeping=settings.tick_housekeeping,
            ),
            watchdog=watchdog,
        )
        bot = Bot(services, heartbeat, client, token, NOT_SET_UP, instance, connection.requests_at, traffic)
        await insist(lambda: bot.move_in(wanted))
        heartbeat.housekeeping = bot.keep_house

        async def authorize(**_: object) -> AuthorizeResult:
            # Bolt would ask Slack who it is before the first acknowledgement; that was asked at the start.
            return AuthorizeResult(
                enterprise_id=token.enterprise_id,
                team_id=token.team_id,
                bot_token=bot_token,
                bot_user_id=token.bot_user_id,
            )

        bolt = acknowledge_by_event(
            AsyncApp(
                # Without a name Bolt reads the source of every caller to find one, which takes a quarter of a second.
                name="backbeat",
                client=client,
                signing_secret=secret,
                authorize=authorize,
                logger=logging.getLogger("slack_bolt"),
                raise_error_for_unhandled_request=False,
            )
        )
        edge = register_handlers(bolt, services, bot.refresh_directory, pictures)
        edge.throttle = Throttle(settings.presses_per_minute, elapsed, traffic.count_throttled)
        stack.push_async_callback(edge.drain)
        stack.push_async_callback(connection.close)
        await insist(lambda: connection.open(bolt, client, watchdog))
        await insist(heartbeat.clock.is_right)
        await insist(bot.refresh_directory)
        heartbeat.start()
        stack.push_async_callback(heartbeat.stop)
        drawing.warm()
        stack.push_async_callback(connection.finish)
        log.info("ready", team=token.team_id, coalition=bot.coalition_id)
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


def _client(settings: Settings, token: str, *, timeout: float) -> AsyncWebClient:
    return AsyncWebClient(
        token=token,
        base_url=settings.slack_api_url,
        # The annotation says whole seconds, but the value goes to aiohttp, which takes fractions.
        timeout=timeout,  # type: ignore[arg-type]
        retry_handlers=[],
    )
