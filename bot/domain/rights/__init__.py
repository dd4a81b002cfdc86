"""Who may do what, and who reads what. Values and rules, pure."""

from __future__ import annotations

from bot.domain.rights.method_rights import METHODS
from bot.domain.rights.rights import (
    ALLOWED,
    CLOCK,
    COORDINATORS,
    OPERATOR,
    STEERS,
    Part,
    Right,
    Standing,
    can_help,
    coordinators,
    done_by,
    may_take_part,
    narrowing,
    standing_of,
)
from bot.domain.rights.visibility import (
    choices_of,
    is_restricted,
    may_be_told_in,
    seen_by,
    seen_by_everybody,
    seen_in,
    sees,
)
from bot.domain.rights.who_reads import (
    EVERYBODY_IN_COALITION,
    READERS_OF_ANSWERS,
    THE_COORDINATORS,
    channel_in_words,
    leadership_in_words,
    may_read_answers,
    may_read_own_answers,
    may_read_priority,
    may_read_summary,
    readers_of_actions,
    readers_of_items,
    readers_of_notes,
    readers_of_own_answers,
    readers_of_priorities_answers,
    readers_of_roll_up,
    readers_of_update,
    readers_on_card,
    sight_words,
    summary_channel,
)
