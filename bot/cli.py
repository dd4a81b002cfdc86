"""The command line: reads arguments, calls one use case, prints. Every mistake becomes one sentence, never a traceback.

Exit codes: 0 done, 1 the input must be mended, 2 the program can't start or go on as it is set up.
Each command imports what it needs when it runs: SQLAlchemy and Slack's libraries take seconds, and help needs neither.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec
from zoneinfo import ZoneInfo

import click

from bot.domain.vocabularies import CoalitionState
from bot.errors import ConfigurationError, UserError

if TYPE_CHECKING:
    from bot.addresses import Address
    from bot.domain.digests import Digest
    from bot.domain.files import Difference
    from bot.files import LoadedFile
    from bot.services.coalition import CoalitionSummary, ImportResult
    from bot.settings import Settings

P = ParamSpec("P")


def _command(body: Callable[P, Coroutine[Any, Any, int | None]]) -> Callable[P, None]:
    """Runs an asynchronous command and turns what went wrong into one sentence and an exit code."""

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = asyncio.run(body(*args, **kwargs))
        except ConfigurationError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except UserError as error:
            click.echo(error.message, err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(130)
        sys.exit(code or 0)

    return run


def _settings(**values: object) -> Settings:
    from bot.log import configure_logging
    from bot.settings import read_settings

    settings = read_settings(**values)
    configure_logging(settings.log_level, settings.log_format, settings.secrets)
    return settings


COALITION = click.option("--coalition", metavar="ID", help="Which coalition; needed only where there are several.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backbeat")
def main() -> None:
    """Backbeat keeps the operational rhythm of a cross-sector coalition in Slack."""


@main.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--prefer", type=click.Choice(["file"]), help="Let the file win where both it and the record changed.")
@click.option("--as", "as_id", metavar="ID", help="Bring the file in under this coalition id.")
@_command
async def import_(file: Path, dry_run: bool, prefer: str | None, as_id: str | None) -> int:
    """Bring a coalition file in. A new coalition is a draft: nothing is sent."""
    from bot.opening import open_services

    settings = _settings()
    loaded = _read(file)
    if loaded.record is None:
        for problem in loaded.problems:
            click.echo(f"{file}:{problem.line}: {problem.message}", err=True)
        count = len(loaded.problems)
        click.echo(f"{count} {'thing' if count == 1 else 'things'} to mend. Nothing was changed.", err=True)
        return 1
    async with open_services(settings) as services:
        result = await services.coalitions.import_record(
            loaded.record, as_key=as_id, dry_run=dry_run, prefer_file=prefer == "file"
        )
    _say_import(result, dry_run, prefer == "file")
    return 0


def _read(file: Path) -> LoadedFile:
    from bot.files import load_coalition_file

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} can't be read ({error.strerror}). Check the path.") from error
    return load_coalition_file(content)


def _say_import(result: ImportResult, dry_run: bool, prefer_file: bool) -> None:
    record = result.record
    if result.created:
        click.echo(
            f"{record.coalition.name} ({result.key}): {len(record.organizations)} organizations, "
            f"{len(record.members)} members, {len(record.priorities)} priorities, {len(record.cadences)} cadences, "
            f"{len(record.actions)} actions, {len(record.funding_sources)} funding sources."
        )
        if dry_run:
            click.echo("Dry run: nothing was changed. It would come in as a draft, which sends nothing.")
        else:
            click.echo("It is a draft: nothing is sent until you run `backbeat go-live`.")
        return
    lines = [_difference(item, prefer_file) for item in result.differences if item.outcome != "kept"]
    for line in lines:
        click.echo(line)
    kept = sum(item.outcome == "kept" for item in result.differences)
    if kept:
        click.echo(f"{kept} {'value' if kept == 1 else 'values'} changed here and not in the file: kept.")
    if not lines and not kept:
        click.echo("Nothing differs.")
    if dry_run:
        click.echo("Dry run: nothing was changed.")


def _difference(item: Difference, prefer_file: bool) -> str:
    from bot.domain.files import value_words

    where = f"{item.kind} {item.id}" + (f", {item.field}" if item.field else "")
    match item.outcome:
        case "added":
            return f"added: {where}"
        case "moved":
            return f"moved: {item.kind} {item.id}: from {item.live} to {item.file}"
        case "missing":
            return f"not in the file, kept: {where}"
        case "conflict":
            wins = ": the file wins" if prefer_file else " (the file wins with --prefer file)"
            return f"changed in both: {where}: here {value_words(item.live)}, file {value_words(item.file)}{wins}"
    return f"applied: {where}: {value_words(item.live)} → {value_words(item.file)}"


@main.command()
@COALITION
@_command
async def export(coalition: str | None) -> None:
    """Print the coalition as a file that `import` takes."""
    from bot.files import dump_coalition_file
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(_settings()) as services:
        found = await services.coalitions.find(coalition)
        record = await services.coalitions.record(operator(found.id))
    click.echo(dump_coalition_file(record), nl=False)


@main.command()
@click.option("--as-of", metavar="MOMENT", help="What was known then, such as 2026-11-25T07:30. Default: now.")
@click.option("--priority", metavar="ID", help="Only this priority.")
@click.option("--format", "style", type=click.Choice(["json", "text", "markdown"]), default="text", show_default=True)
@COALITION
@_command
async def digest(as_of: str | None, priority: str | None, style: str, coalition: str | None) -> None:
    """Print the leadership digest as of a moment. A moment without an offset is coalition time."""
    from bot.opening import calendar_of, open_services
    from bot.services.access import operator

    settings = _settings()
    async with open_services(settings) as services:
        found = await services.coalitions.find(coalition)
        moment = _moment(as_of, found) if as_of else calendar_of(settings).now()
        composed = await services.digests.compose(operator(found.id), moment)
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


@main.command()
@click.option("--group", metavar="ID", help="Only this group's meetings.")
@click.option(
    "--months", type=int, default=12, show_default=True, metavar="N", help="How many months the file reaches ahead."
)
@COALITION
@_command
async def calendar(group: str | None, months: int, coalition: str | None) -> None:
    """Print the meetings as a calendar file (iCalendar), skipped and moved ones included."""
    from bot.files.calendar_ics import calendar_as_ics
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(_settings()) as services:
        found = await services.coalitions.find(coalition)
        file = await services.calendars.every(operator(found.id), group, months)
    sys.stdout.buffer.write(calendar_as_ics(file))


@main.command()
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
@_command
async def demo(check: bool, empty: bool, http: bool, database: Path | None, port: int) -> int:
    """Show a sample coalition's week in a browser: a small Slack and the bot, in one process."""
    from bot.demo import run_demo

    return await run_demo(check=check, database=database, port=port, echo=click.echo, empty=empty, http=http)


@main.command()
@click.option(
    "--http",
    is_flag=False,
    flag_value="",
    metavar="[HOST:]PORT",
    help="Take Slack's requests over HTTP instead of Socket Mode; alone, at BACKBEAT_HTTP_ADDRESS.",
)
@COALITION
@_command
async def run(coalition: str | None, http: str | None) -> None:
    """Run the bot until it is told to stop: by Socket Mode, or over HTTP."""
    from bot.app import freeze_heap, running_bot
    from bot.waiting import ToldToEnd, stop_signal

    settings = _settings()
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


@main.command()
@_command
async def migrate() -> int:
    """Bring the database to this version's schema. SQLite files are backed up first."""
    from bot.single_instance import is_new
    from bot.store import schema
    from bot.store.database import database_url, sqlite_file
    from bot.waiting import Patience, ToldToEnd, stop_signal

    settings = _settings()
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


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@_command
async def backup(file: Path, overwrite: bool) -> None:
    """Copy the whole database into FILE, also while the bot runs, and check the copy."""
    from bot.opening import calendar_of
    from bot.store.backups import back_up, named
    from bot.store.database import database_url

    settings = _settings()
    at = calendar_of(settings).now()
    made = await asyncio.to_thread(back_up, database_url(settings.database_url), file, at, overwrite=overwrite)
    click.echo(f"Backup: {made.file}, {named(made.size)}, of {at:%Y-%m-%d %H:%M} UTC, schema {made.schema}. Checked.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a database with data, of which a copy is kept.")
@_command
async def restore(file: Path, replace: bool) -> None:
    """Put a backup in the database's place. The bot then looks up in Slack what was sent since, before it sends."""
    from bot.opening import calendar_of
    from bot.single_instance import SingleInstance
    from bot.store.backups import restore as put_back
    from bot.store.database import database_url, sqlite_file

    settings = _settings()
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


@main.command(name="go-live")
@click.option("--yes", is_flag=True, help="Start without asking.")
@COALITION
@_command
async def go_live(yes: bool, coalition: str | None) -> int:
    """Show the coming week, then start: from then on people hear from the bot."""
    from bot.files.week_text import week_as_text
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(_settings()) as services:
        found = await services.coalitions.find(coalition)
        actor = operator(found.id)
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


@main.command()
@click.argument("member")
@click.argument("account", metavar="TEAM:USER")
@COALITION
@_command
async def link(member: str, account: str, coalition: str | None) -> None:
    """Say which Slack account is a member's, such as T024BE7LD:U0G9QF9C6."""
    from bot.opening import open_services
    from bot.services.access import operator

    team_id, colon, user_id = account.partition(":")
    if not colon or not team_id or not user_id:
        raise UserError(f"“{account}” is not an account. Write it as TEAM:USER, such as T024BE7LD:U0G9QF9C6.")
    async with open_services(_settings()) as services:
        found = await services.coalitions.find(coalition)
        name = await services.people.link(operator(found.id), member, team_id, user_id, by="command")
    click.echo(f"Linked: {name}.")


@main.group()
def keys() -> None:
    """The keys with which workspaces' tokens are kept."""


@keys.command(name="new")
@_command
async def keys_new() -> None:
    """Print a new key, to put first in BACKBEAT_TOKEN_KEYS."""
    from bot.sealing import new_key

    click.echo(new_key())


@keys.command(name="rotate")
@_command
async def keys_rotate() -> int:
    """Seal every workspace's token with the first key. The others may be taken out afterwards."""
    from bot.opening import open_services

    async with open_services(_settings()) as services:
        done, broken = await services.installations.reseal()
    click.echo(f"{done} {'token is' if done == 1 else 'tokens are'} sealed with the first key.")
    for name in broken:
        click.echo(f"No key opens the token of {name}. Add its key behind the others, or install the app there again.")
    return 1 if broken else 0


@main.group(invoke_without_command=True)
@click.pass_context
def workspaces(context: click.Context) -> None:
    """The workspaces that installed the app, and which coalition lives where."""
    if context.invoked_subcommand is None:
        context.invoke(workspaces_list)


@workspaces.command(name="list")
@_command
async def workspaces_list() -> None:
    """Print them, those that removed the app too."""
    from bot.opening import open_services

    async with open_services(_settings()) as services:
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
@_command
async def workspaces_bind(team: str, coalition: str) -> None:
    """Say which coalition lives in a workspace, such as one that was imported: T024BE7LD limestone-bend."""
    from bot.opening import open_services

    async with open_services(_settings()) as services:
        found = await services.coalitions.find(coalition)
        installation = await services.installations.of_team(team)
        if installation is None:
            raise UserError(f"The app isn't installed in {team}. `backbeat workspaces` lists where it is.")
        await services.people.bind_workspace(installation.workspace, found.id)
    click.echo(f"{found.name} lives in {installation.workspace.name or team}.")


@main.group()
def admin() -> None:
    """Who may configure the coalition."""


@admin.command(name="add")
@click.argument("email")
@COALITION
@_command
async def admin_add(email: str, coalition: str | None) -> None:
    """Make the member with this address an admin; before there is a coalition, the one who may set it up."""
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(_settings()) as services:
        if coalition is None and not await services.coalitions.all():
            await services.setup.name_admin(email)
            click.echo("There is no coalition yet. Whoever has this address in Slack may set one up: /coalition setup.")
            return
        found = await services.coalitions.find(coalition)
        name = await services.coalitions.add_admin(operator(found.id), email)
    click.echo(f"{name} is an admin.")


@main.command()
@click.option("--prefix", default="", help="Put this before every command's name, should another app own one.")
@click.option(
    "--http", metavar="URL", help="For `run --http`: where Slack reaches it, such as https://bot.example.org."
)
@_command
async def manifest(prefix: str, http: str | None) -> None:
    """Print the app's manifest, to paste where Slack asks for one."""
    from bot.slack.manifest import checked_prefix, checked_url
    from bot.slack.manifest import manifest as app_manifest

    url = checked_url(http) if http is not None else None
    click.echo(json.dumps(app_manifest(checked_prefix(prefix), url), indent=2, ensure_ascii=False))


@main.command()
@COALITION
@_command
async def doctor(coalition: str | None) -> int:
    """Check settings, database, token, scopes, people and channels; each finding with its mend."""
    from bot.doctor import diagnose

    findings = await diagnose(_settings(), coalition)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.fine else 'mend'} {finding.text}")
    return 0 if all(finding.fine for finding in findings) else 1
