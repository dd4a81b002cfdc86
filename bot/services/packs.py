"""Packs: what there is to read before a meeting that steers, or one of funders, for one reader or for a channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from bot.domain.checkins import Stocktake, stocktakes_of
from bot.domain.decisions import DecisionCard
from bot.domain.digests import NOTHING, Digest, as_seen, compose, sight_of
from bot.domain.funding import FundingSight
from bot.domain.known import known_at
from bot.domain.meetings import (
    MeetingRef,
    Sitting,
    UnknownMeeting,
    current_sitting,
    find_meetings,
    group_of,
    has_pack,
    meetings,
    sitting,
    skipped_sitting,
)
from bot.domain.packs import Pack, PackDecision
from bot.domain.plan import Depth, PlanSight, plan_of, sight_of_plan
from bot.domain.record import Cadence, Decision, Group, Record
from bot.domain.rights import Part, may_read_answers, narrowing
from bot.domain.vocabularies import READ_IN_DIGEST, AnswerReaders, GroupKind
from bot.domain.wording import may_hold_amount, one_line
from bot.errors import UserError
from bot.services.access import Actor, OnRecord, Service, Transaction, UseCase
from bot.services.decisions import DecisionsView, read_decisions
from bot.services.meetings import known_cadence, known_sitting, meetings_now, unknown_meeting
from bot.store.outbox import DeliveryRow

ReadsAnswersAbout = Callable[[AnswerReaders, str], bool]


class Packs(Service):
    """Use cases around packs. When one is sent is the meetings' own."""

    async def find(self, actor: Actor, typed: str) -> Pack | UnknownMeeting:
        """The pack of the next meeting that was meant. Raises Refused for one that is not theirs to see, UserError for
        one that has none."""
        async with self.looking(actor, "packs.find") as tx:
            view = await meetings_now(tx)
            found = find_meetings(view.record, typed)
            seen = [one for one in found if view.may_see(one)]
            with_pack = [one for one in seen if has_pack(view.record, one)]
            wanted = next(iter((*with_pack, *seen, *found)), None)
            if wanted is None:
                return unknown_meeting(view.record, typed)
            view.require_see(wanted)
            nearest = min(
                (current for one in with_pack or [wanted] if (current := current_sitting(one, view.now)) is not None),
                key=lambda one: one.starts_at,
                default=None,
            )
            if nearest is None:
                raise UserError(f"{wanted.name} has no date ahead, so it has no pack.")
            return await _of_person(tx.on(view.unrestricted), nearest)

    async def show(self, actor: Actor, ref: MeetingRef) -> Pack:
        """The pack of one occurrence as this person may read it now. Raises Refused, UserError as `find` does."""
        async with self.looking(actor, "packs.show") as tx:
            view = await meetings_now(tx)
            view.require_see(known_cadence(view.record, ref.cadence))
            return await _of_person(tx.on(view.unrestricted), known_sitting(view.record, ref))


async def read_pack_post(tx: Transaction, row: DeliveryRow) -> Pack | None:
    """What the post in a group's channel says: what everybody in that channel may read."""
    ref = MeetingRef.read(row.about or "")
    tx = await tx.read()
    cadence = next((one for one in meetings(tx.record) if ref is not None and one.id == ref.cadence), None)
    if ref is None or cadence is None or not has_pack(tx.record, cadence):
        return None
    found = sitting(cadence, ref.slot)
    if found is None and row.operation == "post":
        return None
    return await _of_channel(tx, found or skipped_sitting(cadence, ref), skipped=found is None)


async def _of_person(tx: UseCase, found: Sitting) -> Pack:
    group = _group(tx.record, found.cadence)
    member = next((one for one in tx.record.members if one.id == tx.actor.key), None)
    standing = tx.actor.standing
    digest = as_seen(compose(tx.record, tx.now), sight_of(tx.record, standing, member))
    if group.kind == GroupKind.FUNDERS:
        own = member.organization if member is not None and Part.FUNDER in standing.everywhere else None
        names = {one.id: one.name for one in tx.record.organizations}
        return replace(_base(found, digest), organization=own, organization_name=names.get(own or ""))
    view = await read_decisions(tx, tx.actor)
    known = known_at(tx.record, digest.moment)
    return replace(
        _base(found, digest),
        plan=plan_of(known, digest, sight_of_plan(tx.record, standing, member)),
        stocktakes=_told(known, digest.today, lambda readers, key: may_read_answers(standing, readers, key)),
        decisions=_decisions(view, group),
    )


async def _of_channel(tx: OnRecord, found: Sitting, *, skipped: bool) -> Pack:
    group, digest = _group(tx.record, found.cadence), compose(tx.record, tx.now)
    if group.kind == GroupKind.FUNDERS:
        return replace(_base(found, as_seen(digest, NOTHING)), skipped=skipped)
    amounts = group.channel is not None and not narrowing(tx.record, group.channel)
    sight = PlanSight(
        priorities={one.id: Depth.WHOLE for one in tx.record.priorities}, money=FundingSight(everything=amounts)
    )
    known, view = known_at(tx.record, digest.moment), await read_decisions(tx, None)
    return replace(
        _base(found, digest),
        plan=plan_of(known, digest, sight),
        stocktakes=_told(known, digest.today, lambda readers, _: readers in READ_IN_DIGEST),
        decisions=tuple(
            one if amounts or one.title is None or not may_hold_amount(one.title) else replace(one, title=None)
            for one in _decisions(view, group)
        ),
        skipped=skipped,
    )


def _group(record: Record, cadence: Cadence) -> Group:
    """The group that meets. Raises UserError, with what has packs, where there is none for it."""
    group = group_of(record, cadence)
    if group is None or not has_pack(record, cadence):
        raise UserError(
            f"{one_line(cadence.name)} has no pack. Meetings of steering and of funders have one; type “meeting agenda "
            f"{cadence.id}” for its agenda."
        )
    return group


def _base(found: Sitting, digest: Digest) -> Pack:
    return Pack(
        ref=found.ref,
        name=found.cadence.name,
        starts_at=found.starts_at,
        minutes=found.minutes,
        zone=found.cadence.timezone,
        moved_from=found.occurrence.slot if found.occurrence.moved else None,
        digest=digest,
        plan=None,
    )


def _told(known: Record, today: date, reads: ReadsAnswersAbout) -> tuple[Stocktake, ...]:
    """Of each priority that runs the newest stocktake whose answers are read, and the last one before it whose forecast
    has come due."""
    found: list[Stocktake] = []
    for one in known.priorities:
        told = () if one.rests else stocktakes_of(known, one, today, partial(_reads, reads, one.id))
        found += [*told[:1], *[each for each in told[1:] if each.came is not None][:1]]
    return tuple(found)


def _reads(reads: ReadsAnswersAbout, priority: str, readers: AnswerReaders) -> bool:
    return reads(readers, priority)


def _decisions(view: DecisionsView, group: Group) -> tuple[PackDecision, ...]:
    """What waits for a word, as far as it is read: what the group that meets decides comes first."""
    waiting = [one for one in view.record.decisions if one.is_needed and view.may_read(one)]
    waiting.sort(key=lambda one: (one.decider != group.id, one.needed_by or date.max))
    return tuple(_decision(one, view.card(one), group) for one in waiting)


def _decision(one: Decision, card: DecisionCard, group: Group) -> PackDecision:
    answered, seats = card.count.answered, card.count.voices
    return PackDecision(
        id=one.id,
        title=card.title,
        decider_name=card.decider_name,
        is_of_meeting=one.decider == group.id,
        needed_by=one.needed_by,
        count=f"{answered} of {seats} answered" if seats else "",
        recommended=card.recommended or card.recommended_to_deciders,
    )
