"""What forms make of organizations and groups. Pure. What is refused is in `pages` and `groups`."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.organizations.groups import GroupPlan
from bot.domain.organizations.pages import OrganizationPlan, keys_taken
from bot.domain.record import Group, Organization, Priority, Record
from bot.domain.typed import new_key
from bot.domain.vocabularies import GroupKind


def new_organization(plan: OrganizationPlan, record: Record) -> Organization:
    """The organization that a plan describes, with an id that nothing else has."""
    return replace(Organization(id=new_key(plan["name"], keys_taken(record)), name="", sector=""), **plan)


def new_group(plan: GroupPlan, record: Record) -> Group:
    """The group that a plan describes, with an id that nothing else has."""
    return replace(Group(id=new_key(plan["name"], keys_taken(record)), name="", kind=""), **plan)


def adopting(record: Record, group: Group) -> tuple[Priority, Priority] | None:
    """A priority that has no working group yet takes a new one for its own: as it was, and as it is then."""
    priority = next((one for one in record.priorities if one.id == group.priority), None)
    if priority is None or group.kind != GroupKind.WORKING_GROUP or priority.working_group is not None:
        return None
    return priority, replace(priority, working_group=group.id)
