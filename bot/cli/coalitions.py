"""What an operator does for one coalition: `go-live`, `link` and `admin`."""

from __future__ import annotations

from datetime import date

import click

from bot.cli.command import COALITION, asynchronous, given_settings, open_coalition
from bot.domain.vocabularies import CoalitionState
from bot.errors import UserError


@click.command(name="go-live")
@click.option("--yes", is_flag=True, help="Start without asking.")
@COALITION
@asynchronous
async def go_live(yes: bool, coalition: str | None) -> int:
    """Show the coming week, then start: from then on people hear from the bot."""
    from bot.files.week_text import week_as_text

    async with open_coalition(given_settings(), coalition) as (services, found, actor):
        click.echo(week_as_text(await services.week.preview(actor)))
        if found.state == CoalitionState.LIVE:
            click.echo("Already live.")
            return 0
        if not yes and not click.confirm("From now on people hear from the bot as shown. Start?"):
            click.echo("Not started. Nothing is sent.")
            return 1
        await services.coalitions.go_live(actor)
    click.echo("Live.")
    return 0


@click.command()
@click.option("--on", "last_day", metavar="DAY", help="The last day, such as 2026-12-18; today without it.")
@click.option("--yes", is_flag=True, help="End without asking.")
@COALITION
@asynchronous
async def end(last_day: str | None, yes: bool, coalition: str | None) -> int:
    """End a coalition on a day: one last digest goes out, then nothing is asked or sent.

    Everything stays readable, and `backbeat export` takes it along. `backbeat reopen` brings it back.
    """
    from bot.domain.endings import CoalitionEnding, meaning_of_end

    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        form = await services.coalition_ends.form(actor)
        day = _day(last_day) if last_day is not None else form.today
        if not yes:
            click.echo("\n".join(meaning_of_end(form)))
            if not click.confirm(f"End {form.name} on {day}?"):
                click.echo("Nothing was changed.")
                return 1
        await services.coalition_ends.end(actor, {}, CoalitionEnding(last_day=day))
    click.echo(f"{form.name} ends on {day}.")
    return 0


@click.command()
@COALITION
@asynchronous
async def reopen(coalition: str | None) -> None:
    """Bring back a coalition that has ended, or let one go on: its rhythm starts from now."""
    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        saved = await services.coalition_ends.reopen(actor)
    click.echo(f"{saved.name} goes on.{' Nothing of the time between is sent.' if saved.was_over else ''}")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UserError(f"“{typed}” is not a day. Write it as 2026-12-18.") from None


@click.command()
@click.argument("member")
@click.argument("account", metavar="TEAM:USER")
@COALITION
@asynchronous
async def link(member: str, account: str, coalition: str | None) -> None:
    """Say which Slack account is a member's, such as T024BE7LD:U0G9QF9C6."""
    team_id, colon, user_id = account.partition(":")
    if not colon or not team_id or not user_id:
        raise UserError(f"“{account}” is not an account. Write it as TEAM:USER, such as T024BE7LD:U0G9QF9C6.")
    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        name = await services.people.link(actor, member, team_id, user_id, by="command")
    click.echo(f"Linked: {name}.")


@click.command()
@click.argument("member")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@COALITION
@asynchronous
async def erase(member: str, yes: bool, coalition: str | None) -> int:
    """Put a pseudonym in the place of somebody who has left, wherever they are named.

    What they wrote to one person or to the coordinators goes. MEMBER is their id or name. First
    hand over what is theirs: `/coalition leave`, or `ended` in a file.
    """
    from bot.domain.endings import NOT_REACHED

    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        form = await services.erasures.form(actor, member)
        if form.may_be_erased and not yes and not click.confirm(f"Erase {form.name} for good?"):
            click.echo("Nothing was changed.")
            return 1
        erased = await services.erasures.erase(actor, form.id)
    click.echo(f"Erased: {erased.words}")
    click.echo(NOT_REACHED)
    return 0


@click.group()
def admin() -> None:
    """Who may configure the coalition."""


@admin.command(name="add")
@click.argument("email")
@COALITION
@asynchronous
async def admin_add(email: str, coalition: str | None) -> None:
    """Make the member with this address an admin; before there is a coalition, the one who may set it up."""
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(given_settings()) as services:
        if coalition is None and not await services.coalitions.all():
            await services.setup.name_admin(email)
            click.echo("There is no coalition yet. Whoever has this address in Slack may set one up: /coalition setup.")
            return
        found = await services.coalitions.find(coalition)
        name = await services.coalitions.add_admin(operator(found.id), email)
    click.echo(f"{name} is an admin.")
