"""Who and what an id stands for: names of members, organizations, groups and priorities of one record."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.record.record import Group, Member, Organization, Priority, Record


@dataclass(frozen=True, slots=True)
class Directory:
    """Look-ups by id. An id that is not known stands for itself, so that a digest never fails on one."""

    timezone: str
    members: dict[str, Member]
    organizations: dict[str, Organization]
    groups: dict[str, Group]
    priorities: dict[str, Priority]

    @classmethod
    def of(cls, record: Record) -> Directory:
        """Index a record, with what has ended; linear in its size."""
        record = record.everything
        return cls(
            timezone=record.coalition.timezone,
            members={member.id: member for member in record.members},
            organizations={organization.id: organization for organization in record.organizations},
            groups={group.id: group for group in record.groups},
            priorities={priority.id: priority for priority in record.priorities},
        )

    def name(self, some_id: str) -> str:
        """Return the name of a member, organization, group or priority, whichever has the id."""
        for found in (self.members, self.organizations, self.groups, self.priorities):
            if some_id in found:
                return found[some_id].name
        return some_id

    def priority_name(self, priority_id: str | None) -> str | None:
        """Return the name of a priority; None for what belongs to the coalition."""
        if priority_id is None:
            return None
        found = self.priorities.get(priority_id)
        return found.name if found else priority_id

    def organization_of(self, member_id: str) -> str:
        """Return the id of a member's organization, or "" where the member is not known."""
        member = self.members.get(member_id)
        return member.organization if member else ""

    def zone_of(self, member_id: str) -> str:
        """Return a member's IANA zone: the coalition's until it is known."""
        member = self.members.get(member_id)
        return (member.timezone if member else None) or self.timezone
