"""The triggers that note each change of the record's rows in its log, whichever way it is written.

They are put from the tables as the program knows them, after each migration and in a copy: a table that joins the
record has them at once, and one that was made anew gets them back. SQLite's INSERT OR REPLACE by hand fires no trigger
for a row that it takes away for the sake of another column than the id; nothing here writes so.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from bot.store.record.parts import PARTS, owner_column
from bot.store.record_log import EVERYTHING, OF_ALL, RecordChangeRow

LOG = RecordChangeRow.__tablename__
_FUNCTION = "note_record_change"


def trigger_names(dialect: str) -> frozenset[str]:
    """The triggers that there have to be."""
    return frozenset(name for table in PARTS for name, _ddl in _triggers(table, dialect))


def put_triggers(connection: Connection) -> None:
    """Puts the triggers of all tables of the record that there are, unless there is no log for them yet."""
    tables = set(inspect(connection).get_table_names())
    if LOG not in tables:
        return
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(_FUNCTION_ON_POSTGRESQL)
    for table in PARTS:
        if table in tables:
            for name, ddl in _triggers(table, dialect):
                connection.exec_driver_sql(_drop(name, table, dialect))
                connection.exec_driver_sql(ddl)


def drop_triggers(connection: Connection) -> None:
    """Takes away all of them, before their log goes."""
    dialect = connection.dialect.name
    tables = set(inspect(connection).get_table_names())
    for table in PARTS:
        if table in tables:
            for name, _ddl in _triggers(table, dialect):
                connection.exec_driver_sql(_drop(name, table, dialect))
    if dialect == "postgresql":
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def are_there(connection: Connection) -> bool:
    """Whether each change will be noted; in a database that was restored without its triggers it would not."""
    dialect = connection.dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    return trigger_names(dialect) <= set(connection.scalars(text(query)))


def _triggers(table: str, dialect: str) -> Iterator[tuple[str, str]]:
    if dialect == "sqlite":
        yield from _on_sqlite(table)
    else:
        yield from _on_postgresql(table)


def _drop(name: str, table: str, dialect: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + ("" if dialect == "sqlite" else f" ON {table}")


def _on_sqlite(table: str) -> Iterator[tuple[str, str]]:
    owner = owner_column(table)
    into = f"INSERT INTO {LOG} (coalition_id, table_name, row_id)"
    old, new = (f"{into} VALUES ({which}.{owner}, '{table}', {which}.id);" for which in ("OLD", "NEW"))
    moved = (
        f"{into} SELECT NEW.{owner}, '{table}', NEW.id WHERE NEW.{owner} IS NOT OLD.{owner} OR NEW.id IS NOT OLD.id;"
    )
    for what, does in (("insert", new), ("update", f"{old} {moved}"), ("delete", old)):
        name = f"{table}_note_{what}"
        yield name, f"CREATE TRIGGER {name} AFTER {what.upper()} ON {table} BEGIN {does} END"


def _on_postgresql(table: str) -> Iterator[tuple[str, str]]:
    row, whole = f"{table}_note_row", f"{table}_note_truncate"
    does = f"EXECUTE FUNCTION {_FUNCTION}()"
    yield row, f"CREATE TRIGGER {row} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW {does}"
    yield whole, f"CREATE TRIGGER {whole} AFTER TRUNCATE ON {table} FOR EACH STATEMENT {does}"


# The coalitions' own table is the one whose rows belong to themselves.
_FUNCTION_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now bigint := CAST(CAST(pg_current_xact_id() AS text) AS bigint);
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO {LOG} (coalition_id, xid, table_name, row_id) VALUES ({OF_ALL}, now, '{EVERYTHING}', 0);
    ELSIF TG_TABLE_NAME = 'coalitions' THEN
        INSERT INTO {LOG} (coalition_id, xid, table_name, row_id)
        SELECT DISTINCT id, now, TG_TABLE_NAME, id
        FROM (VALUES (OLD.id), (NEW.id)) AS touched (id)
        WHERE id IS NOT NULL;
    ELSE
        INSERT INTO {LOG} (coalition_id, xid, table_name, row_id)
        SELECT DISTINCT owner, now, TG_TABLE_NAME, id
        FROM (VALUES (OLD.coalition_id, OLD.id), (NEW.coalition_id, NEW.id)) AS touched (owner, id)
        WHERE id IS NOT NULL;
    END IF;
    RETURN NULL;
END $$
"""
