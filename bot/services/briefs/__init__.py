"""The coordinators' brief before a digest. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.briefs.briefs import Briefs, compose_brief, read_brief
