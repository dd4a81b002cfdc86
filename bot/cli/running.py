"""The bot at work: `run`, and `demo` with a small Slack of its own."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import COALITION, asynchronous, given_settings
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.addresses import Address


@click.command()
@click.option(
    "--http",
    is_flag=False,
    flag_value="",
    metavar="[HOST:]PORT",
    help="Take Slack's requests over HTTP instead of Socket Mode; alone, at BACKBEAT_HTTP_ADDRESS.",
)
@COALITION
@asynchronous
async def run(coalition: str | None, http: str | None) -> None:
    """Run the bot until it is told to stop: by Socket Mode, or over HTTP."""
    from bot.app import freeze_heap, running_bot
    from bot.waiting import ToldToEnd, stop_signal

    settings = given_settings()
    address = _address(http) if http else settings.http_address if http is not None else None
    stop = stop_signal()
    with contextlib.suppress(ToldToEnd):
        async with running_bot(settings, coalition=coalition, stop=stop, http=address) as bot:
            freeze_heap()
            where = (
                "every workspace that installs it" if bot.serving is not None else bot.token.team or bot.token.team_id
            )
            click.echo(f"Backbeat runs in {where}. Ctrl-C ends it.")
            if bot.requests_at is not None:
                click.echo(f"It takes Slack's requests at {bot.requests_at}.")
            if bot.serving is None and not bot.workspaces.only.is_set_up:
                click.echo("No coalition lives there yet: a workspace owner or admin writes /coalition setup in Slack.")
            await stop.wait()


def _address(written: str) -> Address:
    from bot.addresses import Address

    try:
        return Address.read(written)
    except ValueError as error:
        raise UserError(f"“{written}” is not an address. Write it as HOST:PORT, such as 127.0.0.1:3000.") from error


@click.command()
@click.option("--check", is_flag=True, help="Start, look whether a week's first hours work, and end.")
@click.option("--empty", is_flag=True, help="Start without a coalition, to try setting one up.")
@click.option("--http", is_flag=True, help="Let the small Slack reach the bot over HTTP instead of Socket Mode.")
@click.option(
    "--database", type=click.Path(path_type=Path), help="Keep the demo in this file instead of a temporary one."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Where the page is; 0 takes a free one.",
)
@asynchronous
async def demo(check: bool, empty: bool, http: bool, database: Path | None, port: int) -> int:
    """Show a sample coalition's week in a browser: a small Slack and the bot, in one process."""
    from bot.demo import run_demo

    return await run_demo(check=check, database=database, port=port, echo=click.echo, empty=empty, http=http)
