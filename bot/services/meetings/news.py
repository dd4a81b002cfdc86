"""What people's messages say of meetings: offered when something happens, read when it is sent. Steps for services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.checkins import BundleItem, Prompts
from bot.domain.meetings import (
    AGENDA,
    DECLINED,
    MOVED,
    NEWS,
    PACK,
    SEAT,
    SKIPPED,
    TODAY,
    MeetingItem,
    MeetingLine,
    MeetingRef,
    Sitting,
    about_of,
    attendees,
    group_of,
    meetings,
    read_about,
    sitting,
)
from bot.domain.outbox import Item, Kind, Path
from bot.domain.record import Attendance, Cadence, Record
from bot.domain.rhythm import to_utc
from bot.domain.vocabularies import Access
from bot.services.access import Addressee, OnRecord, Transaction, UseCase, addressee
from bot.services.meetings.views import MeetingsView, read_answers, read_view
from bot.services.outbox import Offer, offer, offer_all, path_of, post, refresh_items
from bot.store.base import ids_of
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, members_with_accounts

SOON = timedelta(hours=48)
_DAY = timedelta(days=1)


async def tell_of_change(
    tx: UseCase, found: Sitting, what: str, *, until: datetime, soonest: datetime | None = None
) -> int:
    """Tells everybody who is invited or goes in somebody's place, but whoever did it, that an occurrence was moved or
    skipped; how many."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    said = (await read_answers(tx)).get((found.ref.cadence, found.ref.slot), {})
    people = [*reachable(tx.record, found.cadence), *stand_ins(tx.record, said.values())]
    receivers = [key for key in dict.fromkeys(people) if key != tx.actor.key]
    is_soon = min(found.starts_at, soonest or found.starts_at) - tx.now <= SOON
    offers = [
        Offer(
            member_id=ids[key],
            item=Item.MEETING_NEWS,
            about=about_of(found.ref, what),
            due_at=tx.now,
            until=until,
            not_before=tx.now,
            urgent=is_soon,
        )
        for key in receivers
    ]
    await offer_all(tx, offers)
    await _invite(tx, found, what, receivers, ids, until)
    # Messages that speak of the old time say the new one, those of whoever did it too.
    abouts = [about_of(found.ref, one, key) for key in dict.fromkeys(people) for one in (TODAY, SEAT, DECLINED)]
    await refresh_items(tx, {Item.MEETING}, abouts)
    await refresh_items(tx, {Item.MEETING_NEWS}, [about_of(found.ref, one) for one in NEWS])
    return len(receivers)


async def _invite(
    tx: UseCase, found: Sitting, what: str, receivers: Sequence[str], ids: Mapping[str, int], until: datetime
) -> None:
    """Has the change mailed to the calendars of those who asked for it. Each change is a mail of its own."""
    if not tx.record.has_mail:
        return
    wanted = {one.id for one in tx.record.present if one.invitations and one.email and one.access != Access.EMAIL_ONLY}
    for key in receivers:
        if key in wanted:
            about = about_of(found.ref, what, tx.now.isoformat())
            await post(tx, Kind.INVITATION, about, member_id=ids[key], until=until)


async def read_invitation(tx: Transaction, row: DeliveryRow) -> Prompts | None:
    """The mail to a calendar: what was changed, alone. None where it changed back, or where the same comes by mail
    anyhow."""
    tx = await tx.read()
    member, account = (await members_with_accounts(tx.session, MemberRow.id == row.member_id))[0]
    to = addressee(row.coalition_id, tx.record, member.key, member.id)
    value = await read_meeting_item(tx, to, row.about)
    if value is None or value.is_settled or path_of(tx, member, account) is Path.MAIL:
        return None
    return Prompts(
        receiver=to.key,
        receiver_name=member.name,
        zone=member.timezone or tx.record.coalition.timezone,
        now=tx.now,
        items=(BundleItem(Item.MEETING_NEWS, row.about, value),),
        by_mail=True,
    )


async def tell_substitute(tx: Transaction, found: Sitting, substitute: tuple[str, int]) -> int:
    """Asks somebody to go in another's place. A person is their member id with their row's."""
    await _offer_seat(tx, found, SEAT, [substitute])
    return 1


async def tell_declined(tx: Transaction, found: Sitting, asked_by: Sequence[tuple[str, int]]) -> int:
    """Tells those who had asked somebody to go in their place that this person can't."""
    await _offer_seat(tx, found, DECLINED, asked_by)
    return len(asked_by)


async def refresh_own(tx: Transaction, ref: MeetingRef, member: str) -> None:
    """One person's messages about an occurrence say what they have just said."""
    abouts = [about_of(ref, what, member) for what in (TODAY, SEAT, DECLINED)]
    await refresh_items(tx, {Item.MEETING}, abouts)


def reachable(record: Record, cadence: Cadence) -> list[str]:
    """Those who are invited and can get a message."""
    out_of_reach = _out_of_reach(record)
    return [key for key in attendees(record, cadence) if key not in out_of_reach]


def stand_ins(record: Record, said: Iterable[Attendance]) -> list[str]:
    """Those who go in somebody's place and can get a message."""
    out_of_reach = _out_of_reach(record)
    return [one.substitute for one in said if one.substitute is not None and one.substitute not in out_of_reach]


def _out_of_reach(record: Record) -> set[str]:
    return {member.id for member in record.members if not record.reaches(member)}


async def _offer_seat(tx: Transaction, found: Sitting, what: str, people: Sequence[tuple[str, int]]) -> None:
    for key, member_id in people:
        await offer(
            tx,
            member_id,
            Item.MEETING,
            about_of(found.ref, what, key),
            until=found.starts_at,
            urgent=found.starts_at - tx.now <= SOON,
        )


async def read_meeting_item(tx: OnRecord, to: Addressee, about: str) -> MeetingItem | None:
    """What a message says of an occurrence; None where it is not in the plan any more, or is none of this person's."""
    named = read_about(about)
    cadence = next((one for one in meetings(tx.record) if named is not None and one.id == named[0].cadence), None)
    if named is None or cadence is None:
        return None
    ref, what = named
    view = await read_view(tx.by(to.actor))
    found = sitting(cadence, ref.slot)
    if what == SKIPPED:
        return _skipped(cadence, ref, tx.now) if found is None else None
    return _item(view, tx.record, cadence, found, what, to.key, tx.now) if found is not None else None


def _item(
    view: MeetingsView, record: Record, cadence: Cadence, found: Sitting, what: str, member: str, now: datetime
) -> MeetingItem | None:
    line = view.line(found)
    group = group_of(record, cadence)
    is_inside = group is not None and member in {group.chair, group.cochair, *group.members}
    channel = group.channel if group is not None and is_inside else None
    has_begun = found.starts_at <= now
    if what == MOVED:
        is_moved = line.moved_from is not None
        return MeetingItem(what=what, line=line, channel=channel, is_settled=has_begun) if is_moved else None
    if what in {AGENDA, PACK}:
        # On the day itself the reminder leads to it.
        return MeetingItem(what=what, line=line, channel=channel, is_settled=found.starts_at - now <= _DAY)
    if what == SEAT:
        if not line.stands_in_for:
            return None
        name = line.stands_in_for[0]
        return MeetingItem(what=what, line=line, person=name, is_settled=has_begun or line.answer is not None)
    if what == DECLINED:
        return _declined(view, line, found, member, has_begun=has_begun)
    if found.starts_at - now > _DAY:
        # It was moved to a later day, which has a reminder of its own.
        return None
    is_settled = has_begun or line.answer in {"not_coming", "substitute"}
    return MeetingItem(what=what, line=line, is_settled=is_settled) if line.is_attendee else None


def _declined(
    view: MeetingsView, line: MeetingLine, found: Sitting, member: str, *, has_begun: bool
) -> MeetingItem | None:
    answers = view.answers_of(found.ref)
    own = answers.get(member)
    stand_in = own.substitute if own is not None else None
    can_not = stand_in is not None and (said := answers.get(stand_in)) is not None and said.answer == "not_coming"
    if stand_in is None or not can_not:
        return MeetingItem(what=DECLINED, line=line, is_settled=True)
    return MeetingItem(what=DECLINED, line=line, person=view.directory.name(stand_in), is_settled=has_begun)


def _skipped(cadence: Cadence, ref: MeetingRef, now: datetime) -> MeetingItem:
    starts_at = to_utc(ref.slot, cadence.timezone)
    line = MeetingLine(
        ref=ref,
        name=cadence.name,
        starts_at=starts_at,
        minutes=cadence.duration_minutes or 0,
        zone=cadence.timezone,
    )
    return MeetingItem(what=SKIPPED, line=line, is_settled=starts_at <= now)
