"""Words as people type them: days, numbers, people, places; and answers in forms. Values and rules, pure."""

from __future__ import annotations

from bot.domain.typed.day_words import COUNT, COUNTS, MONTHS_BY_NAME, WEEKDAYS_BY_NAME, drop_time, spell
from bot.domain.typed.days_in_lines import find_day, find_several_days, take_day
from bot.domain.typed.edited_forms import CHANGED_MEANWHILE, Edit, Marks, edit_of, mark_of, marks_of, require_no_clash
from bot.domain.typed.form_answers import Answers, Mistakes, new_key
from bot.domain.typed.known_names import known_members, known_priorities
from bot.domain.typed.list_words import asks_for_every, asks_for_own, state_asked
from bot.domain.typed.people_in_lines import CHOOSE_ONE, CHOOSE_SOMEBODY, name_mentions, take_owner
from bot.domain.typed.places_in_lines import WHOLE_COALITION, take_place
from bot.domain.typed.spans_of_days import UnclearDay, read_stretch
from bot.domain.typed.titles import NotTitled, Titled, find_titled
from bot.domain.typed.typed_days import read_day
from bot.domain.typed.typed_lines import CHANNEL, Doubt, Known, Problem, TypedLine, match_known, plain
from bot.domain.typed.typed_numbers import SUFFIXES, is_number, read_value
from bot.domain.typed.typed_periods import UnknownPeriod, parts_of_years, read_period_end

__all__ = [
    "CHANGED_MEANWHILE",
    "CHANNEL",
    "CHOOSE_ONE",
    "CHOOSE_SOMEBODY",
    "COUNT",
    "COUNTS",
    "MONTHS_BY_NAME",
    "SUFFIXES",
    "WEEKDAYS_BY_NAME",
    "WHOLE_COALITION",
    "Answers",
    "Doubt",
    "Edit",
    "Known",
    "Marks",
    "Mistakes",
    "NotTitled",
    "Problem",
    "Titled",
    "TypedLine",
    "UnclearDay",
    "UnknownPeriod",
    "asks_for_every",
    "asks_for_own",
    "drop_time",
    "edit_of",
    "find_day",
    "find_several_days",
    "find_titled",
    "is_number",
    "known_members",
    "known_priorities",
    "mark_of",
    "marks_of",
    "match_known",
    "name_mentions",
    "new_key",
    "parts_of_years",
    "plain",
    "read_day",
    "read_period_end",
    "read_stretch",
    "read_value",
    "require_no_clash",
    "spell",
    "state_asked",
    "take_day",
    "take_owner",
    "take_place",
]
