"""Organizations and groups: who belongs to which, and who chairs. Tables and rows."""

from __future__ import annotations

from bot.store.organizations.organizations import ClosedDayRow, GroupMemberRow, GroupRow, OrganizationRow
