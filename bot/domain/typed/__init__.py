"""Words as people type them: days, numbers, people, places; and answers in forms. Values and rules, pure."""

from __future__ import annotations

from bot.domain.typed.day_words import (
    COUNT,
    COUNTS,
    MONTHS_BY_NAME,
    WEEKDAYS_BY_NAME,
    drop_time,
    months_later,
    spell,
    starts_day,
)
from bot.domain.typed.days_in_lines import another_day, find_day, find_led_days, find_several_days, take_day
from bot.domain.typed.edited_forms import (
    CHANGED_MEANWHILE,
    Edit,
    Marks,
    P,
    edit_of,
    fields_of,
    mark_of,
    marks_of,
    only,
    refuse_clashes,
    require_no_clash,
)
from bot.domain.typed.fitting import fitted, not_there, past_day, title_mistake, too_long
from bot.domain.typed.form_answers import Answers, Mistakes
from bot.domain.typed.guesses import likeliest, nearest
from bot.domain.typed.known_names import known_members, known_priorities
from bot.domain.typed.leads_to_days import ITSELF, Lead, lead_at_first, lead_before
from bot.domain.typed.left_in_titles import LeftDoubt, Part, left_part, say_what_is_left
from bot.domain.typed.list_words import asks_for_every, asks_for_own, state_asked
from bot.domain.typed.new_ids import free_key, key_for, new_key
from bot.domain.typed.people_in_lines import CHOOSE_ONE, CHOOSE_SOMEBODY, member_called, name_mentions, take_owner
from bot.domain.typed.places_in_lines import KINDS_OF_GROUPS, named_part, place_named, take_place
from bot.domain.typed.spans_of_days import UnclearDay, read_stretch
from bot.domain.typed.titles import NotTitled, Titled, find_titled
from bot.domain.typed.typed_days import read_day
from bot.domain.typed.typed_lines import CHANNEL, POLITE, Doubt, Known, Problem, TypedLine, match_known, plain
from bot.domain.typed.typed_numbers import SUFFIXES, is_number, read_value
from bot.domain.typed.typed_periods import UnknownPeriod, parts_of_years, read_period_end
