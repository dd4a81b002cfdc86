"""What is printed to be read: `digest`, `plan`, `pack` and `calendar`."""

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
    from bot.domain.plan import Plan
    from bot.services.coalition import CoalitionSummary


@click.command()
@click.option("--as-of", metavar="MOMENT", help="What was known then, such as 2026-11-25T07:30. Default: now.")
@click.option("--priority", metavar="ID", help="Only this priority.")
@click.option(
    "--format", "style", type=click.Choice(["json", "text", "markdown", "html"]), default="text", show_default=True
)
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
    if style == "html":
        from bot.charts.drawing import draw_chart
        from bot.files.digest_html import as_html

        sys.stdout.buffer.write(as_html(composed, priority, draw=draw_chart).encode())
        return
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
@click.option("--as-of", metavar="MOMENT", help="What was known then, such as 2026-11-25T07:30. Default: now.")
@click.option("--format", "style", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True)
@click.option("--public", is_flag=True, help="The page for everybody: only what is marked public, as html.")
@COALITION
@asynchronous
async def plan(as_of: str | None, style: str, public: bool, coalition: str | None) -> None:
    """Print the plan on a page: north star, goals by year, priorities, money. As html it is one file."""
    settings = given_settings()
    async with open_coalition(settings, coalition) as (services, found, actor):
        moment = _moment(as_of, found) if as_of else None
        if public:
            from bot.files.plan_html import public_as_html

            printed = public_as_html(await services.plans.public(actor, moment))
        else:
            printed = _plan(await services.plans.page(actor, moment), style)
    # A page says that it is UTF-8, whatever the terminal's encoding.
    sys.stdout.buffer.write(printed.encode())


def _plan(plan: Plan, style: str) -> str:
    if style == "markdown":
        from bot.files.plan_text import plan_as_markdown

        return plan_as_markdown(plan)
    from bot.domain.plan import chart_of_money
    from bot.files.plan_html import plan_as_html

    chart = chart_of_money(plan.money, plan.currency)
    if chart is None:
        return plan_as_html(plan)
    from bot.charts.money_chart import draw_money

    return plan_as_html(plan, (chart, draw_money(chart)))


@click.command()
@click.argument("meeting", metavar="MEETING")
@click.option("--format", "style", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True)
@COALITION
@asynchronous
async def pack(meeting: str, style: str, coalition: str | None) -> None:
    """Print what there is to read before the next MEETING of steering or of funders. As html it is one file.

    MEETING is a meeting's id or name, or its group's.
    """
    from bot.domain.meetings import UnknownMeeting

    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        found = await services.packs.find(actor, meeting)
    if isinstance(found, UnknownMeeting):
        near = f" Did you mean “{found.nearest.id}”?" if found.nearest is not None else ""
        raise UserError(f"There is no meeting “{meeting}”.{near}")
    if style == "markdown":
        from bot.files.pack_text import pack_as_markdown

        printed = pack_as_markdown(found)
    else:
        from bot.charts.drawing import draw_chart
        from bot.files.pack_html import pack_as_html

        printed = pack_as_html(found, draw=draw_chart)
    sys.stdout.buffer.write(printed.encode())


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
