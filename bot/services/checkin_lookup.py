"""Check-ins as people name them, and their newest round. Steps for services."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.action_line import Known, match_known
from bot.domain.asking import is_about_priorities
from bot.domain.record import Cadence, Member, Record
from bot.errors import UserError
from bot.services.actors import Actor
from bot.store.cadences import CadenceRow
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.members import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.slack_accounts import SlackAccountRow

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_SHOWN = 60


class UnknownName(UserError):
    """A name that nothing has; `suggestion` is the nearest right one, if there is one near."""

    def __init__(self, message: str, suggestion: str | None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


def check_ins_of(record: Record) -> tuple[Cadence, ...]:
    """The check-ins on priorities that a person can name, in file order."""
    return tuple(cadence for cadence in record.cadences if is_about_priorities(record, cadence))


def find_check_in(record: Record, typed: str) -> Cadence:
    """The check-in of this name, id or beginning; with nothing typed the only one.

    Raises UnknownName for anything else.
    """
    known = check_ins_of(record)
    if not known:
        raise UserError("There is no check-in on priorities yet. A coordinator can add one with “checkin add”.")
    if not typed.strip():
        if len(known) == 1:
            return known[0]
        raise UserError(f"Which one? There are {_listed(known)}.")
    found = match_known(typed, [Known(cadence.id, cadence.name) for cadence in known])
    if len(found) == 1:
        return next(cadence for cadence in known if cadence.id == found[0].id)
    if found:
        near_ones = [cadence for cadence in known if cadence.id in {one.id for one in found}]
        raise UserError(f"“{typed.strip()[:_SHOWN]}” could be {_listed(near_ones)}.")
    names = {name.casefold(): cadence.name for cadence in known for name in (cadence.id, cadence.name)}
    names |= {word: cadence.name for cadence in known for word in cadence.name.casefold().split()}
    near = difflib.get_close_matches(typed.strip().casefold(), names, n=1, cutoff=0.6)
    raise UnknownName(
        f"I don't know the check-in “{typed.strip()[:_SHOWN]}”. There is {_listed(known)}.",
        names[near[0]] if near else None,
    )


def _listed(cadences: tuple[Cadence, ...] | list[Cadence]) -> str:
    return ", ".join(f"“{cadence.name}”" for cadence in cadences)


async def find_member(session: AsyncSession, actor: Actor, record: Record, typed: str) -> Member:
    """The member who was mentioned or named. Raises UnknownName for anybody else."""
    wanted = typed.strip()
    mentioned = _MENTION.fullmatch(wanted)
    if mentioned is not None:
        key = await session.scalar(
            select(MemberRow.key)
            .join(SlackAccountRow, SlackAccountRow.member_id == MemberRow.id)
            .where(SlackAccountRow.coalition_id == actor.coalition_id, SlackAccountRow.user_id == mentioned[1])
        )
        member = next((one for one in record.members if one.id == key), None)
        if member is None:
            raise UnknownName("That account isn't linked to a member. A coordinator can link it in Home.", None)
        return member
    known = [Known(member.id, member.name) for member in record.members]
    found = match_known(wanted.removeprefix("@"), known)
    if len(found) == 1:
        return next(member for member in record.members if member.id == found[0].id)
    if found:
        raise UserError(
            f"“{wanted[:_SHOWN]}” could be {', '.join(one.name for one in found[:5])}. Type more of the name."
        )
    words = {word: one.name for one in known for word in (*one.name.casefold().split(), one.id, one.name.casefold())}
    near = difflib.get_close_matches(wanted.removeprefix("@").casefold(), words, n=1, cutoff=0.6)
    raise UnknownName(
        f"I don't know anybody called “{wanted[:_SHOWN]}”. Try a last name or an @mention.",
        words[near[0]] if near else None,
    )


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One priority of a round with its owner and its answer, if there is one."""

    subject: RoundSubjectRow
    round: RoundRow
    priority: str
    priority_name: str
    owner_id: int
    owner: str
    response: ResponseRow | None
    answered_by: str | None


async def newest_round(
    session: AsyncSession, actor: Actor, cadence: Cadence, now: datetime, *, lock: bool = False
) -> tuple[RoundLine, ...]:
    """The priorities of the newest round that has opened; empty where there was none."""
    newest = (
        select(RoundRow.id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id)
        .where(
            RoundRow.coalition_id == actor.coalition_id, CadenceRow.key == cadence.id, RoundSubjectRow.opens_at <= now
        )
        .order_by(RoundRow.day.desc(), RoundRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    owner, answerer = aliased(MemberRow), aliased(MemberRow)
    query = (
        select(
            RoundSubjectRow,
            RoundRow,
            ResponseRow,
            PriorityRow.key.label("priority"),
            PriorityRow.name.label("priority_name"),
            owner.id.label("owner_id"),
            owner.key.label("owner"),
            answerer.name.label("answered_by"),
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == PriorityRow.owner_id)
        .outerjoin(
            ResponseRow,
            and_(
                ResponseRow.cadence_id == RoundRow.cadence_id,
                ResponseRow.round == RoundRow.day,
                ResponseRow.priority_id == RoundSubjectRow.priority_id,
            ),
        )
        .outerjoin(answerer, answerer.id == ResponseRow.by_id)
        .where(RoundSubjectRow.round_id == newest)
        .order_by(PriorityRow.id)
    )
    rows = await session.execute(query.with_for_update(of=RoundSubjectRow) if lock else query)
    return tuple(
        RoundLine(
            subject=row.RoundSubjectRow,
            round=row.RoundRow,
            priority=row.priority,
            priority_name=row.priority_name,
            owner_id=row.owner_id,
            owner=row.owner,
            response=row.ResponseRow,
            answered_by=row.answered_by,
        )
        for row in rows
    )


def is_over(subject: RoundSubjectRow, now: datetime) -> bool:
    """Whether a subject takes no answers any more."""
    return subject.closed_at is not None or subject.closes_at <= now
