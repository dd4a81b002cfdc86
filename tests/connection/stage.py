"""The whole bot as `backbeat run` puts it together, beside a Slack that reaches it by Socket Mode or over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import SecretStr

from bot.addresses import LOOPBACK, Address
from bot.app import Bot, running_bot
from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import Person, RequestUrls, Sandbox, SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.settings import read_settings
from bot.slack.manifest import manifest

Way = Literal["socket", "http"]
ANYWHERE = Address(LOOPBACK, 0)


@dataclass
class Connected:
    """A running bot and its Slack."""

    sandbox: Sandbox
    bot: Bot
    way: Way

    def person(self, member: str) -> Person:
        return self.sandbox.person(user_id_of(member))

    def sent(self, name: str) -> list[dict[str, Any]]:
        """What Slack sent of this name, and what came back, oldest first."""
        kind = "http" if self.way == "http" else "envelope"
        return [one for one in self.sandbox.wire.after() if one["name"] == name and one["kind"] == kind]


@asynccontextmanager
async def connected(
    way: Way, url: str, sample: Record, calendar: FixedCalendar, **settings: object
) -> AsyncIterator[Connected]:
    """The bot on this database, at rest: nothing is due. `settings` are those of the program."""
    clock = SandboxClock(calendar.now(), running=False)
    # A busy machine must not make an acknowledgement late.
    patient = SandboxSettings(ack_seconds=30.0, retry_scale=0.0)
    async with await Sandbox.start(
        manifest(url="http://127.0.0.1" if way == "http" else None), workspace_of(sample), settings=patient, clock=clock
    ) as sandbox:
        chosen = read_settings(
            _env_file=None,
            slack_bot_token=SecretStr(sandbox.bot_token),
            slack_app_token=SecretStr(sandbox.app_token) if way == "socket" else None,
            slack_signing_secret=SecretStr(sandbox.signing_secret) if way == "http" else None,
            slack_api_url=sandbox.api_url,
            database_url=url,
            **settings,
        )
        async with running_bot(chosen, calendar=calendar, http=ANYWHERE if way == "http" else None) as bot:
            if bot.requests_at is not None:
                sandbox.settings.request_urls = RequestUrls(bot.requests_at)
            yield Connected(sandbox, bot, way)
