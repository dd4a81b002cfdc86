"""Home: what a person owes, and for coordinators what needs a hand. Read in one go; how it looks is not here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.asking import is_away, sends_check_ins, zone_of_member
from bot.domain.cadence import next_occurrence, zone_of
from bot.domain.deliveries import Item, State
from bot.domain.home import Coordination, HomePage, Me, OwnPriority, RoundState
from bot.domain.prompts import HeldNotice, PromptItem
from bot.domain.record import Priority, Record
from bot.domain.rights import Right, coordinators
from bot.services.action_views import may_create, read_view
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.content import held_notice, private_readers_of, prompt_item, readers_of
from bot.services.figure_views import due_figures, may_record_any
from bot.services.people import channels_of, unreachable_members
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalitions import CoalitionRow
from bot.store.deliveries import DeliveryRow
from bot.store.priorities import PriorityRow
from bot.store.record_view import read_record
from bot.store.slack_accounts import SlackAccountRow, SlackChannelRow, WorkspaceRow


class Home(Service):
    """Answers what a person sees first."""

    async def page(self, actor: Actor) -> HomePage:
        """What is open for this person; with what needs a hand where they coordinate."""
        actor.require("home.page")
        now = self.calendar.now()
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id)
            coalition = await session.get_one(CoalitionRow, actor.coalition_id)
            member = next(item for item in record.members if item.id == actor.key)
            zone = zone_of_member(record, member.id)
            rounds = await _open_rounds(session, actor.coalition_id, record, now)
            items = tuple(one.item for one in rounds)
            return HomePage(
                name=member.name,
                zone=zone,
                now=now,
                coalition_name=record.coalition.name,
                open_check_ins=tuple(
                    one.item if one.item.owner == actor.key else replace(one.item, kind=Item.DELEGATE)
                    for one in rounds
                    if one.item.state == "open" and (one.item.owner == actor.key or one.stand_in == actor.key)
                ),
                next_opens_at=_next_opens_at(record, actor.key, now) if coalition.state == "live" else None,
                coordination=await _coordination(session, actor, record, coalition, items, zone, now)
                if actor.standing.may(Right.MANAGE_MEMBERS)
                else None,
                actions=(await read_view(session, actor, record, now)).own_open(),
                may_add_actions=may_create(actor.standing),
                due_figures=due_figures(actor, record, now),
                may_record=may_record_any(actor),
            )

    async def me(self, actor: Actor) -> Me:
        """Who this person is to the coalition, and who reads what they say."""
        actor.require("home.me")
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id)
            account_zone = await session.scalar(
                select(SlackAccountRow.timezone).where(SlackAccountRow.member_id == actor.member_id)
            )
        member = next(item for item in record.members if item.id == actor.key)
        names = {item.id: item.name for item in record.members}
        principals = [item for item in record.members if item.delegate == member.id]
        principal_ids = {item.id for item in principals}
        return Me(
            name=member.name,
            organization=next(item.name for item in record.organizations if item.id == member.organization),
            zone=zone_of_member(record, member.id),
            zone_known=member.timezone is not None or account_zone is not None,
            stand_in=names.get(member.delegate or ""),
            stands_in_for=tuple(item.name for item in principals),
            priorities=tuple(_own(record, item) for item in record.priorities if item.owner == member.id),
            covered=tuple(_own(record, item) for item in record.priorities if item.owner in principal_ids),
            private_readers=private_readers_of(record),
            coalition_name=record.coalition.name,
            now=self.calendar.now(),
        )

    async def coordinator_of(self, workspace_team: str) -> str | None:
        """Who can help somebody whom the bot doesn't know: the first coordinator of this workspace's coalition."""
        async with self.database.read() as session:
            coalition_id = await session.scalar(
                select(WorkspaceRow.coalition_id).where(WorkspaceRow.team_id == workspace_team)
            )
            if coalition_id is None:
                return None
            record = await read_record(session, coalition_id)
        return next((member.name for member in coordinators(record)), None)


@dataclass(frozen=True, slots=True)
class _OpenRound:
    """A check-in whose round is open, answered or not. `stand_in` is set once the owner's stand-in is asked too."""

    item: PromptItem
    stand_in: str | None


async def _open_rounds(
    session: AsyncSession, coalition_id: int, record: Record, now: datetime
) -> tuple[_OpenRound, ...]:
    rows = await session.execute(
        select(RoundSubjectRow, RoundRow, PriorityRow.key)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .where(
            RoundSubjectRow.coalition_id == coalition_id,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.opens_at <= now,
            RoundSubjectRow.closes_at > now,
        )
        .order_by(RoundSubjectRow.closes_at, RoundSubjectRow.id)
    )
    members = {member.id: member for member in record.members}
    found = []
    for subject, round_row, priority in rows.all():
        item = await prompt_item(session, record, Item.ASK, subject, round_row, priority, now)
        owner = members[item.owner]
        is_asked = subject.delegate_at is not None and subject.delegate_at <= now
        found.append(_OpenRound(item, owner.delegate if is_asked or is_away(owner, round_row.day) else None))
    return tuple(found)


def _own(record: Record, priority: Priority) -> OwnPriority:
    return OwnPriority(name=priority.name, readers=readers_of(record, priority))


def _next_opens_at(record: Record, member: str | None, now: datetime) -> datetime | None:
    """When this person is asked next about a priority of their own."""
    moments = [
        following[1]
        for cadence in record.cadences
        if sends_check_ins(record, cadence)
        for priority in record.priorities
        if priority.owner == member and priority.assessment not in {"paused", "complete"}
        if (following := next_occurrence(cadence, now, zone_of(cadence, zone_of_member(record, priority.owner))))
    ]
    return min(moments, default=None)


async def _coordination(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    coalition: CoalitionRow,
    items: tuple[PromptItem, ...],
    zone: str,
    now: datetime,
) -> Coordination:
    held = await session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.coalition_id == actor.coalition_id, DeliveryRow.state == State.HELD)
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    notices: list[HeldNotice] = [await held_notice(session, row, zone, now) for row in held.all()]
    joined = set(
        await session.scalars(
            select(SlackChannelRow.name).where(
                SlackChannelRow.coalition_id == actor.coalition_id, SlackChannelRow.is_member.is_(True)
            )
        )
    )
    return Coordination(
        state=coalition.state,
        live_at=coalition.live_at,
        may_configure=actor.standing.may(Right.CONFIGURE),
        round=RoundState(
            asked=len(items),
            answered=sum(item.answer is not None for item in items),
            without=tuple(item.priority_name for item in items if item.answer is None),
        )
        if items
        else None,
        held=tuple(notices),
        missing_channels=tuple(name for name in channels_of(record) if name not in joined),
        unreachable=await unreachable_members(session, actor.coalition_id, record),
    )
