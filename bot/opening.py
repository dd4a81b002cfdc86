"""Database and services as the settings say, without Slack: all that most commands need. `bot.app` adds the rest."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from pydantic import SecretStr

from bot.clock import AcceleratedCalendar, Calendar, FileCalendar, SystemCalendar, SystemElapsedTime
from bot.errors import ConfigurationError
from bot.mail import Bounces, Mailer, bounce_box, mail_server, sender_of
from bot.sealing import Seal
from bot.series import Fetcher, SeriesKeys, SeriesReader, read_hosts
from bot.services import Services
from bot.services.sending import Timing
from bot.settings import Settings
from bot.single_instance import is_new
from bot.store import schema
from bot.store.database import Database, database_url, sqlite_file

log = structlog.get_logger(__name__)


def calendar_of(settings: Settings) -> Calendar:
    """The calendar that the settings ask for: the machine's, an accelerated one, or one that a file publishes."""
    if settings.clock_file is not None:
        return FileCalendar(settings.clock_file)
    if settings.clock_start is not None and settings.clock_anchor is not None:
        return AcceleratedCalendar(settings.clock_start, settings.clock_rate, settings.clock_anchor)
    return SystemCalendar()


def timing_of(settings: Settings) -> Timing:
    """How long leases, posts and looks take, in elapsed seconds."""
    return Timing(
        lease=settings.lease_seconds,
        post_timeout=settings.post_timeout_seconds,
        looks=settings.look_after_seconds,
        retry=min(15.0, settings.lease_seconds / 2),
    )


def seal_of(settings: Settings) -> Seal | None:
    """What opens the tokens of workspaces that were installed; None without keys. Raises ConfigurationError."""
    keys = settings.token_keys.get_secret_value() if settings.token_keys is not None else ""
    listed = [key.strip() for key in keys.split(",") if key.strip()]
    return Seal(listed) if listed else None


def mailer_of(settings: Settings) -> Mailer | None:
    """What sends mail; None where no server is set. Raises ConfigurationError."""
    if settings.smtp_url is None:
        return None
    if settings.mail_from is None:
        raise ConfigurationError(
            "BACKBEAT_MAIL_FROM is not set: the address that mail comes from, such as backbeat@partner.example."
        )
    to = sender_of(settings.bounces_to, "BACKBEAT_BOUNCES_TO") if settings.bounces_to is not None else None
    return Mailer(mail_server(settings.smtp_url.get_secret_value()), sender_of(settings.mail_from), bounces_to=to)


def bounces_of(settings: Settings) -> Bounces | None:
    """The mailbox to which mail that doesn't arrive goes back; None where none is set. Raises ConfigurationError."""
    if settings.bounces_url is None:
        return None
    if settings.smtp_url is None:
        raise ConfigurationError(
            "BACKBEAT_BOUNCES_URL is set and BACKBEAT_SMTP_URL isn't, so no mail is sent that could come back. Set the "
            "other one, too, or leave this one out."
        )
    return Bounces(bounce_box(settings.bounces_url.get_secret_value()))


def series_of(settings: Settings) -> SeriesReader | None:
    """What reads series; None where nothing is to be fetched. Raises ConfigurationError."""
    if not settings.series:
        return None
    try:
        hosts = read_hosts(settings.series_hosts or ())
    except ValueError as error:
        raise ConfigurationError(
            f"BACKBEAT_SERIES_HOSTS holds “{error}”, which is no host. Write names alone, such as data.example.org, or "
            "with a port: files.example.org:8443."
        ) from error
    keys = SeriesKeys(*map(_secret, (settings.fred_key, settings.bls_key, settings.census_key)))
    return SeriesReader(Fetcher(), hosts, keys)


def _secret(given: SecretStr | None) -> str | None:
    return given.get_secret_value().strip() if given is not None else None


@asynccontextmanager
async def open_services(settings: Settings, calendar: Calendar | None = None) -> AsyncIterator[Services]:
    """Database and services, without Slack: for commands that work on the record.

    A SQLite database is brought up to date first; a PostgreSQL one must be. Raises ConfigurationError, of which
    Unavailable passes by itself.
    """
    url = database_url(settings.database_url)
    file = sqlite_file(url)
    made = file is not None and is_new(file)
    # In a thread: a server that doesn't answer is waited for, and a signal to end is heard meanwhile.
    await asyncio.to_thread(schema.migrate if url.get_backend_name() == "sqlite" else schema.require_current, url)
    newer = await asyncio.to_thread(schema.newer_revision, url)
    if made:
        # Not at INFO: somebody who meant another file, or another folder, has to see it.
        log.warning("database_made", file=str(file and file.absolute()))
    if newer is not None:
        log.warning("database_is_newer_but_compatible", database=newer, program=schema.head())
    database = Database(url, has_mail=mailer_of(settings) is not None, fetches=settings.series)
    try:
        yield Services(
            database,
            calendar or calendar_of(settings),
            SystemElapsedTime(),
            owner=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            timing=timing_of(settings),
            seal=seal_of(settings),
            address=settings.public_url,
        )
    finally:
        await database.close()
