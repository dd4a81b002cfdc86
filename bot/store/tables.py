"""Every table of the schema, for Alembic and for tools that walk all of them."""

from __future__ import annotations

from bot.store import (
    action_items,
    asks,
    audit,
    cadences,
    checkins,
    coalitions,
    decisions,
    deliveries,
    digests,
    funding,
    groups,
    issues,
    letters,
    meetings,
    members,
    metrics,
    organizations,
    pictures,
    priorities,
    private_notes,
    record_log,
    setups,
    slack_accounts,
)
from bot.store.base import Audited, Base

__all__ = [
    "AUDITED",
    "METADATA",
    "action_items",
    "asks",
    "audit",
    "cadences",
    "checkins",
    "coalitions",
    "decisions",
    "deliveries",
    "digests",
    "funding",
    "groups",
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
    "setups",
    "slack_accounts",
]

METADATA = Base.metadata
AUDITED: dict[str, type[Audited]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Audited)
}
