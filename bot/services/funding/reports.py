"""Reports to funders in people's messages: a week before one is due, and on the day. Readers and steps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from bot.domain.funding import REPORTING, ReportReminder, owed_reports, read_report_about, report_about, writes_report
from bot.domain.outbox import Item
from bot.domain.people import zone_of_member
from bot.domain.record import FundingSource, Record
from bot.domain.rhythm import to_utc
from bot.domain.rights import Right, coordinators, standing_of
from bot.services.access import Addressee, OnRecord, Transaction
from bot.services.outbox import offer, refresh_items
from bot.store.base import ids_of
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow

# At this hour of their own clock people hear of a report.
REPORT_HOUR = time(9)
# So far ahead days are looked at, so that a week in which nothing else happens brings its reminders too.
PLANNED_AHEAD = timedelta(days=8)
# When a reminder comes: so many days before, by the word that tells it from the other.
BEFORE = {"week": timedelta(days=7), "day": timedelta(0)}


async def read_report_due(tx: OnRecord, to: Addressee, about: str) -> ReportReminder | None:
    """A report as it stands: due, or sent, or moved, or passed on to somebody else; None where it is owed no more."""
    key, due = read_report_about(about)
    source = next((one for one in tx.record.funding_sources if one.id == key), None)
    receiver = next((one for one in tx.record.members if one.id == to.key), None)
    if source is None or source.report is None or source.status not in REPORTING or receiver is None:
        return None
    sent, next_due = source.report.extra.get("last_sent"), source.report.next_due
    if next_due == due:
        state = "due" if to.key in receivers(tx.record, source) else "passed_on"
    else:
        state = "sent" if isinstance(sent, date) and source.report.extra.get("last_due") == due else "moved"
    standing = standing_of(tx.record, receiver)
    helper = next((one.name for one in coordinators(tx.record)), None)
    return ReportReminder(
        source=source.id,
        source_name=source.name,
        due=due,
        state=state,
        today=tx.today,
        sent_on=sent if state == "sent" and isinstance(sent, date) else None,
        next_due=next_due,
        may_record=standing.may(Right.CHANGE_FUNDING) or writes_report(source, to.key),
        helper=helper,
    )


async def offer_report_reminders(tx: OnRecord) -> None:
    """Puts reports that come due into the messages of those who write them, once for each day."""
    today = tx.today
    near = [
        (source, due, when, due - before)
        for source, due in owed_reports(tx.record.funding_sources)
        for when, before in BEFORE.items()
        if today <= due - before < today + PLANNED_AHEAD
    ]
    if not near:
        return
    abouts = {report_about(source.id, due, when) for source, due, when, _ in near}
    known = await _known(tx, abouts)
    ids = await ids_of(
        tx.session, MemberRow, tx.coalition_id, {key for source, *_ in near for key in receivers(tx.record, source)}
    )
    for source, due, when, on in near:
        for key in receivers(tx.record, source):
            about = report_about(source.id, due, when)
            moment = to_utc(datetime.combine(on, REPORT_HOUR), zone_of_member(tx.record, key))
            # Whoever entered in the course of a day that a report is due on it knows.
            if moment > tx.now and (ids[key], about) not in known:
                await offer(
                    tx,
                    ids[key],
                    Item.REPORT_DUE,
                    about,
                    due_at=moment,
                    until=_of_use_until(tx.record, key, due if when == "week" else due + timedelta(days=7)),
                )


async def refresh_reports(tx: Transaction, source: str, due: date) -> None:
    """Messages that speak of this report are shown anew."""
    abouts = [report_about(source, due, when) for when in BEFORE]
    await refresh_items(tx, [Item.REPORT_DUE], abouts)


def receivers(record: Record, source: FundingSource) -> tuple[str, ...]:
    """Who hears of a source's report: who writes it, else the coordinators."""
    owner = source.report.owner if source.report else None
    return (owner,) if owner is not None else tuple(one.id for one in coordinators(record))


def _of_use_until(record: Record, key: str, on: date) -> datetime:
    return to_utc(datetime.combine(on, time()), zone_of_member(record, key))


async def _known(tx: Transaction, abouts: Collection[str]) -> set[tuple[int, str]]:
    """Who has which of these reminders already, or has one planned."""
    rows = await tx.session.execute(
        select_items(DeliveryRow.member_id, DeliveryItemRow.about).where(
            tx.owns(DeliveryItemRow), DeliveryItemRow.kind == Item.REPORT_DUE, DeliveryItemRow.about.in_(abouts)
        )
    )
    return {(row.member_id, row.about) for row in rows}
