"""What is on record of one organization, one priority or one stretch of time, with what was changed of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot.domain.histories import (
    ChangeOnRecord,
    HistoryEntry,
    PublicRecords,
    RecordsQuery,
    RowChange,
    collect,
    described,
)
from bot.domain.known import in_coalition_time
from bot.domain.rhythm import to_utc
from bot.domain.rights import seen_by_everybody
from bot.domain.typed import likeliest
from bot.errors import UserError
from bot.services.access import Actor, OnRecord, Service
from bot.services.histories.audit import read_labels
from bot.services.trail import read_names, row_change
from bot.store.audit import AuditEntryRow, ChangeRow

# By kind of thing the table in which its changes are.
_TABLES = {
    "action": "action_items",
    "issue": "issues",
    "decision": "decisions",
    "outcome": "outcomes",
    "figure": "metrics",
    "funding": "funding_sources",
}
# Rows below those, by the column that points at them.
_BELOW = {"readings": ("metric_id", "metrics"), "allocations": ("funding_source_id", "funding_sources")}


class PublicRecordSearch(Service):
    """Use cases around handing out what is on record."""

    async def collect(self, actor: Actor, query: RecordsQuery) -> PublicRecords:
        """Everything that concerns it. Raises UserError for an id that is not known, or days the wrong way round."""
        async with self.reading(actor, "publicrecordsearch.collect") as tx:
            _require_known(tx, query)
            whole = collect(tx.record, query)
            items = whole if query.restricted else collect(seen_by_everybody(tx.record), query)
            wanted = {(_TABLES[one.kind], one.id) for one in items if one.kind in _TABLES}
            if query.priority is not None:
                wanted.add(("priorities", query.priority))
            if query.organization is not None:
                wanted.add(("organizations", query.organization))
            return PublicRecords(
                coalition=tx.record.coalition.name,
                query=query,
                items=items,
                changes=await _changes(tx, query, wanted),
                left_out=len(whole) - len(items),
            )


def _require_known(tx: OnRecord, query: RecordsQuery) -> None:
    for noun, key, things in (
        ("organization", query.organization, tx.record.organizations),
        ("priority", query.priority, tx.record.priorities),
    ):
        known = [one.id for one in things]
        if key is not None and key not in known:
            meant = likeliest(key, {one: one for one in known})
            hint = f"Did you mean “{meant}”?" if meant else f"Known: {', '.join(known)}."
            raise UserError(f"There is no {noun} “{key}”. {hint}")
    if query.since is not None and query.until is not None and query.until < query.since:
        raise UserError(f"{query.until} is before {query.since}. Swap the two days.")


async def _changes(tx: OnRecord, query: RecordsQuery, wanted: set[tuple[str, str]]) -> tuple[ChangeOnRecord, ...]:
    """Each change of these things in that time, in words, oldest first."""
    zone = tx.record.coalition.timezone
    conditions = [tx.owns(ChangeRow)]
    if query.since is not None:
        conditions.append(ChangeRow.at >= to_utc(datetime.combine(query.since, time.min), zone))
    if query.until is not None:
        conditions.append(ChangeRow.at < to_utc(datetime.combine(query.until + timedelta(days=1), time.min), zone))
    names, (keys, labels) = await read_names(tx), await read_labels(tx)
    rows: dict[int, list[RowChange]] = defaultdict(list)
    changes: dict[int, ChangeRow] = {}
    found = select(AuditEntryRow, ChangeRow).join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
    for entry, change in await tx.rows(found.where(*conditions).order_by(AuditEntryRow.id)):
        table, row_id = entry.table_name, entry.row_id
        if table in _BELOW:
            column, table = _BELOW[table]
            row_id = entry.new.get(column, entry.old.get(column))
        if (table, keys.get(table, {}).get(row_id, "")) in wanted:
            rows[change.id].append(row_change(entry, change))
            changes[change.id] = change
    today = tx.today
    told = []
    for key, change in sorted(changes.items(), key=lambda one: one[0]):
        done = HistoryEntry(
            at=change.at,
            by=names.member(change.actor_id) if change.actor_id is not None else None,
            on_behalf_of=names.member(change.on_behalf_of_id) if change.on_behalf_of_id is not None else None,
            path=change.path,
            lines=tuple(line for one in rows[key] for line in described(one, names, labels, today, zone)),
        )
        local = in_coalition_time(tx.record, done.at).isoformat(timespec="seconds")
        told += [ChangeOnRecord(at=local, who=done.author, what=line) for line in done.lines]
    return tuple(told)
