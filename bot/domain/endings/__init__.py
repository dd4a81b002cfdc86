"""What ends in a coalition, and what becomes of what hung on it. Values and rules, pure."""

from __future__ import annotations

from bot.domain.endings.coalition import (
    CoalitionEnd,
    CoalitionEnding,
    last_digest_moment,
    meaning_of_end,
    over_words,
    require_going_on,
    require_last_day,
)
from bot.domain.endings.ends import (
    NOWHERE,
    WITH_IT,
    Ended,
    EndedLine,
    EndedList,
    EndForm,
    Ending,
    EndRef,
    called,
    end,
    end_of,
    ended_things,
    may_end,
    questions_of,
    reopen,
)
from bot.domain.endings.erasing import (
    FORMER_NAME,
    NAMES_A_PERSON,
    NOT_REACHED,
    Erased,
    EraseForm,
    Person,
    Rewriter,
    member_questions,
    pseudonym_for,
)
from bot.domain.endings.leaving import (
    FormerMember,
    FormerMembers,
    HandedOver,
    Leaving,
    LeavingForm,
    Left,
    decode_handed_over,
    encode_handed_over,
    leave,
    lowered,
    suggest_successor,
    take_part_again,
)
from bot.domain.endings.outliving import require_open_again
from bot.domain.endings.recurring import Recurring, RecurringLine, page_of
