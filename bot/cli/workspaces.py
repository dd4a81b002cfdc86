"""Where the app is installed and which coalition lives there: `workspaces`."""

from __future__ import annotations

import click

from bot.cli.command import asynchronous, given_settings
from bot.errors import UserError


@click.group(invoke_without_command=True)
@click.pass_context
def workspaces(context: click.Context) -> None:
    """The workspaces that installed the app, and which coalition lives where."""
    if context.invoked_subcommand is None:
        context.invoke(workspaces_list)


@workspaces.command(name="list")
@asynchronous
async def workspaces_list() -> None:
    """Print them, those that removed the app too."""
    from bot.opening import open_services

    async with open_services(given_settings()) as services:
        states = await services.installations.states()
    for one in states:
        lives = one.coalition or "no coalition yet"
        ended = f", {one.ended} on {one.ended_at:%Y-%m-%d}" if one.ended is not None and one.ended_at else ""
        click.echo(f"{one.team_id}  {one.name}: {lives}{ended}")
    if not states:
        click.echo("No workspace has installed the app.")


@workspaces.command(name="bind")
@click.argument("team", metavar="TEAM")
@click.argument("coalition", metavar="COALITION")
@asynchronous
async def workspaces_bind(team: str, coalition: str) -> None:
    """Say which coalition lives in a workspace, such as one that was imported: T024BE7LD limestone-bend."""
    from bot.opening import open_services

    async with open_services(given_settings()) as services:
        found = await services.coalitions.find(coalition)
        installation = await services.installations.of_team(team)
        if installation is None:
            raise UserError(f"The app isn't installed in {team}. `backbeat workspaces` lists where it is.")
        await services.people.bind_workspace(installation.workspace, found.id)
    click.echo(f"{found.name} lives in {installation.workspace.name or team}.")
