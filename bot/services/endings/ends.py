"""Anything but a member ends: what hangs on it is listed, and goes elsewhere or ends with it; and it is there again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain import asks
from bot.domain.endings import (
    Ended,
    EndedLine,
    EndedList,
    EndForm,
    Ending,
    EndRef,
    Leaving,
    Recurring,
    RecurringLine,
    called,
    end,
    end_of,
    ended_things,
    lowered,
    may_end,
    page_of,
    questions_of,
    reopen,
)
from bot.domain.outbox import Item
from bot.domain.people import zone_of_member
from bot.domain.record import ENDS, Ask, Cadence, Named, Noun, Priority, Record, find_ending
from bot.domain.rhythm import describe
from bot.domain.rights import Right
from bot.domain.typed import Known, Marks, edit_of, match_known, require_no_clash
from bot.domain.vocabularies import HELD_TOGETHER, CadenceKind
from bot.domain.wording import cut
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service, UseCase
from bot.services.checkins import next_opening, withdraw_after
from bot.services.endings.leaving import tell_takers
from bot.services.endings.writing import write_difference
from bot.services.organizations import find_named
from bot.services.outbox import refresh_briefs, refresh_items
from bot.services.people import helper_name
from bot.store.asks import AskRow
from bot.store.meetings import AgendaPointRow
from bot.store.rhythm import CadenceRow

# How many points of an agenda are named: a section of the form holds so many.
_MOST_POINTS = 25


class Ends(Service):
    """Use cases around things that end. Who may is told by the thing (`may_end`)."""

    async def find(self, actor: Actor, typed: str) -> str:
        """What was named, as its reference. Raises UserError where it is not clear."""
        async with self.reading(actor, "ends.find") as tx:
            return _found(tx, typed, [(noun, one) for noun, row in ENDS.items() for one in row.things(tx.record)])

    async def find_ended(self, actor: Actor, typed: str) -> str:
        """The same among what has ended or is about to."""
        async with self.reading(actor, "ends.find_ended") as tx:
            return _found(tx, typed, list(ended_things(tx.record)))

    async def form(self, actor: Actor, ref: str) -> EndForm:
        """What hangs on it, and where each kind of it may go. Raises Refused for somebody who may not end it."""
        async with self.reading(actor, "ends.form", to_change=True) as tx:
            noun, thing = _known(tx, tx.record, ref)
            return EndForm(
                ref=ref,
                called=called(noun, thing),
                name=thing.name,
                today=tx.today,
                last_day=thing.ended,
                # What has an end may end after it.
                questions=questions_of(tx.record, noun, thing.id, tx.today - timedelta(days=1)),
                asks=len(_asks(tx.record, thing.id)),
                notes=(*_notes(tx.record, noun, thing), *_kept(await _points_after(tx, thing, tx.today))),
            )

    async def end(self, actor: Actor, ref: str, opened: Marks, plan: Ending) -> Ended:
        """Keeps the last day, and lets what hangs on it go where the plan says. `opened` are the form's marks; the same
        sent twice changes nothing. Raises UserError by the field to mend, Refused."""
        async with self.changing(actor, "ends.end", alone=True) as tx:
            noun, thing = _known(tx, tx.record, ref)
            require_no_clash(edit_of(opened, {"last_day": thing.ended}, {"last_day": plan.last_day}).clashes)
            questions = questions_of(tx.record, noun, thing.id, plan.last_day)
            after = end(tx.record, noun, thing.id, plan, tx.today)
            await write_difference(tx, tx.record, after)
            for key, leaving in _leaving(tx.record, after, plan).items():
                await tell_takers(tx, after, key, leaving)
            dropped = await _take_back_asks(tx, _asks(tx.record, thing.id))
            if isinstance(thing, Cadence):
                await withdraw_after(tx, thing.id, plan.last_day)
            await refresh_briefs(tx)
            moved = [
                f"{', '.join(one.name for one in question.things[:3])}"
                f"{f' and {len(question.things) - 3} more' if len(question.things) > 3 else ''}: "
                f"{_where(question.others, question.ways, getattr(plan, kind))}"
                for kind, question in questions.items()
            ]
            if dropped:
                moved.append(f"Asks taken back: {dropped}")
            moved += _kept(await _points_after(tx, thing, plan.last_day))
            return Ended(
                ref=ref,
                called=called(noun, thing),
                name=thing.name,
                last_day=plan.last_day,
                today=tx.today,
                moved=tuple(moved),
                lowered=lowered(tx.record, after, plan.last_day),
            )

    async def reopen(self, actor: Actor, ref: str) -> Ended:
        """It is there again, as it was; asked and met again from the next date on. Twice is once."""
        async with self.changing(actor, "ends.reopen", alone=True) as tx:
            everything = tx.record.everything
            noun, thing = _known(tx, everything, ref)
            after = reopen(tx.record, noun, thing.id, actor.key)
            await write_difference(tx, everything, after if after is not tx.record else everything)
            await refresh_briefs(tx)
            return Ended(ref=ref, called=called(noun, thing), name=thing.name, last_day=None, today=tx.today)

    async def ended(self, actor: Actor) -> EndedList:
        """What has ended or is about to, the latest first, of what this person may bring back."""
        async with self.reading(actor, "ends.ended") as tx:
            found = _ended(tx)
            return EndedList(
                lines=tuple(sorted(found, key=lambda one: one.last_day, reverse=True)),
                today=tx.today,
                coalition=tx.record.coalition.name,
                coalition_ends=tx.record.coalition.ended,
                may_end_coalition=actor.standing.may(Right.CONFIGURE),
            )

    async def recurring(self, actor: Actor, page: int = 0) -> Recurring:
        """A page of what comes round, with when it does next and what this person may do about its end."""
        async with self.reading(actor, "ends.recurring") as tx:
            record = tx.record

            def line(cadence: Cadence) -> RecurringLine:
                return RecurringLine(
                    called=called(Noun.CADENCE, cadence),
                    name=cadence.name,
                    rhythm=describe(cadence),
                    next_at=next_opening(record, cadence, tx.now),
                    paused_at=cadence.paused_at,
                    end=end_of(actor.standing, record, Noun.CADENCE, cadence),
                )

            start, lines = page_of(record.cadences, page, line)
            return Recurring(
                lines=lines,
                start=start,
                total=len(record.cadences),
                ended=len(_ended(tx)),
                zone=zone_of_member(record, actor.key),
                now=tx.now,
            )


def _ended(tx: UseCase) -> list[EndedLine]:
    """What has ended or is about to, and whoever acts may bring back."""
    return [
        EndedLine(ref=EndRef(noun, one.id).text, called=called(noun, one), name=one.name, last_day=one.ended)
        for noun, one in ended_things(tx.record)
        if one.ended is not None and may_end(tx.actor.standing, tx.record.everything, noun, one)
    ]


async def _points_after(tx: UseCase, thing: Named, day: date) -> Sequence[str]:
    """What was to be talked about at a meeting's later dates."""
    if not isinstance(thing, Cadence) or thing.kind not in HELD_TOGETHER:
        return ()
    return await tx.values(
        select(AgendaPointRow.text)
        .join(CadenceRow, CadenceRow.id == AgendaPointRow.cadence_id)
        .where(
            tx.owns(AgendaPointRow),
            CadenceRow.key == thing.id,
            AgendaPointRow.withdrawn.is_(False),
            AgendaPointRow.slot > datetime.combine(day, time.max),
        )
        .order_by(AgendaPointRow.id)
    )


def _kept(points: Sequence[str]) -> tuple[str, ...]:
    """Where the points of dates that don't come any more are."""
    if not points:
        return ()
    told = "; ".join(f"“{cut(one, 80)}”" for one in points[:_MOST_POINTS])
    more = f" and {len(points) - _MOST_POINTS} more" if len(points) > _MOST_POINTS else ""
    return (f"Points for dates after it: {told}{more}. They stay with this meeting: add them to another one's agenda.",)


def _found(tx: UseCase, typed: str, among: Sequence[tuple[Noun, Named]]) -> str:
    """By "priority NAME", a name or an id."""
    first, _, rest = typed.strip().partition(" ")
    kinds = {called(noun, one) for noun, one in among}
    if rest and first.casefold() in kinds:
        among, typed = [(noun, one) for noun, one in among if called(noun, one) == first.casefold()], rest
    if not among:
        raise UserError("Nothing has ended.")
    theirs = [(noun, one) for noun, one in among if may_end(tx.actor.standing, tx.record.everything, noun, one)]
    if not theirs:
        raise Refused(f"When that ends is for others to say. {helper_name(tx.record)} can help.")
    known = [Known(EndRef(noun, one.id).text, one.name) for noun, one in theirs]
    by_id = [EndRef(noun, one.id).text for noun, one in theirs if one.id == typed.strip()]
    if len(by_id) == 1:
        return by_id[0]
    # Money that is not theirs is not named to them either.
    others = [Known(EndRef(noun, one.id).text, one.name) for noun, one in among if noun is not Noun.SOURCE]
    if not match_known(typed, known) and match_known(typed, others):
        raise Refused(f"When that ends is for others to say. {helper_name(tx.record)} can help.")
    return find_named(typed, known, "thing", "coalition ended")


def _known(tx: UseCase, record: Record, ref: str) -> tuple[Noun, Named]:
    """What a reference means, for somebody who may end it."""
    meant = EndRef.read(ref)
    thing = find_ending(record, meant.noun, meant.key)
    if thing is None:
        raise UserError("I can't find this anymore. Type /coalition ended for what has ended.")
    if not may_end(tx.actor.standing, record, meant.noun, thing):
        raise Refused(f"When {thing.name} ends is for others to say. {helper_name(tx.record)} can help.")
    return meant.noun, thing


def _leaving(before: Record, after: Record, plan: Ending) -> Mapping[str, Leaving]:
    """Those who leave with it, by id, with who has what was theirs."""
    who = plan.taker
    to = Leaving(last_day=plan.last_day, priorities=who, chairs=who, figures=who, work=who, stand_in=who)
    was = {one.id: one.ended for one in before.members}
    return {one.id: to for one in after.members if one.ended is not None and was[one.id] is None}


def _where(others: Sequence[Known], ways: Any, chosen: str | None) -> str:
    name = next((one.name for one in others if one.id == chosen), None)
    return f"with {name} from now on" if name is not None else str(ways[chosen]).lower()


def _asks(record: Record, key: str) -> list[Ask]:
    """The open asks of a priority, or that go to an organization or a group."""
    return [one for one in record.asks if key in (one.priority, one.asked) and not asks.is_over(one)]


async def _take_back_asks(tx: UseCase, found: Sequence[Ask]) -> int:
    writer, about = tx.writer(), []
    for ask in found:
        row = await tx.session.scalar(select(AskRow).where(tx.owns(AskRow), AskRow.id == ask.row_id))
        if row is not None:
            await writer.put(asks.drop(ask, tx.now), ask, row=row, ended_by_id=tx.actor.member_id)
            about.append(str(row.id))
    if about:
        await refresh_items(tx, [Item.HELP_WANTED, Item.ASK_NEWS], about)
    return len(about)


def _notes(record: Record, noun: Noun, thing: Named) -> tuple[str, ...]:
    """What goes with it by itself."""
    if isinstance(thing, Priority):
        parts = [f"{len(thing.metrics)} figures" if thing.metrics else "", "its outcomes" if thing.outcomes else ""]
        groups = [one.name for one in record.groups if one.priority == thing.id]
        found = [f"Ends with it: {' and '.join(part for part in parts if part)}."] if any(parts) else []
        return (*found, *(f"{name} goes on without a priority." for name in groups))
    if isinstance(thing, Cadence) and thing.kind == CadenceKind.DIGEST:
        feeding = [one.name for one in record.cadences if one.feeds == thing.id]
        return (
            "No digest of this rhythm goes out after it. Past digests can still be read.",
            *(f"{name} goes on; what is answered stands on cards and in the brief." for name in feeding),
        )
    if isinstance(thing, Cadence) and thing.kind == CadenceKind.REMINDER:
        return ("Nobody gets this list after it. The actions stay where they are, and Home lists them.",)
    if noun is Noun.CADENCE:
        return ("What is open on its last day closes as it began; nobody is asked or invited after it.",)
    if noun is Noun.METRIC and any(one.headline_metric == thing.id for one in record.priorities):
        return ("It is the main figure of its priority; after it ends the next one stands there.",)
    if noun is Noun.SOURCE:
        return ("Its allocations and its reports end with it.",)
    return ()
