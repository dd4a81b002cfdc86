"""The audit trail as coordinators read it: everything, one item's, one person's, or since a day; a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from bot.domain.histories import MOST_LINES, PAGE, AuditPage, AuditQuery, HistoryEntry, Names, RowChange, described
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.domain.rhythm import to_local, to_utc
from bot.domain.typed import read_day
from bot.domain.wording import near_day, one_line
from bot.errors import UserError
from bot.services.access import Actor, OnRecord, Service, Transaction, UseCase
from bot.services.people import find_member
from bot.services.trail import read_names, row_change
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.decisions import DecisionRow
from bot.store.funding import FundingSourceRow
from bot.store.issues import IssueRow
from bot.store.metrics import MetricRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import OutcomeRow, PriorityRow
from bot.store.rhythm import CadenceRow, QuestionSetRow

# What can be named by its id; the first table that has it is meant.
_KEYED: tuple[type[Any], ...] = (
    ActionItemRow,
    DecisionRow,
    IssueRow,
    FundingSourceRow,
    PriorityRow,
    MetricRow,
    OutcomeRow,
    CadenceRow,
    QuestionSetRow,
    GroupRow,
    OrganizationRow,
    MemberRow,
)


class Audit(Service):
    """Questions about what was changed."""

    async def page(self, actor: Actor, wanted: str | AuditQuery) -> AuditPage:
        """A page of changes: of a query, or of what was typed (an id or name, @member, since DATE, or nothing).

        Raises UserError for what is not known.
        """
        async with self.reading(actor, "audit.page") as tx:
            names = await read_names(tx)
            keys, labels = await read_labels(tx)
            query = wanted if isinstance(wanted, AuditQuery) else await _typed(tx, wanted, keys)
            conditions = _conditions(actor.coalition_id, query, tx.record)
            total = await tx.session.scalar(select(func.count(ChangeRow.id)).where(*conditions)) or 0
            page = min(query.page, max(0, (total - 1) // PAGE))
            changes = await tx.values(
                select(ChangeRow).where(*conditions).order_by(ChangeRow.id.desc()).limit(PAGE).offset(page * PAGE)
            )
            entries = await _entries(tx, changes, query, names, labels)
        zone = zone_of_member(tx.record, actor.key)
        return AuditPage(
            query=AuditQuery(table=query.table, row=query.row, member=query.member, since=query.since, page=page),
            about=_about(query, names, labels, to_local(tx.now, zone).date()),
            entries=entries,
            total=total,
            zone=zone,
            now=tx.now,
        )


def _conditions(coalition_id: int, query: AuditQuery, record: Record) -> list[ColumnElement[bool]]:
    found = [ChangeRow.coalition_id == coalition_id]
    # A change that only touched what has no words would be an empty line.
    entry = select(AuditEntryRow.id).where(AuditEntryRow.change_id == ChangeRow.id)
    if query.table is not None:
        entry = entry.where(AuditEntryRow.table_name == query.table, AuditEntryRow.row_id == query.row)
    if query.member is not None:
        concerns = exists(
            select(AuditEntryRow.id).filter_by(
                change_id=ChangeRow.id, table_name=MemberRow.__tablename__, row_id=query.member
            )
        )
        found.append(or_(ChangeRow.actor_id == query.member, ChangeRow.on_behalf_of_id == query.member, concerns))
    if query.since is not None:
        found.append(ChangeRow.at >= to_utc(datetime.combine(query.since, time.min), record.coalition.timezone))
    found.append(exists(entry))
    return found


async def _entries(
    tx: OnRecord, changes: Sequence[ChangeRow], query: AuditQuery, names: Names, labels: dict[str, dict[int, str]]
) -> tuple[HistoryEntry, ...]:
    by_id = {change.id: change for change in changes}
    statement = select(AuditEntryRow).where(AuditEntryRow.change_id.in_(list(by_id))).order_by(AuditEntryRow.id)
    if query.table is not None:
        statement = statement.where(AuditEntryRow.table_name == query.table, AuditEntryRow.row_id == query.row)
    rows: dict[int, list[RowChange]] = {}
    for entry in await tx.session.scalars(statement):
        rows.setdefault(entry.change_id, []).append(row_change(entry, by_id[entry.change_id]))
    today = to_local(tx.now, tx.record.coalition.timezone).date()
    return tuple(
        HistoryEntry(
            at=change.at,
            by=names.member(change.actor_id),
            on_behalf_of=names.member(change.on_behalf_of_id),
            path=change.path,
            lines=_lines(
                [
                    line
                    for row in rows.get(change.id, ())
                    for line in described(row, names, labels, today, tx.record.coalition.timezone)
                ]
            ),
        )
        for change in changes
    )


def _lines(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], f"and {len(lines) - MOST_LINES + 1} more")


async def read_labels(tx: Transaction) -> tuple[dict[str, dict[int, str]], dict[str, dict[int, str]]]:
    """Ids such as A-101 by table and row, and what those rows are called on screen."""
    keys: dict[str, dict[int, str]] = {}
    called: dict[str, dict[int, str]] = {}
    for table in _KEYED:
        has_title = hasattr(table, "title") and table is not MemberRow
        words = table.title if has_title else table.name
        rows = await tx.rows(select(table.id, table.key, words).where(table.coalition_id == tx.coalition_id))
        keys[table.__tablename__] = {row[0]: row[1] for row in rows}
        called[table.__tablename__] = {row[0]: f"{row[2]} ({row[1]})" if has_title else row[2] for row in rows}
    return keys, called


async def _typed(tx: UseCase, typed: str, labels: dict[str, dict[int, str]]) -> AuditQuery:
    words = one_line(typed).strip("“”\"'")
    if not words:
        return AuditQuery()
    if words.casefold().startswith("since"):
        since = read_day(words[5:].strip(), to_local(tx.now, tx.record.coalition.timezone).date())
        today = to_local(tx.now, tx.record.coalition.timezone).date()
        if since is None:
            raise UserError(f"“{words}” isn't a date I know. Write it as “since Nov 3” or “since 2026-11-03”.")
        # A day without a year is the next one, and what was changed lies behind.
        while since > today:
            since = since.replace(year=since.year - 1)
        return AuditQuery(since=since)
    if not words.startswith(("@", "<@")):
        for table, rows in labels.items():
            row = next((row for row, key in rows.items() if key.casefold() == words.casefold()), None)
            if row is not None and table != MemberRow.__tablename__:
                return AuditQuery(table=table, row=row)
        priority = [one for one in tx.record.priorities if one.name.casefold().startswith(words.casefold())]
        if len(priority) == 1:
            ids = {key: row for row, key in labels[PriorityRow.__tablename__].items()}
            return AuditQuery(table=PriorityRow.__tablename__, row=ids[priority[0].id])
    try:
        key = await find_member(tx, words)
    except UserError:
        raise UserError(
            f"I don't know “{words}”. Use an id such as A-101, a person's name, or “since Nov 3”."
        ) from None
    ids = {key: row for row, key in labels[MemberRow.__tablename__].items()}
    return AuditQuery(member=ids[key])


def _about(query: AuditQuery, names: Names, labels: dict[str, dict[int, str]], today: date) -> str | None:
    if query.table is not None and query.row is not None:
        return names.of(query.table, query.row) or labels.get(query.table, {}).get(query.row)
    if query.member is not None:
        return names.member(query.member)
    return f"since {near_day(query.since, today)}" if query.since is not None else None
