"""The audit trail: it holds every change of an audited row, for good, and people stand in it by id."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, Author, ChangeRow, change_id
from bot.store.base.base import to_json
from bot.store.database import Database
from bot.store.organizations import ClosedDayRow, OrganizationRow
from bot.store.people import MemberRow, RoleRow
from bot.store.tables import AUDITED
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
AUTHOR = Author(at=NOON, path="slack", member_id=2, on_behalf_of_id=3)


async def entries_since(database: Database, entry_id: int = 0) -> list[tuple[AuditEntryRow, ChangeRow]]:
    async with database.read() as session:
        rows = await session.execute(
            select(AuditEntryRow, ChangeRow)
            .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
            .where(AuditEntryRow.id > entry_id)
            .order_by(AuditEntryRow.id)
        )
        return [(row[0], row[1]) for row in rows]


async def finish(database: Database, key: str, author: Author | None, *, then: Exception | None = None) -> None:
    """Marks an action as done in one transaction, which may end badly."""
    async with database.write(author) as session:
        row = await session.scalar(select(ActionItemRow).where(ActionItemRow.key == key))
        assert row is not None
        row.status = "done"
        await session.flush()
        if then is not None:
            raise then


async def last_entry(database: Database) -> int:
    async with database.read() as session:
        return (await session.scalar(select(AuditEntryRow.id).order_by(AuditEntryRow.id.desc()).limit(1))) or 0


async def test_nothing_takes_a_line_out_of_the_trail(any_sample: Stage) -> None:
    database = any_sample.services.database
    before = await last_entry(database)
    statements = ["UPDATE {} SET coalition_id = coalition_id", "DELETE FROM {}", "DELETE FROM {} WHERE id = 1"]
    if not database.is_sqlite:
        statements.append("TRUNCATE {} CASCADE")
    for table in ("changes", "audit_entries"):
        for statement in statements:
            with pytest.raises(DBAPIError, match="the audit trail is append-only"):
                async with database.write() as session:
                    await session.execute(text(statement.format(table)))
    assert await last_entry(database) == before > 0


@pytest.mark.parametrize("place", ["audit_entries", "changes"])
@pytest.mark.parametrize(
    "how", ["INSERT OR REPLACE INTO", "REPLACE INTO", "UPDATE OR REPLACE", "INSERT OR IGNORE INTO"]
)
def test_no_other_program_replaces_a_line_of_the_trail(sqlite_sample_url: str, place: str, how: str) -> None:
    """By a bare connection: what ours are set up with is not theirs."""
    path = sqlite_sample_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute(f"SELECT * FROM {place} ORDER BY id").fetchall()
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({place})")]
        forged = [{"path": "forged", "operation": "forged"}.get(name, name) for name in columns]
        values = ", ".join(f"'{name}'" if name == "forged" else name for name in forged)
        if how.startswith("UPDATE"):
            statement = f"{how} {place} SET id = 2 WHERE id = 1"
        else:
            statement = f"{how} {place} ({', '.join(columns)}) SELECT {values} FROM {place} WHERE id = 1"
        with pytest.raises(sqlite3.IntegrityError, match="the audit trail is append-only"):
            connection.execute(statement)
        connection.rollback()
        assert connection.execute(f"SELECT * FROM {place} ORDER BY id").fetchall() == before
        # What is new still finds its place, also where somebody put a line at the id that a new one has at first.
        for number in ("-1", "NULL", "NULL"):
            values = ", ".join(number if name == "id" else name for name in columns)
            connection.execute(f"INSERT INTO {place} ({', '.join(columns)}) SELECT {values} FROM {place} WHERE id = 1")
        assert connection.execute(f"SELECT count(*) FROM {place}").fetchone() == (len(before) + 3,)


async def test_a_change_is_recorded_with_author_path_old_and_new(any_sample: Stage) -> None:
    database = any_sample.services.database
    before = await last_entry(database)
    async with database.write(AUTHOR) as session:
        row = await session.scalar(select(ActionItemRow).where(ActionItemRow.key == "A-101"))
        assert row is not None
        row.status = "done"
        row.title = row.title  # what is written and not different is no change
        row.completed = NOON.date()
    [(entry, change)] = await entries_since(database, before)
    assert (entry.table_name, entry.row_id, entry.operation) == ("action_items", row.id, "update")
    assert entry.old == {"status": "in_progress", "completed": None}
    assert entry.new == {"status": "done", "completed": NOON.date()}
    assert (change.at, change.path, change.actor_id, change.on_behalf_of_id) == (NOON, "slack", 2, 3)
    assert change.coalition_id == entry.coalition_id == any_sample.coalition_id


async def test_inserts_and_deletions_are_recorded_whole(any_sample: Stage) -> None:
    database = any_sample.services.database
    before = await last_entry(database)
    async with database.write(AUTHOR) as session:
        organization = await session.scalar(select(OrganizationRow).where(OrganizationRow.key == "lbp"))
        assert organization is not None
        session.add(
            ClosedDayRow(coalition_id=organization.coalition_id, organization_id=organization.id, day=NOON.date())
        )
    async with database.write(AUTHOR) as session:
        row = await session.scalar(select(ClosedDayRow).where(ClosedDayRow.organization_id == organization.id))
        assert row is not None
        await session.delete(row)
    (added, first), (gone, second) = await entries_since(database, before)
    whole = {
        "id": row.id,
        "coalition_id": row.coalition_id,
        "organization_id": organization.id,
        "day": NOON.date(),
    }
    assert (added.operation, added.old, added.new) == ("insert", {}, whole)
    assert (gone.operation, gone.old, gone.new) == ("delete", whole, {})
    assert first.id != second.id, "each transaction is a change of its own"


async def test_one_transaction_is_one_change(any_sample: Stage) -> None:
    database = any_sample.services.database
    before = await last_entry(database)
    async with database.write(AUTHOR) as session:
        rows = (await session.scalars(select(ActionItemRow).where(ActionItemRow.status == "in_progress"))).all()
        for row in rows:
            row.note = "Looked at"
            await session.flush()
        assert change_id(session.sync_session, any_sample.coalition_id) is not None
    found = await entries_since(database, before)
    assert len(found) == len(rows) > 2
    assert len({change.id for _entry, change in found}) == 1


async def test_what_is_rolled_back_is_not_in_the_trail(any_sample: Stage) -> None:
    database = any_sample.services.database
    before = await last_entry(database)
    with pytest.raises(RuntimeError, match="half way"):
        await finish(database, "A-101", AUTHOR, then=RuntimeError("half way"))
    assert await last_entry(database) == before


async def test_a_change_without_an_author_is_refused(any_sample: Stage) -> None:
    database = any_sample.services.database
    with pytest.raises(RuntimeError, match="without an author"):
        await finish(database, "A-101", None)
    with pytest.raises(RuntimeError, match="without an author"):
        async with database.write() as session:
            await session.delete((await session.scalars(select(RoleRow))).first())
    record = await any_sample.record()
    assert next(item for item in record.actions if item.id == "A-101").status == "in_progress"


async def test_names_addresses_and_titles_are_nowhere_in_the_trail(any_sample: Stage) -> None:
    stage = any_sample
    record = await stage.record()
    changed = dataclasses.replace(
        record,
        members=tuple(
            dataclasses.replace(item, name=f"{item.name} Jr.", email=f"new-{item.email}", title=f"Acting {item.title}")
            for item in record.members
        ),
    )
    await stage.services.coalitions.import_record(changed)
    await stage.services.coalitions.add_admin(stage.operator, "new-grant.okafor@bendchamber.example")
    async with stage.services.database.write(AUTHOR) as session:
        luis = await session.scalar(select(MemberRow).where(MemberRow.key == "luis"))
        assert luis is not None
        luis.title = None
        luis.email = None
    found = await entries_since(stage.services.database)
    trail = "\n".join(f"{to_json(entry.old)} {to_json(entry.new)}" for entry, _change in found)
    members = [entry for entry, _change in found if entry.table_name == "members"]
    assert {entry.operation for entry in members} == {"insert", "update"}
    for member in changed.members:
        for personal in (member.name, member.email, member.title, member.name.removesuffix(" Jr.")):
            assert personal is not None
            assert personal not in trail
    assert ".example" not in trail
    assert members[-1].old == {"title": "…", "email": "…"}
    assert members[-1].new == {"title": None, "email": None}, "that it was taken away may be known"


async def test_the_trail_names_people_by_id_only(any_sample: Stage) -> None:
    stage = any_sample
    before = await last_entry(stage.services.database)
    await stage.link("imani", "grant")
    async with stage.services.database.read() as session:
        ids = {row.key: row.id for row in await session.scalars(select(MemberRow))}
    found = await entries_since(stage.services.database, before)
    assert [entry.new["member_id"] for entry, _change in found] == [ids["grant"], ids["imani"]]
    for _entry, change in found:
        assert (change.path, change.actor_id) == ("command_line", None)


async def test_every_audited_table_is_in_the_trail_after_an_import(any_sample: Stage) -> None:
    seen = {entry.table_name for entry, _change in await entries_since(any_sample.services.database)}
    # The sample's file has nothing for these: an export has, but for accounts, which come from the workspace, and
    # letters, which are in no file.
    not_in_this_file = {
        "agenda_points",
        "asks",
        "attendances",
        "decision_responses",
        "digest_forwards",
        "digest_notes",
        "digest_sendings",
        "digest_subscriptions",
        "earlier_questions",
        "issue_decisions",
        "letters",
        "meeting_notes",
        "member_answers",
        "note_readings",
        "private_notes",
        "pulse_results",
        "slack_accounts",
    }
    assert seen == set(AUDITED) - not_in_this_file


async def test_the_trail_alone_rebuilds_every_row(used: Stage) -> None:
    """Replaying inserts, updates and deletions gives the tables' present content, personal columns aside."""
    stage = used
    record = await stage.record()
    organizations = [dataclasses.replace(record.organizations[1], closed_days=()), *record.organizations[2:]]
    await stage.services.coalitions.import_record(
        dataclasses.replace(record, organizations=(record.organizations[0], *organizations))
    )
    rebuilt: dict[str, dict[int, dict[str, Any]]] = {}
    for entry, _change in await entries_since(stage.services.database):
        rows = rebuilt.setdefault(entry.table_name, {})
        if entry.operation == "delete":
            del rows[entry.row_id]
        else:
            rows.setdefault(entry.row_id, {}).update(entry.new)
    assert set(rebuilt) == set(AUDITED), "the week leaves something in every audited table"
    async with stage.services.database.read() as session:
        for name, table in AUDITED.items():
            columns = [column for column in table.__table__.c if column.key not in table.personal]
            rows = {row["id"]: dict(row) for row in (await session.execute(select(*columns))).mappings()}
            for row_id, row in rows.items():
                kept = {key: value for key, value in rebuilt[name][row_id].items() if key in row}
                assert kept == row, f"{name} {row_id}"
            assert set(rows) == set(rebuilt.get(name, {})), name


async def test_bulk_deletion_of_audited_rows_is_not_a_way_around(any_sample: Stage) -> None:
    """A statement that goes past the session's rows would leave no trace, so it is refused."""
    database = any_sample.services.database
    with pytest.raises(RuntimeError, match="audited"):
        async with database.write(AUTHOR) as session:
            await session.execute(delete(RoleRow))
