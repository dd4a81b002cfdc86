"""Days away: said, taken back, ended early. Whoever is away is not asked, and the stand-in is asked instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import AwayPage, AwaySpan
from bot.domain.outbox import Item
from bot.domain.people import (
    Days,
    add_days,
    cancel_days,
    checked,
    end_days,
    is_away,
    out_of_reach,
    read_away,
    split_person,
    stretch_of,
    zone_of_member,
)
from bot.domain.record import Away, Record
from bot.domain.rhythm import to_local
from bot.domain.rights import Right
from bot.domain.wording import full_day
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.checkins import ask_now
from bot.services.drafts import keep_sent, sent_before
from bot.services.outbox import queue_updates
from bot.services.people import find_member, members_outside_slack, write_letters
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    IS_UNANSWERED,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.people import AwayRow, MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import value_of
from bot.store.rhythm import CadenceRow


class Absences(Service):
    """Use cases around days away; each is about whoever acts."""

    async def page(self, actor: Actor) -> AwayPage:
        """This person's days away, from today on."""
        async with self.reading(actor, "absences.page") as tx:
            return await _page(tx)

    async def read(self, actor: Actor, typed: str) -> AwayPage:
        """Takes down days as they were typed; a coordinator also somebody else's, who hears of it.

        Raises UserError where they can't be read, Refused for somebody else's without the right.
        """
        async with self.changing(actor, "absences.read") as tx:
            who, days = split_person(typed, [member.name for member in tx.record.members])
            other = await _other(tx, who) if who else None
            if other is None:
                start, end = read_away(typed if not who else days, _today(tx.record, actor, tx.now))
                return await _add(tx, start, end)
            start, end = read_away(days, _today(tx.record, other, tx.now))
            page = await _add(tx.by(other), start, end)
            return await _told(tx, other, page)

    async def add(self, actor: Actor, form: str, start: date, end: date) -> AwayPage:
        """Takes down days away, both included; days that touch others become one stretch with them. Twice is once.

        `form` identifies the form: with other days it takes its first ones back.
        """
        async with self.changing(actor, "absences.add") as tx:
            start, end = checked(start, end, _today(tx.record, actor, tx.now))
            key, typed = f"away:{form}", {"start": start, "end": end}
            sent = await sent_before(tx, key)
            if sent is not None and not sent.is_same(typed):
                await _take_back(tx, sent.reply)
            before = _told_of(await _rows(tx))
            page = await _add(tx, start, end)
            if sent is None or not sent.is_same(typed):
                after = _told_of(await _rows(tx))
                await keep_sent(tx, key, {"before": before, "after": after}, typed)
            return page

    async def come_back(self, actor: Actor) -> AwayPage:
        """Ends the days away that today is in: from now on this person is asked again."""
        async with self.changing(actor, "absences.come_back") as tx:
            today = _today(tx.record, actor, tx.now)
            rows = await _rows(tx)
            there = stretch_of(tuple(rows), today)
            ended = _span(rows[there], today) if there is not None else None
            await _keep(tx, rows, end_days(tuple(rows), today))
            tx = await tx.read()
            open_again = [name for _subject, name in await _unanswered(tx)]
            return await _page(tx, what="back", changed=ended, open_again=tuple(open_again) if ended else ())

    async def cancel(self, actor: Actor, away_id: int) -> AwayPage:
        """Takes days away back. Of a stretch that has begun only what is left of it goes."""
        async with self.changing(actor, "absences.cancel") as tx:
            today = _today(tx.record, actor, tx.now)
            who = await _whose(tx, away_id)
            rows = await _rows(tx.by(who))
            which = next((one for one, row in rows.items() if row.id == away_id), None)
            taken = _span(rows[which], today) if which is not None else None
            if which is not None:
                await _keep(tx.by(who), rows, cancel_days(tuple(rows), which, today))
            tx = await tx.read()
            page = await _page(tx.by(who), what="cancelled", changed=taken)
            return page if who is actor else replace(page, of=_name(tx.record, who))


async def _other(tx: UseCase, typed: str) -> Actor | None:
    """Somebody else as whose days are noted; None for oneself. Raises Refused without the right."""
    key = await find_member(tx, typed)
    if key == tx.actor.key:
        return None
    if not tx.actor.standing.may(Right.MANAGE_MEMBERS):
        raise Refused("Days away of somebody else are noted by the coordinators. A coordinator can help.")
    member_id = await tx.session.scalar(select(MemberRow.id).where(tx.owns(MemberRow), MemberRow.key == key))
    return replace(tx.actor, member_id=member_id, key=key)


async def _whose(tx: ByActor, away_id: int) -> Actor:
    """Whose days away these are: one's own, or for a coordinator anybody's."""
    if not tx.actor.standing.may(Right.MANAGE_MEMBERS):
        return tx.actor
    found = (
        await tx.session.execute(
            select(MemberRow.id, MemberRow.key)
            .join(AwayRow, AwayRow.member_id == MemberRow.id)
            .where(tx.owns(AwayRow), AwayRow.id == away_id)
        )
    ).first()
    if found is None or found[0] == tx.actor.member_id:
        return tx.actor
    return replace(tx.actor, member_id=found[0], key=found[1])


async def _told(tx: UseCase, other: Actor, page: AwayPage) -> AwayPage:
    """Whoever's days were noted hears of it from who noted them, and how to change it; not if out of reach."""
    is_told = False
    if page.what == "added" and page.changed is not None and other.key is not None:
        span = f"{full_day(page.changed.start, page.today)} to {full_day(page.changed.end, page.today)}"
        words = f"I have noted you as away, {span}. Type “away” to see it or take it back."
        key = f"away:{page.changed.id}:{page.changed.start}:{page.changed.end}"
        await write_letters(tx, key, {other.key: words})
        unreached = {one.member for one in out_of_reach(await members_outside_slack(tx))}
        is_told = other.key not in unreached
    return replace(page, of=_name(tx.record, other), is_told=is_told)


def _name(record: Record, who: Actor) -> str:
    return next((member.name for member in record.members if member.id == who.key), "")


async def spans_of(session: AsyncSession, member_id: int, today: date) -> tuple[AwaySpan, ...]:
    """Days away of one member from today on, earliest first. A step for other services."""
    rows = await session.scalars(
        select(AwayRow).where(AwayRow.member_id == member_id, AwayRow.end >= today).order_by(AwayRow.start)
    )
    return tuple(_span(row, today) for row in rows)


async def _add(tx: UseCase, start: date, end: date) -> AwayPage:
    today = _today(tx.record, tx.actor, tx.now)
    if tx.actor.member_id is None:
        raise UserError("Days away belong to members, and this account isn't linked to one. A coordinator can link it.")
    # One at a time: the same days may be sent twice at the same moment.
    await tx.session.scalar(
        select(MemberRow.id).where(MemberRow.id == tx.actor.member_id).with_for_update(key_share=True)
    )
    known = await _rows(tx)
    days = add_days(tuple(known), start, end)
    if days == tuple(known):
        same = stretch_of(days, start)
        return await _page(tx, what="same", changed=_span(known[same], today) if same else None)
    await _keep(tx, known, days)
    kept = stretch_of(days, start)
    changed = _span((await _rows(tx))[kept], today) if kept is not None else None
    tx = await tx.read()
    handed_over = await _hand_over(tx)
    return await _page(tx, what="added", changed=changed, handed_over=tuple(handed_over))


async def _take_back(tx: ByActor, sent: Mapping[str, Any]) -> None:
    """The stretches as they were before a form was stored; where they have changed since, they stay as they are."""
    rows = await _rows(tx)
    if _told_of(rows) == sent["after"]:
        known = {(one.start, one.end): one for one in rows}
        before = [known.get((start, end), Away(start=start, end=end)) for start, end in sent["before"]]
        await _keep(tx, rows, tuple(before))


def _told_of(days: Iterable[Away]) -> list[list[date]]:
    return [[one.start, one.end] for one in days]


async def _keep(tx: ByActor, rows: Mapping[Away, AwayRow], days: Days) -> None:
    """Writes what differs. A stretch that became another one keeps its row, whose number buttons carry."""
    writer = tx.writer()
    gone = [(one, row) for one, row in rows.items() if one not in days]
    come = [one for one in dict.fromkeys(days) if one not in rows]
    for _, row in gone[len(come) :]:
        await tx.session.delete(row)
    await tx.session.flush()
    for before, after in zip_longest(gone[: len(come)], come):
        if before is None:
            await writer.put_new(after, member_id=tx.actor.member_id)
        else:
            await writer.put(after, before[0], row=before[1])


async def _hand_over(tx: UseCase) -> list[str]:
    """Asks the stand-in about this person's open updates, and about those that are about to open."""
    me = next((member for member in tx.record.members if member.id == tx.actor.key), None)
    stand_in = next((member for member in tx.record.members if me is not None and member.id == me.delegate), None)
    if me is None or stand_in is None:
        return []
    stand_in_id = await tx.session.scalar(select(MemberRow.id).where(tx.owns(MemberRow), MemberRow.key == stand_in.id))
    zone = zone_of_member(tx.record, me.id)
    handed: list[str] = []
    changed: list[int] = []
    for subject, name in await _unanswered(tx):
        asked_on = to_local(max(tx.now, subject.opens_at), zone).date()
        if stand_in_id is None or not is_away(me, asked_on) or is_away(stand_in, asked_on):
            continue
        due_at = max(tx.now, subject.opens_at)
        await ask_now(tx, subject, stand_in_id, Item.DELEGATE, due_at)
        if subject.delegate_at is None or subject.delegate_at > due_at:
            subject.delegate_at = due_at
        handed.append(name)
        changed.append(subject.id)
    await tx.session.flush()
    await queue_updates(tx, changed)
    return handed


async def _unanswered(tx: ByActor) -> list[tuple[RoundSubjectRow, str]]:
    """This person's own subjects that are open or planned and have no answer, with the names of the priorities, or of
    the check-ins that ask them for themselves."""
    rows = await tx.session.execute(
        select(RoundSubjectRow, func.coalesce(PriorityRow.name, CadenceRow.name))
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .where(
            tx.owns(RoundSubjectRow),
            func.coalesce(RoundSubjectRow.member_id, PriorityRow.owner_id) == tx.actor.member_id,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.closes_at > tx.now,
            IS_UNANSWERED,
            # Nobody stands in for somebody's anonymous answer.
            RoundSubjectRow.took_part.is_(None),
        )
        .order_by(RoundSubjectRow.opens_at, RoundSubjectRow.id)
    )
    return [(subject, name) for subject, name in rows]


async def _rows(tx: ByActor) -> dict[Away, AwayRow]:
    """The rows of somebody's days away by their values, earliest first."""
    rows = await tx.session.scalars(
        select(AwayRow)
        .where(tx.owns(AwayRow), AwayRow.member_id == tx.actor.member_id)
        .order_by(AwayRow.start, AwayRow.id)
    )
    return {value_of(row): row for row in rows}


async def _page(
    tx: UseCase,
    *,
    what: str = "",
    changed: AwaySpan | None = None,
    handed_over: tuple[str, ...] = (),
    open_again: tuple[str, ...] = (),
) -> AwayPage:
    me = next((member for member in tx.record.members if member.id == tx.actor.key), None)
    stand_in = next((member for member in tx.record.members if me is not None and member.id == me.delegate), None)
    today = _today(tx.record, tx.actor, tx.now)
    return AwayPage(
        spans=await spans_of(tx.session, tx.actor.member_id, today) if tx.actor.member_id is not None else (),
        stand_in=stand_in.name if stand_in is not None else None,
        owns_priorities=any(priority.owner == tx.actor.key for priority in tx.record.priorities),
        today=today,
        zone=zone_of_member(tx.record, tx.actor.key) if tx.actor.key is not None else tx.record.coalition.timezone,
        now=tx.now,
        what=what,
        changed=changed,
        handed_over=handed_over,
        open_again=open_again,
    )


def _today(record: Record, actor: Actor, now: datetime) -> date:
    """Today where this person is: days away are days of their own calendar."""
    zone = zone_of_member(record, actor.key) if actor.key is not None else record.coalition.timezone
    return to_local(now, zone).date()


def _span(row: AwayRow, today: date) -> AwaySpan:
    return AwaySpan(id=row.id, start=row.start, end=row.end, is_now=row.start <= today <= row.end)
