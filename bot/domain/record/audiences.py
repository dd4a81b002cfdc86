"""Which groups a cadence speaks to. Whom it asks, or who comes, is decided by those who ask and meet."""

from __future__ import annotations

from bot.domain.record.record import Cadence, Group, Record
from bot.domain.vocabularies import Audience


def groups_asked(record: Record, cadence: Cadence) -> tuple[Group, ...]:
    """The groups whose members a check-in asks; none where it asks an audience by role, or members who were picked."""
    by_id = cadence.audience or cadence.group
    found = tuple(group for group in record.groups if group.id == by_id)
    if not found and cadence.audience == Audience.STEERING:
        return tuple(group for group in record.groups if group.steers)
    return found
