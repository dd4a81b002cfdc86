"""Funding in people's messages: reports to funders that come due, and money that comes to its end. Readers and steps.

When each comes, and to whom, is in `bot/domain/funding/notices.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta

from bot.domain.funding import (
    REPORTING,
    SECURED,
    EndingMoney,
    Notice,
    ReportReminder,
    end_notices,
    every_notice_about,
    funding_sight,
    read_notice_about,
    receivers_of_end,
    receivers_of_report,
    report_notices,
    writes_report,
)
from bot.domain.outbox import Item
from bot.domain.people import zone_of_member
from bot.domain.record import Directory, FundingSource, Record
from bot.domain.rhythm import to_utc
from bot.domain.rights import Right, coordinators, standing_of
from bot.services.access import Addressee, OnRecord, Transaction
from bot.services.outbox import Offer, offer_all, refresh_items
from bot.store.base import ids_of
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow

# At this hour of their own clock people hear of it.
NOTICE_HOUR = time(9)
# So far ahead days are looked at, so that a week in which nothing else happens brings its reminders too.
PLANNED_AHEAD = timedelta(days=8)

Receivers = Callable[[Record, FundingSource], tuple[str, ...]]


async def read_report_due(tx: OnRecord, to: Addressee, about: str) -> ReportReminder | None:
    """A report as it stands: due, or sent, or moved, or passed on to somebody else; None where it is owed no more."""
    key, due = read_notice_about(about)
    source = next((one for one in tx.record.funding_sources if one.id == key), None)
    receiver = next((one for one in tx.record.members if one.id == to.key), None)
    if source is None or source.report is None or source.status not in REPORTING or receiver is None:
        return None
    sent, next_due = source.report.extra.get("last_sent"), source.report.next_due
    if next_due == due:
        state = "due" if to.key in receivers_of_report(tx.record, source) else "passed_on"
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


async def read_money_end(tx: OnRecord, to: Addressee, about: str) -> EndingMoney | None:
    """Money as it stands that somebody hears of: it ends, or it ends on another day, or is others' to follow; None
    where it is secured no more."""
    key, ends = read_notice_about(about)
    source = next((one for one in tx.record.funding_sources if one.id == key), None)
    receiver = next((one for one in tx.record.members if one.id == to.key), None)
    if source is None or source.status not in SECURED or receiver is None:
        return None
    is_theirs = to.key in receivers_of_end(tx.record, source)
    sight, directory = funding_sight(tx.record, standing_of(tx.record, receiver), receiver), Directory.of(tx.record)
    return EndingMoney(
        source=source.id,
        source_name=source.name,
        ends=ends,
        state="moved" if source.period_end != ends else "due" if is_theirs else "passed_on",
        today=tx.today,
        shares=tuple((directory.name(one.to), one.amount) for one in sight.allocations(source)),
        currency=tx.record.coalition.currency,
        now_ends=source.period_end,
    )


async def offer_funding_notices(tx: OnRecord) -> None:
    """Puts reports that come due, and money that comes to its end, into the messages of those whom it concerns, once
    for each notice."""
    sources = tx.record.funding_sources
    await _offer(tx, Item.REPORT_DUE, report_notices(sources), receivers_of_report)
    await _offer(tx, Item.MONEY_ENDS, end_notices(sources), receivers_of_end)


async def _offer(tx: OnRecord, item: Item, notices: Iterable[Notice], receivers: Receivers) -> None:
    near = [one for one in notices if tx.today <= one.on < tx.today + PLANNED_AHEAD]
    if not near:
        return
    told = [(one, key) for one in near for key in receivers(tx.record, one.source)]
    known = await _known(tx, item, {one.about for one in near})
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, {key for _, key in told})
    offers = []
    for one, key in told:
        zone = zone_of_member(tx.record, key)
        moment = to_utc(datetime.combine(one.on, NOTICE_HOUR), zone)
        # Whoever entered it in the course of the day knows.
        if moment > tx.now and (ids[key], one.about) not in known:
            until = to_utc(datetime.combine(one.until, time()), zone)
            offers.append(
                Offer(member_id=ids[key], item=item, about=one.about, due_at=moment, until=until, not_before=tx.now)
            )
    await offer_all(tx, offers)


async def refresh_notices(tx: Transaction, item: Item, source: str, day: date) -> None:
    """Messages that speak of this day of a source are shown anew."""
    await refresh_items(tx, [item], every_notice_about(source, day))


async def _known(tx: Transaction, item: Item, abouts: Collection[str]) -> set[tuple[int, str]]:
    """Who has which of these notices already, or has one planned."""
    rows = await tx.session.execute(
        select_items(DeliveryRow.member_id, DeliveryItemRow.about).where(
            tx.owns(DeliveryItemRow), DeliveryItemRow.kind == item, DeliveryItemRow.about.in_(abouts)
        )
    )
    return {(row.member_id, row.about) for row in rows}
