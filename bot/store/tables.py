"""Every table of the schema, for Alembic and for tools that walk all of them."""

from __future__ import annotations

from bot.store import actions as action_items
from bot.store import (
    asks,
    audit,
    canvases,
    checkins,
    decisions,
    digests,
    funding,
    installations,
    issues,
    meetings,
    metrics,
    organizations,
    priorities,
    record_log,
    series,
)
from bot.store import checkins as private_notes
from bot.store import coalition as coalitions
from bot.store import coalition as setups
from bot.store import organizations as groups
from bot.store import outbox as deliveries
from bot.store import outbox as pictures
from bot.store import outbox as recoveries
from bot.store import people as erasures
from bot.store import people as letters
from bot.store import people as members
from bot.store import people as slack_accounts
from bot.store import rhythm as cadences
from bot.store.base import Audited, Base

__all__ = [
    "AUDITED",
    "METADATA",
    "action_items",
    "asks",
    "audit",
    "cadences",
    "canvases",
    "checkins",
    "coalitions",
    "decisions",
    "deliveries",
    "digests",
    "erasures",
    "funding",
    "groups",
    "installations",
    "issues",
    "letters",
    "meetings",
    "members",
    "metrics",
    "organizations",
    "pictures",
    "priorities",
    "private_notes",
    "record_log",
    "recoveries",
    "series",
    "setups",
    "slack_accounts",
]

METADATA = Base.metadata
AUDITED: dict[str, type[Audited]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Audited)
}
