"""Organizations and groups: who belongs to which, and who chairs. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.organizations.organizations import Groups, Organizations, find_named
