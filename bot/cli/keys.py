"""The keys with which workspaces' tokens are kept: `keys`."""

from __future__ import annotations

import click

from bot.cli.command import asynchronous, given_settings


@click.group()
def keys() -> None:
    """The keys with which workspaces' tokens are kept."""


@keys.command(name="new")
@asynchronous
async def keys_new() -> None:
    """Print a new key, to put first in BACKBEAT_TOKEN_KEYS."""
    from bot.sealing import new_key

    click.echo(new_key())


@keys.command(name="rotate")
@asynchronous
async def keys_rotate() -> int:
    """Seal every workspace's token with the first key. The others may be taken out afterwards."""
    from bot.opening import open_services

    async with open_services(given_settings()) as services:
        done, broken = await services.installations.reseal()
    click.echo(f"{done} {'token is' if done == 1 else 'tokens are'} sealed with the first key.")
    for name in broken:
        click.echo(f"No key opens the token of {name}. Add its key behind the others, or install the app there again.")
    return 1 if broken else 0
