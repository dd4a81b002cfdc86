"""The program: every command by its name."""

from __future__ import annotations

import gc

import click

from bot.cli.coalitions import admin, end, erase, go_live, link, reopen
from bot.cli.databases import backup, migrate, restore
from bot.cli.digests import calendar, digest, pack, plan
from bot.cli.keys import keys
from bot.cli.records import export, import_, import_readings, records_
from bot.cli.running import demo, run
from bot.cli.setting_up import doctor, manifest
from bot.cli.workspaces import workspaces

# How many new objects the garbage collector waits for. Nothing of what is loaded is garbage: looking after each 700, as
# Python 3.11 does by itself, was a tenth of the processor time of a start.
OBJECTS_BETWEEN_LOOKS = 10_000


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[
        manifest,
        doctor,
        run,
        demo,
        migrate,
        backup,
        restore,
        import_,
        import_readings,
        export,
        records_,
        go_live,
        link,
        admin,
        erase,
        end,
        reopen,
        digest,
        plan,
        pack,
        calendar,
        workspaces,
        keys,
    ],
)
@click.version_option(package_name="backbeat")
def main() -> None:
    """Backbeat keeps the operational rhythm of a cross-sector coalition in Slack."""
    youngest, *older = gc.get_threshold()
    gc.set_threshold(max(youngest, OBJECTS_BETWEEN_LOOKS), *older)
