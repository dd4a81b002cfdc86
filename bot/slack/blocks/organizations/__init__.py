"""Organizations and groups: who belongs to which, and who chairs. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.organizations.groups import (
    ADD_GROUP_TITLE,
    EDIT_GROUP_TITLE,
    GROUP_FORM,
    GROUP_TITLE,
    group_list_message,
    group_message,
)
from bot.slack.blocks.organizations.organizations import (
    ADD_TITLE,
    EDIT_TITLE,
    ORGANIZATION_FORM,
    TITLE,
    organization_list_message,
    organization_message,
)
