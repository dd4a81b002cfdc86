"""What comes from files and goes to them: `import`, `export`, `import-readings`, `records`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import COALITION, asynchronous, given_settings, open_coalition
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.domain.files import Difference
    from bot.domain.metrics import FigureTable
    from bot.files import LoadedFile
    from bot.services.coalition import ImportResult


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--prefer", type=click.Choice(["file"]), help="Let the file win where both it and the record changed.")
@click.option("--as", "as_id", metavar="ID", help="Bring the file in under this coalition id.")
@asynchronous
async def import_(file: Path, dry_run: bool, prefer: str | None, as_id: str | None) -> int:
    """Bring a coalition file in. A new coalition is a draft: nothing is sent."""
    from bot.opening import open_services

    settings = given_settings()
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

    return load_coalition_file(_content(file))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} can't be read ({error.strerror}). Check the path.") from error


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


@click.command()
@COALITION
@asynchronous
async def export(coalition: str | None) -> None:
    """Print the coalition as a file that `import` takes."""
    from bot.files import dump_coalition_file

    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        record = await services.coalitions.whole(actor)
    click.echo(dump_coalition_file(record), nl=False)


@click.command(name="import-readings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, and record nothing.")
@COALITION
@asynchronous
async def import_readings(file: Path, dry_run: bool, coalition: str | None) -> int:
    """Record figures from a table (CSV): all of them, or none where a line has to be mended.

    The first line names the columns: metric, value and period_end; also period_start, quality, reporters and note. A
    line with `by` and `part` (county, Harrow) says what the figure of that metric and day is made of.
    """
    from bot.domain.wording import plural
    from bot.files import load_figure_table

    loaded, table = load_figure_table(_content(file)), None
    if not loaded.problems:
        async with open_coalition(given_settings(), coalition) as (services, _, actor):
            act = services.figure_tables.check if dry_run else services.figure_tables.record
            table = await act(actor, loaded.lines)
    if table is None or table.problems:
        problems = loaded.problems if table is None else table.problems
        for problem in problems:
            click.echo(f"{file}:{problem.line}: {problem.message}", err=True)
        click.echo(f"{plural(len(problems), 'line')} to mend. Nothing was recorded.", err=True)
        return 1
    for line in _figure_lines(table):
        click.echo(line)
    click.echo("Dry run: nothing was recorded." if dry_run else f"Recorded: {plural(len(table.figures), 'figure')}.")
    return 0


def _figure_lines(table: FigureTable) -> list[str]:
    """What a table records, a line each."""
    from bot.domain.wording import figure, period, plural

    lines = []
    for one in table.figures:
        reading, metric = one.proposal.reading, one.proposal.metric
        value = "withheld" if one.proposal.withheld else figure(reading.value, metric.unit)
        when = period(reading.period_start, reading.period_end, table.today)
        marks = "".join(
            [", replaces a figure" * one.proposal.is_restatement, ", unusual: look again" * one.proposal.is_unusual]
        )
        lines.append(f"{metric.id}: {value} ({when}, {reading.quality}){marks}")
    if table.known:
        lines.append(f"{plural(table.known, 'figure')} in the file: here already, left as they are.")
    return lines


@click.command(name="records")
@click.option("--organization", metavar="ID", help="Only what concerns this organization.")
@click.option("--priority", metavar="ID", help="Only what hangs on this priority.")
@click.option("--from", "since", metavar="DAY", help="From this day on, such as 2026-10-01.")
@click.option("--to", "until", metavar="DAY", help="Up to this day, included.")
@click.option("--restricted", is_flag=True, help="Also what only a group or the coordinators may see.")
@click.option("--format", "style", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@COALITION
@asynchronous
async def records_(
    organization: str | None,
    priority: str | None,
    since: str | None,
    until: str | None,
    restricted: bool,
    style: str,
    coalition: str | None,
) -> None:
    """Print what is on record of an organization, a priority or a stretch of time, with its changes.

    For public-records requests. Words that were for the coordinators alone are not in it.
    """
    from bot.domain.histories import RecordsQuery
    from bot.domain.wording import plural
    from bot.files import records_as_csv, records_as_json

    query = RecordsQuery(
        organization=organization, priority=priority, since=_day(since), until=_day(until), restricted=restricted
    )
    async with open_coalition(given_settings(), coalition) as (services, _, actor):
        found = await services.public_records.collect(actor, query)
    click.echo((records_as_json if style == "json" else records_as_csv)(found), nl=False)
    if found.left_out:
        words = plural(found.left_out, "thing that only some may see is", "things that only some may see are")
        click.echo(f"{words} left out. Add --restricted to have them in.", err=True)


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed is not None else None
    except ValueError as error:
        raise UserError(f"“{typed}” is no day. Write it as 2026-10-01.") from error
