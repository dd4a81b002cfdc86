"""The database as a whole: `migrate`, `backup` and `restore`."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click

from bot.cli.command import asynchronous, given_settings


@click.command()
@asynchronous
async def migrate() -> int:
    """Bring the database to this version's schema. SQLite files are backed up first."""
    from bot.single_instance import is_new
    from bot.store import schema
    from bot.store.database import database_url, sqlite_file
    from bot.waiting import Patience, ToldToEnd, stop_signal

    settings = given_settings()
    url = database_url(settings.database_url)
    file = sqlite_file(url)
    if file is not None and is_new(file):
        click.echo(f"A new database: {file.absolute()}")
    try:
        saved = await Patience(stop_signal()).insist(lambda: asyncio.to_thread(schema.migrate, url))
    except ToldToEnd:
        return 1
    if saved is not None:
        click.echo(f"Backup: {saved}")
    newer = await asyncio.to_thread(schema.newer_revision, url)
    if newer is None:
        click.echo(f"The database stands at {schema.head()}.")
    else:
        click.echo(
            f"The database stands at {newer}, newer than this program ({schema.head()}), which can live with it."
        )
    return 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@asynchronous
async def backup(file: Path, overwrite: bool) -> None:
    """Copy the whole database into FILE, also while the bot runs, and check the copy."""
    from bot.errors import ConfigurationError
    from bot.opening import calendar_of
    from bot.store.backups import back_up, named, note_backup
    from bot.store.database import database_url

    settings = given_settings()
    at = calendar_of(settings).now()
    made = await asyncio.to_thread(back_up, database_url(settings.database_url), file, at, overwrite=overwrite)
    click.echo(f"Backup: {made.file}, {named(made.size)}, of {at:%Y-%m-%d %H:%M} UTC, schema {made.schema}. Checked.")
    # The copy is there; that it is remembered is a kindness to coordinators, who read of it.
    with contextlib.suppress(ConfigurationError):
        await note_backup(database_url(settings.database_url), at)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a database with data, of which a copy is kept.")
@asynchronous
async def restore(file: Path, replace: bool) -> None:
    """Put a backup in the database's place. The bot then looks up in Slack what was sent since, before it sends."""
    from bot.opening import calendar_of
    from bot.single_instance import SingleInstance
    from bot.store.backups import restore as put_back
    from bot.store.database import database_url, sqlite_file

    settings = given_settings()
    url = database_url(settings.database_url)
    database = sqlite_file(url)
    with SingleInstance(database) if database is not None else contextlib.nullcontext():
        done = await asyncio.to_thread(put_back, url, file, calendar_of(settings).now(), replace=replace)
    if done.kept is not None:
        click.echo(f"What was there is kept: {done.kept}")
    updated = f", now {done.schema}" if done.schema != done.was else ""
    click.echo(f"Restored: {file}, of {done.since:%Y-%m-%d %H:%M} UTC, schema {done.was}{updated}.")
    click.echo(
        "Start it with `backbeat run`: what may have been sent since is looked up in Slack before anything goes out. "
        "Home says when that is done."
    )
