"""The rhythm: cadences, their occurrences, and what comes due. Values and rules, pure."""

from __future__ import annotations

from bot.domain.rhythm.cadence import (
    Occurrence,
    Seen,
    is_slot,
    latest_occurrence,
    next_free_occurrence,
    next_occurrence,
    occurrences,
    occurrences_between,
    slots_between,
    to_local,
    to_utc,
    window,
    zone_of,
)
from bot.domain.rhythm.cadence_wording import describe, describe_rule
from bot.domain.rhythm.changes import Followed, follow, leave_out, move, opening_of, pause, place, restore, resume, skip
from bot.domain.rhythm.recurrence import RuleError, check_rule
from bot.domain.rhythm.starting_rhythm import (
    DAYS,
    QUESTION_SETS,
    REFRESH,
    STOCKTAKE,
    USUAL_DELEGATE,
    USUAL_HOURS,
    USUAL_REMINDER,
    Rhythm,
    missing_cadences,
    missing_in_rhythm,
    rhythm_around,
    rhythm_of,
    starting_cadences,
)
