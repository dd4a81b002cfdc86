"""What one member is to a coalition, read in one statement: a press must not read the whole coalition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.coalition import CoalitionRow
from bot.store.metrics import MetricRow
from bot.store.organizations import GroupMemberRow, GroupRow
from bot.store.people import MemberRow, RoleRow, SlackAccountRow, WorkspaceRow
from bot.store.priorities import PriorityRow

NOTHING = cast(null(), String)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A member's row, and a record with nothing in it but what gives this member a part and the coalition's clock;
    `member` has their roles and last day.

    Only for `standing_of`: names and everything else are left empty. What has ended gives no part: see `on`.
    """

    coalition_id: int
    member_id: int
    record: values.Record
    member: values.Member

    def on(self, day: date) -> tuple[values.Record, values.Member]:
        """The same on a day of the coalition."""
        record = values.present_on(replace(self.record, members=(self.member,)), day)
        return record, record.members[0]


async def part_of_member(session: AsyncSession, coalition_id: int, key: str) -> OwnPart | None:
    """The part of a member of a coalition."""
    return own_part((await session.execute(_of_key(), {"coalition": coalition_id, "key": key})).all())


# Put together once: this is asked before everything that a person does.
@cache
def part_of_account() -> CompoundSelect[Any]:
    """For `own_part`: the part of whoever has this Slack account (`user`) in the coalition of this workspace (`team`).

    `own` is the account's own workspace, since ids of two may be the same; where it is "", this one's goes first.

    It asks for columns only, so that no session is needed for it.
    """
    account = (
        select(
            MemberRow.id,
            MemberRow.coalition_id,
            MemberRow.key,
            MemberRow.ended,
            CoalitionRow.timezone,
            CoalitionRow.locale,
        )
        .join(CoalitionRow, CoalitionRow.id == MemberRow.coalition_id)
        .join(SlackAccountRow, SlackAccountRow.member_id == MemberRow.id)
        .join(WorkspaceRow, WorkspaceRow.coalition_id == MemberRow.coalition_id)
        .where(
            WorkspaceRow.team_id == bindparam("team"),
            SlackAccountRow.user_id == bindparam("user"),
            or_(SlackAccountRow.team_id == bindparam("own", type_=String()), bindparam("own", type_=String()) == ""),
        )
        .order_by((SlackAccountRow.team_id == WorkspaceRow.team_id).desc(), SlackAccountRow.id)
        .limit(1)
    )
    return _parts_of(account.cte("me"))


@cache
def _of_key() -> CompoundSelect[Any]:
    member = (
        select(
            MemberRow.id,
            MemberRow.coalition_id,
            MemberRow.key,
            MemberRow.ended,
            CoalitionRow.timezone,
            CoalitionRow.locale,
        )
        .join(CoalitionRow, CoalitionRow.id == MemberRow.coalition_id)
        .where(MemberRow.coalition_id == bindparam("coalition"), MemberRow.key == bindparam("key"))
    )
    return _parts_of(member.cte("me"))


def own_part(found: Sequence[Any]) -> OwnPart | None:
    """The part that was found; None for nobody."""
    me = next((row for row in found if row.what == "me"), None)
    if me is None:
        return None
    rows = {what: [row for row in found if row.what == what] for what in ("role", "owner", "steward", "chair", "seat")}
    priorities = [_priority(row.id, row.ended, owner=me.id) for row in rows["owner"]]
    priorities += [
        _priority(row.priority, row.priority_ended, metrics=(_steward_of(row, me.id),))
        for row in rows["steward"]
        if row.priority is not None
    ]
    priorities += [_priority(row.id, row.ended) for row in rows["role"] if row.ended is not None]
    priorities += [_priority(row.priority, row.priority_ended) for row in found if row.priority_ended is not None]
    star = next((_steward_of(row, me.id) for row in rows["steward"] if row.priority is None), None)
    groups = tuple(
        values.Group(
            id=row.id,
            name="",
            kind=row.kind,
            priority=row.priority,
            chair=me.id if row.what == "chair" else None,
            members=(me.id,) if row.what == "seat" else (),
            ended=_day(row.ended),
        )
        for row in (*rows["chair"], *rows["seat"])
    )
    record = values.Record(
        schema_version=1,
        coalition=values.Coalition(
            id="",
            name="",
            timezone=me.priority,
            locale=me.kind,
            north_star=values.NorthStar(statement="", metric=star) if star else None,
        ),
        priorities=tuple(priorities),
        groups=groups,
    )
    roles = tuple(values.Role(role=row.kind, scope=row.id) for row in rows["role"])
    member = values.Member(id=me.id, name="", organization="", roles=roles, ended=_day(me.ended))
    return OwnPart(coalition_id=me.coalition_id, member_id=me.member_id, record=record, member=member)


def _parts_of(me: CTE) -> CompoundSelect[Any]:
    """The member, roles, ownership, stewardship, chairs and seats as rows of (what, id, kind, priority, …), with the
    last days of what they are about and of its priority."""

    def part(
        what: str, key: Any, kind: Any = NOTHING, priority: Any = NOTHING, ended: Any = None, until: Any = None
    ) -> Select[Any]:
        return select(
            literal(what).label("what"),
            key.label("id"),
            kind.label("kind"),
            priority.label("priority"),
            _said(ended).label("ended"),
            _said(until).label("priority_ended"),
            me.c.coalition_id,
            me.c.id.label("member_id"),
        ).select_from(me)

    role_ends = func.coalesce(PriorityRow.ended, GroupRow.ended)
    roles = (
        part("role", func.coalesce(PriorityRow.key, GroupRow.key, literal("coalition")), RoleRow.role, ended=role_ends)
        .join(RoleRow, and_(RoleRow.coalition_id == me.c.coalition_id, RoleRow.member_id == me.c.id))
        .outerjoin(PriorityRow, PriorityRow.id == RoleRow.priority_id)
        .outerjoin(GroupRow, GroupRow.id == RoleRow.group_id)
    )
    owned = part("owner", PriorityRow.key, ended=PriorityRow.ended).join(
        PriorityRow, and_(PriorityRow.coalition_id == me.c.coalition_id, PriorityRow.owner_id == me.c.id)
    )
    kept = (
        part("steward", MetricRow.key, priority=PriorityRow.key, ended=MetricRow.ended, until=PriorityRow.ended)
        .join(MetricRow, and_(MetricRow.coalition_id == me.c.coalition_id, MetricRow.steward_id == me.c.id))
        .outerjoin(PriorityRow, PriorityRow.id == MetricRow.priority_id)
    )
    chaired = (
        part("chair", GroupRow.key, GroupRow.kind, PriorityRow.key, GroupRow.ended, PriorityRow.ended)
        .join(GroupRow, and_(GroupRow.coalition_id == me.c.coalition_id, GroupRow.chair_id == me.c.id))
        .outerjoin(PriorityRow, PriorityRow.id == GroupRow.priority_id)
    )
    seated = (
        part("seat", GroupRow.key, GroupRow.kind, PriorityRow.key, GroupRow.ended, PriorityRow.ended)
        .join(GroupMemberRow, GroupMemberRow.member_id == me.c.id)
        .join(GroupRow, and_(GroupRow.id == GroupMemberRow.group_id, GroupRow.coalition_id == me.c.coalition_id))
        .outerjoin(PriorityRow, PriorityRow.id == GroupRow.priority_id)
    )
    # The last day of whoever left with the clock by which it ends, and how the coalition writes what they read.
    own = part("me", me.c.key, kind=me.c.locale, priority=me.c.timezone, ended=me.c.ended)
    return union_all(own, roles, owned, kept, chaired, seated)


def _said(day: Any) -> Any:
    return NOTHING if day is None else cast(day, String)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said is not None else None


def _priority(key: str, ended: str | None, owner: str = "", metrics: tuple[values.Metric, ...] = ()) -> values.Priority:
    return values.Priority(id=key, name="", owner=owner, metrics=metrics, ended=_day(ended))


def _steward_of(row: Any, member: str) -> values.Metric:
    return values.Metric(
        id=row.id,
        name="",
        unit="",
        direction="",
        aggregation="",
        level="",
        horizon="",
        steward=member,
        ended=_day(row.ended),
    )
