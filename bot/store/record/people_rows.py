"""The rows of organizations, members and groups, written from their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain import record as values
from bot.store.organizations import ClosedDayRow, ContactRow, GroupMemberRow, GroupRow, OrganizationRow
from bot.store.people import AwayRow, MemberRow, RoleRow
from bot.store.priorities import PriorityRow
from bot.store.record.writer import Writer


async def write_organizations(writer: Writer, items: Iterable[values.Organization]) -> None:
    """Organizations; their contacts and closed days follow with the members."""
    for item in items:
        await writer.put(
            OrganizationRow,
            item.id,
            {"name": item.name, "sector": item.sector, "ask_via": item.ask_via, "extra": dict(item.extra)},
        )
    await writer.session.flush()


async def write_organization_children(writer: Writer, items: Iterable[values.Organization]) -> None:
    """Contacts and closed days; members must be there."""
    for item in items:
        owner_id = writer.row_of(OrganizationRow, item.id).id
        await writer.put_children(
            ContactRow,
            "organization_id",
            owner_id,
            [{"member_id": writer.id_of(MemberRow, key), "position": n} for n, key in enumerate(item.contacts)],
        )
        await writer.put_children(ClosedDayRow, "organization_id", owner_id, [{"day": day} for day in item.closed_days])
    await writer.session.flush()


async def write_members(writer: Writer, items: Sequence[values.Member]) -> None:
    """Members and who stands in for them; organizations must be there."""
    for item in items:
        await writer.put(
            MemberRow,
            item.id,
            {
                "name": item.name,
                "email": item.email,
                "organization_id": writer.id_of(OrganizationRow, item.organization),
                "title": item.title,
                "timezone": item.timezone,
                "access": item.access,
                "ask_at": item.ask_at,
                "no_messages_about": list(item.no_messages_about) or None,
                "extra": dict(item.extra),
            },
        )
    await writer.session.flush()
    for item in items:
        row = writer.row_of(MemberRow, item.id)
        delegate_id = writer.id_of(MemberRow, item.delegate)
        if row.delegate_id != delegate_id:
            row.delegate_id = delegate_id
    await writer.session.flush()


async def write_member_children(writer: Writer, items: Iterable[values.Member]) -> None:
    """Roles and absences; priorities and groups must be there."""
    for item in items:
        owner_id = writer.row_of(MemberRow, item.id).id
        await writer.put_children(
            RoleRow,
            "member_id",
            owner_id,
            [{"role": role.role, "extra": dict(role.extra), **writer.scope_of(role.scope)} for role in item.roles],
        )
        await writer.put_children(
            AwayRow,
            "member_id",
            owner_id,
            [{"start": away.start, "end": away.end, "extra": dict(away.extra)} for away in item.away],
        )
    await writer.session.flush()


async def write_groups(writer: Writer, items: Iterable[values.Group]) -> None:
    """Groups and their members; which priority they work for follows with the priorities."""
    for item in items:
        row = await writer.put(
            GroupRow,
            item.id,
            {
                "name": item.name,
                "kind": item.kind,
                "chair_id": writer.id_of(MemberRow, item.chair),
                "cochair_id": writer.id_of(MemberRow, item.cochair),
                "channel": item.channel,
                "decision_rule": item.decision_rule,
                "quorum": item.quorum,
                "voices": None if item.voices == "organization" else item.voices,
                "extra": dict(item.extra),
            },
        )
        await writer.session.flush()
        await writer.put_children(
            GroupMemberRow,
            "group_id",
            row.id,
            [{"member_id": writer.id_of(MemberRow, key), "position": n} for n, key in enumerate(item.members)],
        )
    await writer.session.flush()


async def write_group_priorities(writer: Writer, items: Iterable[values.Group]) -> None:
    """Which priority each group works for; both must be there."""
    for item in items:
        row = writer.row_of(GroupRow, item.id)
        priority_id = writer.id_of(PriorityRow, item.priority)
        if row.priority_id != priority_id:
            row.priority_id = priority_id
    await writer.session.flush()
