"""The sample live beside a small Slack, and what a process of the bot is told to find its Slack and its database."""

from __future__ import annotations

import os
from pathlib import Path

from bot.demo import user_id_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.services import Services
from bot.services.access import Actor, operator
from tests.services.stage import rest_meetings


async def go_live(services: Services, sandbox: Sandbox, record: Record, *, meetings: bool = False) -> Actor:
    """Imports it, starts it, and links everybody. Meetings rest unless they are wanted: agendas and owners' previews
    would stand in every week. Returns who may do everything from a command line."""
    actor = await bring_in(services, record)
    if not meetings:
        await rest_meetings(services, actor.coalition_id, "reminder", "preview")
    await services.coalitions.go_live(actor)
    await link_everybody(services, sandbox, record, actor)
    return actor


async def bring_in(services: Services, record: Record) -> Actor:
    """Imports it as a draft."""
    return operator((await services.coalitions.import_record(record)).coalition_id or 0)


async def link_everybody(services: Services, sandbox: Sandbox, record: Record, actor: Actor) -> None:
    """Gives whoever can have an account the one that the sandbox has for them."""
    for member in record.members:
        if member.access != "email_only":
            user = sandbox.workspace.users[user_id_of(member.id)]
            await services.people.link(actor, member.id, user.team_id, user.id, by="command")


def reaching(sandbox: Sandbox) -> dict[str, str]:
    """The settings by which a process reaches this Slack."""
    return {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
    }


def unset() -> dict[str, str]:
    """This machine's environment without any setting of the bot."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BACKBEAT_"))}


def environment(sandbox: Sandbox, url: str, clock_file: Path, **values: str) -> dict[str, str]:
    """What `backbeat run` is told: this machine's environment, these settings, and none besides."""
    return {
        **unset(),
        **reaching(sandbox),
        "BACKBEAT_LOG_LEVEL": "ERROR",
        "DATABASE_URL": url,
        "BACKBEAT_CLOCK_FILE": str(clock_file),
        **values,
    }
