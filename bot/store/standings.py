"""What one member is to a coalition, read in a few small statements: a press must not read the whole coalition."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.groups import GroupMemberRow, GroupRow
from bot.store.members import MemberRow, RoleRow
from bot.store.metrics import MetricRow
from bot.store.priorities import PriorityRow


async def read_own_part(session: AsyncSession, member: MemberRow) -> tuple[values.Record, values.Member]:
    """A record with nothing in it but what gives this member a part, and the member with their roles.

    Only for `standing_of`: names and everything else are left empty.
    """
    roles = await session.execute(
        select(RoleRow.role, PriorityRow.key.label("priority"), GroupRow.key.label("group"))
        .outerjoin(PriorityRow, PriorityRow.id == RoleRow.priority_id)
        .outerjoin(GroupRow, GroupRow.id == RoleRow.group_id)
        .where(RoleRow.coalition_id == member.coalition_id, RoleRow.member_id == member.id)
        .order_by(RoleRow.id)
    )
    own = values.Member(
        id=member.key,
        name="",
        organization="",
        roles=tuple(values.Role(role=row.role, scope=row.priority or row.group or "coalition") for row in roles),
    )
    owned = await session.scalars(
        select(PriorityRow.key).where(
            PriorityRow.coalition_id == member.coalition_id, PriorityRow.owner_id == member.id
        )
    )
    kept = await session.scalars(
        select(MetricRow.key).where(
            MetricRow.coalition_id == member.coalition_id,
            MetricRow.steward_id == member.id,
            MetricRow.priority_id.is_not(None),
        )
    )
    priorities = [values.Priority(id=key, name="", owner=member.key) for key in owned]
    metrics = tuple(_steward_of(key, member.key) for key in kept)
    if metrics:
        priorities.append(values.Priority(id="", name="", owner="", metrics=metrics))
    seats = select(GroupMemberRow.group_id).where(GroupMemberRow.member_id == member.id)
    groups = await session.execute(
        select(GroupRow.id, GroupRow.key, GroupRow.kind, GroupRow.chair_id, PriorityRow.key.label("priority"))
        .outerjoin(PriorityRow, PriorityRow.id == GroupRow.priority_id)
        .where(
            GroupRow.coalition_id == member.coalition_id,
            or_(GroupRow.chair_id == member.id, GroupRow.id.in_(seats)),
        )
        .order_by(GroupRow.id)
    )
    seated = set(await session.scalars(seats))
    return (
        values.Record(
            schema_version=1,
            coalition=values.Coalition(id="", name="", timezone="UTC"),
            priorities=tuple(priorities),
            groups=tuple(
                values.Group(
                    id=row.key,
                    name="",
                    kind=row.kind,
                    priority=row.priority,
                    chair=member.key if row.chair_id == member.id else None,
                    members=(member.key,) if row.id in seated else (),
                )
                for row in groups
            ),
        ),
        own,
    )


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
