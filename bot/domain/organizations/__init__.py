"""Organizations and groups: who belongs to which, and who chairs. Values and rules, pure."""

from __future__ import annotations

from bot.domain.organizations.pages import (
    CONTACT,
    COORDINATOR,
    KINDS,
    MOST_CHANNEL,
    MOST_DAYS_TEXT,
    MOST_GROUP_NAME,
    MOST_NAME,
    RULES,
    SECTORS,
    VOICES,
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
    adopting,
    group_plan_of,
    new_group,
    new_organization,
    plan_of,
    read_group_plan,
    read_plan,
    typed_days,
    typed_yearly,
    yearly_words,
)
