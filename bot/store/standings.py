"""What one member is to a coalition, read in one statement: a press must not read the whole coalition."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, String, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.groups import GroupMemberRow, GroupRow
from bot.store.members import MemberRow, RoleRow
from bot.store.metrics import MetricRow
from bot.store.priorities import PriorityRow

NOTHING = cast(null(), String)


async def read_own_part(session: AsyncSession, member: MemberRow) -> tuple[values.Record, values.Member]:
    """A record with nothing in it but what gives this member a part, and the member with their roles.

    Only for `standing_of`: names and everything else are left empty.
    """
    found = (await session.execute(_parts_of(member))).all()
    rows = {what: [row for row in found if row.what == what] for what in ("role", "owner", "steward", "chair", "seat")}
    priorities = [values.Priority(id=row.id, name="", owner=member.key) for row in rows["owner"]]
    priorities += [
        values.Priority(id=row.priority, name="", owner="", metrics=(_steward_of(row.id, member.key),))
        for row in rows["steward"]
        if row.priority is not None
    ]
    star = next((_steward_of(row.id, member.key) for row in rows["steward"] if row.priority is None), None)
    groups = tuple(
        values.Group(
            id=row.id,
            name="",
            kind=row.kind,
            priority=row.priority,
            chair=member.key if row.what == "chair" else None,
            members=(member.key,) if row.what == "seat" else (),
        )
        for row in (*rows["chair"], *rows["seat"])
    )
    record = values.Record(
        schema_version=1,
        coalition=values.Coalition(
            id="", name="", timezone="UTC", north_star=values.NorthStar(statement="", metric=star) if star else None
        ),
        priorities=tuple(priorities),
        groups=groups,
    )
    roles = tuple(values.Role(role=row.kind, scope=row.id) for row in rows["role"])
    return record, values.Member(id=member.key, name="", organization="", roles=roles)


def _parts_of(member: MemberRow) -> CompoundSelect[Any]:
    """Roles, ownership, stewardship, chairs and seats as rows of (what, id, kind, priority)."""
    here = member.coalition_id
    roles = (
        select(
            literal("role").label("what"),
            func.coalesce(PriorityRow.key, GroupRow.key, literal("coalition")).label("id"),
            RoleRow.role.label("kind"),
            NOTHING.label("priority"),
        )
        .outerjoin(PriorityRow, PriorityRow.id == RoleRow.priority_id)
        .outerjoin(GroupRow, GroupRow.id == RoleRow.group_id)
        .where(RoleRow.coalition_id == here, RoleRow.member_id == member.id)
    )
    owned = select(literal("owner"), PriorityRow.key, NOTHING, NOTHING).where(
        PriorityRow.coalition_id == here, PriorityRow.owner_id == member.id
    )
    kept = (
        select(literal("steward"), MetricRow.key, NOTHING, PriorityRow.key)
        .outerjoin(PriorityRow, PriorityRow.id == MetricRow.priority_id)
        .where(MetricRow.coalition_id == here, MetricRow.steward_id == member.id)
    )
    chaired = (
        select(literal("chair"), GroupRow.key, GroupRow.kind, PriorityRow.key)
        .outerjoin(PriorityRow, PriorityRow.id == GroupRow.priority_id)
        .where(GroupRow.coalition_id == here, GroupRow.chair_id == member.id)
    )
    seated = (
        select(literal("seat"), GroupRow.key, GroupRow.kind, PriorityRow.key)
        .join(GroupMemberRow, GroupMemberRow.group_id == GroupRow.id)
        .outerjoin(PriorityRow, PriorityRow.id == GroupRow.priority_id)
        .where(GroupRow.coalition_id == here, GroupMemberRow.member_id == member.id)
    )
    return union_all(roles, owned, kept, chaired, seated)


def _steward_of(metric: str, member: str) -> values.Metric:
    return values.Metric(
        id=metric,
        name="",
        unit="",
        direction="",
        aggregation="",
        level="",
        horizon="",
        steward=member,
    )
