"""What is printed to be read: `digest` and `calendar`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.command import COALITION, asynchronous, given_settings, open_coalition
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.domain.digests import Digest
    from bot.services.coalition import CoalitionSummary


@click.command()
@click.option("--as-of", metavar="MOMENT", help="What was known then, such as 2026-11-25T07:30. Default: now.")
@click.option("--priority", metavar="ID", help="Only this priority.")
@click.option("--format", "style", type=click.Choice(["json", "text", "markdown"]), default="text", show_default=True)
@COALITION
@asynchronous
async def digest(as_of: str | None, priority: str | None, style: str, coalition: str | None) -> None:
    """Print the leadership digest as of a moment. A moment without an offset is coalition time."""
    from bot.opening import calendar_of

    settings = given_settings()
    async with open_coalition(settings, coalition) as (services, found, actor):
        moment = _moment(as_of, found) if as_of else calendar_of(settings).now()
        composed = await services.digests.compose(actor, moment)
    if priority is not None and priority not in {part.id for part in composed.priorities}:
        known = ", ".join(part.id for part in composed.priorities)
        raise UserError(f"There is no priority “{priority}”. Known: {known}.")
    click.echo(_printed(composed, priority, style), nl=False)


def _printed(composed: Digest, priority: str | None, style: str) -> str:
    from bot.domain.digests import dumps, to_data
    from bot.files.digest_text import as_markdown, as_text

    if style == "json":
        data = to_data(composed)
        if priority is not None:
            data["priorities"] = [part for part in data["priorities"] if part["id"] == priority]
        return dumps(data)
    text = (as_text if style == "text" else as_markdown)(composed, priority)
    return text if text.endswith("\n") else text + "\n"


def _moment(text: str, coalition: CoalitionSummary) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"“{text}” is not a moment. Write it as 2026-11-25T07:30 or 2026-11-25.") from error
    if not 1900 <= moment.year < 2200:
        raise UserError(f"“{text}” is too far away. Use a year from 1900 to 2199.")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(coalition.timezone))


@click.command()
@click.option("--group", metavar="ID", help="Only this group's meetings.")
@click.option(
    "--months", type=int, default=12, show_default=True, metavar="N", help="How many months the file reaches ahead."
)
@COALITION
@asynchronous
async def calendar(group: str | None, months: int, coalition: str | None) -> None:
    """Print the meetings as a calendar file (iCalendar), skipped and moved ones included."""
    from bot.files.calendar_ics import calendar_as_ics

    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        file = await services.calendars.every(actor, group, months)
    sys.stdout.buffer.write(calendar_as_ics(file))
