"""Which programs a database still works with: the newest migrator leaves it there, for programs older than itself.

A migration names the oldest program that can live with it (`oldest_program` in its file, as the revision that this
program stands at); without one it is the program that brings it. What holds is the newest of all that were named, so a
later migration never gives back what an earlier one took.
"""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, select

from bot.store.people import SettingRow

_NAME = "oldest_program"


def note_oldest_program(connection: Connection, script: ScriptDirectory, current: str | None) -> None:
    """Leaves in the database which program may still run on it, now that it stands at this revision."""
    if current is None or not inspect(connection).has_table(SettingRow.__tablename__):
        return
    line = [*reversed([*script.walk_revisions("base", current)])]
    places = {one.revision: place for place, one in enumerate(line)}
    named = [getattr(one.module, "oldest_program", one.revision) for one in line]
    connection.execute(delete(SettingRow).where(SettingRow.name == _NAME))
    connection.execute(insert(SettingRow).values(name=_NAME, value=max(named, key=places.__getitem__)))


def oldest_program(connection: Connection) -> str | None:
    """The revision of the oldest program that may run on this database; None where nobody left it."""
    if not inspect(connection).has_table(SettingRow.__tablename__):
        return None
    found: str | None = connection.scalar(select(SettingRow.value).where(SettingRow.name == _NAME))
    return found
