"""Two coalitions in one database: no row of one can point at a row of the other, whatever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    RowMapping,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.record import Record
from bot.services.access import operator
from bot.store.checkins import PulseAnswerRow, PulseResultRow
from bot.store.checkins.checkins import PromptRow, RoundRow
from bot.store.metrics import MetricRow
from bot.store.people import ErasureRow, MemberRow
from bot.store.series import SeriesProposalRow, SeriesStateRow
from bot.store.tables import METADATA
from tests.conftest import SECOND
from tests.examples import on
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

# A workspace's.
OF_NO_COALITION = {"coalitions", "settings", "inbox_events", "owed_words", "setups", "pictures", "installations"}
# A row of the trail can't be changed at all, so its key is tried with a new row.
APPEND_ONLY = {"audit_entries"}
# Keys by themselves: ids that are only noted, of people whose account of an act must outlive everything else. What a
# round asks is one too: SQLite takes no such reference into a table that is there.
NOTED_IDS = {
    "asks": {"ended_by_id"},
    "changes": {"actor_id", "on_behalf_of_id"},
    "deliveries": {"resolved_by_id"},
    "record_changes": {"coalition_id", "row_id"},
    "round_subjects": {"asked_again_by_id"},
    "rounds": {"question_set_id"},
}


def references() -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    """Every reference from one coalition's row to another row of a coalition."""
    for table in METADATA.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name != "coalitions":
                yield table, key


def test_every_table_belongs_to_a_coalition_and_every_reference_names_it() -> None:
    for table in METADATA.sorted_tables:
        if table.name not in OF_NO_COALITION:
            assert not table.c.coalition_id.nullable, table.name
    for table, key in references():
        assert next(column.name for column in key.columns) == "coalition_id", f"{table.name} {key.column_keys}"
        assert [element.column.name for element in key.elements] == ["coalition_id", "id"]


def test_every_id_of_another_row_is_a_reference() -> None:
    for table in METADATA.sorted_tables:
        referring = {column.name for key in table.foreign_key_constraints for column in key.columns}
        named = {column.name for column in table.c if column.name.endswith("_id") and str(column.type) == "INTEGER"}
        noted = NOTED_IDS.get(table.name, set()) | ({"row_id"} if table.name == "audit_entries" else set())
        if table.name == "coalitions":
            noted = {"first_change_id"}
        assert named - referring == noted, table.name


def test_ids_of_a_file_are_unique_in_their_coalition_only() -> None:
    for table in METADATA.sorted_tables:
        if "key" in table.c and table.name not in OF_NO_COALITION | {"deliveries", "submissions"}:
            unique = [
                sorted(column.name for column in one.columns)
                for one in table.constraints
                if isinstance(one, UniqueConstraint)
            ]
            assert ["coalition_id", "key"] in unique, table.name


@pytest.mark.in_part
@on("sqlite", "used_url")
async def test_no_row_can_point_into_another_coalition(used: Stage, sample: Record) -> None:
    other = await Stage.with_record(used.services, used.calendar, sample, as_key=SECOND)
    await _ask_as_programs_before_did(used)
    await _erase_somebody(used)
    await _answer_a_pulse(used)
    await _find_in_a_series(used)
    await _do_as_much(used, other)
    tried = set()
    async with used.services.database.write() as session:
        for table, key in references():
            if table.name in APPEND_ONLY:
                continue
            column = next(name for name in key.column_keys if name != "coalition_id")
            # What points at one of two things keeps pointing at the same kind.
            mine = await _some_row(session, table, used.coalition_id, where=table.c[column].is_not(None))
            theirs = await _some_row(session, key.referred_table, other.coalition_id, not_in=table.c[column])
            assert mine is not None, f"the week leaves nothing in {table.name}"
            assert theirs is not None, f"the week leaves nothing in {key.referred_table.name}"
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
                async with session.begin_nested():
                    await session.execute(
                        text(f'UPDATE {table.name} SET "{column}" = :theirs WHERE {_key(table).name} = :mine'),
                        {"theirs": theirs, "mine": mine},
                    )
            tried.add((table.name, column))
        await session.rollback()
    assert len(tried) == sum(table.name not in APPEND_ONLY for table, _key in references()) > 50


async def _do_as_much(used: Stage, other: Stage) -> None:
    """Gives this coalition a row in each table in which it has none to point at and the other one has."""
    async with other.services.database.write() as session:
        for table in METADATA.sorted_tables:
            if table.name not in {key.referred_table.name for _table, key in references()}:
                continue
            if await _some_row(session, table, other.coalition_id) is not None:
                continue
            row = dict(await _row(session, table, used.coalition_id))
            del row["id"]
            row["coalition_id"] = other.coalition_id
            if "key" in row:
                row["key"] += "-too"
            for key in table.foreign_key_constraints:
                for name in set(key.column_keys) - {"coalition_id"}:
                    if row[name] is not None:
                        row[name] = await _some_row(session, key.referred_table, other.coalition_id)
            await session.execute(insert(table).values(row))


async def _row(session: AsyncSession, table: Table, coalition_id: int) -> RowMapping:
    """The first row of a coalition."""
    query = select(table).where(table.c.coalition_id == coalition_id).order_by(_key(table)).limit(1)
    return (await session.execute(query)).mappings().one()


async def _ask_as_programs_before_did(stage: Stage) -> None:
    """Writes what only programs of the version before write."""
    async with stage.services.database.write() as session:
        of = stage.coalition_id
        round_id = await session.scalar(select(func.min(RoundRow.id)).where(RoundRow.coalition_id == of))
        receiver_id = await session.scalar(select(func.min(MemberRow.id)).where(MemberRow.coalition_id == of))
        session.add(PromptRow(coalition_id=of, round_id=round_id, receiver_id=receiver_id))


async def _answer_a_pulse(stage: Stage) -> None:
    """Leaves an answer in a round, and the result of another one: the week asks nobody anonymously."""
    async with stage.services.database.write(operator(stage.coalition_id).author(stage.calendar.now())) as session:
        of = stage.coalition_id
        round_id = await session.scalar(select(func.min(RoundRow.id)).where(RoundRow.coalition_id == of))
        round_row = await session.get_one(RoundRow, round_id)
        day, cadence_id = round_row.day, round_row.cadence_id
        session.add(PulseAnswerRow(coalition_id=of, round_id=round_id, day=day, answers={}))
        session.add(
            PulseResultRow(
                coalition_id=of, cadence_id=cadence_id, round=day, title="Pulse", asked=1, answered=1, told=[], extra={}
            )
        )


def _key(table: Table) -> Column[int]:
    """By what a table's rows are told apart."""
    (column,) = table.primary_key.columns
    return column


async def _find_in_a_series(stage: Stage) -> None:
    """Notes how a look at a series went, and a value that somebody declined: the week follows none."""
    now = stage.calendar.now()
    async with stage.services.database.write() as session:
        of = stage.coalition_id
        metric_id = await session.scalar(select(func.min(MetricRow.id)).where(MetricRow.coalition_id == of))
        member_id = await session.scalar(select(func.min(MemberRow.id)).where(MemberRow.coalition_id == of))
        session.add(SeriesStateRow(coalition_id=of, metric_id=metric_id, series="fred", failures=0))
        session.add(
            SeriesProposalRow(
                coalition_id=of,
                metric_id=metric_id,
                period_end=now.date(),
                value=Decimal(1),
                quality="final",
                series="FRED UNRATE",
                seen_on=now.date(),
                state="declined",
                answered_by_id=member_id,
                answered_at=now,
            )
        )


async def _erase_somebody(stage: Stage) -> None:
    """Notes that a person was erased: the week loses nobody."""
    now = stage.calendar.now()
    async with stage.services.database.write() as session:
        of = stage.coalition_id
        member_id = await session.scalar(select(func.min(MemberRow.id)).where(MemberRow.coalition_id == of))
        session.add(ErasureRow(coalition_id=of, member_id=member_id, began_at=now, ended_at=now))


async def _some_row(
    session: AsyncSession,
    table: Table,
    coalition_id: int,
    not_in: Column[int] | None = None,
    where: ColumnElement[bool] | None = None,
) -> int | None:
    """A row of this coalition; where there is one, one that no row of `not_in` points at, since keys may be unique, or
    of which `where` holds."""
    query = select(func.max(_key(table))).where(table.c.coalition_id == coalition_id)
    found: int | None = None
    if where is not None:
        found = await session.scalar(query.where(where))
    if not_in is not None:
        found = await session.scalar(query.where(_key(table).not_in(select(not_in).where(not_in.is_not(None)))))
    return found if found is not None else await session.scalar(query)


INSERTS = {
    "action_items": (
        "INSERT INTO action_items (coalition_id, key, title, owner_id, due, created, status, accepted, extra) "
        "VALUES (:mine, 'A-1', 'Theirs', :member, '2026-12-01', '2026-11-23', 'not_started', true, '{}')"
    ),
    "roles": "INSERT INTO roles (coalition_id, member_id, role, extra) VALUES (:mine, :member, 'admin', '{}')",
    "audit_entries": (
        "INSERT INTO audit_entries (coalition_id, change_id, table_name, row_id, operation, old, new) "
        "VALUES (:mine, :change, 'members', 1, 'update', '{}', '{}')"
    ),
}


@pytest.mark.parametrize("table", INSERTS)
async def test_a_new_row_cannot_either(any_two: tuple[Stage, Stage], table: str) -> None:
    any_sample, other = any_two
    async with any_sample.services.database.read() as session:
        ids = {
            "member": await _some_row(session, METADATA.tables["members"], other.coalition_id),
            "change": await _some_row(session, METADATA.tables["changes"], other.coalition_id),
        }
    statement = text(INSERTS[table])
    wanted = {name: value for name, value in ids.items() if f":{name}" in INSERTS[table]}
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        async with any_sample.services.database.write() as session:
            await session.execute(statement, {"mine": any_sample.coalition_id, **wanted})
    async with any_sample.services.database.write() as session:
        # The same row in the coalition that it belongs to is taken, so it was the reference that was refused.
        await session.execute(statement, {"mine": other.coalition_id, **wanted})
        await session.rollback()
