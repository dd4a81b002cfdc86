"""What a line can name, by id and name: members who take part and priorities of a record."""

from __future__ import annotations

from bot.domain.record import Record
from bot.domain.typed.typed_lines import Known


def known_members(record: Record) -> tuple[Known, ...]:
    return tuple(Known(member.id, member.name) for member in record.present)


def known_priorities(record: Record) -> tuple[Known, ...]:
    return tuple(Known(priority.id, priority.name) for priority in record.priorities)
