"""Organizations and groups: who belongs to which, and who chairs. Values and rules, pure."""

from __future__ import annotations

from bot.domain.organizations.groups import (
    KINDS,
    MOST_CHANNEL,
    MOST_GROUP_NAME,
    RULES,
    VOICES,
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
    GroupPlan,
    adopting,
    group_plan_of,
    new_group,
    read_group_plan,
)
from bot.domain.organizations.pages import (
    CONTACT,
    COORDINATOR,
    MOST_DAYS_TEXT,
    MOST_NAME,
    PAGE,
    SECTORS,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
    OrganizationPlan,
    new_organization,
    plan_of,
    read_plan,
    typed_days,
)
